"""Encryption under one customer's data key: AES-256-GCM with a nonce made from what it encrypts.

A repeated event must give the same bytes, so the nonce is a keyed hash of context and plaintext
(the idea of SIV, RFC 5297): the same nonce comes twice only for the same plaintext in the same
place, which tells nobody more than that it is the same.
"""

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_NONCE_BYTES = 12


class Unreadable(Exception):
    """The bytes were not written with this key for this place, or were changed since."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """Ciphertext with its tag, and the nonce that it was made with."""

    nonce: bytes
    ciphertext: bytes


def subkey(key: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose, derived from `key` by HKDF-SHA256."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"rapport/{purpose}".encode()).derive(key)


class DataKey:
    """The key of one customer: seals, opens, and makes fingerprints."""

    __slots__ = ("_aead", "_fingerprints", "_nonces")

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a data key has {KEY_BYTES} bytes")
        self._aead = AESGCM(subkey(key, "seal"))
        self._nonces = subkey(key, "nonce")
        self._fingerprints = subkey(key, "fingerprint")

    def __repr__(self) -> str:
        return "DataKey(...)"

    def seal(self, plaintext: bytes, place: str) -> Sealed:
        """Encrypts for one place (conversation and placeholder); moved elsewhere it won't open."""
        bound = place.encode()
        digest = hmac.new(self._nonces, digestmod=hashlib.sha256)
        digest.update(len(bound).to_bytes(8, "big") + bound + plaintext)
        nonce = digest.digest()[:_NONCE_BYTES]
        return Sealed(nonce, self._aead.encrypt(nonce, plaintext, bound))

    def open(self, sealed: Sealed, place: str) -> bytes:
        """Decrypts; Unreadable when the key, the place or the bytes are others."""
        try:
            return self._aead.decrypt(sealed.nonce, sealed.ciphertext, place.encode())
        except (InvalidTag, ValueError) as error:
            raise Unreadable from error

    def fingerprint(self, value: str) -> str:
        """A keyed hash by which a value is known again; gone with the key."""
        return hmac.new(self._fingerprints, value.encode(), hashlib.sha256).hexdigest()[:32]
