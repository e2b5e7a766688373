"""What was accepted, in which order, and what is to be delivered: never a raw text.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from services.common.migrations import create_loop_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "ingestion"


def upgrade() -> None:
    create_loop_tables(op, SCHEMA)
    op.create_table(
        "conversations",
        sa.Column("conversation_id", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("channel", sa.SmallInteger, nullable=False),
        sa.Column("last_sequence", sa.BigInteger, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        schema=SCHEMA,
    )
    # The id covers tenant, source and the sender's id; the digest is keyed and shows no text.
    op.create_table(
        "accepted",
        sa.Column("event_id", sa.Uuid, primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("published", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False, index=True),
        schema=SCHEMA,
    )
    op.create_table(
        "records",
        sa.Column("conversation_id", sa.Text, primary_key=True),
        sa.Column("last_position", sa.BigInteger, nullable=False),
        sa.Column("changed", sa.LargeBinary),
        schema=SCHEMA,
    )
    op.create_table(
        "deliveries",
        sa.Column("conversation_id", sa.Text, primary_key=True),
        sa.Column("position", sa.BigInteger, primary_key=True),
        sa.Column("event_id", sa.Uuid, nullable=False, unique=True),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
        schema=SCHEMA,
    )
    op.create_table(
        "digest_key",
        sa.Column("one", sa.Boolean, sa.CheckConstraint("one"), primary_key=True),
        sa.Column("key", sa.LargeBinary, nullable=False),
        schema=SCHEMA,
    )


def downgrade() -> None:
    for table in ("digest_key", "deliveries", "records", "accepted", "conversations"):
        op.drop_table(table, schema=SCHEMA)
    for table in ("outbox", "handled", "state"):
        op.drop_table(table, schema=SCHEMA)
