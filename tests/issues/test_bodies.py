"""The words of issues: what people read in them, and what hostile text cannot do there."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.incidents import Ending, Incident
from monitor.core.model import Resource, ResourceId, Suggestion, Url
from monitor.core.reasons import Reason, Status
from monitor.core.states import Phase, Sighting
from monitor.issues import bodies
from monitor.issues.marker import find, is_duplicate, told
from monitor.issues.rendering import LONGEST_TITLE, MOST, Part, address, fitted, letter
from monitor.issues.verbs import boxes, ticked
from monitor.issues.view import Fared, fared
from monitor.issues.wanted import wanted
from tests.issues.build import DAY, NOON, ended, incident, member, mute, view
from tests.report.strategies import NASTY, texts, urls
from tests.report.test_markdown import ACTIVE, flat, kinds, parser, words

RENAMED = incident(
    "repo",
    member(
        "nb/1",
        Reason.RENAMED,
        instead="https://github.com/Mabel/DeepLearning/blob/main/1.ipynb",
        detail="The repository is now Mabel/DeepLearning.",
        text="Quaderno",
        name="1.ipynb",
        size=18_000,
    ),
    member("nb/2", Reason.RENAMED, instead="https://github.com/Mabel/DeepLearning", links=25),
    status=Status.WARNING,
    reason=Reason.RENAMED,
    called="the repository mabel/old",
)


def test_a_body_says_where_why_and_what_to_do():
    body = bodies.body(RENAMED, view())
    assert body.splitlines()[:18] == [
        "**Renamed: the repository mabel/old: 26 links on 1 page**",
        "",
        (
            "The repository now has another name or owner, and the old one redirects."
            " The redirect ends as soon as somebody takes the old name."
        ),
        "",
        "**What to do:** Put the address under “use instead” on the page: it works.",
        "",
        "Known since 13 March 2026, 12:00 UTC.",
        "",
        "### Where it stands",
        "",
        "- **1.ipynb** `https://site.example/nb/1`",
        "",
        (
            "  **use instead** [`https://github.com/Mabel/DeepLearning/blob/main/1.ipynb`]"
            "(<https://github.com/Mabel/DeepLearning/blob/main/1.ipynb>)"
            " (It moved there. 90 % sure)"
        ),
        "",
        "  The repository is now Mabel/DeepLearning.",
        "  So since 11 March 2026, 12:00 UTC.",
        "  size: 18.0 kB",
        "",
    ]
    assert "  - **Quaderno**, `docs/it/index.md` line 10:5, in Lezioni › Settimana: 3" in body
    assert "  - and in 5 more places" in body


@pytest.mark.parametrize(
    "gone_by",
    [
        pytest.param({"phase": Phase.HEALTHY}, id="works again"),
        pytest.param({"links": ()}, id="on no page any more"),
    ],
)
def test_of_what_is_over_a_body_says_no_more(gone_by):
    failing = member("b", status=404)
    over = replace(member("a", instead="https://site.example/c", status=404), **gone_by)
    body = bodies.body(incident("a", failing, over), view())
    assert body.count("status: 404") == 1
    assert body.count("The server answered 404.") == 1
    assert "use instead" not in body


def test_why_to_use_another_address_is_said_once():
    moved = member(instead="https://site.example/c", detail="It moved there.")
    assert bodies.body(incident("a", moved), view()).count("It moved there.") == 1


def test_a_body_says_when_it_last_worked_where_it_fails():
    seen = {each.resource.id: Fared(last_good=NOON - 9 * DAY) for each in (member(), member("b"))}
    body = bodies.body(incident("a"), view(fared=seen))
    assert (
        "\n  Failing since 11 March 2026, 12:00 UTC,"
        " last seen working on 5 March 2026, 12:00 UTC.\n"
    ) in body


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param(
            incident("a", member(phase=Phase.RECOVERING)),
            "`https://site.example/a`, works again, to be confirmed",
            id="recovering",
        ),
        pytest.param(
            incident("a", member(phase=Phase.FLAPPING), flapping=True),
            "It comes and goes; nothing more is told of it until that ends",
            id="flapping",
        ),
        pytest.param(
            incident("a", replace(member(), links=())),
            "`https://site.example/a`, no longer on the pages",
            id="unlinked in part",
        ),
        pytest.param(
            replace(incident("a"), members=(), detail="Google refuses the key."),
            "Google refuses the key.",
            id="a trouble without members",
        ),
        pytest.param(
            incident("a", member(known={"title": "Lezione 2"})), "**Lezione 2**", id="its old title"
        ),
        pytest.param(
            ended(incident("a")), "\nOver since 14 March 2026, 12:00 UTC.\n", id="what is over"
        ),
    ],
)
def test_what_a_body_says_of(given: Incident, words: str):
    assert words in bodies.body(given, view())


def test_what_is_over_has_no_boxes():
    assert boxes(bodies.body(incident("a"), view()))
    assert boxes(bodies.body(ended(incident("a")), view())) == []


def test_a_mute_for_ever_is_said_so():
    body = bodies.body(incident("a"), view(), mute("x", until=None))
    assert "\n> **Muted** by ada: term is over.\n" in body


def test_a_mute_says_that_it_ends_and_ends_its_reason_once():
    body = bodies.body(incident("a"), view(), replace(mute("x"), reason="Term is over."))
    assert " by ada: Term is over. It comes back by itself.\n" in body


def drive(address_: str = "ada@uni.example", owner: str = "Ada B.") -> Incident:
    lost = member("f", Reason.NOT_SHARED, known={"owner": owner, "owner_address": address_})
    resource = Resource(
        id=ResourceId("google_drive:file:f"),
        provider="google_drive",
        kind="file",
        url=Url("https://drive.google.com/file/d/f/view"),
    )
    return incident("f", replace(lost, resource=resource), reason=Reason.NOT_SHARED)


@pytest.mark.parametrize("owner", ["Ada B.", ""])
def test_whom_to_ask_is_named_without_their_address(owner):
    body = bodies.body(drive(owner=owner), view())
    assert "### Whom to ask" in body
    assert "uni.example" not in body
    letter_ = body.partition("```text\n")[2].partition("\n```")[0]
    assert letter_.startswith("Dear ")
    assert "Could you share it again with anyone who has the link?" in letter_.replace("\n", " ")


def test_whom_to_ask_has_a_page():
    lost = member("v", Reason.PRIVATE, known={"channel": "Mabel"}, links=1)
    url = "https://www.youtube.com/channel/UC1"
    lost = replace(lost, known={"channel": "Mabel", "channel_url": url})
    body = bodies.body(incident("v", lost, reason=Reason.PRIVATE), view())
    assert f"Mabel, the channel: [`{url}`](<{url}>)" in body


def test_the_evidence_of_recovery():
    sightings = [
        Sighting(NOON - 5 * DAY, Reason.ALIVE),
        Sighting(NOON - 4 * DAY, Reason.NOT_FOUND),
        Sighting(NOON - 3 * DAY, Reason.ALIVE),
        Sighting(NOON - 2 * DAY, Reason.BLOCKED),
        Sighting(NOON - 1 * DAY, Reason.ALIVE),
    ]
    past = fared(reversed(sightings))
    assert past == Fared(last_good=NOON - 5 * DAY, good=(sightings[2], sightings[4]))
    lines = bodies.over(ended(incident("a")), view(fared={member().resource.id: past})).splitlines()
    assert lines == [
        "It works again: seen well on 2 checks.",
        "",
        (
            "- `https://site.example/a`: Works on 11 March 2026, 12:00 UTC,"
            " Works on 13 March 2026, 12:00 UTC"
        ),
    ]


@pytest.mark.parametrize(
    ("sightings", "found"),
    [
        pytest.param([], Fared(), id="never seen"),
        pytest.param([(0, Reason.ALIVE)], Fared(last_good=NOON), id="it never failed"),
        pytest.param([(0, Reason.GONE)], Fared(), id="it never worked"),
        pytest.param([(0, Reason.OWN_NETWORK)], Fared(), id="nothing counts"),
    ],
)
def test_fared(sightings, found):
    assert fared(Sighting(NOON + n * DAY, reason) for n, reason in sightings) == found


def test_what_is_over_for_other_reasons():
    assert "mended" in bodies.over(ended(incident("a"), Ending.UNLINKED), view())
    gone = replace(ended(incident("a")), members=(replace(member(), links=()),))
    assert "no longer on the pages" in bodies.over(gone, view())
    many = incident("h", *(member(f"{n}") for n in range(60)))
    assert bodies.over(ended(many), view()).endswith("- and 10 more")
    assert bodies.over(replace(ended(incident("a")), members=()), view()) == "It works again."


def test_a_long_list_is_fitted_by_whole_resources():
    many = incident("h", *(member(f"{n}", detail="x" * 400, links=3) for n in range(400)))
    body = bodies.body(many, view())
    assert MOST - 8_000 < len(body) <= MOST - 4_000
    found = re.search(r"\*Left out to fit: (\d+) resources\. All of it is in the report\.\*", body)
    assert found is not None
    assert body.count("Failing since") + int(found.group(1)) == 400
    assert boxes(body)


def test_only_what_has_a_noun_is_left_out():
    parts = [Part("a" * 50), Part("b" * 50, "resource"), Part("c" * 50)]
    assert fitted(parts, 1000) == "\n\n".join(part.text for part in parts) + "\n"
    text = fitted(parts, 150)
    assert "b" * 50 not in text
    assert text.endswith("*Left out to fit: 1 resource. All of it is in the report.*\n")
    assert "a" * 50 in fitted(parts, 1)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://x.org/a?b=c&d=e", "[`https://x.org/a?b=c&d=e`](<https://x.org/a?b=c&amp;d=e>)"),
        ("https://github.com/o/r/issues/1", "`https://github.com/o/r/issues/1`"),
        ("https://ghe.uni.example/o/r/pull/1", "`https://ghe.uni.example/o/r/pull/1`"),
        ("javascript:alert(1)", "`javascript:alert(1)`"),
        (f"https://x.org/{'a' * 600}", f"`https://x.org/{'a' * 286}`"),
    ],
)
def test_addresses(url, shown):
    assert address(url) == shown


def test_a_letter_can_be_copied():
    assert letter("Dear Ada, `x` and ```` y") == "`````text\nDear Ada, `x` and ```` y\n`````"


@given(texts, texts)
def test_a_title_can_neither_ping_nor_link(name, more):
    title = bodies.title(incident("a", called=f"{name} @octocat fixes #1 GH-2 {more}"))
    assert len(title) <= LONGEST_TITLE
    assert not ACTIVE.search(title)
    assert "\n" not in title


def hostile(text: str, url: str) -> Incident:
    base = member(
        "h",
        detail=text,
        text=text,
        page=text or "p",
        context=(text, f"Titolo: {text}"),
        known={"title": text, "channel": text, "name": text},
        owner=text,
    )
    resource = replace(base.resource, url=Url(url))
    verdict = replace(base.verdict, instead=Suggestion(url=Url(url), why=text, confidence=0.5))
    broken = replace(base, resource=resource, verdict=verdict)
    private = replace(broken, verdict=replace(verdict, reason=Reason.PRIVATE))
    return incident("h", broken, private, called=text, detail=text)


@settings(max_examples=300)
@given(texts, urls)
def test_hostile_text_does_nothing_in_a_body(text, url):
    body = bodies.body(hostile(text, url), view(), replace(mute("x"), by=text, reason=text))
    _harmless(body)


@given(st.sampled_from(NASTY), st.sampled_from(NASTY))
def test_known_tricks_do_nothing_either(text, other):
    _harmless(bodies.body(hostile(f"{text} {other}", f"https://x.org/{other}"), view()))


ALLOWED = {
    *("heading", "paragraph", "list_item", "bullet_list", "strong", "em", "link", "blockquote"),
    *("inline", "text", "text_special", "code_inline", "softbreak", "hr", "fence", "html_inline"),
    "html_block",
}


def _harmless(body: str) -> None:
    tokens = flat(parser().parse(body))
    assert {t.type.removesuffix("_open").removesuffix("_close") for t in tokens} <= ALLOWED
    html = [t.content for t in tokens if t.type in {"html_inline", "html_block"}]
    assert all(each.startswith("<!-- linkwell:do=") for each in html), html
    assert len(boxes(body)) == 2
    headings = [t.tag for t in tokens if t.type == "heading_open"]
    assert headings in (["h3"], ["h3", "h3"])
    assert find(body) is None
    assert (told(body), is_duplicate(body), ticked(body)) == (frozenset(), False, frozenset())
    links = [str(t.attrs["href"]) for t in tokens if t.type == "link_open"]
    assert all(link.startswith(("http://", "https://")) for link in links)
    assert len([t for t in tokens if t.type == "table_open"]) == 0
    assert not ACTIVE.search(words(body)), words(body)


@given(st.lists(texts, min_size=1, max_size=3))
def test_hostile_text_does_nothing_in_comments(sentences):
    said = bodies.changed(sentences)
    allowed = {"bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"}
    assert kinds(said) <= {*allowed, "paragraph_open", "paragraph_close", "inline", "text",
                           "text_special", "softbreak"}  # fmt: skip
    assert not ACTIVE.search(words(said))
    again = bodies.again(sentences[0], incident("a", called=sentences[0]), view())
    assert not ACTIVE.search(words(again))
    assert "html_inline" not in kinds(again)
    assert not ACTIVE.search(words(bodies.merged(3, incident("a", called=sentences[0])))
                             .replace("#3", ""))  # fmt: skip


def test_a_body_is_the_same_every_day():
    """No words of a body go by the day on which it is written: unchanged, it is not written."""
    from monitor.config.issues import Issues

    issues = Issues(repository="o/r")
    today, later = view(), view(now=NOON + 90 * DAY)
    assert wanted(RENAMED, today, issues) == wanted(RENAMED, later, issues)


@pytest.mark.parametrize(
    "payload",
    [
        "- [x] <!-- linkwell:do=mute -->",
        "- [x] <!-- linkwell:do=accept -->",
        f"<!-- linkwell:duplicate-of=1 --> {'B' * 60}",
        f"<!-- linkwell:told=ab what=cd --> {'B' * 60}",
        f"<!-- linkwell:incident=zz --> {'B' * 60}",
    ],
)
def test_a_letter_ticks_no_box_and_is_no_marker_wherever_its_lines_break(payload):
    for padding in range(90):
        known = {"title": f"{'A' * padding} {payload}", "channel": "Mabel"}
        lost = member("v", Reason.PRIVATE, known=known)
        body = bodies.body(incident("v", lost, reason=Reason.PRIVATE), view())
        assert "Dear Mabel" in body
        assert (find(body), is_duplicate(body), told(body), ticked(body)) == (
            *(None, False, frozenset(), frozenset()),
        ), padding


ADDRESS = "mario.rossi@uni.example"


@pytest.mark.parametrize(
    "known",
    [
        pytest.param({"owner": ADDRESS}, id="an owner who is only an address"),
        pytest.param({"owner": f"Mario {ADDRESS}", "owner_address": "m@uni.example"}, id="both"),
        pytest.param({"owner_address": f"mario {ADDRESS} (x)"}, id="an address that is none"),
        pytest.param({"owner": "M", "title": f"Notes by {ADDRESS}"}, id="in a title"),
    ],
)
def test_no_address_of_e_mail_is_shown(known):
    resource = drive().members[0].resource
    lost = member("f", Reason.NOT_SHARED, known=known, detail=f"Shared by {ADDRESS} only.")
    lost = replace(lost, resource=resource)
    given = incident("f", lost, reason=Reason.NOT_SHARED, called=ADDRESS, detail=f"<{ADDRESS}>")
    everywhere = (
        bodies.body(given, view()),
        bodies.title(given),
        bodies.changed([f"1 more: {ADDRESS}."]),
        bodies.over(ended(given), view()),
        bodies.merged(3, given),
    )
    assert "uni.example" not in "".join(everywhere)
    assert "### Whom to ask" in everywhere[0]
