"""One file a service; each ends with `PROVIDER = …` and is found by a walk, no registry.

A module whose name begins with "_" is a part of the provider named in it, and no provider.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from monitor.core.provider import Provider


@cache
def find() -> tuple[Provider, ...]:
    """Return all providers, in the order of their names."""
    modules = sorted(m.name for m in iter_modules(__path__) if not m.name.startswith("_"))
    return tuple(import_module(f"{__name__}.{name}").PROVIDER for name in modules)
