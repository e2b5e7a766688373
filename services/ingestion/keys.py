"""API keys: how they look, what they may do, and what is kept of them.

A key is `rapport_<id>_<secret>`, a public one `rapportpub_<id>_<secret>`. The secret is 32 random
bytes, so a plain SHA-256 of it is as hard to turn around as anything; it is all that is kept.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

SCOPES = {
    "publish": "send events of conversations",
    "feedback": "send feedback",
    "privacy": "have customers erased, and read the receipts",
    "read": "read conversations, redacted or as the customer sees them",
    "reveal": "show an agent the personal data behind a placeholder, audited",
    "subscribe": "manage webhooks",
    "chat": "chat as a customer over the WebSocket",
    "admin": "all of these",
}
_FORM = re.compile(r"(rapport|rapportpub)_([a-z2-7]{12})_([A-Za-z0-9_-]{43})")


class BadKey(ValueError):
    """What was asked for cannot be a key; the message says why."""


@dataclass(frozen=True)
class Presented:
    """A key as somebody shows it."""

    key_id: str
    digest: bytes
    public: bool


@dataclass(frozen=True)
class NewKey:
    """A key that was just made. `text` is shown once and kept nowhere."""

    key_id: str
    text: str
    digest: bytes


def new_key(*, public: bool) -> NewKey:
    """A fresh key."""
    key_id = base64.b32encode(secrets.token_bytes(8)).decode().lower()[:12]
    secret = secrets.token_urlsafe(32)
    prefix = "rapportpub" if public else "rapport"
    return NewKey(key_id, f"{prefix}_{key_id}_{secret}", _digest(secret))


def read_key(text: str) -> Presented | None:
    """The key in `text`; None when it has not the form of one."""
    match = _FORM.fullmatch(text)
    if match is None:
        return None
    return Presented(match[2], _digest(match[3]), public=match[1] == "rapportpub")


def same(one: bytes, other: bytes) -> bool:
    """Whether two digests are equal, in a time that tells nothing."""
    return hmac.compare_digest(one, other)


def check_scopes(scopes: Collection[str], *, public: bool, origins: Collection[str]) -> None:
    """BadKey where a key may not have these scopes, or its origins are none."""
    if not scopes:
        raise BadKey("a key needs at least one scope")
    for scope in scopes:
        if scope not in SCOPES:
            raise BadKey(f"no scope is called {scope!r}: there are {', '.join(SCOPES)}")
    if public and set(scopes) != {"chat"}:
        raise BadKey("a public key is seen by everybody: its scope is chat alone")
    if public and not origins:
        raise BadKey("a public key needs the origins of its pages, such as https://shop.example")
    if origins and not public:
        raise BadKey("origins belong to a public key: a page shows its key to everybody")
    for origin in origins:
        parts = urlsplit(origin)
        local = parts.hostname in ("127.0.0.1", "localhost")
        if f"{parts.scheme}://{parts.netloc}" != origin or not (
            parts.scheme == "https" or (parts.scheme == "http" and local)
        ):
            raise BadKey(f"{origin!r} is no origin of the form https://shop.example")


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
