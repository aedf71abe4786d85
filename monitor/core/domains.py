"""Whose a host is: its registrable domain, by a small rule of our own.

The full list of public suffixes (publicsuffix.org) has ten thousand lines and changes weekly. Here
only "did a short link go to somebody else" hangs on it, and a suffix that is missing makes that a
warning instead of a break, never the other way round.
"""

import re
from ipaddress import ip_address

_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gob", "gouv", "gov", "mil", "net", "org"})
"""Labels under which most countries register: ac.uk, com.au (publicsuffix.org, ICANN part)."""

_OF_COUNTRIES = {
    "au": {"asn", "id"},
    "id": {"go", "or", "sch"},
    "jp": {"ad", "ed", "go", "gr", "lg", "ne", "or"},
    "ke": {"go", "ne", "or"},
    "kr": {"go", "ne", "or", "pe", "re"},
    "nz": {"govt", "school"},
    "th": {"go", "in", "or"},
    "tw": {"idv"},
    "tz": {"go", "ne", "or"},
    "ug": {"go", "ne", "or"},
    "uk": {"ltd", "me", "nhs", "plc", "police", "sch"},
    "za": {"law", "nom", "school"},
}
"""Those of single countries, where elsewhere they are names as any other: ne.ch, or.at."""

_SHARED = frozenset(
    {
        "amazonaws.com",
        "appspot.com",
        "azurewebsites.net",
        "blogspot.com",
        "cloudfront.net",
        "firebaseapp.com",
        "fly.dev",
        "github.io",
        "gitlab.io",
        "glitch.me",
        "herokuapp.com",
        "netlify.app",
        "neocities.org",
        "onrender.com",
        "pages.dev",
        "pythonanywhere.com",
        "readthedocs.io",
        "surge.sh",
        "tumblr.com",
        "vercel.app",
        "web.app",
        "weebly.com",
        "wixsite.com",
        "wordpress.com",
        "workers.dev",
    }
)
"""Hosts that give a name of its own to each customer (publicsuffix.org, private part)."""


def registrable(host: str) -> str:
    """Return the domain under which a host was registered: "cs.nyu.edu" is "nyu.edu".

    An address by number, and a name of one label, is its own.
    """
    bare = host.lower().strip(".")
    labels = bare.split(".")
    if len(labels) < 3 or _is_number(bare):
        return bare
    suffix = ".".join(labels[-2:])
    country = re.fullmatch(r"[a-z]{2}", labels[-1]) is not None
    deep = suffix in _SHARED or (
        country and labels[-2] in (_SECOND_LEVEL | _OF_COUNTRIES.get(labels[-1], set()))
    )
    return ".".join(labels[-3:] if deep else labels[-2:])


def _is_number(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
