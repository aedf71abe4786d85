"""Texts that a hostile page could hold, and whole runs made of them."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from monitor.core.causes import CauseKind
from monitor.core.incidents import IncidentTurn
from monitor.core.model import Position, Run, RunId
from monitor.core.reasons import Reason
from monitor.core.states import Phase
from monitor.report.past import Past
from tests.report.build import FINISHED, PAGE, STARTED, Course
from tests.report.lived import incident, member, mute, past_of, turn

NASTY = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "@octocat",
    "fixes #1",
    "GH-12 owner/repo#3 owner/repo@0123456789abcdef0123456789abcdef01234567",
    "https://evil.example/ www.evil.example me@evil.example",
    "[a](https://evil.example) ![b](https://evil.example/c.png)",
    "[x]: https://evil.example",
    "| a | b |\n| - | - |",
    "`code` ``",
    "a\\|b \\",
    "# heading",
    "- item\n1. item\n> quote\n```\nfence",
    "<!-- <details>",
    "&lt;b&gt; &amp; &copy;",
    "{{ 7 * 7 }} {% raw %}",
    "\u202eevil\u202c \u200b\u200d\ufeff\u2066",
    "\x00\x07\x1b[31m\x9f",
    "\ud800",
    "a" * 600,
    "e" + "\u0301" * 50,
    ":+1: $x$ ~~y~~ *z* __w__ ^[n]",
    "",
)

texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=60),
    st.lists(st.sampled_from(NASTY), max_size=3).map(" ".join),
)

# Lone surrogates cannot be in a URL that a parser has read; anything may be in one it has not.
urls = st.one_of(
    texts,
    st.sampled_from(
        [
            "javascript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "https://evil.example/?q=<b>|`&copy;\\",
            "https://github.com/mabel/deep/issues/5",
            "https://github.com/mabel/deep/blob/master/a.ipynb",
            "https://youtube.example/v#missing",
            "http://[::1",
            PAGE,
        ]
    ),
)

facts = st.dictionaries(
    texts,
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | texts,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=5,
    ),
    max_size=4,
)


drifting = st.fixed_dictionaries(
    {}, optional={"title": texts, "duration": st.integers(), "owners": st.lists(texts, max_size=3)}
)
"""Facts by which a resource is known again; two of them are seldom alike."""


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """Return a run of any state over a page with any links."""
    run = Run(
        id=RunId(draw(texts)),
        started_at=STARTED,
        finished_at=draw(st.sampled_from([None, FINISHED])),
        invalid_reason=draw(st.none() | texts),
        trusted_until=draw(st.sampled_from([None, STARTED, FINISHED])),
        stopped=draw(st.booleans()),
        notes=tuple(draw(st.lists(texts, max_size=2))),
    )
    course = Course(run=run)
    for _ in range(draw(st.integers(0, 6))):
        given_facts = draw(facts) | draw(drifting)
        course.link(
            draw(urls),
            draw(st.none() | st.sampled_from(Reason)),
            detail=draw(texts),
            text=draw(texts),
            context=tuple(draw(st.lists(texts, max_size=3))),
            instead=draw(st.none() | urls),
            page=draw(st.sampled_from([PAGE, "other.md"])),
            used_at=draw(st.sampled_from([None, Position(line=3, column=4)])),
            leads_to=draw(st.none() | urls),
            retry_at=draw(st.sampled_from([None, FINISHED + timedelta(hours=1)])),
            facts=given_facts,
            accepted=draw(st.none() | drifting),
        )
    for _ in range(draw(st.integers(0, 2))):
        course.leave(draw(urls), draw(texts))
    return course


@st.composite
def lived_courses(draw: st.DrawFn) -> tuple[Course, Past]:
    """Return a page of any kind with any past behind it."""
    course = draw(courses())
    found = course.findings()
    seen = {
        finding.resource.id: draw(
            st.dictionaries(st.integers(0, 95), st.sampled_from(Reason), max_size=8)
        )
        for finding in found
    }
    spells = st.none() | st.timedeltas(timedelta(0), timedelta(hours=2))
    past = past_of(found, lambda f: seen[f.resource.id], lambda _ago: draw(spells))
    incidents, stories = [], {}
    for _ in range(draw(st.integers(0, 3))):
        members = draw(st.lists(st.sampled_from(found), max_size=3)) if found else []
        one = incident(
            draw(texts),
            kind=draw(st.sampled_from(CauseKind)),
            reason=draw(st.sampled_from(Reason)),
            closed=draw(st.none() | st.integers(0, 29)),
            members=[member(each, 3, draw(st.sampled_from(Phase))) for each in members],
            flapping=draw(st.booleans()),
            detail=draw(texts),
        )
        if one.id not in stories:
            turns = draw(st.lists(st.sampled_from(IncidentTurn), max_size=3))
            incidents.append(one)
            stories[one.id] = tuple(
                turn(one, kind, 20 - n, draw(texts)) for n, kind in enumerate(turns)
            )
    wish = mute(draw(texts), draw(texts), draw(st.none() | st.integers(1, 400)))
    muted = draw(st.sets(st.sampled_from([f.resource.id for f in found]))) if found else set()
    return course, replace(
        past,
        incidents=tuple(incidents),
        stories=stories,
        mutes=(wish,),
        muted=dict.fromkeys(sorted(muted), wish),
        muted_incidents={each.id: wish for each in incidents if draw(st.booleans())},
        notes=tuple(draw(st.lists(texts, max_size=2))),
    )
