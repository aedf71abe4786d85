"""Links in Markdown: which, where, and what is left aside."""

import pytest

from tests.extract.pages import HERE, breaks_the_law, markdown, places, written


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[a](x)", ["x"], id="a link"),
        pytest.param('[a]( x "t" ) [b](y z) [c](<y z>)', ["x", "y z"], id="titles and brackets"),
        pytest.param("[a]() [b](<>)", ["", ""], id="the page itself"),
        pytest.param("[a](x\n'unclosed)", [], id="an unclosed title"),
        pytest.param("[a](", [], id="an unclosed link"),
        pytest.param("![a](x) [![b](y)](z)", ["x", "y", "z"], id="images, also within a link"),
        pytest.param("![a", [], id="no image"),
        pytest.param("![a] ![b](c", [], id="no images"),
        pytest.param("<https://x.example/> <x y>", ["https://x.example/"], id="angle brackets"),
        pytest.param("https://x.example/", [], id="a bare address is text"),
        pytest.param("`[a](x)` \\[a](x)\n\n    [a](x)\n\n```\n[a](x)\n```", [], id="code"),
        pytest.param("$$[a](x)$$ [b](y) $$ [c](z)", ["y", "z"], id="a formula"),
        pytest.param("[a](x\\_y) [b](x&amp;y)", ["x\\_y", "x&amp;y"], id="escapes"),
        pytest.param("*[a](x*y)* **[b](z)**", ["x*y", "z"], id="emphasis"),
        pytest.param("a<br/>[a](x)  \n[b](y)\\\n[c](z)", ["x", "y", "z"], id="breaks"),
        pytest.param("> [a](x)\n[b](y)\n> > <a\n> > href=z>", ["x", "y", "z"], id="quotes"),
        pytest.param("- [a](x)\n\t- [b](y)\n1. \t[c](z)", ["x", "y", "z"], id="lists"),
        pytest.param("# [a](x) ##\n[b](y)\n===\n#", ["x", "y"], id="headings"),
        pytest.param("<p>[a](x)</p>\n\n<div>\n\n[b](y)\n", ["y"], id="within HTML"),
        pytest.param("<div>\n<a href='x'>\n</div>\n- <div>\n  <img src=y>", ["x", "y"], id="HTML"),
        pytest.param("<!-- [a](x)\n\n[b](y) -->[c](z)", [], id="a comment"),
        pytest.param("---\nlink: '[a](x)'\n---\n[b](y)", ["y"], id="front matter"),
        pytest.param("\0[a](x\0y)", ["x\0y"], id="a null character"),
        pytest.param("| a |\n|-|\n| [b\\|c](x\\|y) |\n", ["x\\|y"], id="an escaped bar"),
        pytest.param("> a | b\n> -|-\n> [a](x) | [b](y)\n", ["x", "y"], id="a table in a quote"),
        pytest.param("a | b\n-|-\n{{ c }} [a](x) | [b](y)\n", ["x", "y"], id="beside a variable"),
        pytest.param("a <style> b { c:url(x) } </style> [d](y)", ["y"], id="rules amid text"),
        pytest.param("<div style='a:url(b)\n\n[c](d) url(e) '>", ["b"], id="an unclosed attribute"),
        pytest.param("| a |\n|-|\n| |\n|[x](y)|z|", ["y"], id="rows of odd lengths"),
    ],
)
def test_what_is_a_link(text, expected):
    extracted = markdown(text)
    assert written(extracted) == expected
    assert breaks_the_law(text, extracted) == []


def test_html_over_lines_of_a_quote_is_written_as_it_stands_there():
    text = '> <a href="fo\n> o">x</a>\n'
    (link,) = markdown(text).links
    assert (link.written, link.url) == ("fo\n> o", f"{HERE}foo")


def test_a_reference_stands_at_its_definition_and_is_told_where_it_is_used():
    text = "[a][L] ![b][l] [l]\n[not][defined]\n\n> [L]:\n> <x y> 't'\n\n[unused]: z\n"
    extracted = markdown(text)
    assert written(extracted) == ["x y"] * 3
    assert places(extracted) == [(5, 4)] * 3
    used = [link.occurrence.used_at for link in extracted.links]
    assert [(place.line, place.column) for place in used] == [(1, 1), (1, 9), (1, 16)]
    assert [link.occurrence.element for link in extracted.links] == ["a", "img", "a"]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("[a]({{site.baseurl}}/x)", "https://course.example/B/x"),
        ("[a]({{  site.baseurl  }}/x)", "https://course.example/B/x"),
        ("<a href={{- site.baseurl -}}/x>", "https://course.example/B/x"),
        ("[a]({{ '/x' | relative_url }})", "https://course.example/B/x"),
        ('<a href="{{ "/x" | absolute_url }}">', "https://site.example/B/x"),
        ("[a]({{ site.baseurl | append: '/y' }})", "https://course.example/B/y"),
        ("[a]({{ 'z' | prepend: site.baseurl }})", "https://course.example/Bz"),
        ("{% raw %}[a]({{x}}){% endraw %}", f"{HERE}%7B%7Bx%7D%7D"),
    ],
)
def test_template_expressions_with_a_value(text, url):
    extracted = markdown(text, site__baseurl="/B", site__url="https://site.example/")
    assert [link.url for link in extracted.links] == [url]
    assert breaks_the_law(text, extracted) == []


@pytest.mark.parametrize(
    "expression",
    [
        "{{ page.url }}",
        "{% link a.md %}",
        "{{ 'x' | relative_url }}",
        "{{ 'x' | absolute_url }}",
        "{{ 'x' | append: page.y }}",
        "{{ page.y | append: 'x' }}",
        "{{ 'x' | upcase }}",
        "{{ 'x' 'y' }}",
    ],
)
def test_template_expressions_without_a_value(expression):
    (skipped,) = markdown(f"[a]({expression}/x)").skipped
    assert skipped.written == f"{expression}/x"
    assert skipped.why == f"template expression {expression} has no value; give it with --var"


def test_a_template_s_comment_says_nothing():
    text = "{% comment %}\n[a](x) {{ y }}\n{% endcomment %}[b](y)\n{% comment %}[c](z)"
    extracted = markdown(text)
    assert written(extracted) == ["y"]
    assert places(extracted) == [(3, 21)]


def test_texts_show_expressions_as_they_stand():
    text = "## {{ page.title }}\n\n[see {{ page.x }}](y)"
    (link,) = markdown(text).links
    assert link.occurrence.text == "see {{ page.x }}"
    assert link.occurrence.context == ("{{ page.title }}",)


def test_characters_that_stand_in_for_expressions_are_left_alone():
    assert written(markdown("\U0010f000 [a]({{x}})")) == ["{{x}}"]


def test_a_page_of_very_many_lines_is_read_up_to_its_limit():
    text = "[a](x)\n" + "\n" * 500_000 + "[b](y)\n"
    extracted = markdown(text)
    assert written(extracted) == ["x"]
    assert len(extracted.skipped) == 1
