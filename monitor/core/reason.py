"""The closed list of reasons; `monitor.core.reasons` explains each."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a verdict is what it is."""

    ALIVE = "alive"
    UPCOMING = "upcoming"
    LEADS_ON = "leads-on"

    MOVED = "moved"
    RENAMED = "renamed"
    ARCHIVED = "archived"
    EMBED_FORBIDDEN = "embed-forbidden"
    AGE_RESTRICTED = "age-restricted"
    REGION_RESTRICTED = "region-restricted"
    DOWNLOAD_QUOTA = "download-quota"
    INTERSTITIAL = "interstitial"
    DOWNLOAD_FORBIDDEN = "download-forbidden"
    TRASHED = "trashed"
    EMPTY = "empty"
    CLOSED = "closed"
    PART_MISSING = "part-missing"
    CHANGED = "changed"

    NOT_FOUND = "not-found"
    GONE = "gone"
    LEGAL_BLOCK = "legal-block"
    NO_SUCH_HOST = "no-such-host"
    DELETED = "deleted"
    PRIVATE = "private"
    NOT_SHARED = "not-shared"
    PAYWALLED = "paywalled"
    TAKEN_DOWN = "taken-down"
    UNSAFE = "unsafe"
    PATH_GONE = "path-gone"
    BRANCH_GONE = "branch-gone"
    RETARGETED = "retargeted"
    REPLACED = "replaced"
    REDIRECT_LOOP = "redirect-loop"
    BAD_REDIRECT = "bad-redirect"
    MALFORMED_URL = "malformed-url"

    TLS_INVALID = "tls-invalid"
    SOFT_NOT_FOUND = "soft-not-found"

    NOT_ANSWERING = "not-answering"
    SERVER_ERROR = "server-error"

    BLOCKED = "blocked"
    RATE_LIMITED = "rate-limited"
    LOGIN_REQUIRED = "login-required"

    OWN_NETWORK = "own-network"
    OWN_CREDENTIAL = "own-credential"
    OWN_QUOTA = "own-quota"
    PRIVATE_ADDRESS = "private-address"

    UNEXPECTED_ANSWER = "unexpected-answer"
    NOT_ASKED = "not-asked"
