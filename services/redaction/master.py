"""Master keys that this process holds, out of the environment or a file: the newest wraps, and the
former ones still open what they wrapped."""

import base64
import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.redaction.cipher import KEY_BYTES, Unreadable, subkey

_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A data key as it is stored, and which master key wrapped it."""

    key_id: str
    data: bytes


class Wrapper(Protocol):
    """Wraps data keys, as a key management service does: the master key never leaves it.

    `unwrap` raises Unreadable under another master key or context, and both Transient where the
    keys cannot be reached.
    """

    def wrap(self, key: bytes, context: str) -> Wrapped: ...

    def unwrap(self, wrapped: Wrapped, context: str) -> bytes: ...


class MasterKey:
    """One master key."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the master key has to have {KEY_BYTES} bytes")
        self._aead = AESGCM(subkey(key, "wrap"))
        self.key_id = hashlib.sha256(subkey(key, "key id")).hexdigest()[:16]

    def wrap(self, key: bytes, context: str) -> Wrapped:
        nonce = os.urandom(_NONCE_BYTES)
        return Wrapped(self.key_id, nonce + self._aead.encrypt(nonce, key, context.encode()))

    def unwrap(self, wrapped: Wrapped, context: str) -> bytes:
        nonce, ciphertext = wrapped.data[:_NONCE_BYTES], wrapped.data[_NONCE_BYTES:]
        try:
            return self._aead.decrypt(nonce, ciphertext, context.encode())
        except (InvalidTag, ValueError) as error:
            raise Unreadable from error


class MasterKeys:
    """The newest master key and those before it. What it does not know, it reads anew: a rotation
    needs no restart where the keys are in a file."""

    def __init__(self, read: Callable[[], Sequence[MasterKey]]) -> None:
        self._read = read
        self._keys = tuple(read())

    @property
    def key_id(self) -> str:
        """The newest key's."""
        return self._keys[0].key_id

    def wrap(self, key: bytes, context: str) -> Wrapped:
        # Once for each new customer: never under a key that a rotation has left behind.
        self._keys = tuple(self._read())
        return self._keys[0].wrap(key, context)

    def unwrap(self, wrapped: Wrapped, context: str) -> bytes:
        if wrapped.key_id not in (key.key_id for key in self._keys):
            self._keys = tuple(self._read())
        for key in self._keys:
            if key.key_id == wrapped.key_id:
                return key.unwrap(wrapped, context)
        raise Unreadable


def master_keys(encoded: str, former: Sequence[str], file: Path | None) -> MasterKeys:
    """Keys in base64 (the newest, and those before it), or out of a file: one on each line, the
    newest first. The file is made on first use, readable by its owner.

    ValueError when one is no base64 of 32 bytes, or when neither is given.
    """
    if encoded:
        given = [MasterKey(_decoded(each)) for each in (encoded, *former)]
        return MasterKeys(lambda: given)
    if file is None:
        raise ValueError(
            "set RAPPORT_REDACTION_MASTER_KEY (base64 of 32 bytes) or "
            "RAPPORT_REDACTION_MASTER_KEY_FILE"
        )
    _make_once(file)
    return MasterKeys(lambda: read_keys(file))


def read_keys(file: Path) -> list[MasterKey]:
    """The keys of a file, the newest first."""
    return [MasterKey(_decoded(line)) for line in _lines(file)]


def add_key(file: Path, keep: Callable[[str], bool]) -> MasterKey:
    """Puts a new key before those of the file, in one step; of these, those stay that `keep` wants
    by their id."""
    made = os.urandom(KEY_BYTES)
    former = [line for line in _lines(file) if keep(MasterKey(_decoded(line)).key_id)]
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        _write(draft, [base64.b64encode(made).decode(), *former])
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return MasterKey(made)


def _make_once(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        # Written elsewhere and linked: two starts at once end up with one and the same key.
        _write(draft, [base64.b64encode(os.urandom(KEY_BYTES)).decode()])
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)


def _write(file: Path, lines: Sequence[str]) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.writelines(f"{line}\n" for line in lines)
        stream.flush()
        os.fsync(stream.fileno())


def _lines(file: Path) -> list[str]:
    if file.stat().st_mode & 0o077:
        raise ValueError(f"{file.name} must be readable by its owner alone (chmod 600)")
    lines = file.read_text(encoding="ascii").split()
    if not lines:
        raise ValueError(f"{file.name} holds no key")
    return lines


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise ValueError("the master key is not base64") from error
