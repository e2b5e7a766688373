"""What the back office keeps, and what an action may ask of it.

No record holds a name, an e-mail address, a card's digits or a birthday: those are the
enterprise's own, and no action tells them. An address is kept as it was given, which behind
redaction is a placeholder.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, TypeVar


class OrderStatus(StrEnum):
    """Where an order is, in the words that a customer reads."""

    BEING_PREPARED = "being prepared"
    PACKED = "packed"
    SHIPPED = "shipped"
    OUT_FOR_DELIVERY = "out for delivery"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    LOST = "lost in transit"
    RETURN_STARTED = "return started"
    RETURNED = "returned"


class BillStatus(StrEnum):
    OPEN = "open"
    OVERDUE = "overdue"
    PAID = "paid"
    IN_PARTS = "paid in parts"


class CardStatus(StrEnum):
    ACTIVE = "active"
    NOT_ACTIVATED = "not activated"
    BLOCKED = "blocked"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row. `number` is what people call it by: "48213", "CLM-73310"."""

    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer(Record):
    """Someone whom the enterprise knows; `number` is the customer's id."""

    industry: str
    area: str = ""
    address: str = ""
    # The request that changed the address: its conversation's vault can reveal the placeholder.
    address_changed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned(Record):
    """A record that belongs to one customer."""

    customer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Owned):
    industry: str
    item: str
    status: OrderStatus
    total_cents: int
    ordered_on: date
    expected_on: date | None = None
    delivered_on: date | None = None
    return_by: date | None = None
    carrier: str = ""
    tracking_number: str = ""
    left_at: str = ""
    reason: str = ""
    address: str = ""
    address_changed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund(Owned):
    """A refund of an order or of a booking (`for_number`)."""

    for_number: str
    amount_cents: int
    status: str
    paid_to: str
    sent_on: date | None = None
    expected_on: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill(Owned):
    """One bill. `lines` are (what, cents) and sum up to `amount_cents`."""

    industry: str
    period: str
    amount_cents: int
    lines: tuple[tuple[str, int], ...]
    status: BillStatus
    due_on: date
    previous_cents: int | None = None
    why: str = ""
    plan_months: int = 0
    plan_first_due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card(Owned):
    kind: str
    status: CardStatus
    blocked_on: date | None = None
    replacement_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Area(Record):
    """A place that is served. `number` is its key: "maple grove"."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage(Record):
    """An outage of one service in one area (`area` is the area's key)."""

    area: str
    industry: str
    service: str
    status: str
    cause: str
    since: datetime
    expected_back: datetime | None = None
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment(Owned):
    industry: str
    what: str
    status: str
    starts_at: datetime
    place: str
    preparation: str = ""
    next_free_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Owned):
    industry: str
    what: str
    status: str
    next_step: str
    amount_cents: int | None = None
    paid_on: date | None = None
    decision_on: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag(Owned):
    status: str
    seen_at: str
    next_step: str
    delivery_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking(Owned):
    industry: str
    what: str
    status: str
    starts_at: datetime
    started_before_the_change: datetime | None = None
    ends_on: date | None = None
    place: str = ""
    includes: str = ""
    refund_if_cancelled_cents: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordReset(Owned):
    """A link that was asked for. `sent_to` is a placeholder, or words; never an address."""

    sent_to: str
    requested_at: datetime


KINDS: tuple[type[Record], ...] = (
    Customer,
    Order,
    Refund,
    Bill,
    Card,
    Area,
    Outage,
    Appointment,
    Claim,
    Bag,
    Booking,
    PasswordReset,
)
R = TypeVar("R", bound=Record)


class Records(Protocol):
    """The records of one tenant, within one transaction."""

    def find(self, kind: type[R], number: str) -> R | None:
        """The record of that number."""

    def where(self, kind: type[R], **equal: str) -> list[R]:
        """The records whose fields have these values, by number."""

    def put(self, record: Record) -> None:
        """Adds a record, or replaces the one of the same kind and number."""


class Outcome(StrEnum):
    DONE = "done"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    NEEDS_PARAMETER = "needs_parameter"


@dataclass(frozen=True, slots=True)
class Result:
    """What an action came to. `detail` is a code: what is missing, not found, or in the way."""

    outcome: Outcome
    facts: dict[str, str]
    detail: str = ""


KEY_REUSED = Result(Outcome.REFUSED, {}, "idempotency_key_reused")


class Store(Protocol):
    """Keeps the records of all tenants, and the first result of every idempotency key."""

    def run_once(
        self,
        tenant: str,
        key: str,
        fingerprint: str,
        *,
        changes: bool,
        now: datetime,
        work: Callable[[Records], Result],
        customer_id: str = "",
    ) -> Result:
        """Runs `work` in one transaction and keeps its result under `key` in the same one.

        A key that was used before yields the first result and runs nothing; used with another
        `fingerprint` it is KEY_REUSED. Without a key no result is kept. `changes` locks the rows
        that `work` reads; `customer_id` says whose the result is. Raises Transient when the records
        cannot be reached; nothing has been done then.
        """
