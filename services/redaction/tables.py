"""Tables of redaction: the vault, the customers' keys, and who had what revealed."""

import sqlalchemy as sa

from services.common.database import schema

METADATA = schema("redaction")

vault = sa.Table(
    "vault",
    METADATA,
    sa.Column("tenant", sa.Text, primary_key=True),
    sa.Column("conversation_id", sa.Text, primary_key=True),
    sa.Column("placeholder", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("nonce", sa.LargeBinary, nullable=False),
    sa.Column("ciphertext", sa.LargeBinary, nullable=False),
    sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
)

customer_keys = sa.Table(
    "customer_keys",
    METADATA,
    sa.Column("tenant", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.Text, primary_key=True),
    # Which master key wrapped it, for the day of a rotation.
    sa.Column("key_id", sa.Text, nullable=False),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    sa.Column("made_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)

reveals = sa.Table(
    "reveals",
    METADATA,
    sa.Column("position", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("tenant", sa.Text, nullable=False),
    sa.Column("conversation_id", sa.Text, nullable=False),
    sa.Column("caller", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("types", sa.ARRAY(sa.Text), nullable=False),
    sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=False),
)
