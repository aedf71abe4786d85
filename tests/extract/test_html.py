"""Links in HTML: which, where, and what is left aside."""

import pytest

from monitor.core.model import PageKind
from tests.extract.pages import breaks_the_law, links_of, places, written


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('<a href="x">y</a>', ["x"], id="an anchor"),
        pytest.param("<map><area href=x></map>", ["x"], id="an area of a map"),
        pytest.param("<link rel=stylesheet href=x.css>", ["x.css"], id="a style sheet"),
        pytest.param("<link rel=preconnect href=//x>", [], id="an early connection is no link"),
        pytest.param("<link rel='a DNS-prefetch' href=//x>", [], id="nor an early look-up"),
        pytest.param("<img src=x data-src=y>", ["x"], id="an image, not its lazy loader"),
        pytest.param("<img src=''><script src></script>", [], id="nothing is asked for"),
        pytest.param("<iframe src=x></iframe><embed src=y>", ["x", "y"], id="frames"),
        pytest.param("<video src=a poster=b><track src=c></video>", ["a", "b", "c"], id="video"),
        pytest.param("<object data=x></object>", ["x"], id="an object"),
        pytest.param("<blockquote cite=x>y</blockquote>", ["x"], id="a citation's source"),
        pytest.param("<form action=x></form>", ["x"], id="a form that asks by GET"),
        pytest.param("<form action=x method=POST></form>", [], id="a form that sends"),
        pytest.param("<svg><a xlink:href=x>t</a></svg>", ["x"], id="an anchor in a drawing"),
        pytest.param("<svg><use href='#i'/></svg>", [], id="a drawing's own parts"),
        pytest.param("<body background=x>", ["x"], id="an old background"),
        pytest.param("<img longdesc=x>", ["x"], id="a long description"),
        pytest.param("<a ping=x href=y>z</a>", ["y"], id="a ping is sent, not read"),
        pytest.param("<noscript><img src=x></noscript>", ["x"], id="without scripts"),
        pytest.param("<pre><code><a href=x>y</a></code></pre>", ["x"], id="within code"),
        pytest.param("<template><a href=x>y</a></template>", [], id="a template is inert"),
        pytest.param(
            "<div><template shadowrootmode=open><a href=x>y</a></template></div>",
            ["x"],
            id="the shadow of an element is seen",
        ),
        pytest.param("<textarea><a href=x></textarea>", [], id="text is no markup"),
        pytest.param("<!-- <a href=x> -->", [], id="nor is a comment"),
        pytest.param("<a href=x><b>1<p>2</a>3</b>", ["x"], id="a misnested anchor, once"),
        pytest.param("<a \ud800 b\udfff=c href=x>y</a>", ["x"], id="half a character's names"),
        pytest.param("<a href=x href=y>z</a>", ["x"], id="the first of two counts"),
        pytest.param(
            "<img srcset='a.png 1x, b,c.png 2x,d.png, e.png type(a,b) 3x'>",
            ["a.png", "b,c.png", "d.png", "e.png"],
            id="every candidate of a set",
        ),
        pytest.param("<img srcset=' a, ,b,, '>", ["a", "b"], id="a set with bare commas"),
        pytest.param("<link rel=preload as=image imagesrcset='a 1x'>", ["a"], id="a preloaded set"),
        pytest.param("<img srcset='a&#44; b'>", ["a", "b"], id="an entity for a comma"),
        pytest.param("<img srcset='a&#32;1x,b'>", ["a", "b"], id="an entity for a space"),
        pytest.param(
            "<meta http-equiv=Refresh content=\"0; URL='n.html'\">", ["n.html"], id="refresh"
        ),
        pytest.param(
            "<meta http-equiv=refresh content='0;n.html'>", ["n.html"], id="short refresh"
        ),
        pytest.param("<meta http-equiv=refresh content=5>", [], id="a page that reloads itself"),
        pytest.param("<meta property=og:image content=x>", ["x"], id="a preview's picture"),
        pytest.param("<meta name=author content=x>", [], id="other facts"),
        pytest.param(
            "<i style='background: URL( \"a.png\" ), url(b.png)'></i>",
            ["a.png", "b.png"],
            id="in a style",
        ),
        pytest.param("<i style='a:url(&quot;b&quot;)'></i>", ["b"], id="quoted by entities"),
        pytest.param("<i style='a:url(b?c&amp;d)'></i>", ["b?c&amp;d"], id="entities in a style"),
        pytest.param("<i style='a:url(b?c&copy=d)'></i>", ["b?c&copy=d"], id="half an entity"),
        pytest.param("<style>p { a: url('x.png') }</style>", ["x.png"], id="in a style sheet"),
        pytest.param("<svg><style><g>url(x)</style></svg>", [], id="rules broken up"),
        pytest.param("<input type=image src=x>", ["x"], id="a button's picture"),
    ],
)
def test_what_is_a_link(text, expected):
    extracted = links_of(text)
    assert written(extracted) == expected
    assert breaks_the_law(text, extracted) == []


@pytest.mark.parametrize(
    ("text", "as_written", "url"),
    [
        pytest.param("<a href='?q=1'>", "?q=1", "https://course.example/it/?q=1", id="query only"),
        pytest.param("<a href='#f'>", "#f", "https://course.example/it/#f", id="fragment only"),
        pytest.param("<a href=''>", "", "https://course.example/it/", id="the page itself"),
        pytest.param("<a href>", "", "https://course.example/it/", id="no value at all"),
        pytest.param("<a href='//h/x'>", "//h/x", "https://h/x", id="the page's own scheme"),
        pytest.param("<a href='../x'>", "../x", "https://course.example/x", id="a folder up"),
        pytest.param("<a href = \n x >", "x", "https://course.example/it/x", id="no quotes"),
        pytest.param(
            "<a href='\n x&amp;y\t'>", "x&amp;y", "https://course.example/it/x&y", id="entities"
        ),
        pytest.param(
            "<a href='a\n b'>", "a\n b", "https://course.example/it/a%20b", id="a broken line"
        ),
        pytest.param("<a href='http://[::1'>", "http://[::1", "http://[::1", id="no address"),
        pytest.param(
            "<a href='http://exa mple'>", "http://exa mple", "http://exa mple", id="nor this"
        ),
        pytest.param(
            "<base href='/b/'><base href=/c/><a href=x>",
            "x",
            "https://course.example/b/x",
            id="the first base counts",
        ),
        pytest.param(
            "<base target=_top><base href='http://[x'><a href=x>",
            "x",
            "https://course.example/it/x",
            id="a base that is none",
        ),
    ],
)
def test_where_a_link_leads(text, as_written, url):
    (link,) = links_of(text).links
    assert (link.written, link.url) == (as_written, url)


@pytest.mark.parametrize(
    ("text", "url", "why"),
    [
        ("<a href='mailto:a@b'>", None, "an e-mail address"),
        ("<a href=' JavaScript:x()'>", None, "a script, not an address"),
        ("<a href='tel:1'>", None, "a telephone number"),
        ("<img src='data:image/png,x'>", None, "the content itself, not an address"),
        ("<a href='magnet:x'>", None, "links of the scheme magnet are not checked"),
        ("<a href='x'>", None, "a relative address without a base URL: give --base-url"),
        ("<a href='#f'>", None, "a relative address without a base URL: give --base-url"),
        (
            f"<a href='{'x' * 70_000}'>",
            "https://a/",
            "an address of 70,000 characters is not checked",
        ),
    ],
)
def test_what_is_skipped(text, url, why):
    extracted = links_of(text, url=url)
    assert extracted.links == ()
    assert [skipped.why for skipped in extracted.skipped] == [why]
    assert breaks_the_law(text, extracted) == []


@pytest.mark.parametrize("base", [None, "https://a.example/"])
@pytest.mark.parametrize(
    "address", ["git://github.com/o/r", "ssh://git@github.com/o/r.git", "git@github.com:o/r.git"]
)
def test_an_address_that_git_clones_from_is_a_link_where_a_provider_knows_it(address, base):
    (link,) = links_of(f"<a href='{address}'>", url=base).links
    assert link.written == address


@pytest.mark.parametrize("address", ["git://h.example/r", "ssh://git@h.example/r"])
def test_an_address_that_git_clones_from_elsewhere_is_skipped(address):
    assert links_of(f"<a href='{address}'>").links == ()


def test_a_base_on_the_page_makes_up_for_a_missing_one():
    extracted = links_of("<base href='https://b.example/c/'><a href=x>", url=None)
    assert [link.url for link in extracted.links] == ["https://b.example/c/x"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("<a href=x> The\n <b>slides</b></a>", "The slides", id="folded"),
        pytest.param("<a href=x><img alt=Slides></a>", "Slides", id="a picture's words"),
        pytest.param("<a href=x aria-label=Slides></a>", "Slides", id="read aloud"),
        pytest.param("<a href=x title=Slides>\x01</a>", "Slides", id="a title at last"),
        pytest.param("<a href=x>a<script>b</script>c</a>", "ac", id="scripts say nothing"),
        pytest.param("<a href=x>PerchÃ©</a>", "Perché", id="repaired"),
        pytest.param("<img src=x alt='A view'>", "A view", id="an image"),
        pytest.param(f"<a href=x>{'y' * 500}</a>", "y" * 299 + "…", id="cut"),
        pytest.param("<a href=x></a>", "", id="nothing"),
    ],
)
def test_a_link_s_text(text, said):
    assert links_of(text).links[0].occurrence.text == said


def test_columns_count_code_points_and_every_kind_of_line_end():
    text = "🎥\r<a href=x>\r\n<p>é <img\nsrc=y>"
    assert places(links_of(text)) == [(2, 9), (4, 5)]


def test_comments_tell_what_to_leave_alone():
    text = (
        "<!-- linkwell-ignore --><a href=1>a</a><a href=2>b</a>"
        "<!--linkwell-ignore-start--><a href=3>c</a><a href=4>d</a><!-- linkwell-ignore-end -->"
        "<a href=5>e</a>"
    )
    extracted = links_of(text)
    assert written(extracted) == ["2", "5"]
    assert [(s.written, s.why) for s in extracted.skipped] == [
        (number, "ignored by a comment on the page") for number in "134"
    ]


def test_a_list_of_addresses():
    text = "https://a.example/\n\n# a remark\r\n\t b/c \nmailto:d@e\n"
    extracted = links_of(text, PageKind.URLS)
    assert [(link.url, link.occurrence.position.column) for link in extracted.links] == [
        ("https://a.example/", 1),
        ("https://course.example/it/b/c", 3),
    ]
    assert [skipped.written for skipped in extracted.skipped] == ["mailto:d@e"]


def test_a_giant_is_read_up_to_its_limit_and_says_so():
    text = "<a href=x>" + "<br>" * 1_000_000 + "<a href=y>"
    extracted = links_of(text)
    assert written(extracted) == ["x"]
    (rest,) = extracted.skipped
    assert rest.why == "the page is too long: from here on it was not read"
    assert rest.occurrence.position.column == 11 + 4 * 999_999
