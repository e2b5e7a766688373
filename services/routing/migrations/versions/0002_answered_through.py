"""Up to which message people have answered, and which the customer's newest is.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCHEMA = "routing"
COLUMNS = ("heard", "answered_through")


def upgrade() -> None:
    for name in COLUMNS:
        column = sa.Column(name, sa.BigInteger, nullable=False, server_default="0")
        op.add_column("conversations", column, schema=SCHEMA)


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("conversations", name, schema=SCHEMA)
