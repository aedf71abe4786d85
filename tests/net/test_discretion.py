"""Nothing that a service repeats of our secrets is handed on."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import Url
from monitor.core.ports import Response
from monitor.net.discretion import Discretion

SECRET = "secret-of-ours"
URL = Url("https://x.test/")


def response(body=b"", *, truncated=False, **headers):
    return Response(status=200, url=URL, headers=headers, body=body, truncated=truncated)


def test_a_secret_is_blotted_out_of_headers_and_body():
    said = response(b"You sent secret-of-ours.", echo="secret-of-ours, again secret-of-ours")

    heard = Discretion([SECRET]).response(said, {})

    assert heard.body.decode() == "You sent •••."
    assert heard.headers == {"echo": "•••, again •••"}


def test_a_token_that_was_sent_is_blotted_out_though_nobody_named_it():
    sent = {"authorization": "Bearer made-in-this-run", "user-agent": "Linkwell/1"}
    said = response(b"made-in-this-run by Linkwell/1")

    assert Discretion().response(said, sent).body.decode() == "••• by Linkwell/1"
    assert Discretion().text("/?made-in-this-run", sent) == "/?•••"


def test_what_holds_another_secret_is_blotted_out_as_a_whole():
    assert Discretion([SECRET, f"{SECRET}-too"]).text(f"{SECRET}-too", {}) == "•••"


def test_what_is_too_short_to_be_known_for_a_secret_stays():
    assert Discretion(["a", "", "secret"]).text("a secret", {}) == "a secret"


def test_a_body_that_was_cut_within_a_secret_loses_its_beginning():
    cut = response(b"You sent secret-of", truncated=True)
    whole = response(b"You sent secret-of")

    assert Discretion([SECRET]).response(cut, {}).body == b"You sent "
    assert Discretion([SECRET]).response(whole, {}).body == b"You sent secret-of"


def test_a_body_that_was_cut_elsewhere_stays():
    cut = response(b"You sent nothing", truncated=True)

    assert Discretion([SECRET]).response(cut, {}).body == b"You sent nothing"


@given(before=st.text(max_size=20), after=st.text(max_size=20), cut=st.booleans())
def test_no_secret_survives(before, after, cut):
    said = response(f"{before}{SECRET}{after}".encode(), truncated=cut, x=f"{before}{SECRET}")

    heard = Discretion([SECRET]).response(said, {})

    assert SECRET not in heard.body.decode()
    assert SECRET not in heard.headers["x"]
