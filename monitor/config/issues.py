"""The section of config.yaml about GitHub issues."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from monitor.config.sections import Section, as_list
from monitor.config.values import Pattern, Place, WebUrl
from monitor.core.leave_alone import fits
from monitor.core.model import Url
from monitor.core.urls import split

Mode = Literal["incident", "dashboard"]

_REPOSITORY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98})/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")
_ADDRESS = re.compile(r"https://[^/]+/([^/]+/[^/]+?)(?:\.git)?/?")


def read_repository(value: Any) -> str:
    """Return owner and name of a repository; its address will do."""
    text = value.strip() if isinstance(value, str) else ""
    text = match.group(1) if (match := _ADDRESS.fullmatch(text)) else text
    if not _REPOSITORY.fullmatch(text):
        raise ValueError("a repository such as octocat/hello-world")
    return text


def read_assignees(value: Any) -> Any:
    """Return one mapping of patterns to people; a list of mappings is put together."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        return value
    together: dict[Any, Any] = {}
    for each in value:
        together |= each
    return together


def read_app_id(value: Any) -> str:
    """Return the id of a GitHub App, or its client id."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", text):
        raise ValueError("the App ID or the Client ID that the app's settings on GitHub show")
    return text


Repository = Annotated[str, BeforeValidator(read_repository)]
Label = Annotated[str, StringConstraints(pattern=r"^[^,\s](?:[^,\n]{0,48}[^,\s])?$")]
Login = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})$")]
Logins = Annotated[tuple[Login, ...], BeforeValidator(as_list)]


class App(Section):
    """A GitHub App that writes the issues, in the place of a token."""

    id: Annotated[str, BeforeValidator(read_app_id)]
    """Its App ID or Client ID."""
    private_key_file: Place
    """The file with its private key, in PEM form."""
    installation: int | None = Field(default=None, ge=1, strict=True)
    """The number of its installation; looked up by the repository where nothing is said."""


class Issues(Section):
    """What is broken as issues on GitHub, filed, kept up to date and closed."""

    repository: Repository | None = None
    """Where issues are kept, such as octocat/course; none are, where nothing is said."""
    enabled: bool = Field(default=True, strict=True)
    """Whether runs keep the issues; `linkwell issues sync` always does."""
    mode: Annotated[tuple[Mode, ...], BeforeValidator(as_list)] = ("incident",)
    """An issue an incident, or one rolling dashboard, or both: [incident, dashboard]."""
    labels: Annotated[tuple[Label, ...], BeforeValidator(as_list)] = ("link-health",)
    """The labels of every issue; Linkwell finds its issues by the first."""
    max_new_issues: int = Field(default=5, ge=0, le=100, strict=True)
    """How many issues a run may open; further ones wait on the dashboard for the next."""
    warnings: bool = Field(default=False, strict=True)
    """Whether warnings get issues too; they are on the dashboard anyway."""
    assignees: Annotated[Mapping[Pattern, Logins], BeforeValidator(read_assignees)] = Field(
        default_factory=dict
    )
    """To whom issues go, by patterns of page names: {"docs/it/*": [mabel]}."""
    base_url: WebUrl = Url("https://api.github.com/")
    """Where the API is; that of a GitHub Enterprise Server ends with /api/v3."""
    app: App | None = None
    """A GitHub App that writes; without it the token named github_issues, else github."""

    @classmethod
    def _short_form(cls, text: str) -> str | None:
        del text
        return "repository"

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if not self.mode:
            raise ValueError("incident, dashboard, or both of them under `mode`")
        if not self.labels:
            raise ValueError("at least one label, by which the issues are found again")
        if split(self.base_url).scheme != "https":
            raise ValueError("an https address under `base_url`: a token travels by no other")
        return self

    @property
    def wanted(self) -> bool:
        """Return whether a run is to keep the issues."""
        return self.enabled and self.repository is not None

    def assigned(self, pages: Iterable[str]) -> tuple[str, ...]:
        """Return to whom an issue about links on these pages goes, at most ten.

        Ten is what GitHub takes; docs.github.com, "Assigning issues".
        """
        named = list(pages)
        people = [
            login
            for pattern, logins in self.assignees.items()
            if fits(pattern, *named)
            for login in logins
        ]
        return tuple(dict.fromkeys(people))[:10]
