"""The sections of config.yaml, as pydantic models; every default is the one documented here."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    field_validator,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from monitor.config.values import (
    DatabaseUrl,
    Day,
    Duration,
    HeaderText,
    Origin,
    Pattern,
    Place,
    ProxyUrl,
    Size,
    Statuses,
    Text,
    WebUrl,
)
from monitor.core.leave_alone import AcceptRule, IgnoreRule

STANDARD_INPUT = Path("-")
"""The path that stands for standard input."""

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")]
Format = Literal["html", "md", "json", "atom", "badge", "junit", "sarif", "code-quality"]
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$")]


class Section(BaseModel):
    """What all sections share: unknown keys are errors, values do not change.

    A key with nothing after it is as good as none, but for `nulls`, where that is a value of its
    own. A section may have a short form, one text instead of keys; `_short_form` says which key
    that text is for.
    """

    nulls: ClassVar[frozenset[str]] = frozenset()

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    @classmethod
    def _short_form(cls, text: str) -> str | None:  # noqa: ARG003 - for those that have one
        return None

    @model_validator(mode="before")
    @classmethod
    def _as_keys(cls, given: Any) -> Any:
        if isinstance(given, str) and (key := cls._short_form(given)):
            return {key: given}
        if isinstance(given, dict):
            known = cls.model_fields.keys() - cls.nulls
            return {
                key: value for key, value in given.items() if value is not None or key not in known
            }
        return given

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler(core)
        if cls._short_form("") is None:
            return schema
        return {"anyOf": [{"type": "string"}, schema]}


def as_list(given: Any) -> Any:
    """Take one entry where a list is expected for a list of one."""
    return [given] if isinstance(given, str | dict) else given


class Source(Section):
    """What to watch: exactly one of `url`, `path` and `folder`."""

    url: WebUrl | None = None
    """The address of a web page."""
    path: Place | None = None
    """A Markdown or HTML file, a list of addresses (.txt), a folder of such, or - for stdin."""
    folder: Place | None = None
    """A folder of Markdown and HTML files."""
    base_url: WebUrl | None = None
    """Where its readers find the file or folder on the web; relative links need it."""
    variables: Mapping[str, Text] = Field(default_factory=dict)
    """Template variables and what to put in their place, such as site.baseurl."""
    include: Annotated[tuple[str, ...], BeforeValidator(as_list)] = ()
    """Which files of a folder to read, such as *.md or it/**; all where nothing is said."""
    name: str | None = None
    """What to call it in reports."""

    @classmethod
    def _short_form(cls, text: str) -> str | None:
        return "url" if text.lower().startswith(("http://", "https://")) else "path"

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        given = [place for place in (self.url, self.path, self.folder) if place is not None]
        if len(given) != 1:
            raise ValueError("exactly one of `url`, `path` and `folder`")
        return self

    @property
    def label(self) -> str:
        """Return what people call it: its name, else the place as the user gave it."""
        return self.name or str(self.url or self.path or self.folder)


class Network(Section):
    """How Linkwell reaches the internet, and how politely."""

    proxy: ProxyUrl = Field(default=None, repr=False)
    """Short for both of the next two; "none" for no proxy, whatever the environment says."""
    http_proxy: ProxyUrl = Field(default=None, repr=False)
    """The proxy for http:// alone."""
    https_proxy: ProxyUrl = Field(default=None, repr=False)
    """The proxy for https:// alone."""
    no_proxy: tuple[str, ...] = ()
    """Hosts that are asked without the proxy, such as .example.org."""
    ca_file: Place | None = None
    """A file of certificates to trust, in PEM form."""
    allow_private: bool = False
    """Whether links may lead to private addresses, such as 192.168.0.1 or localhost."""
    contact: str | None = Field(default=None, pattern=r"^[ -~]{1,200}$")
    """Whom a webmaster may write to about our visits: an e-mail address or a URL."""
    per_host: int = Field(default=4, ge=1, le=64, strict=True)
    """How many requests to one host at the same time."""
    starts_per_second: float = Field(default=20, gt=0, le=1000, strict=True)
    """How many requests to one host a second."""
    connect_timeout: Annotated[Duration, Field(gt=timedelta(0))] = timedelta(seconds=10)
    """How long to wait for a connection."""
    read_timeout: Annotated[Duration, Field(gt=timedelta(0))] = timedelta(seconds=20)
    """How long to wait for an answer."""
    link_budget: Annotated[Duration, Field(gt=timedelta(0))] = timedelta(seconds=60)
    """How long one link may take, all attempts together."""
    attempts: int = Field(default=3, ge=1, le=10, strict=True)
    """How often to ask where the trouble may be passing."""
    longest_wait: Duration = timedelta(seconds=30)
    """The longest wait that a server may ask of us (Retry-After)."""
    redirects: int = Field(default=10, ge=0, le=50, strict=True)
    """How many redirects to follow."""

    @field_validator("no_proxy", mode="before")
    @classmethod
    def _listed(cls, given: Any) -> Any:
        return given.replace(",", " ").split() if isinstance(given, str) else given


class Limits(Section):
    """How much a run may take on."""

    pages: int = Field(default=1_000, ge=1, strict=True)
    """How many pages to read of one source."""
    links: int = Field(default=50_000, ge=1, strict=True)
    """How many links to check in all."""
    page_bytes: Annotated[Size, Field(ge=1_000, le=100_000_000)] = 10_000_000
    """How much of one page to read; what comes after is left out, and the report says so."""
    fresh_for: Duration = timedelta(0)
    """How long a verdict is taken for fresh, such as 6h; what is fresh is not asked again."""
    run_budget: Annotated[Duration, Field(gt=timedelta(0))] | None = None
    """How long a run may take; then it ends early, and what it had finished counts."""


class Headers(Section):
    """What to send to one site: headers, a password, a token."""

    origin: Origin
    """The site, without a path: https://example.org."""
    headers: Mapping[HeaderName, HeaderText] = Field(default_factory=dict)
    """Headers by name; a secret in them is written ${NAME}."""
    basic: Name | None = None
    """The name of a credential that holds user:password."""
    bearer: Name | None = None
    """The name of a credential that holds a token."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.headers and not self.basic and not self.bearer:
            raise ValueError("at least one of `headers`, `basic` and `bearer`")
        if self.basic and self.bearer:
            raise ValueError("one of `basic` and `bearer`, not both")
        return self

    @field_validator("headers", mode="before")
    @classmethod
    def _no_literal_secrets(cls, given: Any) -> Any:
        for name, value in given.items() if isinstance(given, dict) else ():
            if str(name).lower() in SECRET_HEADERS and "${" not in str(value):
                raise ValueError(
                    f"a variable such as ${{NAME}} in the header {str(name).lower()}:"
                    " a secret does not belong in a file"
                )
        return given


SECRET_HEADERS = frozenset(
    {"authorization", "cookie", "proxy-authorization", "x-api-key", "private-token"}
)
"""Headers whose values are always secrets."""


class Store(Section):
    """Where history is kept: one of the two."""

    nulls = frozenset({"keep", "keep_evidence"})

    path: Place = Path(".linkwell/history.sqlite3")
    """A SQLite file."""
    url: DatabaseUrl = Field(default=None, repr=False)
    """A database by its URL, such as postgresql+psycopg://user:${PASSWORD}@host/name."""
    keep: Annotated[Duration, Field(ge=timedelta(days=1))] | None = timedelta(days=90)
    """How long to keep each single look at a link, such as 366d; null for ever. What its days came
    to, how links fared, and incidents are kept for ever."""
    keep_evidence: Annotated[Duration, Field(ge=timedelta(days=1))] | None = timedelta(days=30)
    """How long to keep what services answered word by word; null as long as the looks. That of
    each link's latest verdict is kept in any case."""

    @classmethod
    def _short_form(cls, text: str) -> str | None:
        return "url" if "://" in text else "path"

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.url is not None and "path" in self.model_fields_set:
            raise ValueError("one of `path` and `url`, not both")
        return self


class Report(Section):
    """Where reports go, and in which forms."""

    directory: Place = Path("reports")
    """The folder; every run gets one of its own in it."""
    formats: Annotated[tuple[Format, ...], BeforeValidator(as_list), Field(min_length=1)] = (
        "html",
        "md",
        "json",
        "atom",
        "badge",
    )
    """Which files to write; atom is feed.xml, badge is badge.json for shields.io and badge.svg;
    junit, sarif and code-quality are for CI (junit.xml, results.sarif, code-quality.json)."""


class Ignore(Section):
    """Links that are not to be checked: those that fit all of what is given."""

    url: Pattern | None = None
    """A pattern of addresses: * stands for anything; re: begins a regular expression."""
    provider: str | None = None
    """A provider by name, such as youtube or google_drive."""
    page: Pattern | None = None
    """A pattern of the page's name, as the report shows it."""
    element: str | None = None
    """The HTML element that holds the link, such as img."""
    reason: str | None = None
    """Why; the report shows it."""
    until: Day | None = None
    """The last day that this counts, such as 2027-01-31."""

    @classmethod
    def _short_form(cls, text: str) -> str | None:  # noqa: ARG003 - the same for every text
        return "url"

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not (self.url or self.provider or self.page or self.element):
            raise ValueError("at least one of `url`, `provider`, `page` and `element`")
        return self

    def rule(self) -> IgnoreRule:
        """Return it as the rule that decides."""
        return IgnoreRule(**dict(self))


class Accept(Section):
    """HTTP statuses to take for good, where the address fits the pattern."""

    url: Pattern
    """A pattern of addresses: * stands for anything; re: begins a regular expression."""
    statuses: Statuses
    """HTTP statuses, such as [403, 5xx]."""
    reason: str | None = None
    """Why; the report shows it."""
    until: Day | None = None
    """The last day that this counts, such as 2027-01-31."""

    def rule(self) -> AcceptRule:
        """Return it as the rule that decides."""
        return AcceptRule(**dict(self))


class SentinelEntry(Section):
    """A well-known address with its whole answer, by which we know that the network is there."""

    url: WebUrl
    """The address."""
    status: int = Field(default=200, ge=100, le=599, strict=True)
    """The HTTP status that it answers with."""
    body: str = ""
    """The whole text that it answers with, without white space around it."""
