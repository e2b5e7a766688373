"""To whom a conversation was transferred.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SCHEMA = "routing"


def upgrade() -> None:
    column = sa.Column("meant_for", sa.Text, nullable=False, server_default="")
    op.add_column("conversations", column, schema=SCHEMA)


def downgrade() -> None:
    op.drop_column("conversations", "meant_for", schema=SCHEMA)
