"""Who may do what at the desk, and how passwords are kept. Pure."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

SHORTEST_PASSWORD = 12
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_HASHER = PasswordHasher()
# What a password is compared with where there is no such account: it takes as long.
_NOBODY = _HASHER.hash("nobody has this password")


class Role(StrEnum):
    """What an account is for."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    PRIVACY_OFFICER = "privacy_officer"

    @property
    def title(self) -> str:  # type: ignore[override]  # of a str
        """For people."""
        return self.value.replace("_", " ")


class Act(StrEnum):
    """What needs a permission."""

    ANSWER = "answer customers"
    WATCH_FLOOR = "watch the floor"
    TAKE_OVER = "take over"
    REVEAL = "reveal personal data"
    AUDIT = "see who revealed what"


_MAY: dict[Role, frozenset[Act]] = {
    Role.AGENT: frozenset({Act.ANSWER, Act.REVEAL}),
    Role.SUPERVISOR: frozenset({Act.ANSWER, Act.WATCH_FLOOR, Act.TAKE_OVER, Act.REVEAL}),
    Role.PRIVACY_OFFICER: frozenset({Act.AUDIT}),
}


@dataclass(frozen=True)
class Account:
    """A person at the desk. `name` is also the agent's id."""

    name: str
    role: Role
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    capacity: int = 4
    presence: str = "available"

    def may(self, act: Act) -> bool:
        """Whether this role allows it."""
        return act in _MAY[self.role]


@dataclass(frozen=True)
class Session:
    """Who is signed in, and the token that every change has to carry."""

    account: Account
    csrf: str
    key: str = field(default="", repr=False)


class BadAccount(ValueError):
    """An account that cannot be made, and why."""


def checked(name: str, password: str) -> str:
    """The password's hash; BadAccount where the name or the password will not do."""
    if not _NAME.fullmatch(name):
        raise BadAccount("a name is lower-case letters, digits, '.', '_' and '-', at most 64")
    if len(password) < SHORTEST_PASSWORD:
        raise BadAccount(f"a password has at least {SHORTEST_PASSWORD} characters")
    if len(password) > 1_000:
        raise BadAccount("a password has at most 1,000 characters")
    return hashed(password)


def hashed(password: str) -> str:
    """The password as it is kept: argon2id."""
    return _HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether the password is the one kept; None, for no such account, takes as long to deny."""
    try:
        return _HASHER.verify(kept or _NOBODY, password) and kept is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def pause_after(failures: int) -> float:
    """Seconds in which an account takes no password after so many wrong ones in a row."""
    return 0.0 if failures < 5 else float(min(900, 15 * 2 ** (failures - 5)))
