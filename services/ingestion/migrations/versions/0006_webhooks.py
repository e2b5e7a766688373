"""Subscriptions, and the outbox of what is to be told to them.

Revision ID: 0006
Revises: 0005
"""

import uuid

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SCHEMA = "ingestion"


def subscription(*, key: bool = False) -> sa.Column[uuid.UUID]:
    """Whose it is: it goes with its subscription."""
    owner = sa.ForeignKey(f"{SCHEMA}.subscriptions.subscription_id", ondelete="CASCADE")
    return sa.Column("subscription_id", sa.Uuid, owner, primary_key=key, nullable=False)


def upgrade() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("subscription_id", sa.Uuid, primary_key=True),
        sa.Column("tenant", sa.Text, nullable=False, index=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("events", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("filters", JSONB, nullable=False),
        sa.Column("reveal", sa.Boolean, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.Text, sa.CheckConstraint("state in ('active', 'paused')")),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        schema=SCHEMA,
    )
    op.create_table(
        "webhook_events",
        sa.Column("position", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        subscription(),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="pending"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("error", sa.Text, nullable=False, server_default=""),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("subscription_id", "event_id"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_webhook_events_pending",
        "webhook_events",
        ["subscription_id", "conversation_id", "position"],
        schema=SCHEMA,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_webhook_events_done",
        "webhook_events",
        ["subscription_id", "state", "position"],
        schema=SCHEMA,
        postgresql_where=sa.text("state <> 'pending'"),
    )
    # One conversation on its way to one receiver. `next_at` is also when the lease of the replica
    # that has it ends.
    op.create_table(
        "webhook_lines",
        subscription(key=True),
        sa.Column("conversation_id", sa.Text, primary_key=True),
        sa.Column("pending", sa.Integer, nullable=False),
        sa.Column(
            "next_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.Column("lease", sa.Uuid),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_webhook_lines_next",
        "webhook_lines",
        ["subscription_id", "next_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("pending > 0"),
    )


def downgrade() -> None:
    for table in ("webhook_lines", "webhook_events", "subscriptions"):
        op.drop_table(table, schema=SCHEMA)
