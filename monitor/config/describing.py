"""A configuration in words, for `linkwell config check`; secrets are never among them."""

from collections.abc import Iterator
from datetime import date, timedelta

from monitor.config.complaints import without_password
from monitor.config.mutes import weekday_names
from monitor.config.sections import Source
from monitor.config.surroundings import KNOWN_CREDENTIALS
from monitor.config.whole import Config


def describe(config: Config, today: date | None = None) -> tuple[str, ...]:
    """Return what a configuration amounts to, one line a thing.

    With `today`, rules that are over are marked so.
    """
    return (
        *_sources(config),
        *_network(config),
        *_credentials(config),
        f"history: {without_password(config.store.url) if config.store.url else config.store.path}",
        f"reports: {config.report.directory} ({', '.join(config.report.formats)})",
        *_issues(config),
        *_rules(config, today),
        *_mutes(config, today),
        *_states(config),
        *_alerts(config),
        *_schedule(config),
        *_sentinels(config),
    )


def _sources(config: Config) -> Iterator[str]:
    if not config.sources:
        yield "sources: none; name one on the command line, or under `sources:`"
    for source in config.sources:
        yield f"source: {_source(source)}"


def _source(source: Source) -> str:
    place = str(source.url or source.path or source.folder)
    named = source.name and source.name != place
    words = [f"{source.name} ({place})" if named else place]
    if source.base_url:
        words.append(f"read at {source.base_url}")
    words += [f"{name} = {value}" for name, value in source.variables.items()]
    if source.include:
        words.append(f"only {', '.join(source.include)}")
    return ", ".join(words)


def _network(config: Config) -> Iterator[str]:
    network = config.network
    proxies = {
        scheme: without_password(proxy if "://" in proxy else f"http://{proxy}")
        for scheme, proxy in (("http", network.http_proxy), ("https", network.https_proxy))
        if proxy
    }
    for scheme, proxy in proxies.items():
        yield f"proxy for {scheme}: {proxy}"
    if not proxies:
        yield "proxy: none"
    elif network.no_proxy:
        yield f"without proxy: {', '.join(network.no_proxy)}"
    if network.ca_file:
        yield f"certificates: {network.ca_file}"
    if network.allow_private:
        yield "private addresses: allowed"
    yield (
        f"pace: {network.per_host} at once and {network.starts_per_second:g} a second to a host,"
        f" {_seconds(network.link_budget)} a link"
    )


def _credentials(config: Config) -> Iterator[str]:
    for name, secret in config.credentials.items():
        missing = ", ".join(secret.missing)
        yield f"credential {name}: {f'missing, {missing} is not set' if missing else 'there'}"
    for name, variable in KNOWN_CREDENTIALS.items():
        if name not in config.credentials:
            yield f"credential {name}: none; set {variable} to have one"
    for entry in config.headers:
        parts = [
            f"{name} (missing, {', '.join(secret.missing)} is not set)" if secret.missing else name
            for name, secret in entry.headers.items()
        ]
        parts += [f"Authorization from {name}" for name in (entry.basic, entry.bearer) if name]
        yield f"headers for {entry.origin}: {', '.join(parts)}"


def _issues(config: Config) -> Iterator[str]:
    issues = config.issues
    if issues.repository is not None:
        when = "" if issues.enabled else "; only by `linkwell issues sync`"
        yield f"issues: {issues.repository} ({', '.join(issues.mode)}){when}"


def _rules(config: Config, today: date | None) -> Iterator[str]:
    for ignore in config.ignore:
        given = ((n, getattr(ignore, n)) for n in ("url", "provider", "page", "element"))
        what = ", ".join(f"{name} {value}" for name, value in given if value)
        yield f"ignore {what}{_aside(ignore.reason, ignore.until, today)}"
    for accept in config.accept:
        statuses = ", ".join(map(str, _classes(accept.statuses)))
        aside = _aside(accept.reason, accept.until, today)
        yield f"accept {statuses} from {accept.url}{aside}"


def _mutes(config: Config, today: date | None) -> Iterator[str]:
    for entry in config.muted:
        ends = entry.mute().until
        last = (ends - timedelta(microseconds=1)).date() if ends is not None else None
        yield f"mute {entry.what}{_aside(entry.reason, last, today)}"
    for window in config.maintenance:
        edges = [str(edge) for edge in (window.start, window.end) if edge is not None]
        given = [
            " to ".join(edges),
            weekday_names(window.days) if window.days is not None else "",
            "-".join(f"{clock:%H:%M}" for clock in window.hours or ()),
        ]
        where = f" of {', '.join(window.source)}" if window.source else ""
        when = ", ".join(filter(None, given))
        yield f"maintenance{where}: {when} ({window.zone}): {window.reason}"


def _aside(reason: str | None, until: date | None, today: date | None) -> str:
    over = until is not None and today is not None and until < today
    words = f" until {until}{' (over: it no longer counts)' if over else ''}" if until else ""
    return f"{words}{f': {reason}' if reason else ''}"


def _classes(statuses: frozenset[int]) -> Iterator[int | str]:
    """Return statuses in order, a whole hundred as one: 403, 5xx."""
    whole = {n for n in range(1, 6) if statuses.issuperset(range(n * 100, n * 100 + 100))}
    told: set[int] = set()
    for status in sorted(statuses):
        hundred = status // 100
        if hundred not in whole:
            yield status
        elif hundred not in told:
            told.add(hundred)
            yield f"{hundred}xx"


def _states(config: Config) -> Iterator[str]:
    words = config.states.words()
    preset = "" if config.states.preset else "patient"
    yield f"states: {', '.join(filter(None, (preset, words)))}"
    for entry in config.states.overrides:
        given = ((n, getattr(entry, n)) for n in ("source", "provider", "url"))
        what = ", ".join(f"{name} {value}" for name, value in given if value)
        yield f"states of {what}: {entry.words()}"


def _alerts(config: Config) -> Iterator[str]:
    for alert in config.alerts:
        missing = ", ".join(alert.url.missing) if alert.url is not None else ""
        there = f"missing, {missing} is not set" if missing else "there"
        yield f"alert {alert.name}: {f'by {alert.file}' if alert.file is not None else there}"
    if config.heartbeat is not None:
        missing = ", ".join(config.heartbeat.missing)
        yield f"heartbeat: {f'missing, {missing} is not set' if missing else 'there'}"


def _schedule(config: Config) -> Iterator[str]:
    schedule, listen = config.schedule, config.daemon.listen
    if "schedule" in config.model_fields_set:
        yield f"schedule: {schedule.when} ({schedule.zone}), rechecks {schedule.rechecks}"
        for name, when in schedule.sources.items():
            yield f"schedule of {name}: {when} ({schedule.zone})"
    if listen is not None:
        yield f"daemon: listens on {listen[0]}:{listen[1]}"


def _sentinels(config: Config) -> Iterator[str]:
    hosts = ", ".join(sentinel.url for sentinel in config.sentinels)
    yield f"sentinels: {hosts or 'none; a network that is down goes unnoticed'}"


def _seconds(length: timedelta) -> str:
    return f"{length.total_seconds():g} s"
