"""The internet in a box, on loopback: real clients, unmodified, talk HTTPS to any host."""

from tests.world.faults import Fault, Kind
from tests.world.scenario import Scenario, scenarios
from tests.world.server import World
from tests.world.thread import WorldThread

__all__ = ["Fault", "Kind", "Scenario", "World", "WorldThread", "scenarios"]
