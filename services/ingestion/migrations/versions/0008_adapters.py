"""Foreign chat systems of tenants, and the secrets that prove their payloads.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SCHEMA = "ingestion"


def upgrade() -> None:
    op.create_table(
        "adapter_connections",
        sa.Column("connection_id", sa.Uuid, primary_key=True),
        sa.Column("tenant", sa.Text, nullable=False, index=True),
        sa.Column("adapter", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        schema=SCHEMA,
    )


def downgrade() -> None:
    op.drop_table("adapter_connections", schema=SCHEMA)
