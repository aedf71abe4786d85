"""Writes docs/credentials.md: which key brings what, from the providers' tables."""

from collections.abc import Iterator
from pathlib import Path

from monitor import providers
from monitor.config.surroundings import KNOWN_CREDENTIALS
from monitor.core.provider import Provider

HERE = Path(__file__).parent

HEAD = """# Keys of services

All works without any key. With keys Linkwell is quicker, is refused less often, and knows more.
Made from the tables of the providers by `make docs`.

`linkwell doctor` says for each key whether it is there and works, what is left of it, and what it
would bring:

<!-- run -->
```console
$ export GITHUB_TOKEN=github_pat_11EXAMPLE
$ linkwell doctor
✓ github (GitHub): there, by GITHUB_TOKEN.
    It works: …
    With it: …
– google (Google Drive): not there: GOOGLE_API_KEY is not set.
    With it: …
    To get one: …
…
```

It ends with 0 when all keys that are there work, with 2 when something must be set right, with 3
when a service did not answer.

Take the one for GitHub first if your pages link to many repositories, the one for YouTube if they
link to many videos.
"""

RIGHTS = {
    "github": (
        "A fine-grained token, *Public repositories*, with no permission at all. Private"
        " repositories that your pages link to: *Only select repositories* with *Contents: read*."
    ),
    "google": (
        "In the key's settings: *API restrictions*, the Google Drive API alone; and *Application"
        " restrictions* to your server's IP address, if it has a fixed one."
    ),
    "youtube": (
        "In the key's settings: *API restrictions*, the YouTube Data API v3 alone; and *Application"
        " restrictions* to your server's IP address, if it has a fixed one."
    ),
    "google_account": (
        "A service account without any role. Share the files with its address, as *Viewer*."
        " It sees nothing else."
    ),
    "bitly": (
        "Bitly's tokens may do all that their account may. Make an account for Linkwell that owns"
        " no links."
    ),
}
"""The least that a key must be allowed, and how to have it so."""

TAIL = """## github_issues: writing issues

Only for [issues](issues.md). A fine-grained token for the one repository with *Issues: read and
write*, and no more. Name it, if it is not the one of `GITHUB_TOKEN`:

```yaml
credentials:
  github_issues: ${ISSUES_TOKEN}
```

A GitHub App does as well: `issues: {app: {id: 12345, private_key_file: app.pem}}`, with the
repository permission *Issues: read and write*. In GitHub Actions the job's own token suffices:
`permissions: {issues: write}`.

## Sites with a password

For pages of your own behind a password, or sites that want a token:

```yaml
credentials:
  library: ${LIBRARY_LOGIN}      # user:password
headers:
  - {origin: https://library.example.org, basic: library}
```

## Where keys come from

* From the environment: `export GITHUB_TOKEN=…`, or a line `GITHUB_TOKEN=…` in crontab.
* From a file: `GITHUB_TOKEN_FILE=/srv/course-links/token` names a file that holds the key. Every
  variable works so: `NAME_FILE` is the file with `NAME`. Let nobody else read it: `chmod 600`.
* From another variable: `credentials: {github: ${COURSE_TOKEN}}`.
* In containers and units: [as secrets](containers.md), [by LoadCredential](systemd.md).

A key that stands in `config.yaml` itself is refused, so that it is not shared by mistake. Where keys
go, and where not, stands under [privacy](privacy.md#keys).
"""


def page() -> str:
    """Return the page on all keys."""
    lines = [HEAD, "| key | variable | for |", "|---|---|---|"]
    for name, variable in KNOWN_CREDENTIALS.items():
        titles = ", ".join(provider.title for provider, _ in _uses(name))
        lines.append(f"| [{name}](#{name}) | `{variable}` | {titles} |")
    lines.append("| [github_issues](#github_issues-writing-issues) | one that you name | issues |")
    for name in KNOWN_CREDENTIALS:
        lines += ["", *_key(name)]
    return "\n".join([*lines, "", TAIL])


def _key(name: str) -> Iterator[str]:
    yield from (f"## {name}", "")
    for provider, checkup in _uses(name):
        yield from (f"* **What it brings** ({provider.title}): {checkup.better}",)
    yield f"* **How to get one**: {_uses(name)[0][1].get}"
    yield f"* **Least rights**: {RIGHTS[name]}"
    probes = [
        f"`{probe}` ({provider.ways[probe].cost.rstrip('.')})"
        for provider in providers.find()
        for probe, how in provider.probes.items()
        if how.credential == name and provider.ways[probe].cost
    ]
    if probes:
        yield f"* **What it costs**: {'; '.join(probes)}"


def _uses(name: str) -> list[tuple[Provider, object]]:
    return [(each, each.checkups[name]) for each in providers.find() if name in each.checkups]


if __name__ == "__main__":
    (HERE / "credentials.md").write_text(page(), encoding="utf-8")
