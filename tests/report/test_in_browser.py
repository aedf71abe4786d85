"""The HTML report as a browser shows it, with Chromium where it is installed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Self

import pytest

from monitor.core.incidents import IncidentTurn
from monitor.core.reasons import Reason
from monitor.report.render import write
from monitor.report.report import Report
from tests.report.build import Course, drifted, invalid, sample
from tests.report.lived import (
    incident,
    lived,
    member,
    mute,
    nights,
    past_of,
    report_of,
    turn,
)
from tests.report.strategies import NASTY

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
)
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

ALL = ("sample", "hostile", "invalid", "empty", "drifted", "lived", "hostile past")

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason="No browser: install chromium to have the report looked at."
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the address of each report by its name."""
    hostile = Course()
    for n, text in enumerate(NASTY):
        url = f"https://a.example/{n}/{'long' * 80}"
        hostile.link(
            url, Reason.GONE, text=text, context=(text, "w" * 300), detail=text, title=text
        )
    hostile.link("javascript:alert(1)", Reason.MALFORMED_URL, instead="javascript:alert(1)")
    made = {
        "sample": sample().report(previous=Course().link("https://gone.example/")),
        "hostile": hostile.report(previous=Course()),
        "invalid": invalid().link("https://a.example/").report(),
        "empty": Course().report(),
        "drifted": drifted(25).report(previous=Course()),
        "lived": report_of(sample(), lived(sample())),
        "hostile past": _hostile_past(hostile),
    }
    place = tmp_path_factory.mktemp("reports")
    return {name: write(r, place / name)["html"].as_uri() for name, r in made.items()}


def _hostile_past(course: Course) -> Report:
    """Return a report whose incidents and mutes hold all that a stranger could write."""
    found = course.findings()
    told = [incident(text, detail=text, members=[member(found[0], 3)]) for text in NASTY]
    past = past_of(
        found,
        lambda _f: nights((80, Reason.ALIVE), (10, Reason.GONE)),
        incidents=tuple(told),
        stories={each.id: (turn(each, IncidentTurn.OPENED, 3, each.detail),) for each in told},
        mutes=tuple(mute(text, text) for text in NASTY),
        muted={found[1].resource.id: mute("*", "w" * 300)},
    )
    return report_of(course, past)


class Opened:
    """A report in a page of its own; what the browser complains of is kept."""

    def __init__(self, browser: Any, url: str, width: int = 1280, **settings: Any) -> None:
        self.complaints: list[str] = []
        self.context = browser.new_context(viewport={"width": width, "height": 800}, **settings)
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.asked: list[str] = []
        self.page.goto(url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def rows(self) -> int:
        return int(self.page.locator("#resources tbody tr:visible").count())


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("theme", THEMES)
def test_it_can_be_used_by_everybody(
    browser: Any, reports: dict[str, str], name: str, theme: Literal["light", "dark"]
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with Opened(browser, reports[name], color_scheme=theme) as opened:
        opened.page.evaluate(
            "document.querySelectorAll('details').forEach((d) => { d.open = true })"
        )
        found = Axe().run(opened.page)
        assert found.violations_count == 0, found.generate_report()
        assert opened.complaints == []


@pytest.mark.parametrize("name", ALL)
def test_it_asks_for_nothing_and_complains_of_nothing(
    browser: Any, reports: dict[str, str], name: str
) -> None:
    with Opened(browser, reports[name]) as opened:
        assert [url for url in opened.asked if not url.startswith("data:")] == [reports[name]]
        assert opened.complaints == []


@pytest.mark.parametrize("name", [name for name in ALL if name != "empty"])
@pytest.mark.parametrize("script", [True, False])
def test_a_narrow_telephone_shows_all_of_its_width(
    browser: Any, reports: dict[str, str], name: str, script: bool
) -> None:
    with Opened(browser, reports[name], width=360, java_script_enabled=script) as opened:
        box = opened.page.locator("main").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        if script:
            opened.page.evaluate(
                "document.querySelectorAll('details').forEach((d) => { d.open = true })"
            )
            wide = opened.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 360


def test_without_script_nothing_is_missing(browser: Any, reports: dict[str, str]) -> None:
    with (
        Opened(browser, reports["sample"]) as with_script,
        Opened(browser, reports["sample"], java_script_enabled=False) as without,
    ):
        for selector in ("#resources", "#needs", "#unknown", "#changed", "#run"):
            text = with_script.page.locator(selector).inner_text()
            assert without.page.locator(selector).inner_text() == text
        assert without.rows() == 86
        assert without.page.locator("#filter").is_hidden()
        folded = without.page.locator("article details").first
        folded.locator("summary").click()
        assert folded.locator(".member").first.is_visible()


def test_the_filter_works_by_keyboard_alone(browser: Any, reports: dict[str, str]) -> None:
    with Opened(browser, reports["sample"]) as opened:
        page, keyboard = opened.page, opened.page.keyboard
        count = page.locator("#count")
        assert count.inner_text() == "All 86 shown"
        keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "words"
        keyboard.type("ROSSI v000-14")
        assert (count.inner_text(), opened.rows()) == ("1 of 86 shown", 1)
        keyboard.press("Escape")
        assert opened.rows() == 86
        keyboard.press("Tab")
        keyboard.press("Space")
        assert (count.inner_text(), opened.rows()) == ("5 of 86 shown", 5)
        for _ in range(4):
            keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "provider"
        keyboard.type("Goo")
        assert (count.inner_text(), opened.rows()) == ("1 of 86 shown", 1)
        keyboard.press("/")
        keyboard.press("Tab")
        keyboard.press("Enter")
        page.wait_for_function("document.getElementById('count').textContent === 'All 86 shown'")
        assert opened.rows() == 86
        page.locator("#words").fill("nothing like this")
        assert page.locator("#none").is_visible()
        assert (opened.rows(), opened.complaints) == (0, [])


def test_a_link_to_a_row_that_is_filtered_away_shows_it(
    browser: Any, reports: dict[str, str]
) -> None:
    with Opened(browser, reports["hostile"]) as opened:
        opened.page.locator("#words").fill("nothing like this")
        assert opened.rows() == 0
        opened.page.locator("#changed li a").first.click()
        opened.page.wait_for_function("!document.getElementById('resources').hidden")
        assert opened.rows() == len(NASTY) + 1


def test_the_first_key_skips_to_the_report(browser: Any, reports: dict[str, str]) -> None:
    with Opened(browser, reports["sample"]) as opened:
        opened.page.keyboard.press("Tab")
        assert opened.page.locator(".skip").evaluate("e => e === document.activeElement")
        opened.page.keyboard.press("Enter")
        assert opened.page.evaluate("document.activeElement.id") == "main"


def test_print_unfolds_everything(browser: Any, reports: dict[str, str]) -> None:
    with Opened(browser, reports["sample"]) as opened:
        opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert opened.page.locator("details:not([open])").count() == 0
        opened.page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert opened.page.locator("details[open]").count() == 0


def test_strips_are_pictures_with_a_name_and_rows_far_away_are_not_drawn(
    browser: Any, reports: dict[str, str]
) -> None:
    with Opened(browser, reports["lived"]) as opened:
        pictures = opened.page.get_by_role("img", name="days fine")
        assert pictures.count() > 80
        assert (
            opened.page.locator("#resources tbody tr").first.evaluate(
                "row => getComputedStyle(row).contentVisibility"
            )
            == "auto"
        )
        opened.page.locator("#incidents summary").last.click()
        assert opened.page.locator(".closed .incident").first.is_visible()
        assert opened.complaints == []
