"""How each closed conversation went.

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

SCHEMA = "insights"


def upgrade() -> None:
    create_loop_tables(op, SCHEMA)
    op.create_table(
        "outcomes",
        sa.Column("outcome_id", sa.Uuid, primary_key=True),
        sa.Column("conversation_id", sa.Text, nullable=False, index=True),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("closing_version", sa.BigInteger, nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolution", sa.Text, nullable=False),
        sa.Column("first_reply_seconds", sa.Double),
        sa.Column("bot_seconds", sa.Double, nullable=False),
        sa.Column("queue_seconds", sa.Double, nullable=False),
        sa.Column("agent_seconds", sa.Double, nullable=False),
        sa.Column("customer_messages", sa.Integer, nullable=False),
        sa.Column("replies", sa.Integer, nullable=False),
        sa.Column("handed_over", sa.Boolean, nullable=False),
        # Numbers of rapport.v1.HandoverReason and CareState; 0 where there is none.
        sa.Column("handover_reason", sa.SmallInteger, nullable=False),
        sa.Column("state_at_start", sa.SmallInteger, nullable=False),
        sa.Column("state_worst", sa.SmallInteger, nullable=False),
        sa.Column("state_at_end", sa.SmallInteger, nullable=False),
        sa.Column("valence_change", sa.Double, nullable=False),
        sa.Column("csat", sa.Double),
        schema=SCHEMA,
    )
    op.create_index("outcomes_by_time", "outcomes", ["tenant", "closed_at"], schema=SCHEMA)


def downgrade() -> None:
    for table in ("outcomes", "outbox", "handled", "state"):
        op.drop_table(table, schema=SCHEMA)
