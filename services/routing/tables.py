"""Routing's tables."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.common.database import schema
from services.routing.states import HELD, State

SCHEMA = "routing"

_metadata = schema(SCHEMA)
TIME = sa.DateTime(timezone=True)
conversations = sa.Table(
    "conversations",
    _metadata,
    sa.Column("conversation_id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text),
    sa.Column("customer_id", sa.Text),
    sa.Column("state", sa.SmallInteger),
    sa.Column("previous", sa.SmallInteger),
    sa.Column("version", sa.BigInteger),
    sa.Column("change_id", sa.Text),
    sa.Column("caused_by", sa.Text),
    sa.Column("changed_at", TIME),
    sa.Column("agent_id", sa.Text),
    sa.Column("last_agent_id", sa.Text),
    sa.Column("queue", sa.Text),
    sa.Column("reason", sa.SmallInteger),
    sa.Column("priority", sa.SmallInteger),
    sa.Column("skills", ARRAY(sa.Text)),
    sa.Column("language", sa.Text),
    sa.Column("waiting_since", TIME),
    sa.Column("returned", sa.Boolean),
    sa.Column("passes", JSONB),
    sa.Column("position", sa.Integer),
    sa.Column("last_message_id", sa.Text),
    sa.Column("seen", ARRAY(sa.Text)),
    sa.Column("heard", sa.BigInteger),
    sa.Column("answered_through", sa.BigInteger),
    sa.Column("disposition", sa.Text),
    sa.Column("context", sa.LargeBinary),
    sa.Column("meant_for", sa.Text),
)
agents = sa.Table(
    "agents",
    _metadata,
    sa.Column("tenant", sa.Text, primary_key=True),
    sa.Column("agent_id", sa.Text, primary_key=True),
    sa.Column("presence", sa.SmallInteger),
    sa.Column("skills", ARRAY(sa.Text)),
    sa.Column("languages", ARRAY(sa.Text)),
    sa.Column("capacity", sa.Integer),
    sa.Column("last_seen", TIME),
    sa.Column("last_offer_at", TIME),
    sa.Column("urgent_in_a_row", sa.Integer),
)
# Written out, so that the planner can tell that the partial indexes apply.
WAITING = sa.text(f"state = {State.QUEUED:d}")
HELD_NOW = sa.text(f"state in ({', '.join(str(int(state)) for state in sorted(HELD))})")
