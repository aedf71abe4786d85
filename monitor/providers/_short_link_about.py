"""Short links in tables: what a Bitly token is worth, addresses, probes."""

from datetime import datetime

from monitor.core.checkup import Checkup, Health, Said, odd, of_failure
from monitor.core.json_reading import parse_json, text_at
from monitor.core.model import Url
from monitor.core.ports import Failure, Request, Response
from monitor.core.provider import Way, shapes
from monitor.core.retry_after import retry_after

_MAKE_NEW = "make a new one at app.bitly.com/settings/api"


def _token(said: Said, at: datetime) -> Health:
    """Return what Bitly says of a token, asked for whose it is.

    A wrong token is answered 403 FORBIDDEN: dev.bitly.com/docs/getting-started/authentication.
    """
    if isinstance(said, Failure):
        return of_failure(said)
    if not isinstance(said, Response):
        return odd(0, "Bitly")
    body = parse_json(said)
    plain = None if isinstance(body, Failure) else body
    login, message = text_at(plain, "login"), text_at(plain, "message")
    if said.status == 200 and login:
        says = f"It works, as {login[:60]}'s. Bitly does not tell how many calls are left."
        return Health(works=True, says=says)
    if said.status not in _SAYS or message is None:
        return odd(said.status, "Bitly")
    works, says = _SAYS[said.status]
    wait = retry_after(said.headers.get("retry-after"), at)
    return Health(works=works, says=says, retry_at=wait if works else None)


_SAYS = {
    401: (False, f"Bitly refuses it (401): it is wrong or revoked; {_MAKE_NEW}."),
    402: (False, "Bitly wants a paid plan for what it was asked (402)."),
    403: (False, f"Bitly refuses it (403): it is wrong or revoked; {_MAKE_NEW}."),
    429: (True, "It works, but its calls are spent."),
}


CHECKUPS = {
    "bitly": Checkup(
        asks=Request(url=Url("https://api-ssl.bitly.com/v4/user"), read=65_536, credential="bitly"),
        read=_token,
        better=(
            "bit.ly links are looked up by Bitly's API, past its preview pages and robot checks."
        ),
        get="Make an access token at app.bitly.com/settings/api and put it into BITLY_TOKEN.",
    )
}

SHAPES = shapes(
    {
        "link": (
            "https://bit.ly/course",
            "https://bitly.com/course",
            "https://bit.ly/course+",
            "https://amzn.to/x",
            "https://t.co/x",
            "https://tinyurl.com/x",
            "https://goo.gl/x",
            "https://goo.gl/maps/x",
            "https://maps.app.goo.gl/x",
            "https://app.page.link/x",
            "https://ow.ly/x",
            "https://is.gd/x",
            "https://v.gd/x",
            "https://lnkd.in/x",
            "https://git.io/x",
            "https://forms.gle/x",
            "https://g.co/x",
            "https://rebrand.ly/x",
        ),
        "identifier": ("https://doi.org/10.1000/182", "https://hdl.handle.net/1721.1/5"),
    }
)

WAYS = {
    "step": Way(
        about="The short link itself, one step: where it leads is checked as a link of its own.",
        cost="One request.",
    ),
    "past": Way(
        about="The address at which a service leaves out, or reads aloud, its page in between.",
        cost="One request more; only where such a page came.",
    ),
    "expand": Way(
        about="Bitly's API: where a short link leads, without its pages in between.",
        cost="One call of the token's allowance.",
    ),
}
