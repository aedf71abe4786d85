"""The queue that drives providers, with providers made for the purpose."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.check import Check
from monitor.core.model import (
    ExchangeId,
    Json,
    Link,
    Observation,
    Occurrence,
    Position,
    Resource,
    ResourceId,
    Suggestion,
    Url,
    Verdict,
)
from monitor.core.ports import Exchange, Failure, FailureKind, Outline, Ports, Request, Response
from monitor.core.provider import Answer, Ask, Checked, CredentialUse, Document, Provider
from monitor.core.reasons import Reason
from monitor.core.urls import split
from monitor.doors import Doors
from monitor.memory import Memory

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class FakeProbe:
    """Answers each resource with its URL's path; counts its batches and how many run at once."""

    name: str
    size: int = 1
    credential: str | None = None
    allowance: str | None = None
    silent: frozenset[str] = frozenset()
    fails: Failure | None = None
    batches: list[list[str]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    def cut(self, resources: Sequence[Resource]) -> Sequence[Sequence[Resource]]:
        return [resources[n : n + self.size] for n in range(0, len(resources), self.size)]

    async def ask(self, batch: Sequence[Resource], ports: Ports) -> Mapping[ResourceId, Answer]:
        self.batches.append([split(resource.url).path for resource in batch])
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        exchange = await ports.fetch(Request(url=batch[0].url))
        self.at_once -= 1
        return {
            resource.id: Answer(
                probe=self.name,
                at=exchange.at,
                said=self.fails or Document(status=200, url=resource.url),
                exchanges=(exchange.id,),
            )
            for resource in batch
            if split(resource.url).path not in self.silent
        }


@dataclass
class FakeProvider:
    """Claims the hosts of a name; asks its probes in order; says what the table tells."""

    name: str
    hosts: frozenset[str]
    probes: Mapping[str, FakeProbe]
    credentials: Mapping[str, CredentialUse] = field(default_factory=dict)
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    title: str = "Clips"
    heard_of: int = 0
    offers: Url | None = None

    def identify(self, link: Link) -> Resource | None:
        if self.name != "web" and split(link.url).host not in self.hosts:
            return None
        id_ = ResourceId(f"{self.name}:{link.url}")
        return Resource(id=id_, provider=self.name, kind="page", url=link.url)

    def judge(
        self, resource: Resource, answers: Sequence[Answer], usable: frozenset[str]
    ) -> Verdict | Ask:
        for probe in self.probes:
            heard = next((a for a in answers if a.probe == probe), None)
            if heard is None and probe in usable:
                return Ask(probe)
            if heard is not None and isinstance(heard.said, Document):
                break
        else:
            return Verdict(reason=Reason.UNEXPECTED_ANSWER, detail="Nobody answered.")
        alive = Verdict(reason=Reason.ALIVE, detail="It answers.")
        return self.verdicts.get(split(resource.url).path, alive)

    def judge_link(self, link: Link, verdict: Verdict) -> Verdict:
        return verdict

    def witnesses(self, url: Url) -> Sequence[Url]:
        mine = split(url).host in self.hosts
        return [] if mine else [Url(f"https://clips.example/{n}") for n in range(self.heard_of)]

    def testified(self, url: Url, broken: Verdict, witness: Url, known: Verdict) -> Verdict:
        instead = (
            Suggestion(url=self.offers, why="So it says.", confidence=1) if self.offers else None
        )
        detail = f"{broken.detail} {witness} is {known.reason}."
        return replace(broken, detail=detail, instead=instead)


class Net:
    """A fetch that takes a few turns of the loop, and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def fetch(self, request: Request) -> Exchange:
        self.asked.append(request.url)
        number = len(self.asked)
        for _ in range(3):
            await asyncio.sleep(0)
        return Exchange(
            id=ExchangeId(f"{number}"),
            method=request.method,
            url=request.url,
            at=NOON,
            elapsed=timedelta(),
            said=Response(status=200, url=request.url, headers={}),
        )


async def no_video(url: Url, fetch: object) -> tuple[Json | Failure, tuple[ExchangeId, ...]]:
    raise AssertionError(f"{url}: no provider here asks for videos")


def web(**verdicts: Verdict) -> FakeProvider:
    table = {f"/{path}": verdict for path, verdict in verdicts.items()}
    return FakeProvider("web", frozenset(), {"get": FakeProbe("get")}, verdicts=table)


def link(url: str, written: str | None = None) -> Link:
    at = Occurrence(page="p", position=Position(line=1, column=1), element="a", attribute="href")
    return Link(written=written or url, url=Url(url), occurrence=at)


def page(url: str, needs: frozenset[str] = frozenset()) -> Resource:
    id_ = ResourceId(f"web:{url}")
    return Resource(id=id_, provider="web", kind="page", url=Url(url), needs=needs)


def heard(known: Observation) -> Answer:
    return Answer(probe="get", at=known.at, said=Document(status=200, url=known.resource.url))


async def check(
    providers: Sequence[Provider],
    links: Sequence[Link],
    *,
    workers: int = 8,
    per_host: int = 4,
    fresh: Sequence[Observation] = (),
    refused: Mapping[tuple[str, str], Failure] | None = None,
    keys: frozenset[str] = frozenset(),
) -> dict[str, Checked]:
    """Check links and return what was delivered, by URL; each key is marked by its own name."""
    found: dict[str, Checked] = {}
    net = Net()

    async def deliver(checked: Checked) -> None:
        await asyncio.sleep(0)
        assert checked.observation.resource.url not in found, "delivered twice"
        found[checked.observation.resource.url] = checked

    doors = Doors(
        fetch=net.fetch,
        video=no_video,
        outline=lambda _: Outline(),
        now=lambda: NOON,
        keys=keys,
        marks={key: key for key in keys},
    )
    memory = Memory(
        fresh={each.resource.id: each for each in fresh},
        answers=lambda id_: [heard(each) for each in fresh if each.resource.id == id_],
        refused=refused or {},
    )
    one = Check(providers, doors, deliver, memory=memory, workers=workers, per_host=per_host)
    resources: dict[ResourceId, tuple[Resource, list[Link]]] = {}
    for each in links:
        claims = [p.identify(each) for p in providers if p.name != "web"]
        resource = next((r for r in claims if r), None) or providers[-1].identify(each)
        assert resource is not None
        resources.setdefault(resource.id, (resource, []))[1].append(each)
    await one.run(resources.values(), {"p": links})
    assert one.progress.done == one.progress.total == len(found)
    assert one.progress.asking == ()
    return found


def reasons(found: Mapping[str, Checked]) -> dict[str, Reason]:
    return {url: checked.observation.verdict.reason for url, checked in found.items()}


async def test_every_resource_is_asked_once_and_delivered_once():
    provider = web(lost=Verdict(reason=Reason.NOT_FOUND, detail="404"))

    found = await check([provider], [link(f"https://a.example/{n}") for n in ("x", "lost")])

    assert reasons(found) == {
        "https://a.example/x": Reason.ALIVE,
        "https://a.example/lost": Reason.NOT_FOUND,
    }
    assert found["https://a.example/x"].exchanges[0].url == "https://a.example/x"
    assert found["https://a.example/x"].answers[0].exchanges == ("1",)


async def test_nothing_to_check_ends_at_once():
    assert await check([web()], []) == {}


async def test_a_host_is_asked_by_as_many_workers_as_it_may_bear():
    provider = web()

    await check([provider], [link(f"https://a.example/{n}") for n in range(20)], per_host=3)

    assert provider.probes["get"].most_at_once == 3


async def test_hosts_are_asked_side_by_side():
    provider = web()

    await check([provider], [link(f"https://h{n}.example/") for n in range(20)], workers=20)

    assert provider.probes["get"].most_at_once == 20


async def test_fifty_resources_of_a_batching_probe_are_one_batch():
    many = FakeProbe("many", size=50)
    provider = FakeProvider("clips", frozenset({"c.example"}), {"many": many})

    await check([provider, web()], [link(f"https://c.example/{n}") for n in range(50)])

    assert [len(batch) for batch in many.batches] == [50]


async def test_a_batch_waits_for_those_that_another_probe_still_asks():
    """The first probe fails for all, one at a time; the second then asks them together."""
    failure = Failure(kind=FailureKind.UNREADABLE, detail="?")
    one, many = FakeProbe("one", fails=failure), FakeProbe("many", size=100)
    provider = FakeProvider("clips", frozenset({"c.example"}), {"one": one, "many": many})

    await check([provider, web()], [link(f"https://c.example/{n}") for n in range(9)], workers=2)

    assert [len(batch) for batch in many.batches] == [9]


async def test_one_that_a_batch_says_nothing_of_is_unanswered():
    many = FakeProbe("many", size=10, silent=frozenset({"/2"}))
    provider = FakeProvider("clips", frozenset({"c.example"}), {"many": many})

    found = await check([provider, web()], [link(f"https://c.example/{n}") for n in range(3)])

    assert reasons(found) == {
        "https://c.example/0": Reason.ALIVE,
        "https://c.example/1": Reason.ALIVE,
        "https://c.example/2": Reason.UNEXPECTED_ANSWER,
    }


@pytest.mark.parametrize("kind", [FailureKind.QUOTA, FailureKind.CREDENTIAL])
async def test_a_refused_key_costs_one_call_and_the_next_probe_takes_over(kind):
    keyed = FakeProbe("keyed", size=2, fails=Failure(kind=kind, detail="No."))
    free = FakeProbe("free")
    provider = FakeProvider("clips", frozenset({"c.example"}), {"keyed": keyed, "free": free})

    found = await check(
        [provider, web()], [link(f"https://c.example/{n}") for n in range(10)], per_host=1
    )

    assert len(keyed.batches) == 1
    assert set(reasons(found).values()) == {Reason.ALIVE}


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        pytest.param(frozenset(), {"keyed": 0, "free": 1}, id="the key is not there"),
        pytest.param(frozenset({"clips"}), {"keyed": 1, "free": 0}, id="it is"),
    ],
)
async def test_a_probe_that_needs_a_key_is_asked_only_with_it(keys, asked):
    probes = {"keyed": FakeProbe("keyed", credential="clips"), "free": FakeProbe("free")}
    provider = FakeProvider("clips", frozenset({"c.example"}), probes)

    await check([provider, web()], [link("https://c.example/1")], keys=keys)

    assert {name: len(probe.batches) for name, probe in probes.items()} == asked


async def test_what_a_link_leads_to_is_checked_too():
    leads = Verdict(reason=Reason.LEADS_ON, detail="", leads_to=Url("https://b.example/end"))
    provider = web(short=leads, end=Verdict(reason=Reason.GONE, detail="410"))

    found = await check([provider], [link("https://a.example/short")])

    assert reasons(found) == {
        "https://a.example/short": Reason.LEADS_ON,
        "https://b.example/end": Reason.GONE,
    }


async def test_a_circle_of_links_ends():
    there = Verdict(reason=Reason.LEADS_ON, detail="", leads_to=Url("https://a.example/back"))
    back = Verdict(reason=Reason.LEADS_ON, detail="", leads_to=Url("https://a.example/there"))

    found = await check([web(there=there, back=back)], [link("https://a.example/there")])

    assert set(found) == {"https://a.example/there", "https://a.example/back"}


LOST = Verdict(reason=Reason.NOT_FOUND, detail="404")


async def test_a_repair_that_is_alive_is_offered_instead():
    page = [
        link("https://a.example/p/it/one", written="{{site.baseurl}}/it/one"),
        link("https://a.example/p/it/it/two", written="it/two"),
    ]
    provider = web()
    provider.verdicts = {"/p/it/it/two": LOST}

    found = await check([provider], page)

    instead = found["https://a.example/p/it/it/two"].observation.verdict.instead
    assert instead is not None
    assert instead.url == "https://a.example/p/it/two"
    assert "{{site.baseurl}}" in instead.why
    assert found["https://a.example/p/it/two"].observation.verdict.reason is Reason.ALIVE


async def test_a_repair_that_is_dead_too_is_not_offered():
    provider = web()
    provider.verdicts = {"/it/it/two": LOST, "/it/two": LOST}

    found = await check([provider], [link("https://a.example/it/it/two")])

    assert found["https://a.example/it/it/two"].observation.verdict.instead is None


async def test_a_repair_that_stands_on_the_page_itself_is_asked_once():
    provider = web()
    provider.verdicts = {"/it/it/two": LOST}
    links = [link("https://a.example/it/two"), link("https://a.example/it/it/two")]

    found = await check([provider], links)

    instead = found["https://a.example/it/it/two"].observation.verdict.instead
    assert instead is not None
    assert instead.url == "https://a.example/it/two"
    assert sorted(path for batch in provider.probes["get"].batches for path in batch) == [
        "/it/it/two",
        "/it/two",
    ]


def witness(lost: Sequence[str] = (), offers: str | None = None) -> FakeProvider:
    """Return a provider that can tell of broken pages elsewhere by two pages of its own."""
    provider = FakeProvider("clips", frozenset({"clips.example"}), {"get": FakeProbe("get")})
    provider.heard_of, provider.offers = 2, Url(offers) if offers is not None else None
    provider.verdicts = dict.fromkeys(lost, LOST)
    return provider


@pytest.mark.parametrize(
    ("lost", "asked", "said"),
    [
        pytest.param([], ["/0"], "https://clips.example/0 is alive.", id="the first is alive"),
        pytest.param(
            ["/0"], ["/0", "/1"], "https://clips.example/1 is alive.", id="the second is alive"
        ),
        pytest.param(
            ["/0", "/1"], ["/0", "/1"], "https://clips.example/0 is not-found.", id="neither is"
        ),
    ],
)
async def test_a_witness_tells_more_of_a_broken_page(lost, asked, said):
    clips = witness(lost)
    found = await check([clips, web(one=LOST)], [link("https://a.example/one")])
    assert found["https://a.example/one"].observation.verdict.detail == f"{LOST.detail} {said}"
    assert [path for batch in clips.probes["get"].batches for path in batch] == asked


@pytest.mark.parametrize(("offered", "taken"), [("/new", True), ("/dead", False)])
async def test_what_a_witness_offers_is_asked_first(offered, taken):
    clips = witness(offers=f"https://a.example{offered}")
    found = await check([clips, web(one=LOST, dead=LOST)], [link("https://a.example/one")])
    instead = found["https://a.example/one"].observation.verdict.instead
    assert (instead is not None) is taken


async def test_no_witness_is_asked_where_a_repair_is_alive():
    provider, clips = web(), witness()
    provider.verdicts = {"/it/it/two": LOST}
    found = await check([clips, provider], [link("https://a.example/it/it/two")])
    assert found["https://a.example/it/it/two"].observation.verdict.instead is not None
    assert clips.probes["get"].batches == []


async def test_a_witness_that_stands_on_the_page_itself_is_asked_once():
    clips = witness(offers="https://a.example/new")
    pages = ["https://a.example/new", "https://clips.example/0", "https://a.example/one"]
    found = await check([clips, web(one=LOST)], [link(url) for url in pages])
    assert set(found) == set(pages)
    instead = found["https://a.example/one"].observation.verdict.instead
    assert instead is not None
    assert instead.url == "https://a.example/new"


async def test_the_users_word_on_a_verdict_comes_before_repairs():
    provider = web()
    provider.verdicts = {"/it/it/two": LOST}
    net = Net()

    async def deliver(checked: Checked) -> None:
        assert checked.observation.verdict.reason is Reason.ALIVE

    doors = Doors(fetch=net.fetch, video=no_video, outline=lambda _: Outline(), now=lambda: NOON)
    alive = Verdict(reason=Reason.ALIVE, detail="accepted")
    one = Check([provider], doors, deliver, refine=lambda _r, _v: alive)
    lost = link("https://a.example/it/it/two")
    resource = provider.identify(lost)
    assert resource is not None

    await one.run([(resource, [lost])], {})

    assert net.asked == ["https://a.example/it/it/two"]


async def test_ten_thousand_pending_links_are_no_ten_thousand_tasks():
    provider = web()
    most = 0

    class Counting(FakeProbe):
        async def ask(self, batch: Sequence[Resource], ports: Ports) -> Mapping[ResourceId, Answer]:
            nonlocal most
            most = max(most, len(asyncio.all_tasks()))
            return await super().ask(batch, ports)

    provider.probes = {"get": Counting("get")}

    await check([provider], [link(f"https://h{n}.example/") for n in range(10_000)], workers=16)

    assert most <= 16 + 2


async def test_a_bug_in_a_probe_is_loud():
    class Buggy(FakeProbe):
        async def ask(self, batch: Sequence[Resource], ports: Ports) -> Mapping[ResourceId, Answer]:
            raise ZeroDivisionError

    provider = web()
    provider.probes = {"get": Buggy("get")}

    with pytest.raises(ZeroDivisionError):
        await check([provider], [link("https://a.example/")])


async def test_what_is_fresh_is_not_asked_again_and_keeps_its_instant():
    provider = web()
    known = Observation(
        resource=page("https://a.example/x"),
        verdict=Verdict(reason=Reason.ALIVE, detail="What the user then made of it."),
        at=NOON - timedelta(hours=1),
    )
    provider.verdicts = {"/x": Verdict(reason=Reason.GONE, detail="410")}

    found = await check(
        [provider], [link("https://a.example/x"), link("https://a.example/y")], fresh=[known]
    )

    assert found["https://a.example/x"].observation.at == known.at
    assert found["https://a.example/x"].observation.verdict.reason is Reason.GONE
    assert provider.probes["get"].batches == [["/y"]]


async def test_what_is_fresh_is_judged_by_the_needs_for_which_it_was_asked():
    class Needy(FakeProvider):
        def judge(self, resource, answers, usable):
            doubt = Verdict(reason=Reason.NOT_ASKED, detail="It needs another look.")
            return (
                doubt
                if "look again" in resource.needs
                else super().judge(resource, answers, usable)
            )

    provider = Needy("web", frozenset(), {"get": FakeProbe("get")})
    url = Url("https://a.example/x")
    known = Observation(
        resource=Resource(
            id=ResourceId(f"web:{url}"),
            provider="web",
            kind="page",
            url=url,
            needs=frozenset({"look again"}),
        ),
        verdict=Verdict(reason=Reason.NOT_ASKED, detail="It needs another look."),
        at=NOON,
    )
    found = await check([provider], [link(url)], fresh=[known])
    (again,) = (each.observation for each in found.values())
    assert again.verdict.reason is Reason.NOT_ASKED
    assert again.resource.needs == {"look again"}  # and so the next time


async def test_what_is_fresh_is_asked_all_the_same_when_more_is_needed_of_it():
    provider = web()
    needs = page("https://a.example/x", needs=frozenset({"#top"}))
    known = Observation(
        resource=page("https://a.example/x"),
        verdict=Verdict(reason=Reason.ALIVE, detail=""),
        at=NOON - timedelta(hours=1),
    )
    provider.identify = lambda _link: needs

    await check([provider], [link("https://a.example/x")], fresh=[known])

    assert provider.probes["get"].batches == [["/x"]]


async def test_what_our_quota_does_not_allow_yet_is_not_asked():
    keyed, free = FakeProbe("keyed", size=2), FakeProbe("free")
    provider = FakeProvider("clips", frozenset({"c.example"}), {"keyed": keyed, "free": free})
    refused = Failure(kind=FailureKind.QUOTA, detail="Spent.", retry_at=NOON)

    found = await check(
        [provider, web()],
        [link(f"https://c.example/{n}") for n in range(3)],
        refused={("clips", "keyed"): refused},
    )

    assert keyed.batches == []
    assert set(reasons(found).values()) == {Reason.ALIVE}
    assert found["https://c.example/0"].answers[0].said == refused


async def test_keyed_batches_go_one_after_another_so_that_a_spent_quota_costs_one_call():
    keyed = FakeProbe("keyed", size=2, credential="key")
    free = FakeProbe("free")
    provider = FakeProvider("clips", frozenset({"c.example"}), {"keyed": keyed, "free": free})
    links = [link(f"https://c.example/{n}") for n in range(10)]

    await check([provider, web()], links, keys=frozenset({"key"}))

    assert len(keyed.batches) == 5
    assert keyed.most_at_once == 1

    keyed.batches.clear()
    keyed.fails = Failure(kind=FailureKind.QUOTA, detail="Spent.")
    found = await check([provider, web()], links, keys=frozenset({"key"}))

    assert len(keyed.batches) == 1
    assert set(reasons(found).values()) == {Reason.ALIVE}


async def test_one_refusal_speaks_for_all_probes_of_its_allowance():
    failure = Failure(kind=FailureKind.QUOTA, detail="Spent.")
    first = FakeProbe("first", allowance="rest", fails=failure)
    second = FakeProbe("second", allowance="rest")
    page = FakeProbe("page")
    probes = {"first": first, "second": second, "page": page}
    provider = FakeProvider("clips", frozenset({"c.example"}), probes)

    found = await check([provider, web()], [link(f"https://c.example/{n}") for n in range(5)])

    assert (len(first.batches), len(second.batches), len(page.batches)) == (1, 0, 5)
    assert set(reasons(found).values()) == {Reason.ALIVE}


@pytest.mark.parametrize(
    ("refused_to", "keys", "asked"),
    [
        pytest.param(None, frozenset(), 0, id="nobody has a key, as before"),
        pytest.param(None, frozenset({"key"}), 1, id="there is a key now"),
        pytest.param("key", frozenset({"key"}), 0, id="it is the same key"),
        pytest.param("old", frozenset({"key"}), 1, id="it is another key"),
        pytest.param("key", frozenset(), 1, id="the key is not there any more"),
    ],
)
async def test_a_refusal_holds_for_the_key_that_was_refused(refused_to, keys, asked):
    free, other = FakeProbe("free"), FakeProbe("other")
    probes = {"free": free, "other": other}
    provider = FakeProvider("clips", frozenset({"c.example"}), probes)
    provider.credentials = {"key": CredentialUse(header="X", form="{}", hosts=frozenset())}
    refused = Failure(kind=FailureKind.QUOTA, detail="Spent.", retry_at=NOON, key=refused_to)

    found = await check(
        [provider, web()],
        [link("https://c.example/1")],
        refused={("clips", "free"): refused, ("no more", "there"): refused},
        keys=keys,
    )

    assert set(reasons(found).values()) == {Reason.ALIVE}
    assert len(free.batches) == asked


@pytest.mark.parametrize(("keys", "mark"), [(frozenset({"key"}), "key"), (frozenset(), None)])
async def test_a_refusal_is_kept_with_the_mark_of_its_key(keys, mark):
    failure = Failure(kind=FailureKind.QUOTA, detail="Spent.")
    free, other = FakeProbe("free", fails=failure), FakeProbe("other")
    probes = {"free": free, "other": other}
    provider = FakeProvider("clips", frozenset({"c.example"}), probes)
    provider.credentials = {"key": CredentialUse(header="X", form="{}", hosts=frozenset())}

    found = await check([provider, web()], [link("https://c.example/1")], keys=keys)

    assert found["https://c.example/1"].answers[0].said == replace(failure, key=mark)
