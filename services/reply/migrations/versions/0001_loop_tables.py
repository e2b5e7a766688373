"""State of each conversation, and which events were handled."""

from alembic import op

from services.common.migrations import create_loop_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_loop_tables(op, "reply")


def downgrade() -> None:
    for table in ("outbox", "handled", "state"):
        op.drop_table(table, schema="reply")
