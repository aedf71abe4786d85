"""What GitHub's addresses name, and what its answers mean."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.model import Verdict
from monitor.core.ports import FailureKind
from monitor.core.reasons import Reason
from monitor.providers.github import PROVIDER
from tests.providers.fakes import AT, FakePorts, check, link, nothing, reply

GIST = "0123456789abcdef0123"
REPO = "https://api.github.com/repos/o/r"
TREE = f"{REPO}/git/trees/main?recursive=1"
OLD_TREE = f"{REPO}/git/trees/old?recursive=1"
HEAD_TREE = f"{REPO}/git/trees/HEAD?recursive=1"
SITE = "https://github.com/o/r"
FILE = f"{SITE}/blob/main/a/b.py"
CONTENTS = f"{REPO}/contents/a/b.py?ref=main"
EXAMPLES = [
    SITE,
    f"{SITE}/tree/main/dcgan",
    f"{FILE}#L10-L20",
    f"{SITE}/commit/abc123",
    f"{SITE}/issues/12",
    f"{SITE}/pull/7",
    f"{SITE}/releases/tag/v1.0",
    f"{SITE}/releases/download/v1.0/a.zip",
    f"{SITE}/wiki/Home",
    "https://github.com/o",
    f"https://gist.github.com/u/{GIST}",
]


def rest(body, status=200, **headers):
    return reply(status, json.dumps(body), **headers)


def repository(**more):
    return rest({"full_name": "o/r", "default_branch": "main", "archived": False, **more})


def tree(*paths, **more):
    entries = [{"path": path, "type": "blob", "size": 12, "sha": "x"} for path in paths]
    return rest({"sha": "x", "tree": entries, "truncated": False, **more})


NOT_FOUND = rest({"message": "Not Found"}, 404)
SPENT = rest({"message": "API rate limit exceeded"}, 403, **{"x-ratelimit-remaining": "0"})


@pytest.mark.parametrize(
    ("url", "id_"),
    [
        ("https://github.com/o/r", "repo:o/r"),
        ("https://github.com/o/r/", "repo:o/r"),
        ("https://www.github.com/o/r.git", "repo:o/r"),
        ("https://github.dev/o/r", "repo:o/r"),
        ("git://github.com/o/r", "repo:o/r"),
        ("git://github.com/o/r.git/", "repo:o/r"),
        ("ssh://git@github.com/o/r.git", "repo:o/r"),
        ("git+ssh://git@github.com:22/o/r.git", "repo:o/r"),
        ("ssh://git@ssh.github.com:443/o/r.git", "repo:o/r"),
        ("git@github.com:o/r.git", "repo:o/r"),
        ("https://github.com/o/r/tree/dev", "tree:o/r@dev"),
        ("https://github.com/o/r/tree/main/dcgan", "tree:o/r@main:dcgan"),
        ("https://github.com/o/r/tree/feature%2Fx/dir", "tree:o/r@feature/x:dir"),
        ("https://github.com/o/r/blob/main/s/02%20-%20CNN.pdf", "blob:o/r@main:s/02 - CNN.pdf"),
        ("https://github.com/o/r/blob/refs/heads/main/a.py", "blob:o/r@main:a.py"),
        ("https://github.com/o/r/raw/main/a.zip", "blob:o/r@main:a.zip"),
        ("https://github.com/o/r/blame/main/a.py?plain=1#L10", "blob:o/r@main:a.py"),
        ("https://raw.githubusercontent.com/o/r/main/a.py", "blob:o/r@main:a.py"),
        ("https://raw.githubusercontent.com/o/r/refs/tags/v1/a.py", "blob:o/r@v1:a.py"),
        ("https://nbviewer.org/github/o/r/blob/main/a.ipynb", "blob:o/r@main:a.ipynb"),
        ("https://nbviewer.jupyter.org/github/o/r/tree/main", "tree:o/r@main"),
        ("https://colab.research.google.com/github/o/r/blob/main/a.ipynb", "blob:o/r@main:a.ipynb"),
        ("https://githubtocolab.com/o/r/blob/main/a.ipynb", "blob:o/r@main:a.ipynb"),
        ("https://mybinder.org/v2/gh/o/r/HEAD", "tree:o/r@HEAD"),
        (
            "https://mybinder.org/v2/gh/o/r/main?urlpath=lab&labpath=a%2Fb.ipynb",
            "blob:o/r@main:a/b.ipynb",
        ),
        (
            "https://htmlpreview.github.io/?https://github.com/o/r/blob/main/a.html",
            "blob:o/r@main:a.html",
        ),
        ("https://cdn.jsdelivr.net/gh/o/r@main/a.js", "blob:o/r@main:a.js"),
        (
            "https://kaggle.com/kernels/welcome?src=https%3A%2F%2Fgithub.com%2Fo%2Fr%2Fblob%2Fmain%2Fa.ipynb",
            "blob:o/r@main:a.ipynb",
        ),
        ("https://github.com/o/r/commit/abc123", "commit:o/r@abc123"),
        ("https://github.com/o/r/issues/12#issuecomment-1", "issue:o/r#12"),
        ("https://github.com/o/r/pull/7/files", "pull:o/r#7"),
        ("https://github.com/o/r/releases/tag/v1.0", "release:o/r@v1.0"),
        ("https://github.com/o/r/releases/download/v1.0/a.zip", "asset:o/r@v1.0:a.zip"),
        ("https://github.com/o/r/wiki/Home", "page:o/r/wiki/Home"),
        ("https://github.com/o/r/issues?q=is%3Aopen", "page:o/r/issues?q=is%3Aopen"),
        ("https://github.com/o", "user:o"),
        ("https://github.com/orgs/o/repositories", "user:o"),
        (f"https://gist.github.com/u/{GIST}#file-a", f"gist:{GIST}"),
        (f"https://gist.github.com/{GIST}", f"gist:{GIST}"),
        (f"https://gist.githubusercontent.com/u/{GIST}/raw/a.py", f"gist:{GIST}"),
        (f"https://nbviewer.org/gist/u/{GIST}", f"gist:{GIST}"),
        (f"https://mybinder.org/v2/gist/u/{GIST}/HEAD", f"gist:{GIST}"),
    ],
)
def test_every_address_names_one_resource(url, id_):
    resource = PROVIDER.identify(link(url))
    assert resource is not None
    assert resource.id == f"github:{id_}"
    again = PROVIDER.identify(link(resource.url))
    assert again == resource
    assert again.url == resource.url


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/",
        "https://github.com/features/actions",
        "https://github.com/Sponsors/o",
        "https://github.com/o%20p/r",
        "https://github.com/o/..%2Fx",
        "https://gist.github.com/someone",
        "https://o.github.io/r/",
        "https://avatars.githubusercontent.com/u/1",
        "https://colab.research.google.com/drive/1AzFVLG7D4NK6ugh60f0cJQGYF5OL2sUB",
        "https://cdn.jsdelivr.net/gh/o/r@1.2/a.js",
        "https://cdn.jsdelivr.net/gh/o/r@main/a.min.js",
        "https://kaggle.com/kernels/welcome?src=%00",
        "https://example.org/o/r",
        "git://example.org/o/r",
        "ssh://git@example.org/o/r.git",
        "git@example.org:o/r.git",
        "http://[::1",
    ],
)
def test_what_is_not_githubs_is_left_to_the_web(url):
    assert PROVIDER.identify(link(url)) is None


def test_lines_are_counted_only_where_a_link_names_one():
    assert PROVIDER.identify(link(f"{FILE}#L10-L20")).needs == {"lines", "L10-L20"}
    assert PROVIDER.identify(link(f"{FILE}#readme")).needs == frozenset()
    assert PROVIDER.identify(link(f"{SITE}#L10")).needs == frozenset()


async def test_a_redirect_within_the_api_is_followed_to_the_new_name():
    ports = FakePorts(
        {
            REPO: reply(301, location="https://api.github.com/repositories/7"),
            "https://api.github.com/repositories/7": repository(full_name="newer/name"),
            TREE: tree("a/b.py"),
        }
    )
    verdict = await check(PROVIDER, f"{FILE}?plain=1#L3", ports, without=["lines"])
    assert verdict.reason is Reason.RENAMED
    assert verdict.instead is not None
    assert verdict.instead.url == "https://github.com/newer/name/blob/main/a/b.py?plain=1#L3"


async def test_a_wrapper_keeps_its_form_under_the_new_name():
    ports = FakePorts({REPO: repository(full_name="newer/name"), TREE: tree("a.ipynb")})
    url = "https://nbviewer.org/github/o/r/blob/main/a.ipynb"
    verdict = await check(PROVIDER, url, ports)
    assert verdict.instead.url == "https://nbviewer.org/github/newer/name/blob/main/a.ipynb"


async def test_the_only_file_of_the_same_name_is_suggested():
    ports = FakePorts({REPO: repository(), TREE: tree("x/B.py", "c.py")})
    verdict = await check(PROVIDER, f"{FILE}#L3", ports)
    assert verdict.instead.url == f"{SITE}/blob/main/x/B.py#L3"


@pytest.mark.parametrize("paths", [(), ("x/b.py", "y/b.py")], ids=["none", "two"])
async def test_no_file_is_suggested_where_none_or_several_have_the_name(paths):
    ports = FakePorts({REPO: repository(), TREE: tree(*paths)})
    assert (await check(PROVIDER, FILE, ports)).instead is None


@pytest.mark.parametrize(
    ("table", "instead"),
    [
        pytest.param({HEAD_TREE: tree("a/b.py")}, FILE, id="there"),
        pytest.param({HEAD_TREE: tree("c.py")}, None, id="not there"),
        pytest.param({}, None, id="unknown"),
    ],
)
async def test_a_lost_branch_is_looked_up_on_the_default_branch(table, instead):
    ports = FakePorts({REPO: repository(), OLD_TREE: NOT_FOUND, **table})
    verdict = await check(PROVIDER, f"{SITE}/blob/old/a/b.py", ports)
    assert verdict.reason is Reason.BRANCH_GONE
    assert (verdict.instead.url if verdict.instead else None) == instead


async def test_a_lost_branch_without_a_known_default_has_no_suggestion():
    ports = FakePorts({REPO: repository(default_branch=None), OLD_TREE: NOT_FOUND})
    verdict = await check(PROVIDER, f"{SITE}/blob/old/a", ports, without=["default_tree"])
    assert (verdict.reason, verdict.instead) == (Reason.BRANCH_GONE, None)


@pytest.mark.parametrize(
    ("fragment", "answer", "reason"),
    [
        pytest.param("L3", reply(200, "1\n2\n3\n"), Reason.ALIVE, id="the last line"),
        pytest.param("L4", reply(200, "1\n2\n3\n"), Reason.PART_MISSING, id="after the end"),
        pytest.param("L1-L4", reply(200, "1\n2\n3"), Reason.PART_MISSING, id="a range too long"),
        pytest.param("L1C1-L9C2", reply(200, "1\n2"), Reason.PART_MISSING, id="with columns"),
        pytest.param("L4", reply(429), Reason.ALIVE, id="the file could not be read"),
        pytest.param("L4", reply(200, "x" * 1_048_577), Reason.ALIVE, id="too long to count"),
        pytest.param("L4", nothing(FailureKind.TIMEOUT), Reason.ALIVE, id="no answer"),
        pytest.param("usage", reply(200, ""), Reason.ALIVE, id="no line at all"),
    ],
)
async def test_a_link_to_a_line_needs_the_line(fragment, answer, reason):
    raw = "https://raw.githubusercontent.com/o/r/main/a/b.py"
    ports = FakePorts({REPO: repository(), TREE: tree("a/b.py"), raw: answer})
    assert (await check(PROVIDER, f"{FILE}#{fragment}", ports)).reason is reason


@pytest.mark.parametrize(
    ("answer", "retry_at"),
    [
        pytest.param(
            rest({}, 403, **{"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795600000"}),
            datetime.fromtimestamp(1795600000, UTC),
            id="the hour's allowance",
        ),
        pytest.param(
            rest(
                {"message": "You have exceeded a secondary rate limit"},
                403,
                **{"retry-after": "90"},
            ),
            AT + timedelta(seconds=90.05),
            id="a secondary limit with its instant",
        ),
        pytest.param(
            rest({"message": "You have triggered an abuse detection mechanism"}, 403),
            AT + timedelta(seconds=60.05),
            id="a secondary limit without an instant",
        ),
        pytest.param(reply(429), AT + timedelta(seconds=60.05), id="429"),
        pytest.param(
            rest({}, 429, **{"x-ratelimit-reset": "9" * 18}),
            AT + timedelta(seconds=60.05),
            id="an instant that is none",
        ),
    ],
)
async def test_a_spent_allowance_says_nothing_of_the_repository(answer, retry_at):
    verdict = await check(PROVIDER, SITE, FakePorts({REPO: answer}), without=["page"])
    assert (verdict.reason, verdict.retry_at) == (Reason.OWN_QUOTA, retry_at)


async def test_a_refused_token_is_our_fault():
    ports = FakePorts({REPO: rest({"message": "Bad credentials"}, 401)})
    verdict = await check(PROVIDER, SITE, ports, without=["page"])
    assert verdict.reason is Reason.OWN_CREDENTIAL


async def test_many_links_of_two_repositories_cost_four_calls():
    urls = [f"{SITE}/blob/main/{n}.py" for n in range(19)]
    urls += [SITE, "https://github.com/O/R/blob/main/1.py", "https://github.com/p/q/tree/main/d"]
    resources = [PROVIDER.identify(link(url)) for url in urls]
    ports = FakePorts({TREE: tree("1.py"), REPO: repository()})
    for name in ("repository", "tree"):
        probe = PROVIDER.probes[name]
        assert probe.size > len(urls)
        for batch in probe.cut(resources if name == "repository" else resources[:19]):
            answers = await probe.ask(batch, ports)
            assert set(answers) == {resource.id for resource in batch}
    assert ports.asked == [REPO, "https://api.github.com/repos/p/q", TREE]
    request = ports.requests[0]
    assert request.credential == "github"
    assert request.headers["Accept"] == "application/vnd.github+json"


async def test_each_resource_gets_only_its_own_part_of_a_tree():
    ports = FakePorts({TREE: tree("a/b.py", "c.py")})
    resource = PROVIDER.identify(link(FILE))
    answer = (await PROVIDER.probes["tree"].ask([resource], ports))[resource.id]
    assert answer.said.body == {
        "entry": {"type": "blob", "size": 12, "sha": "x"},
        "same_name": ["a/b.py"],
        "truncated": False,
        "message": None,
        "block": None,
    }


def test_branches_that_differ_in_case_are_different_branches():
    resources = [PROVIDER.identify(link(f"{SITE}/tree/{ref}")) for ref in ("main", "Main")]
    assert len(PROVIDER.probes["tree"].cut(resources)) == 2
    assert len(PROVIDER.probes["default_tree"].cut(resources)) == 1


@pytest.mark.parametrize("url", [SITE, FILE, "https://github.com/o", f"{SITE}/wiki"])
def test_without_any_way_to_ask_nothing_is_claimed(url):
    judged = PROVIDER.judge(PROVIDER.identify(link(url)), [], frozenset())
    assert isinstance(judged, Verdict)
    assert judged.reason is Reason.NOT_ASKED
