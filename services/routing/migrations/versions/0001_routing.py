"""Conversations with their state, and the agents who are there.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.common.migrations import create_loop_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "routing"


def upgrade() -> None:
    create_loop_tables(op, SCHEMA)
    op.create_table(
        "conversations",
        sa.Column("conversation_id", sa.Text, primary_key=True),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("state", sa.SmallInteger, nullable=False),
        sa.Column("previous", sa.SmallInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("change_id", sa.Text, nullable=False),
        sa.Column("caused_by", sa.Text, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent_id", sa.Text, nullable=False),
        sa.Column("last_agent_id", sa.Text, nullable=False),
        sa.Column("queue", sa.Text, nullable=False),
        sa.Column("reason", sa.SmallInteger, nullable=False),
        sa.Column("priority", sa.SmallInteger, nullable=False),
        sa.Column("skills", ARRAY(sa.Text), nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True)),
        sa.Column("returned", sa.Boolean, nullable=False),
        # Agent's id to the time when the agent passed the conversation by.
        sa.Column("passes", JSONB, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("last_message_id", sa.Text, nullable=False),
        sa.Column("seen", ARRAY(sa.Text), nullable=False),
        sa.Column("disposition", sa.Text, nullable=False),
        # ContextPacket of the newest hand-over: redacted, and gone once the conversation closes.
        sa.Column("context", sa.LargeBinary, nullable=False),
        schema=SCHEMA,
    )
    # Few of all conversations wait or are with an agent; each round looks at those alone.
    op.create_index(
        "conversations_waiting",
        "conversations",
        ["tenant", "priority", "waiting_since"],
        schema=SCHEMA,
        postgresql_where=sa.text("state = 2"),
    )
    op.create_index(
        "conversations_held",
        "conversations",
        ["tenant", "agent_id"],
        schema=SCHEMA,
        postgresql_where=sa.text("state in (3, 4, 5)"),
    )
    op.create_index(
        "conversations_closed",
        "conversations",
        ["changed_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("state = 6"),
    )
    op.create_table(
        "agents",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("agent_id", sa.Text, primary_key=True),
        sa.Column("presence", sa.SmallInteger, nullable=False),
        sa.Column("skills", ARRAY(sa.Text), nullable=False),
        sa.Column("languages", ARRAY(sa.Text), nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_offer_at", sa.DateTime(timezone=True)),
        sa.Column("urgent_in_a_row", sa.Integer, nullable=False, server_default="0"),
        schema=SCHEMA,
    )


def downgrade() -> None:
    for table in ("agents", "conversations", "outbox", "handled", "state"):
        op.drop_table(table, schema=SCHEMA)
