"""What customers agree to, and when conversations closed whose transcripts may have to go.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SCHEMA = "ingestion"


def upgrade() -> None:
    op.create_table(
        "consents",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, primary_key=True),
        # "recording" or "contact".
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("granted", sa.Boolean, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_in", sa.Text, nullable=False),
        schema=SCHEMA,
    )
    op.create_table(
        "closings",
        sa.Column("conversation_id", sa.Text, primary_key=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False, index=True),
        schema=SCHEMA,
    )


def downgrade() -> None:
    for table in ("closings", "consents"):
        op.drop_table(table, schema=SCHEMA)
