"""The vault with its keys, and the record of what was revealed.

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

SCHEMA = "redaction"


def upgrade() -> None:
    create_loop_tables(op, SCHEMA)
    op.create_table(
        "vault",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("conversation_id", sa.Text, primary_key=True),
        sa.Column("placeholder", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("nonce", sa.LargeBinary, nullable=False),
        sa.Column("ciphertext", sa.LargeBinary, nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        schema=SCHEMA,
    )
    op.create_index("vault_customer", "vault", ["tenant", "customer_id"], schema=SCHEMA)
    op.create_table(
        "customer_keys",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, primary_key=True),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        schema=SCHEMA,
    )
    op.create_table(
        "reveals",
        sa.Column("position", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("caller", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("types", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=False, index=True),
        schema=SCHEMA,
    )
