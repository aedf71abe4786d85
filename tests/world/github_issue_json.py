"""How GitHub's API writes down people, repositories, issues, labels, comments and events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from tests.world.github_repository import number
from tests.world.github_tracker import ROLES, Comment, Event, Issue, IssueTracker, Label

_REPOSITORY_LINKS = (
    ("archive_url", "/{archive_format}{/ref}"),
    ("assignees_url", "/assignees{/user}"),
    ("blobs_url", "/git/blobs{/sha}"),
    ("branches_url", "/branches{/branch}"),
    ("collaborators_url", "/collaborators{/collaborator}"),
    ("comments_url", "/comments{/number}"),
    ("commits_url", "/commits{/sha}"),
    ("compare_url", "/compare/{base}...{head}"),
    ("contents_url", "/contents/{+path}"),
    ("contributors_url", "/contributors"),
    ("deployments_url", "/deployments"),
    ("downloads_url", "/downloads"),
    ("events_url", "/events"),
    ("forks_url", "/forks"),
    ("git_commits_url", "/git/commits{/sha}"),
    ("git_refs_url", "/git/refs{/sha}"),
    ("git_tags_url", "/git/tags{/sha}"),
    ("hooks_url", "/hooks"),
    ("issue_comment_url", "/issues/comments{/number}"),
    ("issue_events_url", "/issues/events{/number}"),
    ("issues_url", "/issues{/number}"),
    ("keys_url", "/keys{/key_id}"),
    ("labels_url", "/labels{/name}"),
    ("languages_url", "/languages"),
    ("merges_url", "/merges"),
    ("milestones_url", "/milestones{/number}"),
    ("notifications_url", "/notifications{?since,all,participating}"),
    ("pulls_url", "/pulls{/number}"),
    ("releases_url", "/releases{/id}"),
    ("stargazers_url", "/stargazers"),
    ("statuses_url", "/statuses/{sha}"),
    ("subscribers_url", "/subscribers"),
    ("subscription_url", "/subscription"),
    ("tags_url", "/tags"),
    ("teams_url", "/teams"),
    ("trees_url", "/git/trees{/sha}"),
)


def instant(at: datetime) -> str:
    """Return an instant as GitHub writes it, to the second."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def node(kind: str, id_: int) -> str:
    """Return a GraphQL id."""
    return f"{kind}_kw{id_:x}"


@dataclass(frozen=True, slots=True)
class Wording:
    """The JSON of one host: `api` and `site` are the beginnings of its addresses."""

    api: str
    site: str

    def user(self, login: str) -> dict[str, Any]:
        """Return somebody as a "simple user"; a login that ends in [bot] is a bot."""
        at, bot = f"{self.api}/users/{quote(login)}", login.endswith("[bot]")
        page = f"{self.site}/apps/{login.removesuffix('[bot]')}" if bot else f"{self.site}/{login}"
        return {
            "login": login,
            "id": number(login),
            "node_id": node("BOT" if bot else "U", number(login)),
            "avatar_url": f"https://avatars.githubusercontent.com/u/{number(login)}?v=4",
            "gravatar_id": "",
            "url": at,
            "html_url": page,
            "followers_url": f"{at}/followers",
            "following_url": f"{at}/following{{/other_user}}",
            "gists_url": f"{at}/gists{{/gist_id}}",
            "starred_url": f"{at}/starred{{/owner}}{{/repo}}",
            "subscriptions_url": f"{at}/subscriptions",
            "organizations_url": f"{at}/orgs",
            "repos_url": f"{at}/repos",
            "events_url": f"{at}/events{{/privacy}}",
            "received_events_url": f"{at}/received_events",
            "type": "Bot" if bot else "User",
            "user_view_type": "public",
            "site_admin": False,
        }

    def myself(self, login: str) -> dict[str, Any]:
        """Return what a token's owner learns of themself."""
        nothing = dict.fromkeys(("company", "email", "hireable", "bio", "location"))
        counts = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
        since = {"created_at": "2015-03-04T05:06:07Z", "updated_at": "2026-01-02T03:04:05Z"}
        return {**self.user(login), "name": login.title(), "blog": "", **nothing, **counts, **since}

    def permission(self, tracker: IssueTracker, login: str) -> dict[str, Any]:
        """Return somebody's role, beside the older word for it that knows neither of two.

        Source: docs.github.com/rest/collaborators/collaborators.
        """
        role = tracker.role(login)
        older = {"maintain": "write", "triage": "read"}.get(role, role)
        user = {**self.user(login), "permissions": permissions(role), "role_name": role}
        return {"permission": older, "role_name": role, "user": user}

    def repository(self, tracker: IssueTracker, role: str) -> dict[str, Any]:
        """Return a repository whole, with what somebody of a role may do there."""
        at, page = f"{self.api}/repos/{tracker.name}", f"{self.site}/{tracker.name}"
        host = self.site.partition("://")[2]
        since, opened = instant(tracker.created_at), len(tracker.open)
        counts = ("forks", "forks_count", "watchers", "watchers_count", "stargazers_count")
        return {
            "id": tracker.id,
            "node_id": node("R", tracker.id),
            "name": tracker.name.partition("/")[2],
            "full_name": tracker.name,
            "private": tracker.private,
            "owner": self.user(tracker.owner),
            "html_url": page,
            "url": at,
            **{name: f"{at}{rest}" for name, rest in _REPOSITORY_LINKS},
            "clone_url": f"{page}.git",
            "git_url": f"git://{host}/{tracker.name}.git",
            "ssh_url": f"git@{host}:{tracker.name}.git",
            "svn_url": page,
            "description": "Notebooks of a course",
            "homepage": None,
            "language": None,
            "license": None,
            "mirror_url": None,
            "fork": False,
            **dict.fromkeys(counts, 0),
            "network_count": 0,
            "subscribers_count": 1,
            "size": 4096,
            "default_branch": "main",
            "open_issues": opened,
            "open_issues_count": opened,
            "has_issues": tracker.has_issues,
            "has_projects": False,
            "has_wiki": False,
            "has_pages": True,
            "has_discussions": False,
            "archived": tracker.archived,
            "disabled": False,
            "visibility": "private" if tracker.private else "public",
            "created_at": since,
            "updated_at": since,
            "pushed_at": since,
            "permissions": permissions(role),
        }

    def label(self, tracker: IssueTracker, label: Label) -> dict[str, Any]:
        """Return a label."""
        return {
            "id": label.id,
            "node_id": node("LA", label.id),
            "url": f"{self.api}/repos/{tracker.name}/labels/{quote(label.name, safe='')}",
            "name": label.name,
            "color": label.color,
            "default": label.name in {"bug", "question"},
            "description": label.description,
        }

    def issue(self, tracker: IssueTracker, issue: Issue) -> dict[str, Any]:
        """Return an issue as it stands."""
        repository = f"{self.api}/repos/{tracker.name}"
        at = f"{repository}/issues/{issue.number}"
        kind = "pull" if issue.pull_request else "issues"
        people = [self.user(each) for each in issue.assignees]
        return {
            "url": at,
            "repository_url": repository,
            "labels_url": f"{at}/labels{{/name}}",
            "comments_url": f"{at}/comments",
            "events_url": f"{at}/events",
            "timeline_url": f"{at}/timeline",
            "html_url": f"{self.site}/{tracker.name}/{kind}/{issue.number}",
            "id": issue.id,
            "node_id": node("I", issue.id),
            "number": issue.number,
            "title": issue.title,
            "user": self.user(issue.user),
            "labels": [self.label(tracker, tracker.labels[each.lower()]) for each in issue.labels],
            "state": issue.state,
            "state_reason": issue.state_reason,
            "locked": issue.locked,
            "active_lock_reason": None,
            "assignee": people[0] if people else None,
            "assignees": people,
            "milestone": None,
            "comments": len(issue.comments),
            "created_at": instant(issue.created_at),
            "updated_at": instant(issue.updated_at),
            "closed_at": instant(issue.closed_at) if issue.closed_at else None,
            "closed_by": self.user(issue.closed_by) if issue.closed_by else None,
            "author_association": association(tracker, issue.user),
            "performed_via_github_app": None,
            "body": issue.body,
            **(self._pull_request(tracker, issue) if issue.pull_request else {}),
        }

    def comment(self, tracker: IssueTracker, comment: Comment) -> dict[str, Any]:
        """Return a comment."""
        at = f"{self.api}/repos/{tracker.name}/issues"
        page = f"{self.site}/{tracker.name}/issues/{comment.number}"
        return {
            "url": f"{at}/comments/{comment.id}",
            "html_url": f"{page}#issuecomment-{comment.id}",
            "issue_url": f"{at}/{comment.number}",
            "id": comment.id,
            "node_id": node("IC", comment.id),
            "user": self.user(comment.user),
            "created_at": instant(comment.created_at),
            "updated_at": instant(comment.updated_at),
            "body": comment.body,
            "author_association": association(tracker, comment.user),
            "performed_via_github_app": None,
        }

    def event(self, tracker: IssueTracker, event: Event) -> dict[str, Any]:
        """Return what happened to an issue."""
        said: dict[str, Any] = {
            "id": event.id,
            "node_id": node("E", event.id),
            "url": f"{self.api}/repos/{tracker.name}/issues/events/{event.id}",
            "actor": self.user(event.actor),
            "event": event.event,
            "commit_id": None,
            "commit_url": None,
            "created_at": instant(event.at),
            "performed_via_github_app": None,
        }
        if event.label is not None:
            said["label"] = {"name": event.label, "color": event.color}
        if event.rename is not None:
            said["rename"] = {"from": event.rename[0], "to": event.rename[1]}
        if event.assignee is not None:
            said |= {"assignee": self.user(event.assignee), "assigner": self.user(event.actor)}
        if event.event in {"closed", "reopened"}:
            # null for "completed": not documented, from experience with live answers
            told = event.state_reason if event.state_reason != "completed" else None
            said["state_reason"] = told
        if event.event == "locked":
            said["lock_reason"] = None
        return said

    def happened(self, tracker: IssueTracker, event: Event) -> dict[str, Any]:
        """Return what happened to an issue as the timeline shows it."""
        return {k: v for k, v in self.event(tracker, event).items() if k != "assigner"}

    def commented(self, tracker: IssueTracker, comment: Comment) -> dict[str, Any]:
        """Return a comment as the timeline shows it."""
        said = self.comment(tracker, comment)
        return {**said, "event": "commented", "actor": said["user"]}

    def _pull_request(self, tracker: IssueTracker, issue: Issue) -> Mapping[str, Any]:
        page = f"{self.site}/{tracker.name}/pull/{issue.number}"
        about = {
            "url": f"{self.api}/repos/{tracker.name}/pulls/{issue.number}",
            "html_url": page,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "merged_at": None,
        }
        return {"draft": False, "pull_request": about}


def permissions(role: str) -> dict[str, bool]:
    """Return what somebody of a role may do."""
    rank = ROLES.index(role)
    needed = {"admin": "admin", "maintain": "maintain", "push": "write", "triage": "triage"}
    return {**{name: rank >= ROLES.index(each) for name, each in needed.items()}, "pull": rank > 0}


def association(tracker: IssueTracker, login: str) -> str:
    """Return how somebody stands to a repository, by the word that issues carry."""
    if login == tracker.owner:
        return "OWNER"
    return "COLLABORATOR" if tracker.assignable(login) else "NONE"
