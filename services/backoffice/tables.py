"""The back office's tables; migrations/versions create them, a test keeps the two equal."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from services.backoffice.records import (
    Appointment,
    Area,
    Bag,
    Bill,
    Booking,
    Card,
    Claim,
    Customer,
    Order,
    Outage,
    PasswordReset,
    Record,
    Refund,
)
from services.common.database import schema

METADATA = schema("backoffice")


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False)


def _cents(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def _day(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Date, nullable=nullable)


def _time(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _table(name: str, *columns: sa.Column[Any], indexed: str = "") -> sa.Table:
    """A table of one kind of record: a tenant's records by number."""
    index = [sa.Index(f"ix_{name}_{indexed}", "tenant", indexed)] if indexed else []
    return sa.Table(
        name,
        METADATA,
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("number", sa.Text, primary_key=True),
        *columns,
        *index,
    )


def _owned(name: str, *columns: sa.Column[Any]) -> sa.Table:
    return _table(name, _text("customer_id"), *columns, indexed="customer_id")


CUSTOMERS = _table(
    "customers", _text("industry"), _text("area"), _text("address"), _text("address_changed_by")
)
ORDERS = _owned(
    "orders",
    _text("industry"),
    _text("item"),
    _text("status"),
    _cents("total_cents"),
    _day("ordered_on", nullable=False),
    _day("expected_on"),
    _day("delivered_on"),
    _day("return_by"),
    _text("carrier"),
    _text("tracking_number"),
    _text("left_at"),
    _text("reason"),
    _text("address"),
    _text("address_changed_by"),
)
REFUNDS = _owned(
    "refunds",
    _text("for_number"),
    _cents("amount_cents"),
    _text("status"),
    _text("paid_to"),
    _day("sent_on"),
    _day("expected_on"),
    _text("reason"),
)
sa.Index("ix_refunds_for_number", REFUNDS.c.tenant, REFUNDS.c.for_number)
BILLS = _owned(
    "bills",
    _text("industry"),
    _text("period"),
    _cents("amount_cents"),
    sa.Column("lines", JSONB, nullable=False),
    _text("status"),
    _day("due_on", nullable=False),
    _cents("previous_cents", nullable=True),
    _text("why"),
    sa.Column("plan_months", sa.Integer, nullable=False),
    _day("plan_first_due"),
)
CARDS = _owned("cards", _text("kind"), _text("status"), _day("blocked_on"), _day("replacement_on"))
AREAS = _table("areas", _text("name"))
OUTAGES = _table(
    "outages",
    _text("area"),
    _text("industry"),
    _text("service"),
    _text("status"),
    _text("cause"),
    _time("since", nullable=False),
    _time("expected_back"),
    _text("advice"),
    indexed="area",
)
APPOINTMENTS = _owned(
    "appointments",
    _text("industry"),
    _text("what"),
    _text("status"),
    _time("starts_at", nullable=False),
    _text("place"),
    _text("preparation"),
    _time("next_free_at"),
)
CLAIMS = _owned(
    "claims",
    _text("industry"),
    _text("what"),
    _text("status"),
    _text("next_step"),
    _cents("amount_cents", nullable=True),
    _day("paid_on"),
    _day("decision_on"),
    _text("reason"),
)
BAGS = _owned("bags", _text("status"), _text("seen_at"), _text("next_step"), _day("delivery_on"))
BOOKINGS = _owned(
    "bookings",
    _text("industry"),
    _text("what"),
    _text("status"),
    _time("starts_at", nullable=False),
    _time("started_before_the_change"),
    _day("ends_on"),
    _text("place"),
    _text("includes"),
    _cents("refund_if_cancelled_cents", nullable=True),
    _text("note"),
)
PASSWORD_RESETS = _owned("password_resets", _text("sent_to"), _time("requested_at", nullable=False))
TABLES: dict[type[Record], sa.Table] = {
    Customer: CUSTOMERS,
    Order: ORDERS,
    Refund: REFUNDS,
    Bill: BILLS,
    Card: CARDS,
    Area: AREAS,
    Outage: OUTAGES,
    Appointment: APPOINTMENTS,
    Claim: CLAIMS,
    Bag: BAGS,
    Booking: BOOKINGS,
    PasswordReset: PASSWORD_RESETS,
}

# The first result of every idempotency key; empty while the first run is under way.
RESULTS = sa.Table(
    "results",
    METADATA,
    sa.Column("tenant", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text),
    sa.Column("facts", JSONB),
    sa.Column("detail", sa.Text),
    sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("customer_id", sa.Text, nullable=False, server_default=""),
    sa.Index("ix_results_run_at", "run_at"),
    sa.Index("ix_results_customer_id", "tenant", "customer_id"),
)

# The day for which the demo data was made.
DEMO_LOADS = sa.Table(
    "demo_loads",
    METADATA,
    sa.Column("tenant", sa.Text, primary_key=True),
    sa.Column("made_for", sa.Date, nullable=False),
)
