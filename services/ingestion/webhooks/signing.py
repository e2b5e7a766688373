"""Signatures of webhooks, as Standard Webhooks has them: HMAC-SHA256 over id, time and body."""

import base64
import hashlib
import hmac
import secrets

PREFIX = "whsec_"


def new_secret() -> bytes:
    """Bytes of a fresh secret."""
    return secrets.token_bytes(32)


def shown(secret: bytes) -> str:
    """The secret as it is given to the receiver."""
    return PREFIX + base64.b64encode(secret).decode()


def headers(secret: bytes, message_id: str, at: int, body: bytes) -> dict[str, str]:
    """`webhook-id`, `webhook-timestamp` and `webhook-signature`; `at` in seconds since the epoch.

    The id is the same for every attempt, so that a receiver can drop what it has.
    """
    signed = f"{message_id}.{at}.".encode() + body
    digest = hmac.new(secret, signed, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }
