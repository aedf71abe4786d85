"""The image's health check: what it makes of what the daemon says, or of silence."""

import runpy
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from monitor.config import load
from tests.deploy.places import CONFIGS, DEPLOY

HEALTHY = runpy.run_path(str(DEPLOY / "healthy.py"))
main = HEALTHY["main"]


@contextmanager
def daemon(status, text):
    """Lend the port of a daemon that answers /healthz so, and everything else with 404."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("status", "text", "code", "says"),
    [
        pytest.param(200, b"well\n", 0, "200 well", id="a daemon that is well"),
        pytest.param(503, b"no run has ended well\n", 1, "503 no run", id="one that is not"),
        pytest.param(503, b"\xff" * 9_999, 1, "503 \ufffd", id="one that babbles"),
    ],
)
def test_it_ends_with_what_the_daemon_says(capsys, status, text, code, says):
    with daemon(status, text) as port:
        assert main(port) == code

    assert capsys.readouterr().out.startswith(says)


def test_a_daemon_that_does_not_listen_is_not_well_and_it_says_what_to_set(capsys):
    with daemon(200, b"") as port:
        pass

    assert main(port) == 1
    assert f"`daemon: {port}`" in capsys.readouterr().out


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with daemon(200, b"well") as port:
        assert main(port) == 0


@pytest.mark.parametrize("name", ["postgresql", "sqlite"])
def test_it_asks_where_the_containers_configuration_listens(name):
    listen = load(CONFIGS[name], {"DATABASE_PASSWORD": "x"}).daemon.listen

    assert listen == ("127.0.0.1", main.__defaults__[0])
