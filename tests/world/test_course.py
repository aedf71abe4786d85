"""The course page in the world: the links it has, and the answers they get."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
import yaml

from monitor.core.reasons import Reason, Status, explain
from tests.world import World
from tests.world.clients import client
from tests.world.course import page
from tests.world.scenario import Entrance

ROOT = Path(__file__).parents[2]
TEXT = page.PAGE.read_text("utf-8")
LINKS = tuple(
    match[1] or match[2] for match in re.finditer(r'(?:href|src)="([^"]*)"|\]\(([^)]*)\)', TEXT)
)
SEED = ROOT.parent / "shared" / "seeds" / "course-page.it.md"

HOSTS = {
    "github.com": "github",
    "www.youtube.com": "youtube",
    "youtu.be": "youtube",
    "drive.google.com": "google_drive",
    "bit.ly": "short_link",
    "bitly.com": "short_link",
}


def resolved(written):
    filled = written
    for name, value in page.VARIABLES.items():
        filled = filled.replace(f"{{{{{name}}}}}", value)
    return urljoin(page.BASE_URL, filled)


def provider(written):
    return HOSTS.get(urlsplit(resolved(written)).hostname, "web")


def test_the_page_has_as_many_links_as_the_users():
    assert (len(LINKS), len(set(LINKS))) == (114, 111)
    assert Counter(map(provider, LINKS)) == {
        "web": 55,
        "github": 22,
        "youtube": 21,
        "google_drive": 13,
        "short_link": 3,
    }
    assert Counter(map(provider, set(LINKS))) == {
        "web": 54,
        "github": 20,
        "youtube": 21,
        "google_drive": 13,
        "short_link": 3,
    }
    assert sum(urlsplit(resolved(link)).hostname == page.HOST for link in LINKS) == 43


def test_seven_links_lost_their_variable():
    lost = [link for link in LINKS if link.startswith("it/")]
    assert len(lost) == 7
    for link in lost:
        assert resolved(link) == f"https://{page.HOST}/deep-learning-course/it/{link}"
        wanted = page.expected()[link]
        assert (wanted.status, wanted.reason) == (Status.BROKEN, Reason.NOT_FOUND)
        assert wanted.instead == f"https://{page.HOST}/deep-learning-course/{link}"


def test_the_page_is_as_damaged_as_the_users():
    for damaged in ("LunedÃ¬", "cittÃ\xa0", "â‘¡", "ğŸ¥"):
        assert damaged in TEXT
    assert TEXT.count('rowspan="3"') == 10


@pytest.mark.skipif(not SEED.is_file(), reason=f"no seed at {SEED}: pages were not compared")
def test_the_page_shares_no_id_and_no_sentence_with_the_users():
    seed = SEED.read_text("utf-8")
    ids = re.findall(r"[\w-]{11,}", " ".join(link for link in LINKS if "://" in link))
    common = {"githubusercontent"}
    assert {each for each in ids if each in seed} <= common
    sentences = {s.strip() for s in re.split(r"[.:|>]", TEXT) if len(s.split()) > 5}
    assert [s for s in sentences if s in seed] == []


def test_every_expectation_is_of_a_link_and_agrees_with_its_reason():
    for written, wanted in page.expected().items():
        assert written in LINKS
        for reason in (wanted.reason, *wanted.also):
            assert explain(reason).status is wanted.status


@pytest.mark.parametrize(
    "reasons",
    [
        pytest.param({Reason.DELETED, Reason.GONE, Reason.NOT_FOUND}, id="deleted"),
        pytest.param({Reason.PRIVATE}, id="private"),
        pytest.param({Reason.NOT_SHARED}, id="not shared"),
        pytest.param({Reason.RENAMED}, id="renamed"),
        pytest.param({Reason.MOVED}, id="moved"),
        pytest.param({Reason.RATE_LIMITED}, id="rate-limited"),
        pytest.param({Reason.BLOCKED}, id="blocked"),
        pytest.param({Reason.PRIVATE_ADDRESS}, id="not asked by our own rule"),
        pytest.param({Reason.SOFT_NOT_FOUND}, id="an error page in disguise"),
        pytest.param({Reason.TLS_INVALID}, id="a bad certificate"),
        pytest.param({Reason.REDIRECT_LOOP}, id="a loop"),
        pytest.param({Reason.SERVER_ERROR}, id="a server in trouble"),
        pytest.param({Reason.NOT_ANSWERING}, id="a site that does not answer"),
        pytest.param({Reason.PART_MISSING}, id="a place that is missing"),
        pytest.param({Reason.ARCHIVED, Reason.PATH_GONE, Reason.BRANCH_GONE}, id="on GitHub"),
        pytest.param({Reason.TAKEN_DOWN, Reason.DOWNLOAD_QUOTA}, id="by the service"),
    ],
)
def test_every_outcome_occurs_on_the_page(reasons):
    assert reasons <= {each.reason for each in page.expected().values()}


async def test_what_is_not_expected_to_fail_answers_a_reader():
    fine = [link for link in dict.fromkeys(LINKS) if link not in page.expected()]
    async with World(page.state()) as world, client(world, Entrance.PROXY) as there:
        answers = {}
        for link in fine:
            for _ in range(2):  # one page is not there at the first time
                said = await there.ask(resolved(link), allow_redirects=True)
            answers[link] = said.status
    assert len(fine) == 111 - len(page.expected())
    assert {link: status for link, status in answers.items() if status != 200} == {}


async def test_the_world_publishes_the_page_itself():
    async with World(page.state()) as world, client(world, Entrance.PROXY) as there:
        said = await there.ask(page.BASE_URL)
    links = re.findall(r'(?:href|src)="([^"]*)"', said.text)
    assert [urljoin(page.BASE_URL, link) for link in links] == list(map(resolved, LINKS))


async def test_the_configuration_leads_into_the_world(tmp_path):
    async with World() as world:
        content = yaml.safe_load(page.course_config(world, tmp_path).read_text("utf-8"))
    assert content["sources"][0]["path"] == str(page.PAGE)
    assert content["network"]["proxy"] == world.proxy_url
    assert content["store"]["path"] == str(tmp_path / "history.sqlite3")


def test_the_world_is_a_program_that_ends_with_its_input():
    command = [sys.executable, "-m", "tests.world", "--course", "--scenario", "youtube-private"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        said = json.loads(child.stdout.readline())
        child.stdin.close()
        assert child.wait(10) == 0
    assert said["environment"]["HTTPS_PROXY"] == said["proxy"]
    assert not Path(said["ca_file"]).exists()
