"""The facts that GitHub's verdicts carry."""

from collections.abc import Mapping

from monitor.core.provider import Fact

FACTS: Mapping[str, Fact] = {
    "repository_id": Fact(
        meaning="The repository's number, which stays when it is renamed or transferred.",
        source="REST repository: id; GraphQL: databaseId",
        identity=True,
    ),
    "full_name": Fact(
        meaning="Owner and name of the repository.",
        source="REST repository: full_name; GraphQL: nameWithOwner",
        identity=True,
    ),
    "default_branch": Fact(
        meaning="The branch that readers see first.",
        source="REST repository: default_branch; GraphQL: defaultBranchRef",
    ),
    "archived": Fact(
        meaning="Whether its owner has made the repository read-only.",
        source="REST repository: archived; GraphQL: isArchived",
    ),
    "pushed_at": Fact(
        meaning="When something was last pushed to the repository.",
        source="REST repository: pushed_at; GraphQL: pushedAt",
        unit="ISO 8601",
    ),
    "license": Fact(
        meaning="The licence that GitHub recognises in the repository, by its SPDX name.",
        source="REST repository: license.spdx_id; GraphQL: licenseInfo.spdxId",
    ),
    "title": Fact(
        meaning="What it is called: a repository's full name, an issue's title, a person's name.",
        source="REST: full_name, title, name; GraphQL: nameWithOwner, title, name",
    ),
    "state": Fact(
        meaning="Whether an issue or pull request is open.",
        source="REST issue: state; GraphQL issueOrPullRequest: state",
    ),
    "size": Fact(
        meaning="How large a file is.",
        source="REST tree: size; GraphQL Blob: byteSize",
        unit="bytes",
    ),
    "lines": Fact(
        meaning="How many lines a file has, where a link names one of them.",
        source="counted: the raw file, or GraphQL Blob: text",
    ),
    "line_digests": Fact(
        meaning="All lines of a file, four characters each, where links name some; at most 1,500.",
        source="SHA-256 of each line of the raw file, or of GraphQL Blob: text",
    ),
    "passages": Fact(
        meaning="The lines that your links name, in the same way, to find them where they move.",
        source="the same",
        kept=True,
    ),
    "anchors_missing": Fact(
        meaning="The files that your links name by #file-… and the gist lacks, with a similar one.",
        source="REST gist: files",
    ),
    "files_missing": Fact(
        meaning="The raw files that your links name and the gist lacks.",
        source="REST gist: files",
    ),
    "removed_by": Fact(
        meaning="The commit that took a path away, where the path is gone.",
        source="REST commits?path=: sha",
    ),
    "removed_at": Fact(
        meaning="When that commit was made.",
        source="REST commits?path=: commit.committer.date",
        unit="ISO 8601",
    ),
    "status": Fact(
        meaning="The status with which the API or the page refused to answer.",
        source="HTTP",
    ),
}
