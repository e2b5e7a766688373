"""The table of outcomes: one row for each closing, amended by what comes after it."""

import uuid

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.common.database import schema
from services.insights.outcomes import Episode

outcomes = sa.Table(
    "outcomes",
    schema("insights"),
    sa.Column("outcome_id", sa.Uuid, primary_key=True),
    sa.Column("conversation_id", sa.Text),
    sa.Column("tenant", sa.Text),
    sa.Column("closing_version", sa.BigInteger),
    sa.Column("closed_at", sa.DateTime(timezone=True)),
    sa.Column("resolution", sa.Text),
    sa.Column("first_reply_seconds", sa.Double),
    sa.Column("bot_seconds", sa.Double),
    sa.Column("queue_seconds", sa.Double),
    sa.Column("agent_seconds", sa.Double),
    sa.Column("customer_messages", sa.Integer),
    sa.Column("replies", sa.Integer),
    sa.Column("handed_over", sa.Boolean),
    sa.Column("handover_reason", sa.SmallInteger),
    sa.Column("state_at_start", sa.SmallInteger),
    sa.Column("state_worst", sa.SmallInteger),
    sa.Column("state_at_end", sa.SmallInteger),
    sa.Column("valence_change", sa.Double),
    sa.Column("csat", sa.Double),
)


def write_outcome(
    connection: sa.Connection,
    outcome_id: uuid.UUID,
    conversation_id: str,
    tenant: str,
    episode: Episode,
) -> None:
    """Writes the row of a closed episode, or brings it up to date."""
    values = {
        "outcome_id": outcome_id,
        "conversation_id": conversation_id,
        "tenant": tenant,
        "closing_version": episode.closing_version,
        "closed_at": episode.closed_at,
        "resolution": episode.resolution().name.lower(),
        "first_reply_seconds": episode.first_reply_seconds,
        "bot_seconds": episode.bot_seconds,
        "queue_seconds": episode.queue_seconds,
        "agent_seconds": episode.agent_seconds,
        "customer_messages": episode.customer_messages,
        "replies": episode.replies,
        "handed_over": episode.handed_over,
        "handover_reason": episode.handover_reason,
        "state_at_start": episode.first_state,
        "state_worst": episode.worst_state,
        "state_at_end": episode.last_state,
        "valence_change": episode.valence_change,
        "csat": episode.csat,
    }
    statement = insert(outcomes).values(values)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[outcomes.c.outcome_id],
            set_={name: statement.excluded[name] for name in values if name != "outcome_id"},
        )
    )
