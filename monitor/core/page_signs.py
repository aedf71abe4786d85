"""What pages give away about themselves: error pages, walls, log-ins, domains for sale.

Phrases and names, as tables. Each is a reason to doubt, none is proof: whoever uses them asks
a second question before calling anything broken. The status words of servers are known from
their own templates; the languages are those in which course pages are commonly translated.
"""

import re
from urllib.parse import unquote

from monitor.core.model import Url
from monitor.core.urls import UrlParts, spelled_alike, split

_MISSING_PHRASES = (
    r"\b404\b",
    r"\bnot found\b",  # en
    r"\b(page|file|site|document|content|resource) (does ?n[o'’]t|does not) exist",
    r"\bno longer (available|exists?)\b",
    r"\b(page|site|content) (is )?(unavailable|missing)\b",
    r"\bcould ?n[o'’]t (be found|find (that|this|the) page)",
    r"\bpagina (non trovata|inesistente|non esiste)",  # it
    r"\bpagina (niet gevonden|nu a fost găsită)",  # nl ro
    r"\bnon (è stata|è stato) trovat[ao]\b",
    r"\bpágina (no|não) (encontrada|existe)",  # es pt
    r"\bno se (encuentra|encontró|ha encontrado)\b|\bnão (foi )?encontrad[ao]\b",
    r"\bpage (introuvable|non trouvée|inexistante)|\bn[’']existe (pas|plus)\b",  # fr
    r"\bseite (wurde )?nicht gefunden|\bnicht gefunden\b|\bexistiert nicht\b",  # de
    r"\bsidan (hittades inte|kunde inte hittas)",  # sv
    r"\bsiden (blev ikke fundet|findes ikke)",  # da
    r"\bsivua ei (löydy|löytynyt)",  # fi
    r"\bnie znaleziono\b|\bstrona nie (istnieje|została znaleziona)",  # pl
    r"\bstránka (nenalezena|nebyla nalezena|neexistuje)",  # cs sk
    r"\bstranica nije pronađena|страница није пронађена",  # sr hr
    r"страница не (найдена|существует)|сторінк[ау] не (знайдено|існує)",  # ru uk
    r"δεν βρέθηκε",  # el
    r"\bnem található\b",  # hu
    r"\bsayfa bulunamadı",  # tr
    r"\bhalaman tidak ditemukan|không tìm thấy trang",  # id vi
    r"الصفحة غير موجودة|لم يتم العثور على|صفحه.{0,20}(یافت|پیدا) نشد",  # ar fa
    r"הדף לא נמצא",  # he
    r"पृष्ठ नहीं मिला|পৃষ্ঠাটি.{0,20}পাওয়া যায়নি",  # hi bn
    r"页面(不存在|未找到|找不到)|(找不到|无法找到)(页面|网页)",  # zh
    r"(找不到|無法找到)(頁面|網頁)|頁面不存在",
    r"ページが(見つかりません|存在しません)|お探しのページ",  # ja
    r"페이지를 찾을 수 없",  # ko
)
_MISSING = re.compile("|".join(_MISSING_PHRASES), re.IGNORECASE)

_MISSING_PATH = re.compile(
    r"(^|[/_.-])(404|not[_-]?found|page[_-]?not[_-]?found|error[_-]?404)([/_.-]|$)", re.IGNORECASE
)

_CHALLENGE = re.compile(
    r"^\s*(just a moment\b|attention required! \||checking your browser|one moment, please"
    r"|ddos-guard|please wait\W*$|verify(ing)? (that )?you are (a )?human|human verification"
    r"|are you (a )?(robot|human)|robot or human|bot (verification|check)|security check\b"
    r"|pardon our interruption|making sure you[’']re not a bot|client challenge\b"
    r"|vercel security checkpoint|access (to this page has been )?denied|captcha\W*$"
    r"|nur einen moment|un instant|un momento|um momento)",
    re.IGNORECASE,
)
"""Titles of bot walls: Cloudflare, DDoS-Guard, Imperva, PerimeterX, Anubis, Vercel, Akamai.

Anchored, so that an article *about* captchas is none.
"""

_WALL_WORDS = 1500
"""A bot wall holds hardly any text; what holds more is a page about one."""

_FOR_SALE = re.compile(
    r"\b(domain|[\w-]+\.[a-z]{2,}) (name )?(is|may be) (available )?(for sale|parked)"
    r"|\bbuy this domain\b|\bparked domain\b|\bdiese domain (steht|ist) zu(m| ) ?verkauf"
    r"|\bdominio in vendita\b|\bdominio en venta\b|\bdomaine (est )?à vendre",
    re.IGNORECASE,
)

_PARKING_HOSTS = frozenset(
    {
        "afternic.com",
        "bodis.com",
        "dan.com",
        "hugedomains.com",
        "parkingcrew.net",
        "sedo.com",
        "sedoparking.com",
        "undeveloped.com",
    }
)
"""Where traders of domain names send visitors of those they hold."""

_LOGIN_HOST_STARTS = frozenset(
    {"accounts", "auth", "cas", "idp", "login", "shibboleth", "signin", "sso"}
)
_LOGIN_SEGMENT = re.compile(
    r"(wp-)?(log|sign)[_-]?in([_-]?(form|page|flow))?(\.\w{2,5})?|servicelogin|saml2?|sso|wayf"
    r"|authwall|checkpoint",
    re.IGNORECASE,
)

_LOGIN_TITLE = re.compile(
    r"^\W*(please )?(log|sign)[ -]?in\b|^\W*(anmelden|accedi|connexion|se connecter|iniciar sesión"
    r"|entrar|inloggen|zaloguj|вход|войти|ログイン|登录|登入|로그인)\b",
    re.IGNORECASE,
)

_WAY_BACK = re.compile(
    "back(url)?|camefrom|continue|dest(ination)?|from|goto|next|origin|redirect(to|ur[il])?"
    "|return(path|to|ur[il])?|service|target"
)
"""Parameters by which log-ins and consent pages keep the address to go back to; written with
or without "_" and "-"."""

_FILE = re.compile(
    r"\.(7z|avi|bib|bz2|csv|docx?|epub|exe|gif|gz|ipynb|jpe?g|json|key|mat|mkv|mov|mp[34]|npy|npz"
    r"|odp|ods|odt|parquet|pdf|pkl|png|pptx?|ps|pth?|py|rar|svg|tar|tex|tgz|txt|wav|webm|webp"
    r"|xlsx?|xml|xz|zip)$",
    re.IGNORECASE,
)

_ROOT_SEGMENT = re.compile(
    r"(index|default|home|welcome)?(\.\w{2,5})?|[a-z]{2}([_-][a-z]{2})?", re.IGNORECASE
)


def doubt(title: str, heading: str, asked: Url, final: Url) -> str | None:
    """Return in the beginning of a sentence why a success may be an error page, or None.

    `final` is the address that answered, after redirects.
    """
    if looks_parked(title, final):
        return "The domain seems to be for sale"
    for text in (title, heading):
        if looks_missing(text):
            return f"The page says “{text.strip()}”"
    if final != asked and looks_missing_by_address(final):
        return f"It redirects to an error page, {final}"
    if leads_home(asked, final):
        return f"It redirects to the front page, {final}"
    return None


def not_the_page(title: str, words: str, asked: Url, final: Url) -> str | None:
    """Return in the end of a sentence what was shown in place of a page, or None for itself.

    For pages that the user named: their links are not those of a wall that stands before them.
    """
    if looks_challenged(title, words):
        return "shows a check for robots"
    if final != asked and looks_walled(title, asked, final):
        return "is a log-in page, or another one that is shown first"
    if looks_missing(title) and len(words) < _WALL_WORDS:
        return f"says “{title.strip()[:200]}”"
    return None


def leads_home(asked: Url, final: Url) -> bool:
    """Return whether a redirect ended on a front page that was not asked for."""
    return not spelled_alike(asked, final) and is_root(split(final)) and not is_root(split(asked))


def sends_back(asked: Url, final: Url) -> bool:
    """Return whether an address remembers the one that was asked for: it is a wall before it."""
    path = "/".join(split(asked).segments)
    return path != "" and any(
        _WAY_BACK.fullmatch(re.sub("[_-]", "", name).lower()) is not None and path in unquote(value)
        for name, value in split(final).query
    )


def looks_missing(text: str) -> bool:
    """Return whether a title or heading reads like that of an error page for lost pages."""
    return _MISSING.search(text) is not None


def looks_missing_by_address(url: Url) -> bool:
    """Return whether an address names itself an error page: /404.html, /not-found."""
    return _MISSING_PATH.search(split(url).path) is not None


def looks_challenged(title: str, words: str) -> bool:
    """Return whether a title, with little text under it, is that of a wall against robots."""
    return _CHALLENGE.search(title) is not None and len(words) < _WALL_WORDS


def looks_parked(title: str, url: Url) -> bool:
    """Return whether a page offers its own domain for sale, by its title or its address."""
    host = split(url).host
    return _FOR_SALE.search(title) is not None or any(
        host == trader or host.endswith(f".{trader}") for trader in _PARKING_HOSTS
    )


def looks_like_login(url: Url) -> bool:
    """Return whether an address is that of a log-in page, by its host or its path."""
    parts = split(url)
    if not parts.is_web:
        return False
    return parts.host.partition(".")[0] in _LOGIN_HOST_STARTS or any(
        _LOGIN_SEGMENT.fullmatch(segment) for segment in parts.segments
    )


def looks_walled(title: str, asked: Url, final: Url) -> bool:
    """Return whether a redirect ended before a log-in, or a page that sends back afterwards."""
    if looks_like_login(asked) or sends_back(asked, asked) or spelled_alike(asked, final):
        return False
    return (
        looks_like_login(final)
        or sends_back(asked, final)
        or _LOGIN_TITLE.search(title) is not None
    )


def looks_like_file(path: str) -> bool:
    """Return whether a path names a file rather than a page: there is no title to read in it."""
    return _FILE.search(path) is not None


def is_root(parts: UrlParts) -> bool:
    """Return whether a URL is a site's front page, also in a language: /, /index.html, /en/."""
    return len(parts.segments) <= 1 and all(_ROOT_SEGMENT.fullmatch(s) for s in parts.segments)
