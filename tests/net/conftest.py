from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from monitor.config import Network
from monitor.net.fetch import Fetch, Pace
from tests.net.loopback import Clock, SkippingClock

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def skipping() -> SkippingClock:
    return SkippingClock()


Opening = Callable[..., AbstractAsyncContextManager[Fetch]]


@pytest.fixture
def opened(skipping: SkippingClock) -> Opening:
    """Return what opens a Fetch whose waits take no time, by settings of the network."""

    @asynccontextmanager
    async def open_fetch(**settings: object) -> AsyncIterator[Fetch]:
        more = {
            name: settings.pop(name)
            for name in ("credentials", "headers", "resolver", "now", "validators")
            if name in settings
        }
        # A configuration takes passwords from variables alone, so proxies are put in afterwards.
        proxies = {
            name: settings.pop(name) for name in ("http_proxy", "https_proxy") if name in settings
        }
        network = Network(
            **{
                "allow_private": True,
                "attempts": 1,
                "connect_timeout": timedelta(seconds=0.3),
                "read_timeout": timedelta(seconds=0.3),
                "starts_per_second": 1000,
                **settings,
            }
        ).model_copy(update=proxies)
        pace = Pace(clock=skipping, sleep=skipping.sleep, jitter=lambda longest: longest)
        async with Fetch(network, pace=pace, **{"now": lambda: NOW, **more}) as fetch:
            yield fetch

    return open_fetch
