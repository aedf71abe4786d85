"""Sources to pages: the web by a fetch made for the purpose, files in a folder of their own."""

import io
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.config import Limits, Source, source_of
from monitor.core.errors import SourceError
from monitor.core.model import ExchangeId, Page, PageKind, Url
from monitor.core.ports import Exchange, Failure, FailureKind, Hop, Request, Response
from monitor.crawl import Unread, pages

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
COURSE = Url("https://a.org/course/")
REST = "what comes after that was not read (`limits.page_bytes`)."
HTML = "<!doctype html><title>Course</title><a href=x>x</a>"


class Web:
    """A fetch that answers by URL, and keeps what it was asked."""

    def __init__(self, answers: Mapping[str, tuple[Response | Failure, tuple[Hop, ...]]]) -> None:
        self.answers = answers
        self.asked: list[Request] = []

    async def fetch(self, request: Request) -> Exchange:
        self.asked.append(request)
        said, hops = self.answers[request.url]
        return Exchange(
            id=ExchangeId("1"),
            method=request.method,
            url=request.url,
            at=NOON,
            elapsed=timedelta(0),
            said=said,
            hops=hops,
        )


def response(
    body: bytes | str = HTML,
    content_type: str | None = "text/html; charset=utf-8",
    *,
    status: int = 200,
    url: str = COURSE,
    truncated: bool = False,
) -> Response:
    return Response(
        status=status,
        url=Url(url),
        headers={} if content_type is None else {"content-type": content_type},
        body=body.encode() if isinstance(body, str) else body,
        truncated=truncated,
    )


async def read(source: Source | str, web: Web | None = None, limits=None, stdin=None):
    chosen = source_of(source) if isinstance(source, str) else source
    fetch = (web or Web({})).fetch
    found = pages(chosen, fetch, lambda: NOON, limits or Limits(), stdin)
    return [page async for page in found]


async def read_one(said: Response | Failure, *, source=None, hops=(), limits=None):
    web = Web({COURSE: (said, tuple(hops))})
    (page,) = await read(source or Source(url=COURSE), web, limits)
    return page


# --- the web ---


async def test_a_web_page():
    assert await read_one(response()) == Page(
        name=COURSE, url=COURSE, kind=PageKind.HTML, text=HTML, read_at=NOON
    )


async def test_how_a_web_page_is_asked_for():
    web = Web({COURSE: (response(), ())})
    await read(f"{COURSE}#week-3", web, Limits(page_bytes=5_000))
    (request,) = web.asked
    assert (request.url, request.method, request.read) == (COURSE, "GET", 5_000)
    assert request.headers["Accept"].startswith("text/html")
    assert request.follow is not None
    assert request.follow(Url("https://elsewhere.org/"))


async def test_a_redirected_page_has_its_final_url_for_a_base():
    there = Url("https://b.org/new/")
    hop = Hop(status=302, url=COURSE, location=there)
    page = await read_one(response(url=there), hops=[hop])
    assert (page.name, page.url, page.notes) == (COURSE, there, ())


async def test_a_page_that_moved_for_good_says_so():
    hop = Hop(status=301, url=COURSE, location=Url("https://b.org/"))
    page = await read_one(response(url="https://b.org/"), hops=[hop])
    assert page.notes == ("The page has moved for good, to https://b.org/.",)


async def test_a_base_url_and_a_name_of_the_user_s_come_first():
    source = Source(url=COURSE, base_url="https://real.org/", name="The course")
    page = await read_one(response(), source=source)
    assert (page.name, page.url) == ("The course", "https://real.org/")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        pytest.param(response("# x", "text/markdown"), PageKind.MARKDOWN, id="Markdown"),
        pytest.param(response("x", "TEXT/HTML"), PageKind.HTML, id="a type in capitals"),
        pytest.param(response("x", "application/xhtml+xml"), PageKind.HTML, id="XHTML"),
        pytest.param(response("http://a.org", "text/uri-list"), PageKind.URLS, id="a list"),
        pytest.param(
            response("# x", "text/plain", url="https://raw.a.org/README.md"),
            PageKind.MARKDOWN,
            id="Markdown that is sent as plain text",
        ),
        pytest.param(response("http://a.org\n", "text/plain"), PageKind.URLS, id="URLs, sniffed"),
        pytest.param(response(HTML, None), PageKind.HTML, id="no type, sniffed"),
        pytest.param(response("", None), PageKind.MARKDOWN, id="nothing at all"),
    ],
)
async def test_the_kind_of_a_web_page(said, kind):
    assert (await read_one(said)).kind is kind


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param(
            response(status=404),
            Unread(name=COURSE, url=COURSE, why=f"The page {COURSE} answers 404."),
            id="not found",
        ),
        pytest.param(
            response(status=304, content_type=None),
            Unread(name=COURSE, url=COURSE, why=f"The page {COURSE} answers 304."),
            id="a redirect to nowhere",
        ),
        pytest.param(
            response("{}", "application/json"),
            Unread(
                name=COURSE,
                url=COURSE,
                why=f"The page {COURSE} is neither HTML nor Markdown, but application/json.",
            ),
            id="JSON",
        ),
        pytest.param(
            response(b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
            Unread(
                name=COURSE,
                url=COURSE,
                why=f"The page {COURSE} is neither HTML nor Markdown, but image/png.",
            ),
            id="a picture",
        ),
        pytest.param(
            response(b"%PDF-1.7\n\0\1\2", "text/html"),
            Unread(
                name=COURSE,
                url=COURSE,
                why=f"The page {COURSE} is neither HTML nor Markdown, but binary.",
            ),
            id="a PDF that calls itself HTML",
        ),
    ],
)
async def test_a_web_page_that_cannot_be_read(said, expected):
    assert await read_one(said) == expected


async def test_a_web_page_that_does_not_answer():
    failure = Failure(kind=FailureKind.TIMEOUT, detail="a.org did not answer within 20 s.")
    assert await read_one(failure) == Unread(
        name=COURSE, url=COURSE, why="a.org did not answer within 20 s."
    )


@pytest.mark.parametrize(
    ("said", "text", "notes"),
    [
        pytest.param(response(" \n"), " \n", ("The page is empty.",), id="an empty page"),
        pytest.param(
            response("aé".encode()[:2], truncated=True),
            "a",
            (f"The page is larger than 10 MB; {REST}",),
            id="a page that is cut within a character",
        ),
        pytest.param(
            response("é".encode("latin-1"), "text/html; charset=iso-8859-1"),
            "é",
            (),
            id="another encoding",
        ),
    ],
)
async def test_what_is_noted_of_a_web_page(said, text, notes):
    page = await read_one(said)
    assert (page.text, page.notes) == (text, notes)


@pytest.mark.parametrize("cut", range(1, 5))
@pytest.mark.parametrize("character", ["é", "②", "🎥", "x"])
async def test_a_cut_leaves_no_half_character(character, cut):
    whole = f"text{character}".encode()[: 4 + cut]
    page = await read_one(response(whole, truncated=True))
    assert page.text == (
        f"text{character}" if len(whole) == 4 + len(character.encode()) else "text"
    )
    assert len(page.notes) == 1


async def test_a_page_cut_among_the_tails_of_characters_is_left_as_it_is():
    page = await read_one(response(b"\x80\x80\x80", "text/html; charset=cp1252", truncated=True))
    assert page.text == "€€€"


# --- files ---


@pytest.fixture
def docs(tmp_path, monkeypatch):
    """Return a function that writes files into the folder `docs` here."""
    monkeypatch.chdir(tmp_path)

    def write(**texts: str | bytes) -> None:
        for name, text in texts.items():
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)

    return write


async def test_a_file(docs):
    docs(**{"docs/it/index.md": "# Corso"})
    source = Source(path="docs/it/index.md", base_url="https://a.org/it/")
    assert await read(source) == [
        Page(
            name="docs/it/index.md",
            url=Url("https://a.org/it/"),
            kind=PageKind.MARKDOWN,
            text="# Corso",
            read_at=NOON,
        )
    ]


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("x.html", "# no", PageKind.HTML),
        ("X.HTM", "x", PageKind.HTML),
        ("x.md", HTML, PageKind.MARKDOWN),
        ("x.markdown", "x", PageKind.MARKDOWN),
        ("x.txt", "https://a.org\n\n# comment\nhttps://b.org\n", PageKind.URLS),
        ("x.txt", "see https://a.org", PageKind.MARKDOWN),
        ("README", "# x", PageKind.MARKDOWN),
        ("x.php", HTML, PageKind.HTML),
    ],
)
async def test_the_kind_of_a_file(docs, name, text, kind):
    docs(**{name: text})
    (page,) = await read(name)
    assert (page.kind, page.url, page.text) == (kind, None, text)


@pytest.mark.parametrize(
    ("name", "body", "why"),
    [
        ("x.pdf", b"%PDF-1.7\0", "This is no text: neither HTML nor Markdown."),
        ("x.ipynb", b"{}", "This is a notebook, which Linkwell cannot read yet."),
    ],
)
async def test_a_file_that_is_no_page(docs, name, body, why):
    docs(**{name: body})
    assert await read(name) == [Unread(name=name, url=None, why=why)]


async def test_a_file_is_read_up_to_the_limit(docs):
    docs(**{"x.md": "a" * 2_000, "y.md": "b" * 1_500})
    limits = Limits(page_bytes=1_500)
    (cut,) = await read("x.md", limits=limits)
    (whole,) = await read("y.md", limits=limits)
    assert len(cut.text) == len(whole.text) == 1_500
    assert cut.notes == (f"The page is larger than 0.0015 MB; {REST}",)
    assert whole.notes == ()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("no.md", "There is no file or folder no.md.", id="a path that is not there"),
        pytest.param(
            "example.org/course",
            "There is no file or folder example.org/course. For a web page write https:// before"
            " it: https://example.org/course",
            id="an address without its scheme",
        ),
        pytest.param("docs/no", "There is no file or folder docs/no.", id="a path without any dot"),
        pytest.param(
            Source(path="https:/a.org"),
            "There is no file or folder https:/a.org. For a web page write its whole address, with"
            " two slashes after http: or https:.",
            id="an address with one slash",
        ),
        pytest.param(
            Source(folder="no"), "There is no file or folder no.", id="a folder that is not there"
        ),
        pytest.param(
            Source(folder="here.md"),
            "here.md is a file: name it under `path:`.",
            id="a folder that is a file",
        ),
        pytest.param("x" * 300, f"{'x' * 300} cannot be read: File name too long.", id="too long"),
        pytest.param(
            Source.model_construct(path=Path("a\0b")),
            "a\0b cannot be read: this is no name of a file.",
            id="no name at all",
        ),
        pytest.param("empty", "The folder empty holds no Markdown or HTML file.", id="no pages"),
        pytest.param(
            Source(folder="empty", include=["*.md", "it/*"]),
            "The folder empty holds no Markdown or HTML file among *.md, it/*.",
            id="no pages among those wanted",
        ),
    ],
)
async def test_a_source_that_the_user_must_change(docs, source, expected):
    docs(**{"here.md": "x", "empty/x.png": "x"})
    with pytest.raises(SourceError) as raised:
        await read(source)
    assert str(raised.value) == expected


# --- folders ---


async def names(source: Source | str = "docs") -> list[str]:
    return [page.name.removeprefix("docs/") for page in await read(source)]


async def test_a_folder_is_read_in_order_without_what_is_hidden_or_made(docs):
    docs(
        **{
            "docs/b.md": "b",
            "docs/a.html": "a",
            "docs/it/index.markdown": "i",
            "docs/it/pic.png": "p",
            "docs/.hidden.md": "h",
            "docs/.github/x.md": "h",
            "docs/_site/b.html": "b",
            "docs/node_modules/p/README.md": "p",
            "docs/it/_build/x.html": "x",
            "docs/_guides/g.md": "g",
        }
    )
    (Path("docs") / "folder.md").mkdir()
    assert await names() == ["_guides/g.md", "a.html", "b.md", "it/index.markdown"]


async def test_beside_jekyll_s_configuration_underscored_folders_hold_no_pages(docs):
    docs(**{"docs/_config.yml": "x: y", "docs/_layouts/l.html": "l", "docs/a.md": "a"})
    assert await names() == ["a.md"]


async def test_what_git_ignores_is_left_out(docs):
    docs(
        **{
            ".git/HEAD": "",
            ".gitignore": "drafts/\n/docs/old\nother/x.md\n**/tmp.md\n",
            "docs/.gitignore": "# made\n*.gen.md\n!keep.gen.md\nout/\n\\!odd.md\n",
            "docs/a.md": "a",
            "docs/b.gen.md": "b",
            "docs/keep.gen.md": "k",
            "docs/out/x.md": "x",
            "docs/out.md": "x",
            "docs/!odd.md": "x",
            "docs/drafts/x.md": "x",
            "docs/old/x.md": "x",
            "docs/other/x.md": "x",
            "docs/sub/tmp.md": "x",
            "docs/sub/.gitignore": "/local.md\n",
            "docs/sub/local.md": "x",
            "docs/sub/deep/local.md": "x",
            "docs/sub/deep/b.gen.md": "x",
        }
    )
    assert await names() == ["a.md", "keep.gen.md", "other/x.md", "out.md", "sub/deep/local.md"]


async def test_git_s_own_root_looks_no_higher(docs):
    docs(**{".gitignore": "*.md", "docs/.git/HEAD": "", "docs/a.md": "a"})
    assert await names() == ["a.md"]


async def test_outside_of_a_checkout_a_gitignore_above_says_nothing(docs):
    docs(**{".gitignore": "*.md", "docs/a.md": "a"})
    assert await names() == ["a.md"]


@pytest.mark.parametrize(
    ("include", "expected"),
    [
        pytest.param(["*.md"], ["a.md", "it/b.md", "it/x/c.md"], id="a name at any depth"),
        pytest.param(["it/*"], ["it/b.md"], id="a star stays in its folder"),
        pytest.param(["it/**"], ["it/b.md", "it/x/c.md"], id="two stars do not"),
        pytest.param(["**/c.md", "d.t?t"], ["d.txt", "it/x/c.md"], id="several, other suffixes"),
        pytest.param(["[ab].md"], ["a.md", "it/b.md"], id="one of these"),
        pytest.param(["[!ab].md"], ["it/x/c.md"], id="none of these"),
        pytest.param(["/*.md"], ["a.md"], id="from the top"),
    ],
)
async def test_include(docs, include, expected):
    docs(**{"docs/a.md": "a", "docs/it/b.md": "b", "docs/it/x/c.md": "c", "docs/d.txt": "d"})
    assert await names(Source(folder="docs", include=include)) == expected


async def test_an_include_that_is_no_pattern_fits_nothing(docs):
    docs(**{"docs/a.md": "a"})
    with pytest.raises(SourceError, match=r"among \[z-a\]"):
        await read(Source(folder="docs", include=["[z-a]"]))


async def test_a_folder_s_files_have_their_readers_addresses(docs):
    docs(
        **{
            "docs/index.md": "x",
            "docs/README.md": "x",
            "docs/it/README.md": "x",
            "docs/it/week01/01.md": "x",
            "docs/about.md": "---\npermalink: /about-us/\n---\nx",
            "docs/old.html": "x",
        }
    )
    found = await read(Source(folder="docs", base_url="https://a.org/course"))
    assert [(page.name, page.url) for page in found] == [
        ("docs/README.md", "https://a.org/course/README"),
        ("docs/about.md", "https://a.org/course/about-us/"),
        ("docs/index.md", "https://a.org/course/"),
        ("docs/it/README.md", "https://a.org/course/it/"),
        ("docs/it/week01/01.md", "https://a.org/course/it/week01/01"),
        ("docs/old.html", "https://a.org/course/old.html"),
    ]


async def test_a_site_with_pretty_addresses(docs):
    docs(
        **{
            "docs/_config.yml": "title: x\npermalink:           pretty\n",
            "docs/index.md": "x",
            "docs/it/week01.md": "x",
            "docs/page.html": "---\ntitle: x\n---\n",
            "docs/static.html": "x",
        }
    )
    found = await read(Source(folder="docs", base_url="https://a.org/", name="Course"))
    assert [(page.name, page.url) for page in found] == [
        ("Course/index.md", "https://a.org/"),
        ("Course/it/week01.md", "https://a.org/it/week01/"),
        ("Course/page.html", "https://a.org/page/"),
        ("Course/static.html", "https://a.org/static.html"),
    ]


async def test_no_more_pages_than_the_limit(docs):
    docs(**{f"docs/{n}.md": "x" for n in range(5)})
    found = await read("docs", limits=Limits(pages=3))
    assert [page.name for page in found] == ["docs/0.md", "docs/1.md", "docs/2.md", "docs"]
    assert found[3].why == "The folder holds 5 pages; only 3 were read (`limits.pages`)."


async def test_a_file_of_a_folder_that_cannot_be_read_hides_no_other(docs, monkeypatch):
    docs(**{"docs/a.md": "a", "docs/b.md": "b"})
    opened = Path.open

    def refuse_a(self, *args, **options):
        if self.name == "a.md":
            raise PermissionError(13, "Permission denied")
        return opened(self, *args, **options)

    monkeypatch.setattr(Path, "open", refuse_a)
    first, second = await read("docs")
    assert first == Unread(
        name="docs/a.md", url=None, why="The file cannot be read: Permission denied."
    )
    assert isinstance(second, Page)


def symlink(link: str, target: str) -> None:
    Path(link).symlink_to(target)


async def test_links_to_folders_are_not_followed(docs):
    docs(**{"docs/a.md": "a", "other/b.md": "b"})
    for link, target in {"docs/loop": "../docs", "docs/gone.md": "nowhere.md"}.items():
        symlink(link, target)
    assert await names() == ["a.md"]


# --- standard input ---


@pytest.mark.parametrize(
    ("body", "kind", "notes"),
    [
        pytest.param(b"https://a.org\nhttps://b.org\n", PageKind.URLS, (), id="a list of URLs"),
        pytest.param(b"# x\n[a](b)\n", PageKind.MARKDOWN, (), id="Markdown"),
        pytest.param(
            b"\n<!-- x --><?xml version='1.0'?>\n<!DOCTYPE html><p>x", PageKind.HTML, (), id="HTML"
        ),
        pytest.param(b"<!-- x -->\n# x", PageKind.MARKDOWN, (), id="Markdown after a comment"),
        pytest.param(b"<!-- x", PageKind.MARKDOWN, (), id="a comment that stays open"),
        pytest.param(b"", PageKind.MARKDOWN, ("The page is empty.",), id="nothing"),
        pytest.param(b"mailto:x@a.org\n", PageKind.URLS, (), id="another scheme"),
    ],
)
async def test_standard_input(body, kind, notes):
    source = Source(path="-", base_url="https://a.org/")
    (page,) = await read(source, stdin=io.BytesIO(body))
    assert page == Page(
        name="standard input",
        url=Url("https://a.org/"),
        kind=kind,
        text=body.decode(),
        read_at=NOON,
        notes=notes,
    )


async def test_standard_input_is_that_of_the_process(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"https://a.org")))
    (page,) = await read(Source(path="-", name="links"))
    assert (page.name, page.kind) == ("links", PageKind.URLS)


async def test_binary_standard_input_is_no_page():
    (page,) = await read("-", stdin=io.BytesIO(b"\0\1\2"))
    assert page.why == "This is no text: neither HTML nor Markdown."


# --- the real thing ---

SHARED = Path(__file__).parents[2].parent / "shared"


async def test_the_course_s_own_folder():
    folder = SHARED / "course-site" / "docs"
    if not folder.is_dir():
        pytest.skip("the course's files are not here")
    source = Source(folder=folder, base_url="https://atcold.github.io/pytorch-Deep-Learning/")
    found = await read(source)
    urls = {page.name.removeprefix(f"{folder}/"): page.url for page in found}
    assert all(isinstance(page, Page) and page.notes == () for page in found)
    assert urls["it/index.md"] == "https://atcold.github.io/pytorch-Deep-Learning/it/"
    assert urls["it/week01/01.md"] == (
        "https://atcold.github.io/pytorch-Deep-Learning/it/week01/01/"
    )
