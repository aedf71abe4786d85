"""Judging repositories, and the branches, files, folders and pages in them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from monitor.core.json_reading import dig, items_at, number_at, text_at
from monitor.core.model import Json, Suggestion, Verdict
from monitor.core.ports import OURS, Failure
from monitor.core.provider import Ask
from monitor.core.reasons import Reason, Status
from monitor.core.verdicts import of_failure
from monitor.providers import _github_history as history
from monitor.providers import _github_passages as passages
from monitor.providers._github_case import NOT_ASKED, PRIVATE, Case, alive, suggested
from monitor.providers._github_places import Place
from monitor.providers._github_rest import LONGER

_ALWAYS = frozenset(
    {"branches", "commits", "forks", "issues", "pulls", "releases", "stargazers", "tags"}
)
"""Pages that every public repository has, if only to pass on to another of them."""


def judge(case: Case) -> Verdict | Ask:
    """Return the verdict, or what to ask next: GraphQL, what it does not show REST, the page."""
    if case.may_ask("graphql"):
        return Ask("graphql")
    doubtful = dig(case.repository(), "disabled") is True  # REST tells why
    if (not case.knows_repository() or doubtful) and case.may_ask("repository"):
        return Ask("repository")
    asked = "repository" in case.heard or not case.knows_repository()
    wrong = case.by_api("repository") if asked else None
    if wrong is not None and not (case.knows_repository() and wrong.status is Status.UNKNOWN):
        return _not_shown(case, wrong)
    if dig(case.repository(), "private") is True:
        return PRIVATE
    facts = case.repository_facts()
    return case.renamed(_shown(case, facts), text_at(facts, "full_name"))


def _not_shown(case: Case, wrong: Verdict) -> Verdict | Ask:
    if wrong.status is not Status.BROKEN:
        return case.by_page(wrong)
    if wrong.reason is not Reason.DELETED:
        return wrong
    if case.place.is_within:
        return wrong if case.lacks_repository() else case.confirmed_by_home(wrong)
    if case.may_ask("elsewhere"):
        return Ask("elsewhere")
    gone = case.deleted()
    return case.confirmed(gone) if case.place.kind == "page" else case.confirmed_by_home(gone)


def _shown(case: Case, facts: Mapping[str, Json]) -> Verdict | Ask:
    if case.place.is_within:
        return _of_path(case, facts)
    if dig(case.repository(), "disabled") is True:
        return case.by_page(NOT_ASKED)
    if case.place.kind == "page" and case.place.path.partition("?")[0] not in _ALWAYS:
        return case.by_page(NOT_ASKED)
    there = alive({"title": text_at(facts, "full_name"), **facts})
    if facts["archived"] is not True or case.place.kind == "page":
        return there
    detail = "Its owner has archived the repository: it is read-only."
    return replace(there, reason=Reason.ARCHIVED, detail=detail)


# --- files and folders ---


def _of_path(case: Case, facts: Mapping[str, Json]) -> Verdict | Ask:
    """Judge a file or folder: by GraphQL, else by the tree of its branch."""
    parts = _parts_of_ref(case)
    if isinstance(parts, Ask):
        return parts
    if parts == 0:
        return _branch_gone(case)
    top = not case.place.path or case.place.kind == "archive"
    seen = _by_graph(case, parts, "ref" if top else "object")
    if seen is not None:
        return _with_lines(case, {**facts, "size": number_at(seen, "size")}, seen)
    return _by_tree(case, parts, facts)


def _by_tree(case: Case, parts: int, facts: Mapping[str, Json]) -> Verdict | Ask:
    """Judge a file or folder by all paths of its branch; GraphQL did not show it."""
    tree = _tree(parts)
    if case.may_ask(tree):
        return Ask(tree)
    if case.status(tree) == 409:
        return Verdict(reason=Reason.PATH_GONE, detail="The repository is empty.")
    place, whole = case.place.with_longer_ref(parts), case.status(tree) == 200
    entry = case.body(tree, "entry") if whole else None
    if entry:
        return _with_lines(case, {**facts, "size": dig(entry, "size")})
    if whole and not case.body(tree, "truncated"):
        return _surely_gone(case, place, items_at(case.body(tree), "same_name"))
    if _lacks(case, parts, "object"):
        return _surely_gone(case, place)
    return _by_contents(case, tree, facts)


def _parts_of_ref(case: Case) -> int | Ask:
    """Return how many parts of the address the branch's name has; 0 for no such branch."""
    if case.knows_repository() and _by_graph(case, 1, "ref") is not None:
        moved = case.lacks("object") and not _is_default(case)  # it may be on the default branch
        return Ask("elsewhere") if moved and case.may_ask("elsewhere") else 1
    if case.knows_repository() and case.lacks("ref") and _has_default(case):
        if case.may_ask("elsewhere") and case.place.path:
            return Ask("elsewhere")
        if not case.place.path or isinstance(case.body("elsewhere", "found"), Mapping):
            there = (n for n in LONGER if _by_graph(case, n, "ref") is not None)
            return next(there, 0)
    if case.may_ask("tree"):
        return Ask("tree")
    if case.status("tree") not in {404, 422}:  # the latter: no such commit
        return 1
    return _parts_by_rest(case)


def _parts_by_rest(case: Case) -> int | Ask:
    """Return how many parts a name with slashes has, by the names that begin alike."""
    if case.place.path and case.place.kind != "archive" and not case.place.is_permanent:
        for probe in ("refs", "tag_refs"):
            if case.may_ask(probe):
                return Ask(probe)
            parts = number_at(case.body(probe), "parts")
            if parts in LONGER:
                return parts
    return 0


def _by_contents(case: Case, tree: str, facts: Mapping[str, Json]) -> Verdict | Ask:
    """Judge a file or folder by itself, where the branch has more paths than one answer."""
    heard = case.heard.get(tree)
    if heard is not None and isinstance(heard.said, Failure) and heard.said.kind in OURS:
        return case.by_page(of_failure(heard.said))
    if tree != "tree" or case.place.kind == "archive":
        return case.by_page(NOT_ASKED)
    if case.may_ask("item"):
        return Ask("item")
    verdict = case.by_api("item")
    if verdict is None:
        return _with_lines(case, facts)
    if case.status("item") == 404 and case.status("tree") == 200:
        return _surely_gone(case, case.place)
    return case.by_page(verdict)


def _branch_gone(case: Case) -> Verdict | Ask:
    """Judge a branch that the API does not know: the page of a renamed one redirects."""
    page = case.by_page(NOT_ASKED)
    if isinstance(page, Ask) or page.status in {Status.OK, Status.WARNING}:
        return page
    if page.reason is not Reason.NOT_FOUND:  # so the page tells nothing of the branch
        if case.may_ask("branch") and not case.place.is_permanent:
            return Ask("branch")
        now = text_at(case.body("branch"), "name") if case.status("branch") == 200 else None
        if now is None or now == case.place.ref:
            return _without_branch(case) if _is_surely_gone(case) else page
        why = f"The branch “{case.place.ref}” is now called “{now}”."
        instead = suggested(replace(case.place, ref=now), why, 0.9)
        return Verdict(reason=Reason.MOVED, detail=why, instead=instead)
    return _without_branch(case)


def _is_surely_gone(case: Case) -> bool:
    """Return whether the API said that there is no such branch, nor one with slashes, nor tag."""
    asked = ("refs", "tag_refs")
    if case.place.is_permanent:
        return case.status("tree") in {404, 422} or case.lacks("ref")
    longer = not case.place.path or case.place.kind == "archive"
    longer = longer or isinstance(case.body("elsewhere", "found"), Mapping)
    longer = longer or all(case.status(probe) == 200 for probe in asked)
    return longer and case.status("branch") == 404


def _without_branch(case: Case) -> Verdict | Ask:
    """Return that the branch is gone, with the same path on the default branch, if it is there."""
    default = text_at(case.repository(), "default_branch")
    on_default = case.found("head", "elsewhere") is not None
    if default and not on_default and case.may_ask("default_tree"):
        return Ask("default_tree")
    detail = f"It has no branch or tag “{case.place.ref}”."
    if case.place.is_permanent:
        detail = f"It has no commit {case.place.ref[:10]} any more: its history was rewritten."
    gone = Verdict(reason=Reason.BRANCH_GONE, detail=detail)
    if not default or not (on_default or case.body("default_tree", "entry")):
        return gone
    return replace(gone, instead=_on_default(case, default))


def _surely_gone(case: Case, place: Place, alike: Sequence[Json] = ()) -> Verdict | Ask:
    """Return that a path is gone, unless its page is there; git is asked where it may be now.

    Not of a branch whose name holds slashes, which only the judge knows.
    """
    gone = case.confirmed(_path_gone(case, place, alike))
    if isinstance(gone, Ask) or gone.reason is not Reason.PATH_GONE:
        return gone
    return history.judge(case, gone) if gone.instead is None and place == case.place else gone


def _path_gone(case: Case, place: Place, alike: Sequence[Json] = ()) -> Verdict:
    """Return that the path is gone, with where the same path or file name is still there."""
    detail = f"The branch “{place.ref}” has no “{place.path}”."
    gone = Verdict(reason=Reason.PATH_GONE, detail=detail)
    default = text_at(case.repository(), "default_branch")
    on_default = place == case.place and case.found("head", "elsewhere") is not None
    if default and on_default:
        return replace(gone, instead=_on_default(case, default))
    if len(alike) != 1 or not isinstance(alike[0], str):
        return gone
    why = "The only file of this name in the branch."
    return replace(gone, instead=suggested(replace(place, path=alike[0]), why, 0.7))


def _on_default(case: Case, default: str) -> Suggestion:
    why = f"The same path stands on the default branch, {default}."
    # What a permanent address showed may have changed since.
    return suggested(replace(case.place, ref=default), why, 0.6 if case.place.is_permanent else 0.9)


def _with_lines(case: Case, facts: Mapping[str, Json], seen: Json = None) -> Verdict | Ask:
    """Return that a file is there, with what is to be known of its lines where a link names one."""
    if number_at(seen, "lines") is None:
        if "lines" in case.needs and case.may_ask("lines"):
            return Ask("lines")
        seen = case.body("lines")
    of_lines = passages.facts_of(case.needs, dig(seen, "digests"))
    return alive({**facts, "lines": number_at(seen, "lines"), **of_lines})


def _by_graph(case: Case, parts: int, key: str) -> Mapping[str, Json] | None:
    return case.found(key) if parts == 1 else case.found(f"{key}{parts}", "elsewhere")


def _lacks(case: Case, parts: int, key: str) -> bool:
    return case.lacks(key) if parts == 1 else case.lacks(f"{key}{parts}", "elsewhere")


def _has_default(case: Case) -> bool:
    """Return whether the repository has a default branch: an empty one has none."""
    return text_at(case.repository(), "default_branch") is not None


def _is_default(case: Case) -> bool:
    return case.place.ref in {"HEAD", text_at(case.repository(), "default_branch")}


def _tree(parts: int) -> str:
    return "tree" if parts == 1 else f"tree_{parts}"
