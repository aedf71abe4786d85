"""http://world.test: how another process asks what the world has seen, and lets it fail."""

import json
from typing import TYPE_CHECKING

from tests.world.wire import Asked, Reply, as_json

if TYPE_CHECKING:
    from tests.world.server import World

HOST = "world.test"


def answer(world: "World", asked: Asked) -> Reply:
    """Return what was counted, or do what was told.

    GET /requests; POST /faults with {"host", "kind", "path"?, "times"?, "retry_after"?}; POST
    /mend; POST /dark; POST /captive.
    """
    match asked.method, asked.path:
        case "GET", "/requests":
            seen = [
                {"method": each.method, "scheme": each.scheme, "host": each.host}
                | {"target": each.target, "path": each.path}
                for each in world.requests
            ]
            return as_json({"requests": seen, "connections": dict(world.connections)})
        case "POST", "/faults":
            world.fault(**json.loads(asked.body))
        case "POST", "/mend":
            world.mend()
        case "POST", "/dark":
            world.dark = True
        case "POST", "/captive":
            world.captive = True
        case _:
            return as_json({"error": "not known"}, 404)
    return as_json({"done": True})
