"""Accounts and sessions.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "desk"


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, nullable=False),
        # argon2id
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("skills", ARRAY(sa.Text), nullable=False),
        sa.Column("languages", ARRAY(sa.Text), nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        sa.Column("presence", sa.Text, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("closed_until", sa.DateTime(timezone=True)),
        # Made for a demonstration: its password is no secret.
        sa.Column("demo", sa.Boolean, nullable=False),
        schema=SCHEMA,
    )
    op.create_table(
        "sessions",
        # SHA-256 of the cookie: who reads the table cannot sign in with it.
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column(
            "name",
            sa.Text,
            sa.ForeignKey(f"{SCHEMA}.accounts.name", ondelete="cascade"),
            nullable=False,
            index=True,
        ),
        sa.Column("csrf", sa.Text, nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        schema=SCHEMA,
    )


def downgrade() -> None:
    for table in ("sessions", "accounts"):
        op.drop_table(table, schema=SCHEMA)
