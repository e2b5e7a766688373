"""Secrets that the door must be able to read again: sealed at rest under one key of its own."""

import base64
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12


class Sealer:
    """AES-GCM; `place` binds what is sealed to the row that it lies in."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the secret key has to have {KEY_BYTES} bytes")
        self._aead = AESGCM(key)

    def seal(self, secret: bytes, place: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, secret, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """ValueError when it was sealed under another key or for another place."""
        try:
            return self._aead.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode())
        except InvalidTag:
            raise ValueError("sealed under another key") from None


def read_sealer(encoded: str, file: Path | None) -> Sealer | None:
    """A sealer by the key in base64, or in a file that is made on first use; None without either.

    ValueError when it is no base64 of 32 bytes, or others may read the file.
    """
    if encoded:
        return Sealer(base64.b64decode(encoded, validate=True))
    if file is None:
        return None
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        # Written elsewhere and linked: two starts at once end up with one and the same key.
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)
    if file.stat().st_mode & 0o077:
        raise ValueError(f"{file.name} must be readable by its owner alone (chmod 600)")
    return Sealer(base64.b64decode(file.read_text(encoding="ascii").strip(), validate=True))
