"""Whether a payload comes from the vendor that it seems to come from.

Twilio signs the address and the form's fields with the account's token, Amazon SNS signs with a
certificate that it publishes, Zendesk shows a key that was agreed on. Raises Rejected.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from cachetools import TTLCache
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import load_pem_x509_certificate

from services.ingestion.access import unauthenticated
from services.ingestion.rejections import Rejected

Fetch = Callable[[str], Awaitable[bytes]]
_SNS_HOST = re.compile(r"sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")
_SNS_FILE = re.compile(r"/SimpleNotificationService-[A-Za-z0-9]+\.pem")
_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
CONFIRMATION = "SubscriptionConfirmation"


def _not_signed() -> Rejected:
    return unauthenticated("the signature does not fit")


def check_twilio(token: str, url: str, fields: Mapping[str, str], signature: str | None) -> None:
    """HMAC-SHA1 of the address as Twilio calls it and of the sorted fields, under the token."""
    signed = url + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    digest = hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()
    if not hmac.compare_digest(base64.b64encode(digest), (signature or "").encode()):
        raise _not_signed()


def check_shared_key(secret: str, shown: str | None) -> None:
    """The key in the header X-API-Key is the one that was agreed on."""
    if not hmac.compare_digest(secret.encode(), (shown or "").encode()):
        raise _not_signed()


class SnsSignatures:
    """Checks messages of one or more SNS topics. `fetch` gets a certificate, over https."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._keys: TTLCache[str, RSAPublicKey] = TTLCache(32, 24 * 3600)

    async def check(self, topic: str, message: Mapping[str, Any]) -> None:
        """Rejected unless Amazon signed it, for this very topic."""
        if message.get("TopicArn") != topic:
            raise _not_signed()
        confirmation = message.get("Type") in (CONFIRMATION, "UnsubscribeConfirmation")
        names = _CONFIRMATION if confirmation else _NOTIFICATION
        signed = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
        version = message.get("SignatureVersion")
        digest = hashes.SHA256() if version == "2" else hashes.SHA1()
        try:
            signature = base64.b64decode(str(message.get("Signature")), validate=True)
            key = await self._key(str(message.get("SigningCertURL")))
            key.verify(signature, signed.encode(), padding.PKCS1v15(), digest)
        except (ValueError, InvalidSignature):
            raise _not_signed() from None

    async def _key(self, url: str) -> RSAPublicKey:
        if not is_amazons(url) or not _SNS_FILE.fullmatch(urlsplit(url).path):
            raise _not_signed()
        if url not in self._keys:
            key = load_pem_x509_certificate(await self._fetch(url)).public_key()
            if not isinstance(key, RSAPublicKey):
                raise _not_signed()
            self._keys[url] = key
        return self._keys[url]


def is_amazons(url: str) -> bool:
    """Whether an address is one of Amazon SNS itself."""
    parts = urlsplit(url)
    return parts.scheme == "https" and _SNS_HOST.fullmatch(parts.netloc) is not None
