"""The environment with the secrets that stand in files: NAME_FILE names the file that holds NAME.

So containers and service managers hand secrets over (Docker's and Kubernetes' secrets under
/run/secrets, systemd's LoadCredential=): as files, for whoever sees a process sees its variables.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from monitor.core.errors import ConfigError

SUFFIX = "_FILE"
"""What a variable's name ends with that names a file, as in the official images of databases."""

_MOST_BYTES = 65_536


class WithFiles(Mapping[str, str]):
    """An environment in which NAME is what stands in the file that NAME_FILE names.

    A variable that is set itself wins. A file is read when its variable is first asked for, not
    before: SSL_CERT_FILE and its like mean something else to others. The names that are listed
    are those of the environment.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._read: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        """Return a variable; raises ConfigError where a file is named that cannot be had."""
        said = self._environment.get(name)
        path = self._environment.get(name + SUFFIX, "").strip()
        if said or not path:
            return self._environment[name]
        if name not in self._read:
            self._read[name] = _text(name + SUFFIX, path)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._environment)

    def __len__(self) -> int:
        return len(self._environment)


def _text(variable: str, path: str) -> str:
    """Return what stands in a file, without the end of its line; nothing is as not set.

    No message shows the path: there are those who put the secret itself in its place.
    """
    try:
        with Path(path).open("rb") as file:
            body = file.read(_MOST_BYTES + 1)
        text = body.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise _refused(variable, "is not UTF-8") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "this is no file name"
        raise _refused(variable, f"cannot be read: {why}") from None
    if len(body) > _MOST_BYTES:
        raise _refused(variable, "is larger than 64 kB; that is no secret of ours")
    return text


def _refused(variable: str, why: str) -> ConfigError:
    return ConfigError(
        f"the environment's {variable} names a file that {why}. Put the secret into it and let"
        " the user read it that Linkwell runs as, or unset the variable"
    )
