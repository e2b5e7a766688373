"""API keys, of which a digest is kept, and how much each tenant may send.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SCHEMA = "ingestion"


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("key_id", sa.Text, primary_key=True),
        sa.Column("tenant", sa.Text, nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("public", sa.Boolean, nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("origins", sa.ARRAY(sa.Text), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.now(),
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        schema=SCHEMA,
    )
    # A limit that is null is the door's own, by its settings. A batch has up to 100 events.
    op.create_table(
        "tenant_limits",
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("events_per_second", sa.Float, sa.CheckConstraint("events_per_second > 0")),
        sa.Column("burst", sa.Integer, sa.CheckConstraint("burst >= 100")),
        sa.Column("event_bytes", sa.Integer, sa.CheckConstraint("event_bytes > 0")),
        sa.Column("tokens", sa.Float, nullable=False),
        sa.Column("refilled_at", sa.DateTime(timezone=True), nullable=False),
        schema=SCHEMA,
    )


def downgrade() -> None:
    for table in ("tenant_limits", "api_keys"):
        op.drop_table(table, schema=SCHEMA)
