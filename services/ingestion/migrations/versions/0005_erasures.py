"""Requests for erasure, and what each service has deleted.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SCHEMA = "ingestion"


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("erasure_id", sa.Uuid, primary_key=True),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("conversation_ids", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True)),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False, index=True),
        # The services know of it; the receipt is out.
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.Column("completed_at", sa.DateTime(timezone=True)),
        schema=SCHEMA,
    )
    op.create_index("erasures_customer", "erasures", ["tenant", "customer_id"], schema=SCHEMA)
    op.create_table(
        "erasure_answers",
        sa.Column("erasure_id", sa.Uuid, primary_key=True),
        sa.Column("service", sa.Text, primary_key=True),
        # An ErasureCompleted with the lines of one service.
        sa.Column("answer", sa.LargeBinary, nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False, index=True),
        schema=SCHEMA,
    )
    op.create_index("conversations_customer", "conversations", ["customer_id"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_index("conversations_customer", "conversations", schema=SCHEMA)
    for table in ("erasure_answers", "erasures"):
        op.drop_table(table, schema=SCHEMA)
