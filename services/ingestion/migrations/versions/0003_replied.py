"""The bot's newest reply in a conversation's record: the next message is read with it.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SCHEMA = "ingestion"


def upgrade() -> None:
    op.add_column("records", sa.Column("replied", sa.LargeBinary), schema=SCHEMA)


def downgrade() -> None:
    op.drop_column("records", "replied", schema=SCHEMA)
