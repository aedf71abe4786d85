"""The closed list of reasons, and for each what a reader needs to know.

A reason exists only if the reader would act differently. Its status says what to tell the
user now, its grade how much the evidence counts over time; both hang on the reason, so
that they cannot disagree with it. Reports and documentation take their texts from here.
"""

from monitor.core.explanation import Explanation, Grade, Status, broken, ok, unknown, warning
from monitor.core.reason import Reason

__all__ = ["EXPLANATIONS", "Explanation", "Grade", "Reason", "Status", "explain"]


def explain(reason: Reason) -> Explanation:
    """Return the explanation of a reason; every reason has one."""
    return EXPLANATIONS[reason]


EXPLANATIONS: dict[Reason, Explanation] = {
    Reason.ALIVE: ok(
        "Works",
        "The resource answered as it should.",
        "Readers reach what the link promises.",
        "Nothing.",
    ),
    Reason.UPCOMING: ok(
        "Not yet started",
        "The video is a premiere or live stream that has not started.",
        "Readers see a waiting page until it starts.",
        "Nothing; it is checked again after the start.",
    ),
    Reason.LEADS_ON: ok(
        "Leads on",
        "The link passes its readers on to another resource.",
        "It is as healthy as what stands at the end.",
        "Nothing.",
    ),
    Reason.MOVED: warning(
        "Moved",
        "The address redirects for good to a new one.",
        "Redirects are dropped sooner or later, and then the link breaks.",
        "Put the new address on the page.",
    ),
    Reason.RENAMED: warning(
        "Renamed",
        "The repository now has another name or owner, and the old one redirects.",
        "The redirect ends as soon as somebody takes the old name.",
        "Put the new address on the page.",
    ),
    Reason.ARCHIVED: warning(
        "Archived",
        "The repository is read-only: its owner has stopped maintaining it.",
        "It still serves its readers, but nobody will repair it.",
        "Keep the link, or look for a maintained successor.",
    ),
    Reason.EMBED_FORBIDDEN: warning(
        "Embedding forbidden",
        "The owner forbids the video to be played on other sites.",
        "Readers of your page see an error in the player's place.",
        "Link to the video instead of embedding it.",
    ),
    Reason.AGE_RESTRICTED: warning(
        "Age-restricted",
        "The video can be watched only after signing in as an adult.",
        "Readers without an account cannot see it.",
        "Ask the owner to lift the restriction, or offer another copy.",
    ),
    Reason.REGION_RESTRICTED: warning(
        "Not in every country",
        "The owner keeps the video from some countries, maybe from that of this checker.",
        "Readers there cannot see it; others can.",
        "Offer another copy if your readers live there.",
    ),
    Reason.DOWNLOAD_QUOTA: warning(
        "Download quota exceeded",
        "The file exists, but too many people downloaded it recently.",
        "Readers may have to wait up to a day.",
        "Offer a second copy if this happens often.",
    ),
    Reason.INTERSTITIAL: warning(
        "Page in between",
        "The short link shows a page of its own before it passes readers on.",
        "Readers see advertising or a warning before your resource.",
        "Put the target's own address on the page.",
    ),
    Reason.DOWNLOAD_FORBIDDEN: warning(
        "Download not allowed",
        "The file can be looked at, but its owner does not let readers download it.",
        "Readers who follow the link to the download see an error.",
        "Link to the page that shows the file, or ask the owner to allow downloads.",
    ),
    Reason.TRASHED: warning(
        "In the trash",
        "The file is in its owner's trash, which still lets readers see it.",
        "Google deletes what is in the trash after 30 days, and then the link breaks.",
        "Ask the owner to restore it, or remove the link.",
    ),
    Reason.EMPTY: warning(
        "Empty",
        "The folder or playlist is there, but holds nothing that readers can open.",
        "Readers do not find what the link promises.",
        "Ask the owner where it all went, or remove the link.",
    ),
    Reason.CLOSED: warning(
        "Form closed",
        "The form is there, but takes no more answers.",
        "Readers cannot fill it in.",
        "Open the form again, or remove the link.",
    ),
    Reason.PART_MISSING: warning(
        "Place not found",
        "The target is there, but not the heading, line or second that the link names.",
        "Readers land in the wrong place.",
        "Correct the part of the address after the # or t=.",
    ),
    Reason.CHANGED: warning(
        "Changed",
        "It works, but it was renamed, or there is a new edition of it.",
        "It may not be any more what you wrote about.",
        "Look at it; if it is right, accept it with `linkwell accept`.",
    ),
    Reason.NOT_FOUND: broken(
        "Not found",
        "The server says that nothing is at this address (404).",
        "Readers see an error page.",
        "Correct the address, or remove the link.",
    ),
    Reason.GONE: broken(
        "Gone",
        "The server says that the page was removed for good (410).",
        "Readers see an error page.",
        "Link to a successor or an archived copy.",
    ),
    Reason.LEGAL_BLOCK: broken(
        "Blocked for legal reasons",
        "The service withholds the resource after a legal demand (451).",
        "Nobody can reach it.",
        "Link to another source.",
    ),
    Reason.NO_SUCH_HOST: broken(
        "No such site",
        "The site's name does not exist (any more).",
        "Readers see their browser's error page.",
        "Correct the name, or link to an archived copy.",
    ),
    Reason.DELETED: broken(
        "Deleted",
        "The service says that the resource does not exist or was deleted.",
        "Readers see a notice instead of the content.",
        "Ask the owner for a new copy, or remove the link.",
    ),
    Reason.PRIVATE: broken(
        "Private",
        "The owner has made it private.",
        "Readers are refused, even with an account.",
        "Ask the owner to publish it, at least unlisted.",
    ),
    Reason.NOT_SHARED: broken(
        "Not shared",
        "A reader who is not signed in is asked to log in or to request access.",
        "Most readers cannot open it.",
        "Ask the owner to share it with anyone who has the link.",
    ),
    Reason.PAYWALLED: broken(
        "For paying members only",
        "Only paying members or buyers can see it.",
        "Other readers are refused.",
        "Offer a free copy, or say beside the link that it costs.",
    ),
    Reason.TAKEN_DOWN: broken(
        "Taken down",
        "The service removed it for breaking its rules or somebody's copyright.",
        "Nobody can reach it.",
        "Link to another source.",
    ),
    Reason.UNSAFE: broken(
        "Flagged as unsafe",
        "The service warns that the target is harmful.",
        "Your readers are sent to it from your page.",
        "Look at the target with care, and remove the link.",
    ),
    Reason.PATH_GONE: broken(
        "File gone from the repository",
        "The repository and its branch are there, but not this path.",
        "Readers see an error page.",
        "Put the file's new path on the page.",
    ),
    Reason.BRANCH_GONE: broken(
        "Branch gone",
        "The repository is there, but not this branch or tag.",
        "Readers see an error page.",
        "Use the default branch, or a tag that exists.",
    ),
    Reason.RETARGETED: broken(
        "Leads elsewhere now",
        "The short link works, but it now ends at another site than the one you accepted.",
        "Whoever took it over sends your readers where they like.",
        "Look where it leads; if that is right, accept it with `linkwell accept`, else remove it.",
    ),
    Reason.REPLACED: broken(
        "Another thing in its place",
        "The address works, but what stands there now is not what you accepted.",
        "Readers get something other than the link promises.",
        "Look at it; if it is right, accept it with `linkwell accept`, else correct the link.",
    ),
    Reason.REDIRECT_LOOP: broken(
        "Redirects in a circle",
        "The address redirects to itself, or more often than browsers follow.",
        "Browsers give up with an error.",
        "Correct the address, or tell the site's owner.",
    ),
    Reason.BAD_REDIRECT: broken(
        "Redirects to nowhere",
        "The address redirects, but not to a usable address.",
        "Browsers stop with an error.",
        "Correct the address, or tell the site's owner.",
    ),
    Reason.MALFORMED_URL: broken(
        "Not a valid address",
        "What stands in the page cannot be read as an address.",
        "Browsers do not know where to go.",
        "Correct the address as written.",
    ),
    Reason.TLS_INVALID: broken(
        "Certificate not valid",
        "The site's certificate is expired, or for another name, or from nobody known.",
        "Browsers warn readers away.",
        "Tell the site's owner.",
        grade=Grade.SOFT,
    ),
    Reason.SOFT_NOT_FOUND: broken(
        "Error page in disguise",
        "The server answers with an error page but calls it a success.",
        "Readers see an error page.",
        "Correct the address, or remove the link.",
        grade=Grade.SOFT,
    ),
    Reason.NOT_ANSWERING: unknown(
        "Not answering now",
        Grade.SOFT,
        "The server did not answer, several times within this run.",
        "It may be a passing trouble, or the end of the site.",
        "Wait for the next checks.",
    ),
    Reason.SERVER_ERROR: unknown(
        "Server in trouble",
        Grade.SOFT,
        "The server answered that it has an error of its own (5xx).",
        "It is mostly a passing trouble.",
        "Wait for the next checks.",
    ),
    Reason.BLOCKED: unknown(
        "Refuses robots",
        Grade.BLOCKED,
        "The site turns away automatic checks.",
        "It says nothing about readers with a browser.",
        "Open the link yourself once; add it to `ignore:` if it works.",
    ),
    Reason.RATE_LIMITED: unknown(
        "Asked too often",
        Grade.BLOCKED,
        "The service asks automatic clients to come back later.",
        "It says nothing about readers.",
        "Nothing; it is asked again later. A token often lifts the limit.",
    ),
    Reason.LOGIN_REQUIRED: unknown(
        "Behind a login",
        Grade.BLOCKED,
        "The address asks visitors to log in.",
        "Linkwell cannot see what your readers with an account see.",
        "Check it by hand, or give Linkwell an account in `credentials:`.",
    ),
    Reason.OWN_NETWORK: unknown(
        "Our network was down",
        Grade.OWN,
        "This checker could not reach the internet.",
        "It says nothing about the link.",
        "See to the checker's network.",
    ),
    Reason.OWN_CREDENTIAL: unknown(
        "Our key was refused",
        Grade.OWN,
        "The service refused the key or token that Linkwell was given.",
        "It says nothing about the link.",
        "Renew the credential named in the configuration.",
    ),
    Reason.OWN_QUOTA: unknown(
        "Our quota is spent",
        Grade.OWN,
        "The service's allowance for this checker is used up for now.",
        "It says nothing about the link.",
        "Nothing; it is asked again when the allowance is whole. A token often raises it.",
    ),
    Reason.PRIVATE_ADDRESS: unknown(
        "Private address, not asked",
        Grade.NONE,
        "The address leads into a private network, where Linkwell does not go by itself.",
        "Readers outside that network cannot open it.",
        "Remove it from a public page, or set `network.allow_private`.",
    ),
    Reason.UNEXPECTED_ANSWER: unknown(
        "Cannot tell",
        Grade.NONE,
        "The service gave an answer that Linkwell cannot read.",
        "It may be fine or not.",
        "Open the link yourself; report it to Linkwell if it stays so.",
    ),
    Reason.NOT_ASKED: unknown(
        "Not asked",
        Grade.NONE,
        "The run ended, gave up on a silent host, or was told not to ask, before this was checked.",
        "It says nothing about the link.",
        "Run the check again.",
    ),
}
