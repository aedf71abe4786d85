"""Asks the daemon in this container how it is: ends with 0 where it is well, else with 1.

The image's HEALTHCHECK. It uses the standard library alone, and no proxy: the daemon listens on
this machine, where `daemon.listen` of the configuration says.
"""

import sys
from http.client import HTTPConnection, HTTPException

SECONDS = 5


def main(port: int = 9100) -> int:
    """Return the exit code, and tell on one line what was found."""
    connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        told = answer.read(300).decode("utf-8", "replace").strip()
    except (OSError, HTTPException) as error:
        print(
            f"nobody answers on port {port}; does the configuration say `daemon: {port}`? {error}"
        )
        return 1
    finally:
        connection.close()
    print(f"{answer.status} {told}")
    return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
