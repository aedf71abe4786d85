"""What pages give away: in many languages, and without taking articles for error pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import Url
from monitor.core.page_signs import (
    doubt,
    is_root,
    looks_challenged,
    looks_like_file,
    looks_like_login,
    looks_missing,
    looks_missing_by_address,
    looks_parked,
    not_the_page,
)
from monitor.core.urls import split
from tests.strategies import urls

HOME = Url("https://example.org/")


@pytest.mark.parametrize(
    "title",
    [
        "404",
        "Error 404 (Not Found)!!1",
        "Page Not Found | Example",
        "This page doesn’t exist",
        "The document is no longer available",
        "Pagina non trovata",
        "La risorsa non è stata trovata",
        "Página no encontrada",
        "No se encuentra la página",
        "Page introuvable",
        "Cette page n'existe pas",
        "Seite nicht gefunden",
        "Página não encontrada",
        "Pagina niet gevonden",
        "Nie znaleziono strony",
        "Stránka nenalezena",
        "Страница не найдена",
        "Сторінку не знайдено",
        "Страница није пронађена",
        "Η σελίδα δεν βρέθηκε",
        "Sayfa bulunamadı",
        "页面不存在",
        "找不到頁面",
        "ページが見つかりません",
        "페이지를 찾을 수 없습니다",
        "الصفحة غير موجودة",
        "صفحه مورد نظر یافت نشد",
        "הדף לא נמצא",
    ],
)
def test_an_error_page_in_any_language(title):
    assert looks_missing(title)


@pytest.mark.parametrize(
    "title", ["", "Deep Learning", "Peugeot 4040", "Lost and found", "Trovato!", "BMW 404er"]
)
def test_an_ordinary_title(title):
    assert not looks_missing(title)


@pytest.mark.parametrize(
    ("url", "missing"),
    [
        ("https://example.org/404.html", True),
        ("https://example.org/errors/404", True),
        ("https://example.org/not-found", True),
        ("https://example.org/PageNotFound.aspx", True),
        ("https://example.org/rooms/1404", False),
        ("https://example.org/?404", False),
        ("http://[::1", False),
    ],
)
def test_an_error_page_by_its_address(url, missing):
    assert looks_missing_by_address(Url(url)) is missing


@pytest.mark.parametrize(
    ("title", "words", "wall"),
    [
        ("Just a moment...", "Enable JavaScript and cookies to continue", True),
        ("Attention Required! | Cloudflare", "", True),
        ("Access Denied", "You don't have permission", True),
        ("Making sure you're not a bot!", "", True),
        ("Just a moment: an essay", "word " * 500, False),
        ("Attention is all you need", "", False),
        ("What is a CAPTCHA?", "", False),
    ],
)
def test_a_wall_against_robots(title, words, wall):
    assert looks_challenged(title, words) is wall


@pytest.mark.parametrize(
    ("title", "url", "parked"),
    [
        ("example.org is for sale", HOME, True),
        ("This domain may be for sale!", HOME, True),
        ("Home", "https://www.hugedomains.com/domain_profile.cfm?d=x", True),
        ("Home", "https://sedo.com/", True),
        ("House for sale", HOME, False),
        ("Home", "https://notsedo.com/", False),
    ],
)
def test_a_domain_for_sale(title, url, parked):
    assert looks_parked(title, Url(url)) is parked


@pytest.mark.parametrize(
    ("url", "login"),
    [
        ("https://accounts.google.com/v3/signin", True),
        ("https://login.microsoftonline.com/x", True),
        ("https://example.org/login", True),
        ("https://example.org/users/sign_in?next=/", True),
        ("https://example.org/wp-login.php", True),
        ("https://x.com/i/flow/login", True),
        ("https://example.org/Shibboleth.sso/WAYF", True),
        ("https://example.org/blog/in", False),
        ("https://example.org/blogin", False),
        ("https://authors.example.org/", False),
        ("mailto:login@example.org", False),
    ],
)
def test_a_login_page(url, login):
    assert looks_like_login(Url(url)) is login


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/a.PDF", True),
        ("/02 - CNN.ipynb", True),
        ("/a.tar.gz", True),
        ("/a.html", False),
        ("/pdf", False),
    ],
)
def test_a_file(path, file):
    assert looks_like_file(path) is file


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("https://example.org", True),
        ("https://example.org/index.html", True),
        ("https://example.org/en/", True),
        ("https://example.org/pt-BR", True),
        ("https://example.org/?from=/week01", True),
        ("https://example.org/week01", False),
        ("https://example.org/en/week01", False),
    ],
)
def test_a_front_page(url, root):
    assert is_root(split(Url(url))) is root


WEEK = Url("https://example.org/it/week01")


@pytest.mark.parametrize(
    ("title", "heading", "final", "sign"),
    [
        ("Week 1", "", WEEK, None),
        ("example.org is for sale", "", WEEK, "The domain seems to be for sale"),
        (" Not found ", "", WEEK, "The page says “Not found”"),
        ("A site", "404", WEEK, "The page says “404”"),
        ("", "", HOME, "It redirects to the front page, https://example.org/"),
        (
            "",
            "",
            Url("https://example.org/404"),
            "It redirects to an error page, https://example.org/404",
        ),
        ("", "", Url("https://example.org/it/week01/"), None),
    ],
)
def test_doubt(title, heading, final, sign):
    assert doubt(title, heading, WEEK, final) == sign


@pytest.mark.parametrize(
    ("title", "final", "told"),
    [
        ("Week 1", WEEK, None),
        ("Sign in – a course by week", WEEK, None),
        ("Just a moment...", WEEK, "shows a check for robots"),
        ("Log in", Url("https://example.org/login"), "is a log-in page, or another one that is"),
        ("Page not found", WEEK, "says “Page not found”"),
    ],
)
def test_what_stands_in_the_place_of_a_page(title, final, told):
    said = not_the_page(title, "few words", WEEK, final)
    assert said is None if told is None else (said or "").startswith(told)
    assert not_the_page("Page not found", "word " * 500, WEEK, WEEK) is None


def test_a_front_page_that_was_asked_for_is_no_doubt():
    assert doubt("", "", HOME, Url("https://example.org/en/")) is None


@given(st.text(), st.text(), urls, urls)
def test_no_page_is_too_odd(title, heading, asked, final):
    doubt(title, heading, asked, final)
    looks_challenged(title, heading)
    looks_like_login(final)
