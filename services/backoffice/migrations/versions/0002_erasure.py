"""Whose the result of an action is, and which requests for erasure were handled."""

import sqlalchemy as sa
from alembic import op

from services.common.migrations import create_loop_tables

revision = "0002"
down_revision = "0001"

SCHEMA = "backoffice"


def upgrade() -> None:
    column = sa.Column("customer_id", sa.Text, nullable=False, server_default="")
    op.add_column("results", column, schema=SCHEMA)
    op.create_index("ix_results_customer_id", "results", ["tenant", "customer_id"], schema=SCHEMA)
    create_loop_tables(op, SCHEMA)


def downgrade() -> None:
    for table in ("outbox", "handled", "state"):
        op.drop_table(table, schema=SCHEMA)
    op.drop_column("results", "customer_id", schema=SCHEMA)
