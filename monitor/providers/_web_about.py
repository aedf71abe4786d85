"""Ordinary pages in tables: addresses and probes."""

from monitor.core.provider import Way, shapes

SHAPES = shapes(
    {
        "page": ("https://example.org/page", "https://example.org/page#part"),
        "file": ("https://example.org/paper.pdf",),
        "other": ("ftp://example.org/a",),
        "malformed": ("http://[::1",),
    }
)

WAYS = {
    "head": Way(
        about="Whether an address answers, without its contents.",
        cost="One request; nothing is read.",
    ),
    "get": Way(
        about="The page: its title, its parts, whether it only says that nothing is there.",
        cost="One request, at most 1 MiB; where HEAD does not suffice.",
    ),
    "sibling": Way(
        about="An address beside it that cannot exist, to see whether a site finds everything.",
        cost="One request a site and folder; only for pages that look missing.",
    ),
}
