"""A refused key is one incident, told at once, whatever it holds up."""

from datetime import timedelta

import pytest

from monitor.core.asking import Single
from monitor.core.incidents import Ending
from monitor.core.model import ExchangeId, Observation, Url, Verdict
from monitor.core.ports import Exchange, Failure, FailureKind, Response
from monitor.core.provider import Answer, Checked, CredentialUse, Document, Provider
from monitor.core.reasons import Reason, Status
from monitor.core.refused_keys import taken
from tests.core.days import START, Days, fails, refused, resource

GITHUB = frozenset({"github"})
FAILED = Failure(kind=FailureKind.TIMEOUT, detail="It took too long.")
REFUSED = Failure(kind=FailureKind.CREDENTIAL, detail="No.")


def test_a_refused_key_is_told_at_once_and_over_when_it_is_taken():
    days = Days()
    assert days.run(refused=(refused(),), keys=GITHUB) == ["opened: GITHUB_TOKEN was refused."]
    (incident,) = days.open
    assert (incident.status, incident.reason) == (Status.UNKNOWN, Reason.OWN_CREDENTIAL)
    assert (incident.members, incident.detail) == ((), "GITHUB_TOKEN was refused.")
    assert days.run(refused=(refused(),), keys=GITHUB) == []
    assert days.run(keys=GITHUB, taken=("github",)) == [
        "closed: The service takes the key GITHUB_TOKEN again."
    ]
    assert days.known[incident.id].ending is Ending.RECOVERED


def test_a_key_that_is_taken_away_is_over_too():
    days = Days()
    days.run(refused=(refused(),), keys=GITHUB)
    assert days.run(keys=frozenset()) == [
        "closed: Linkwell is not given the key GITHUB_TOKEN any more."
    ]
    assert [incident.ending for incident in days.known.values()] == [Ending.UNLINKED]


@pytest.mark.parametrize(
    "run",
    [
        pytest.param({"keys": GITHUB}, id="nobody asked by it"),
        pytest.param({"keys": GITHUB, "taken": ("youtube",)}, id="another was taken"),
        pytest.param({}, id="nobody tells of keys"),
        pytest.param(
            {"keys": GITHUB, "taken": ("github",), "refused": (refused(),)},
            id="it was taken once, and refused",
        ),
    ],
)
def test_a_key_that_was_not_taken_is_as_before(run):
    days = Days()
    days.run(refused=(refused(),), keys=GITHUB)
    before = days.open
    assert days.run(**run) == []
    assert days.open == before


@pytest.mark.parametrize(
    ("after", "turn", "incidents"),
    [
        pytest.param(30, "reopened: Again: It is refused anew.", 1, id="within thirty days"),
        pytest.param(31, "opened: It is refused anew.", 2, id="later"),
    ],
)
def test_a_key_that_is_refused_again(after, turn, incidents):
    days = Days()
    days.run(refused=(refused(),))
    days.run(taken=("github",))
    assert days.run(refused=(refused(sentence="It is refused anew."),), after=after) == [turn]
    assert len(days.known) == incidents
    assert [incident.detail for incident in days.open] == ["It is refused anew."]


def test_new_words_about_it_are_noted_and_not_told():
    days = Days()
    days.run(refused=(refused(),))
    assert days.run(refused=(refused(sentence="It has expired."),)) == []
    assert days.open[0].detail == "It has expired."


def test_each_key_is_an_incident_and_links_are_others():
    days = Days()
    turns = days.run(fails("https://example.org/"), refused=(refused(), refused("youtube", "No.")))
    assert sorted(turns) == [
        "opened: GITHUB_TOKEN was refused.",
        "opened: No.",
        "opened: example.org/: not found. It answered so.",
    ]


class Service(Provider):
    """A service with a probe that needs a key, one that may show one, and one that shows none."""

    name, title = "service", "Service"
    credentials = {"mine": CredentialUse(header="X", form="{}", hosts=frozenset({"api.example"}))}  # noqa: RUF012 - the contract's own form

    def __init__(self) -> None:
        self.probes = {"needs": Single(_nothing), "may": Single(_nothing)}
        self.probes["needs"].credential = "account"


async def _nothing(resource, ports):
    raise AssertionError("nobody asks here")


def exchange(host, said=200):
    if not isinstance(said, Failure):
        said = Response(status=said, url=Url(f"https://{host}/"), headers={}, body=b"")
    url = Url(f"https://{host}/")
    return Exchange(
        id=ExchangeId("1"), method="GET", url=url, at=START, elapsed=timedelta(0), said=said
    )


@pytest.mark.parametrize(
    ("probe", "asked", "said", "keys"),
    [
        pytest.param("needs", exchange("api.example"), None, {"account"}, id="the one it needs"),
        pytest.param("may", exchange("api.example"), None, {"mine"}, id="one that it may show"),
        pytest.param("may", exchange("api.example", 404), None, {"mine"}, id="there is no such"),
        pytest.param("may", exchange("page.example"), None, set(), id="to hosts that may see it"),
        pytest.param("may", exchange("api.example", 502), None, set(), id="it is out of order"),
        pytest.param("may", exchange("api.example", FAILED), None, set(), id="it is away"),
        pytest.param("needs", exchange("api.example", 401), REFUSED, set(), id="it is refused"),
        pytest.param("old", exchange("api.example"), None, set(), id="no such probe any more"),
        pytest.param("needs", None, None, set(), id="nothing was asked"),
    ],
)
def test_which_keys_were_taken(probe, asked, said, keys):
    answer = Answer(
        probe=probe,
        at=START,
        said=said or Document(status=200, url=Url("https://api.example/")),
        exchanges=(asked.id,) if asked else (),
    )
    observation = Observation(
        resource=resource("https://a.example/"),
        verdict=Verdict(reason=Reason.ALIVE, detail=""),
        at=START,
    )
    checked = Checked(
        observation=observation, answers=(answer,), exchanges=(asked,) if asked else ()
    )
    assert taken(Service(), checked) == keys
