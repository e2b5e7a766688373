"""Records of the back office, first results of idempotency keys, and the demo data's day."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None

SCHEMA = "backoffice"


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _days(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Date) for name in names]


def _table(name: str, *columns: sa.Column[Any], indexed: tuple[str, ...] = ()) -> None:
    op.create_table(
        name,
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("number", sa.Text, primary_key=True),
        *columns,
        schema=SCHEMA,
    )
    for column in indexed:
        op.create_index(f"ix_{name}_{column}", name, ["tenant", column], schema=SCHEMA)


def _owned(name: str, *columns: sa.Column[Any]) -> None:
    _table(name, *_texts("customer_id"), *columns, indexed=("customer_id",))


def upgrade() -> None:
    _table("customers", *_texts("industry", "area", "address", "address_changed_by"))
    _owned(
        "orders",
        *_texts("industry", "item", "status"),
        sa.Column("total_cents", sa.BigInteger, nullable=False),
        sa.Column("ordered_on", sa.Date, nullable=False),
        *_days("expected_on", "delivered_on", "return_by"),
        *_texts("carrier", "tracking_number", "left_at", "reason", "address"),
        *_texts("address_changed_by"),
    )
    _owned(
        "refunds",
        *_texts("for_number"),
        sa.Column("amount_cents", sa.BigInteger, nullable=False),
        *_texts("status", "paid_to"),
        *_days("sent_on", "expected_on"),
        *_texts("reason"),
    )
    op.create_index("ix_refunds_for_number", "refunds", ["tenant", "for_number"], schema=SCHEMA)
    _owned(
        "bills",
        *_texts("industry", "period"),
        sa.Column("amount_cents", sa.BigInteger, nullable=False),
        sa.Column("lines", JSONB, nullable=False),
        *_texts("status"),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("previous_cents", sa.BigInteger),
        *_texts("why"),
        sa.Column("plan_months", sa.Integer, nullable=False),
        *_days("plan_first_due"),
    )
    _owned("cards", *_texts("kind", "status"), *_days("blocked_on", "replacement_on"))
    _table("areas", *_texts("name"))
    _table(
        "outages",
        *_texts("area", "industry", "service", "status", "cause"),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expected_back", sa.DateTime(timezone=True)),
        *_texts("advice"),
        indexed=("area",),
    )
    _owned(
        "appointments",
        *_texts("industry", "what", "status"),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        *_texts("place", "preparation"),
        sa.Column("next_free_at", sa.DateTime(timezone=True)),
    )
    _owned(
        "claims",
        *_texts("industry", "what", "status", "next_step"),
        sa.Column("amount_cents", sa.BigInteger),
        *_days("paid_on", "decision_on"),
        *_texts("reason"),
    )
    _owned("bags", *_texts("status", "seen_at", "next_step"), *_days("delivery_on"))
    _owned(
        "bookings",
        *_texts("industry", "what", "status"),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_before_the_change", sa.DateTime(timezone=True)),
        *_days("ends_on"),
        *_texts("place", "includes"),
        sa.Column("refund_if_cancelled_cents", sa.BigInteger),
        *_texts("note"),
    )
    _owned(
        "password_resets",
        *_texts("sent_to"),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "results",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("facts", JSONB),
        sa.Column("detail", sa.Text),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        schema=SCHEMA,
    )
    op.create_index("ix_results_run_at", "results", ["run_at"], schema=SCHEMA)
    op.create_table(
        "demo_loads",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("made_for", sa.Date, nullable=False),
        schema=SCHEMA,
    )


def downgrade() -> None:
    for name in (
        "demo_loads",
        "results",
        "password_resets",
        "bookings",
        "bags",
        "claims",
        "appointments",
        "outages",
        "areas",
        "cards",
        "bills",
        "refunds",
        "orders",
        "customers",
    ):
        op.drop_table(name, schema=SCHEMA)
