"""When a conversation was last heard of, so that it can be deleted once that is long ago.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCHEMA = "ingestion"
TABLES = ("conversations", "records")


def upgrade() -> None:
    for table in TABLES:
        # What is there already counts as heard of today.
        last_at = sa.Column(
            "last_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        )
        op.add_column(table, last_at, schema=SCHEMA)
        op.create_index(f"ix_{table}_last_at", table, ["last_at"], schema=SCHEMA)


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "last_at", schema=SCHEMA)
