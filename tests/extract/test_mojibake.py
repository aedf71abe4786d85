"""Repairing what is shown, and never damaging what is sound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.mojibake import repair


@pytest.mark.parametrize(
    ("broken", "sound"),
    [
        ("LunedÃ¬", "Lunedì"),
        ("ProprietÃ\xa0", "Proprietà"),
        ("ProprietÃ\xa0 dei", "Proprietà dei"),
        ("â‘¡", "②"),
        ("â‘\xa0", "①"),
        ("16:55 â€“ 18:35", "16:55 – 18:35"),
        ("1008 Â· 2020", "1008 · 2020"),
        ("ğŸ–¥", "🖥"),
        ("ğŸ–¥ï¸", "🖥️"),
        ("ğŸ““ ğŸ¥", "📓 ğŸ¥"),
        ("ð\x9f\x98\x80", "😀"),
        ("Ã‰tÃ© Ã\xa0 lâ€™ombre", "Été à l’ombre"),
        ("Ã”tre", "Ôtre"),
        ("Ã§Ã¶zÃ¼m IÅŸÄ±k Ä°stanbul", "çözüm Işık İstanbul"),
        ("ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет"),
        ("Î‘Î¸Î®Î½Î±", "Αθήνα"),
        ("ä½\xa0å¥½", "你好"),
        ("doÄŸru", "doğru"),
    ],
)
def test_mojibake_is_repaired(broken, sound):
    assert repair(broken) == sound


@pytest.mark.parametrize(
    "text",
    [
        "plain", "ğŸ¥", "Spaß…", "MAÇÃ…", "MAÇÃ”", "CAFÉ™", "MENÜ»", "»DÜRFEN«", "„Café“…",
        "L’été «\xa0là\xa0»", "«\xa0à\xa0»", "été\xa0»", "„é“…", "NÃO É", "ESPAÑA – ESPAÑ…",
        "10 Å²", "PÅ\xa0PLATS", "Å\xa0i åa", "İstanbul’da ağaç, ışık, şeker, çözüm", "DEĞİL…",
        "VÝŠE ČÁST NÁŠ", "Žluťoučký kůň", "Zażółć gęślą jaźń", "¡Qué! ¿Sí?", "Ünal™", "ÎLE…",
        "Ærø–Ålborg", "Ğ…", "日本語", "Привет", "Ελληνικά", "עברית", "עברית · العربية", "ÂME”",
        "naïve café’s", "100 °C ± 2 µm", "Ña Ñandú", "Ö…", "x² + y³ ≤ ½", "🖥️ 📓 🎥",
    ],
)  # fmt: skip
def test_sound_text_stays(text):
    assert repair(text) == text


LETTERS = "aàbcdèéfgìiîlmnòópqrstùuvzäöüßñçşğıøåæ ABCDEFÀÉÈÜÖÇŞİĞ.,:'-"


@given(st.text(LETTERS))
def test_european_text_stays(text):
    assert repair(text) == text


@given(st.text(max_size=60))
def test_any_text_can_be_given(text):
    assert len(repair(text)) <= len(text)


@given(st.text("abc èéàìòùçñöü–’“”…", min_size=1))
def test_what_was_broken_once_is_whole_again(text):
    broken = "".join(bytes([byte]).decode("cp1252", "replace") for byte in f"è{text}".encode())
    if "\ufffd" not in broken:
        assert repair(broken) == f"è{text}"
