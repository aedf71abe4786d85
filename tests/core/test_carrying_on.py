"""What a human hears of: one root cause is one incident, from its beginning to its end."""

from dataclasses import replace

import pytest

from monitor.core.incident_words import COMES_AND_GOES
from monitor.core.incidents import Ending
from monitor.core.model import ResourceId
from monitor.core.reasons import Reason, Status
from monitor.core.states import Phase
from tests.core.days import (
    BRANCH,
    OTHER,
    OWNER,
    PAGE,
    REPOSITORY,
    SERVICE,
    SOURCE,
    START,
    Days,
    fails,
    link,
    suspect,
    works,
)

A, B, C = (f"https://example.org/{name}" for name in "abc")
ELSEWHERE = "https://example.net/"
IN_REPOSITORY = (OWNER, REPOSITORY, BRANCH)


# --- grouping ---


@pytest.mark.parametrize(
    ("watched", "incidents"),
    [
        pytest.param([works(A), suspect(B)], [], id="what works or is suspect is no incident"),
        pytest.param(
            [fails(A), works(B)], [("example.org/a", 1)], id="one page is an incident by itself"
        ),
        pytest.param(
            [fails(A), fails(B), works(C)],
            [("example.org/a", 1), ("example.org/b", 1)],
            id="two lost pages of a site that works are two",
        ),
        pytest.param(
            [fails(A), fails(B), fails("http://www.example.org/c"), works(ELSEWHERE)],
            [("example.org", 3)],
            id="a site of which nothing works is one",
        ),
        pytest.param(
            [fails(A, reason=Reason.NO_SUCH_HOST), fails(B, reason=Reason.NO_SUCH_HOST)],
            [("example.org", 2)],
            id="a site whose name is gone is one",
        ),
        pytest.param(
            [fails(A, reason=Reason.NOT_ANSWERING), fails(B), suspect(C)],
            [("example.org", 2)],
            id="a suspect does not speak against the cause, and is not told yet",
        ),
        pytest.param(
            [fails(A, reason=Reason.MALFORMED_URL), fails(B, reason=Reason.MALFORMED_URL)],
            [("example.org/a", 1), ("example.org/b", 1)],
            id="what is wrong on our own page is no matter of the site",
        ),
        pytest.param(
            [fails(f"https://github.com/{n}", *IN_REPOSITORY) for n in range(22)],
            [("the repository mabel/deep", 22)],
            id="one repository deleted under 22 links is one, and the account is not blamed",
        ),
        pytest.param(
            [
                fails("https://github.com/1", *IN_REPOSITORY, reason=Reason.PATH_GONE),
                fails("https://github.com/2", *IN_REPOSITORY, reason=Reason.PATH_GONE),
                works("https://github.com/3", OWNER, REPOSITORY),
            ],
            [("the branch main of mabel/deep", 2)],
            id="a branch emptied is one, for the repository works",
        ),
        pytest.param(
            [
                fails("https://github.com/1", OWNER, REPOSITORY),
                fails("https://github.com/2", OWNER, OTHER),
            ],
            [("the account mabel", 2)],
            id="an account of which nothing works is one",
        ),
        pytest.param(
            [
                fails("https://github.com/1", OWNER, REPOSITORY),
                fails("https://github.com/2", OWNER, REPOSITORY),
                works("https://github.com/3", OWNER, OTHER),
            ],
            [("the repository mabel/deep", 2)],
            id="an account with a repository that works is not blamed",
        ),
        pytest.param(
            [
                fails(f"https://github.com/{n}", SERVICE, reason=Reason.SERVER_ERROR)
                for n in range(5)
            ],
            [("GitHub", 5)],
            id="a service of which five do not answer is one",
        ),
        pytest.param(
            [
                fails(f"https://github.com/{n}", SERVICE, OWNER, reason=Reason.SERVER_ERROR)
                for n in range(5)
            ],
            [("GitHub", 5)],
            id="a service goes before those who keep things there",
        ),
        pytest.param(
            [
                fails(f"https://github.com/{n}", SERVICE, reason=Reason.SERVER_ERROR)
                for n in range(4)
            ],
            [(f"github.com/{n}", 1) for n in range(4)],
            id="four that do not answer tell nothing of a whole service",
        ),
        pytest.param(
            [fails(f"https://github.com/{n}", SERVICE, reason=Reason.DELETED) for n in range(5)],
            [(f"github.com/{n}", 1) for n in range(5)],
            id="what is deleted is no outage",
        ),
        pytest.param(
            [
                fails(f"https://github.com/{n}", SERVICE, reason=Reason.SERVER_ERROR)
                for n in range(5)
            ]
            + [works("https://github.com/x", SERVICE)],
            [(f"github.com/{n}", 1) for n in range(5)],
            id="a service that answers otherwise has no outage",
        ),
        pytest.param(
            [
                fails(f"https://github.com/{n}", *IN_REPOSITORY, reason=Reason.RENAMED)
                for n in range(22)
            ],
            [("the repository mabel/deep", 22)],
            id="one repository renamed under 22 links is one",
        ),
        pytest.param(
            [
                fails("https://github.com/1", OWNER, REPOSITORY, reason=Reason.RENAMED),
                fails("https://github.com/2", OWNER, REPOSITORY, reason=Reason.RENAMED),
                works("https://github.com/3", OWNER, REPOSITORY),
            ],
            [("the repository mabel/deep", 2)],
            id="a warning is believed though something of it works without",
        ),
        pytest.param(
            [
                fails("https://github.com/1", OWNER, REPOSITORY, reason=Reason.RENAMED),
                fails("https://github.com/2", OWNER, REPOSITORY, reason=Reason.RENAMED),
                fails("https://github.com/3", OWNER, REPOSITORY, reason=Reason.ARCHIVED),
                fails("https://github.com/4", OWNER, REPOSITORY, reason=Reason.ARCHIVED),
            ],
            [("the repository mabel/deep", 2), ("the repository mabel/deep", 2)],
            id="warnings of different reasons are told apart",
        ),
        pytest.param(
            [fails(A, reason=Reason.MOVED), fails(B, reason=Reason.MOVED), works(C)],
            [("example.org", 2)],
            id="a site that moves its pages is one",
        ),
        pytest.param(
            [fails(A, reason=Reason.PART_MISSING), fails(B, reason=Reason.PART_MISSING)],
            [("example.org/a", 1), ("example.org/b", 1)],
            id="headings that are missing are each their own",
        ),
        pytest.param(
            [fails(A, reason=Reason.MOVED), fails(B)],
            [("example.org/a", 1), ("example.org/b", 1)],
            id="what has a warning works, and is not broken with the rest",
        ),
    ],
)
def test_troubles_of_one_cause_are_one_incident(watched, incidents):
    days = Days()
    assert {turn.partition(":")[0] for turn in days.run(*watched)} <= {"opened"}
    assert sorted(days.story) == sorted(incidents)


# --- what is told ---


def test_a_page_breaks_and_recovers():
    days = Days()
    assert days.run(fails(A, detail="It answered 404."), works(B)) == [
        "opened: example.org/a: not found. It answered 404."
    ]
    assert days.run(fails(A, phase=Phase.RECOVERING), works(B)) == []
    assert days.run(works(A), works(B)) == ["closed: example.org/a works again."]
    (incident,) = days.known.values()
    assert (incident.ending, incident.status) == (Ending.RECOVERED, Status.BROKEN)
    assert [member.phase for member in incident.members] == [Phase.HEALTHY]


def test_a_thing_is_called_as_when_it_last_worked():
    days = Days()
    assert days.run(
        fails(A, reason=Reason.DELETED, detail="It is gone.", title=" A\nlecture ")
    ) == ["opened: “A lecture”: deleted. It is gone."]


def test_a_site_breaks_page_by_page_and_recovers_page_by_page():
    days = Days()
    assert days.run(fails(A), suspect(B), suspect(C)) == [
        "opened: example.org/a: not found. It answered so."
    ]
    assert days.run(fails(A), fails(B), suspect(C)) == [
        "worsened: Not only example.org/a: 2 links to example.org fail."
    ]
    assert days.run(fails(A), fails(B), fails(C)) == [
        "worsened: 1 more link to example.org fails: now 3."
    ]
    assert days.run(works(A), fails(B), fails(C)) == []
    assert [member.phase for member in days.open[0].members] == [
        Phase.HEALTHY,
        Phase.CONFIRMED,
        Phase.CONFIRMED,
    ]
    assert days.run(fails(A), fails(B), works(C)) == [
        "worsened: 1 more link to example.org fails: now 2."
    ]
    assert days.run(works(A), works(B), works(C)) == ["closed: 3 links to example.org work again."]
    assert len(days.known) == 1


def test_links_are_counted_as_they_stand_on_the_pages():
    days = Days()
    twice = (link(A, line=3), link(A, line=9))
    assert days.run(fails(A, links=twice), fails(B)) == [
        "opened: 3 links to example.org fail: not found."
    ]


def test_the_gravest_reason_speaks_for_all():
    days = Days()
    days.run(
        fails(A, reason=Reason.NOT_ANSWERING),
        fails(B, reason=Reason.NOT_ANSWERING),
        fails(C, reason=Reason.GONE),
    )
    assert days.open[0].reason is Reason.GONE
    days.run(fails(A, reason=Reason.NOT_ANSWERING), fails(B, reason=Reason.SERVER_ERROR), works(C))
    assert days.open[0].reason is Reason.NOT_ANSWERING


def test_of_equal_reasons_the_frequent_one_speaks():
    days = Days()
    days.run(
        fails(A, reason=Reason.NOT_FOUND),
        fails(B, reason=Reason.GONE),
        fails(C, reason=Reason.GONE),
    )
    assert days.open[0].reason is Reason.GONE


def test_a_warning_begins_and_ends():
    days = Days()
    assert days.run(fails(A, reason=Reason.MOVED), fails(B, reason=Reason.MOVED)) == [
        "opened: 2 links to example.org have a warning: moved."
    ]
    assert days.open[0].status is Status.WARNING
    assert days.run(works(A), works(B)) == ["closed: The warning about example.org is gone."]


def test_a_member_is_where_it_stands_on_the_pages():
    days = Days()
    days.run(
        fails(C, links=(link(C, line=1),)),
        fails(A, links=(link(A, line=7),)),
        fails(B, links=(link(B, page="https://course.example/it/", line=2),)),
    )
    assert [member.resource.id for member in days.open[0].members] == [C, A, B]


# --- merging ---


def test_two_incidents_that_turn_out_to_have_one_cause_become_one():
    days = Days()
    days.run(fails(A), works(C))
    days.run(fails(A), fails(B), works(C))
    first, second = days.open
    assert days.run(fails(A), fails(B), fails(C)) == [
        "worsened: Not only example.org/a: 3 links to example.org fail.",
        "closed: It goes on as a part of what is told of example.org.",
    ]
    assert days.story == [("example.org", 3)]
    assert days.open[0].id == first.id
    merged = days.known[second.id]
    assert (merged.ending, merged.into) == (Ending.MERGED, first.id)


def test_what_was_merged_stays_merged_when_the_cause_is_gone():
    days = Days()
    days.run(fails(A), works(C))
    days.run(fails(A), fails(B), works(C))
    days.run(fails(A), fails(B), fails(C))
    assert days.run(fails(A), fails(B), works(C)) == []
    assert days.story == [("example.org", 2)]


def test_what_recovered_in_a_merged_incident_goes_along():
    days = Days()
    days.run(fails(A), works(B), works(C))
    days.run(fails(A), fails(B), fails(C, OTHER), works("https://example.org/d"))
    days.run(fails(A), fails(B, OTHER), fails(C, OTHER), works("https://example.org/d"))
    assert days.story == [("example.org/a", 1), ("the repository mabel/flat", 2)]
    days.run(fails(A, OTHER), works(B, REPOSITORY), fails(C, OTHER), works("https://example.org/d"))
    assert days.story == [("the repository mabel/flat", 2)]
    assert {m.resource.id: m.phase for m in days.open[0].members} == {
        A: Phase.CONFIRMED,
        B: Phase.HEALTHY,
        C: Phase.CONFIRMED,
    }


# --- what pages no longer link to, and what was not read ---


def test_what_the_pages_no_longer_link_to_is_over():
    days = Days()
    days.run(fails(A), works(B))
    assert days.run(works(B)) == ["closed: Your pages no longer link to example.org/a."]
    (incident,) = days.known.values()
    assert (incident.ending, incident.members[0].links) == (Ending.UNLINKED, ())


def test_one_of_several_that_is_unlinked_no_longer_counts():
    days = Days()
    days.run(fails(A), fails(B), fails(C))
    assert days.run(fails(A), fails(B)) == []
    assert days.story == [("example.org", 2)]
    assert len(days.open[0].members) == 3
    assert days.run(works(A), works(B)) == [
        "closed: 2 links to example.org work again. 1 link of it no longer on your pages."
    ]


def test_what_comes_back_to_the_page_is_one_more():
    days = Days()
    days.run(fails(A), fails(B), fails(C))
    days.run(fails(A), fails(B))
    assert days.run(fails(A), fails(B), fails(C)) == [
        "worsened: 1 more link to example.org fails: now 3."
    ]


@pytest.mark.parametrize(
    "run",
    [
        pytest.param({"sources": ()}, id="no source"),
        pytest.param({"sources": ("lectures",)}, id="another source"),
        pytest.param({"unread": (PAGE,)}, id="its page could not be read"),
    ],
)
def test_what_a_run_could_not_see_is_left_as_it_is(run):
    days = Days()
    days.run(fails(A))
    before = days.open
    assert days.run(**run) == []
    assert days.open == before


def test_what_stands_in_two_sources_is_unlinked_when_both_say_so():
    days = Days()
    days.run(fails(A, sources=("course", "lectures")), sources=("course", "lectures"))
    assert days.run(sources=("course",)) == []
    assert days.run(sources=("course", "lectures")) == [
        "closed: Your pages no longer link to example.org/a."
    ]


@pytest.mark.parametrize(
    ("run", "turns"),
    [
        pytest.param(
            {"sources": ("renamed",), "gone": (SOURCE,)},
            ["closed: Your pages no longer link to example.org/a."],
            id="its source is called otherwise now",
        ),
        pytest.param(
            {"sources": ("renamed",), "gone": (SOURCE,), "unread": (PAGE,)},
            [],
            id="but its page could not be read",
        ),
        pytest.param({"sources": ("renamed",)}, [], id="another configuration reads its source"),
    ],
)
def test_what_stood_in_a_source_that_nobody_reads_any_more(run, turns):
    days = Days()
    days.run(fails(A))
    assert days.run(**run) == turns


def test_a_source_that_nobody_reads_any_more_is_forgotten_by_what_stands_elsewhere():
    days = Days()
    days.run(fails(A, sources=("course", "lectures")), sources=("course", "lectures"))
    days.run(fails(A, sources=("course",)), sources=("course",), gone=("lectures",))
    assert days.open[0].members[0].sources == ("course",)


def test_where_it_stood_last_is_remembered():
    days = Days()
    other = "https://course.example/it/"
    days.run(fails(A, links=(link(A), link(A, line=2), link(A, page=other))), fails(B))
    days.run(fails(B))
    days.run(fails(B))
    (gone,) = (each for each in days.open[0].members if each.resource.id == A)
    assert (gone.links, gone.stood) == ((), (PAGE, other))
    days.run(fails(A), fails(B))
    assert [each.stood for each in days.open[0].members] == [(), ()]


def test_a_run_of_one_source_does_not_forget_the_other():
    days = Days()
    days.run(fails(A, sources=("course", "lectures")), sources=("course", "lectures"))
    days.run(fails(A, sources=("course",)), sources=("course",))
    assert days.open[0].members[0].sources == ("course", "lectures")


def test_links_on_a_page_that_could_not_be_read_are_kept():
    days = Days()
    other = "https://course.example/it/"
    days.run(fails(A, links=(link(A), link(A, page=other)), sources=("course", "lectures")))
    days.run(fails(A, links=(link(A),), sources=("course",)), unread=(other,))
    (member,) = days.open[0].members
    assert member.links == (link(A), link(A, page=other))
    assert member.sources == ("course", "lectures")


def test_what_recovered_does_not_keep_an_incident_open_though_it_is_not_seen():
    days = Days()
    days.run(fails(A, sources=("lectures",)), fails(B))
    days.run(works(A), fails(B))
    assert days.run(works(B)) == ["closed: 2 links to example.org work again."]


# --- coming back ---


def test_what_comes_back_within_thirty_days_is_the_same_incident():
    days = Days()
    days.run(fails(A))
    days.run(works(A))
    (before,) = days.known.values()
    assert days.run(fails(A), after=30) == [
        "reopened: Again: example.org/a: not found. It answered so."
    ]
    (now,) = days.known.values()
    assert (now.id, now.opened_at, now.is_open) == (before.id, START, True)
    assert (now.ending, now.closed_at) == (None, None)


def test_what_comes_back_later_is_another():
    days = Days()
    days.run(fails(A))
    days.run(works(A))
    assert days.run(fails(A), after=30.01) == ["opened: example.org/a: not found. It answered so."]
    assert len(days.known) == 2


def test_what_comes_back_in_part_is_the_same_incident_about_that_part():
    days = Days()
    days.run(fails(A), fails(B), fails(C))
    days.run(works(A), works(B), works(C))
    assert days.run(fails(A), works(B), works(C)) == [
        "reopened: Again: example.org/a: not found. It answered so."
    ]
    assert days.story == [("example.org/a", 1)]
    assert len(days.known) == 1


def test_parts_that_come_back_together_are_together():
    days = Days()
    days.run(fails(A), fails(B), fails(C))
    days.run(works(A), works(B), works(C))
    assert days.run(fails(A), fails(B), works(C)) == [
        "reopened: Again: 2 links to example.org fail: not found."
    ]
    assert days.story == [("example.org", 2)]


def test_the_one_with_the_same_cause_comes_back_before_one_that_held_it_too():
    days = Days()
    days.run(fails(A), works(B))
    days.run(works(A), works(B))
    days.run(fails(B), suspect(A), works(C))
    days.run(fails(B), fails(A, OTHER), works(C))
    days.run(works(B), works(A), works(C))
    assert days.run(fails(A), works(C))[0].startswith("reopened")
    assert days.open[0].opened_at == START


def test_a_merged_incident_comes_back_last():
    days = Days()
    days.run(fails(A), works(C))
    days.run(fails(A), fails(B), works(C))
    days.run(fails(A), fails(B), fails(C))
    days.run(works(A), works(B), works(C))
    assert days.run(fails(B), works(A))[0].startswith("reopened")
    assert days.open[0].opened_at == START


# --- coming and going ---


def test_what_comes_and_goes_is_told_once_and_stays_open():
    days = Days()
    days.run(fails(A))
    assert days.run(fails(A, phase=Phase.FLAPPING)) == [f"flapping: {COMES_AND_GOES}"]
    assert days.run(fails(A, phase=Phase.FLAPPING)) == []
    assert days.open[0].flapping
    assert days.run(works(A)) == ["closed: example.org/a works again."]
    assert not any(incident.flapping for incident in days.known.values())


def test_what_comes_back_is_told_by_the_words_about_what_fails():
    days = Days()
    days.run(fails(A, detail="A is gone."), fails(B, detail="B is gone."))
    days.run(works(A), works(B))
    assert days.run(works(A), fails(B, detail="B is gone.")) == [
        "reopened: Again: example.org/b: not found. B is gone."
    ]


# --- what is neither well nor to be told ---


@pytest.mark.parametrize(
    ("reason", "now"),
    [
        pytest.param(Reason.NOT_FOUND, suspect(A), id="it fails, which is not enough to be told"),
        pytest.param(
            Reason.NOT_FOUND,
            replace(fails(A, reason=Reason.MOVED), well=frozenset()),
            id="a warning is told, and the break is not over",
        ),
        pytest.param(
            Reason.MOVED,
            replace(works(A), well=frozenset({Status.BROKEN})),
            id="it works, and the warning is not over",
        ),
    ],
)
def test_what_was_not_seen_to_be_well_stays_as_it_is(reason, now):
    days = Days()
    days.run(fails(A, reason=reason))
    before = days.open
    days.run(now)
    assert days.open[:1] == before


def test_what_begins_by_coming_and_going_is_opened_and_told_so():
    turns = Days().run(fails(A, phase=Phase.FLAPPING))
    assert [turn.partition(":")[0] for turn in turns] == ["opened", "flapping"]


def test_what_comes_back_coming_and_going_is_told_so():
    days = Days()
    days.run(fails(A, phase=Phase.FLAPPING))
    days.run(works(A))
    turns = days.run(fails(A, phase=Phase.FLAPPING))
    assert sorted(turn.partition(":")[0] for turn in turns) == ["flapping", "reopened"]


# --- from a warning to a break, and back ---


def test_a_warning_whose_resource_breaks_goes_on_in_the_break():
    days = Days()
    days.run(fails(A, reason=Reason.MOVED))
    (warning,) = days.open
    assert days.run(fails(A)) == [
        "closed: It goes on as a part of what is told of example.org/a.",
        "opened: example.org/a: not found. It answered so.",
    ]
    (broken,) = days.open
    assert (days.known[warning.id].ending, days.known[warning.id].into) == (
        Ending.MERGED,
        broken.id,
    )
    assert days.run(fails(A, reason=Reason.MOVED)) == [
        "reopened: Again: example.org/a: moved. It answered so.",
        "closed: example.org/a works again.",
    ]
    assert days.open[0].id == warning.id


def test_of_several_with_a_warning_the_one_that_breaks_leaves():
    days = Days()
    days.run(fails(A, reason=Reason.MOVED), fails(B, reason=Reason.MOVED), works(C))
    assert days.run(fails(A), fails(B, reason=Reason.MOVED), works(C)) == [
        "opened: example.org/a: not found. It answered so."
    ]
    assert days.story == [("example.org", 1), ("example.org/a", 1)]


def test_a_break_after_which_a_warning_is_left_has_recovered():
    days = Days()
    days.run(fails(A), works(B))
    assert sorted(days.run(fails(A, reason=Reason.MOVED), works(B))) == [
        "closed: example.org/a works again.",
        "opened: example.org/a: moved. It answered so.",
    ]


def test_a_warning_that_was_gone_before_its_resource_broke_is_no_part_of_that():
    days = Days()
    days.run(fails(A, reason=Reason.MOVED), fails(B, reason=Reason.MOVED))
    days.run(works(A), fails(B, reason=Reason.MOVED))
    days.run(fails(A), works(B))
    assert {incident.ending for incident in days.known.values()} == {None, Ending.RECOVERED}


def test_a_warning_that_changes_its_reason_is_the_same():
    days = Days()
    days.run(fails(A, reason=Reason.MOVED))
    assert days.run(fails(A, reason=Reason.PART_MISSING)) == []
    assert days.open[0].reason is Reason.PART_MISSING


def test_ids_are_always_the_same():
    one, other = Days(), Days()
    for days in (one, other):
        days.run(fails(A), fails(B))
    assert list(one.known) == list(other.known) == ["256eab480eaf"]


def test_a_member_that_is_called_otherwise_than_it_is_watched_does_no_harm():
    days = Days()
    odd = fails(A)
    odd = type(odd)(id=ResourceId("x"), causes=(), works=False, trouble=odd.trouble)
    days.run(fails(A, reason=Reason.MOVED))
    days.run(odd)
    assert [incident.status for incident in days.open] == [Status.BROKEN]
