"""What YouTube's links cost in calls, as a run asks them, with a key and without."""

from collections import Counter

from monitor import providers
from monitor.check import Check
from monitor.core.identify import identify
from monitor.core.ports import Failure, FailureKind
from monitor.core.reasons import Reason
from monitor.doors import Doors
from tests.providers.fakes import AT, FakePorts, link, reply

KEY = frozenset({"youtube"})
OEMBED = reply(200, '{"title": "A lecture"}')


class YouTube(FakePorts):
    """All videos are public; the key is good for so many calls."""

    def __init__(self, calls=10_000):
        super().__init__()
        self.calls_left = calls

    def _answer(self, url, request):
        return OEMBED if "/oembed?" in url else super()._answer(url, request)

    async def google(self, calls):
        (call,) = calls
        self.called.append(tuple(calls))
        self.calls_left -= 1
        if self.calls_left < 0:
            return [(Failure(kind=FailureKind.QUOTA, detail="Spent.", retry_at=AT), ())]
        ids = call.arguments["id"].split(",")
        return [({"items": [{"id": id_, "snippet": {"title": "x"}} for id_ in ids]}, ())]


async def checked(ports, links, keys=frozenset()):
    reasons = Counter()

    async def deliver(found):
        reasons[found.observation.verdict.reason] += 1

    async def google(calls, _fetch, _now):
        return await ports.google(calls)

    async def video(url, _fetch):
        return await ports.video(url)

    doors = Doors(
        fetch=ports.fetch,
        video=video,
        google=google,
        outline=ports.outline,
        now=lambda: AT,
        keys=keys,
    )
    linked = {}
    for one in links:
        linked.setdefault(identify(one, providers.find()), []).append(one)
    await Check(providers.find(), doors, deliver).run(linked.items(), {})
    return reasons


def videos(count):
    return [link(f"https://youtu.be/{n:011d}") for n in range(count)]


async def test_a_thousand_videos_cost_twenty_calls_with_a_key():
    ports = YouTube()
    assert await checked(ports, videos(1000), KEY) == {Reason.ALIVE: 1000}
    assert (len(ports.called), ports.asked) == (20, [])


async def test_without_a_key_each_video_costs_one_oembed():
    ports = YouTube()
    assert await checked(ports, videos(100)) == {Reason.ALIVE: 100}
    assert (len(ports.called), len(ports.asked)) == (0, 100)


async def test_a_quota_that_ends_in_the_middle_costs_one_refused_call():
    ports = YouTube(calls=3)
    assert await checked(ports, videos(1000), KEY) == {Reason.ALIVE: 1000}
    assert len(ports.asked) == 850
    assert len(ports.called) == 3 + 1


async def test_one_video_in_seven_spellings_is_asked_once():
    id_ = "0bMe_vCZo30"
    links = [
        link(url)
        for url in (
            f"https://www.youtube.com/watch?v={id_}",
            f"https://youtu.be/{id_}?si=x",
            f"https://www.youtube.com/embed/{id_}",
            f"https://www.youtube-nocookie.com/embed/{id_}",
            f"https://m.youtube.com/watch?v={id_}&feature=share",
            f"https://www.youtube.com/shorts/{id_}",
            f"https://www.youtube.com/live/{id_}",
        )
    ]
    ports = YouTube()
    assert await checked(ports, links * 7, KEY) == {Reason.ALIVE: 1}
    assert len(ports.called) == 1
