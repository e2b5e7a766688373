"""What redaction finds: typed spans of one text, in code points."""

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The types of personal data; names as in the contract's `EntityType`."""

    PERSON = "PERSON"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    SSN = "SSN"
    CREDIT_CARD = "CREDIT_CARD"
    CVV = "CVV"
    CARD_EXPIRY = "CARD_EXPIRY"
    BANK_ACCOUNT = "BANK_ACCOUNT"
    ROUTING_NUMBER = "ROUTING_NUMBER"
    ADDRESS = "ADDRESS"
    DATE_OF_BIRTH = "DATE_OF_BIRTH"
    DRIVER_LICENSE = "DRIVER_LICENSE"
    PASSPORT = "PASSPORT"
    IP_ADDRESS = "IP_ADDRESS"
    PASSWORD = "PASSWORD"  # noqa: S105 - the name of a type
    MEDICAL_RECORD = "MEDICAL_RECORD"
    HEALTH_PLAN_ID = "HEALTH_PLAN_ID"
    VEHICLE_ID = "VEHICLE_ID"
    USERNAME = "USERNAME"


class Author(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    BOT = "bot"


@dataclass(frozen=True, slots=True)
class Found:
    """One value: half-open code points of the text, what it is, and how sure (0 to 1)."""

    start: int
    end: int
    kind: Kind
    sure: float


# How sure a finding is, by what speaks for it. Overlaps are settled by these, then by length.
CHECKED = 0.95  # its own check digit or unmistakable form, or a label right before it
ASKED = 0.9  # the other side asked for it
LABELLED = 0.85  # a label nearby governs it
SHAPED = 0.7  # its form alone
GUESSED = 0.5  # a bare form with little else


def settle(found: list[Found]) -> list[Found]:
    """The surest of overlapping findings (the longer when equally sure), in order of place."""
    kept: list[Found] = []  # in order of place, none overlapping
    starts: list[int] = []
    for each in sorted(found, key=lambda f: (-f.sure, f.start - f.end, f.start)):
        at = bisect_right(starts, each.start)
        if at and kept[at - 1].end > each.start:
            continue
        if at < len(kept) and kept[at].start < each.end:
            continue
        kept.insert(at, each)
        starts.insert(at, each.start)
    return kept
