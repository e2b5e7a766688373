"""The conversations of routing. All works in the caller's transaction.

Row locks keep two replicas from moving one conversation at the same time. Beyond them, each
transaction that moves something takes one lock first (`serialise`): a batch of the consumer, a
command and an assignment round would otherwise lock the same rows and the outbox in different
orders, and wait for each other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport.v1 import common_pb2, conversation_pb2
from services.routing.conversation import Conversation
from services.routing.matching import Rules, Waiting
from services.routing.states import State
from services.routing.tables import HELD_NOW, SCHEMA, TIME, WAITING, agents, conversations

CHANNEL = "rapport_routing"
MOST_WAITING = 2_000

_c, _a = conversations.c, agents.c
# Every message runs these: made once, SQLAlchemy need not look at them again to know them.
_FIND = sa.select(conversations).where(_c.conversation_id == sa.bindparam("id")).with_for_update()
_new = insert(conversations)
_SAVE = _new.on_conflict_do_update(
    index_elements=[_c.conversation_id],
    set_={each.name: _new.excluded[each.name] for each in _c if not each.primary_key},
)
_SERIALISE = sa.text("select pg_advisory_xact_lock(hashtext('rapport.routing.move'))")


@dataclass(frozen=True)
class QueueRow:
    """One queue at this moment."""

    tenant: str
    name: str
    waiting: int
    offered: int
    with_agent: int
    oldest_waiting_since: datetime | None


def serialise(connection: sa.Connection) -> None:
    """Waits for this transaction's turn to move conversations."""
    connection.execute(_SERIALISE)


def notify(connection: sa.Connection, payload: str) -> None:
    """Tells every replica's listener, once the transaction commits."""
    connection.execute(
        sa.text("select pg_notify(:channel, :payload)"), {"channel": CHANNEL, "payload": payload}
    )


def find(connection: sa.Connection, conversation_id: str) -> Conversation | None:
    """One conversation, locked until the transaction ends; None where there is none."""
    row = connection.execute(_FIND, {"id": conversation_id}).one_or_none()
    return None if row is None else _conversation(row)


def look(connection: sa.Connection, conversation_id: str) -> Conversation | None:
    """As `find`, without a lock."""
    row = connection.execute(
        sa.select(conversations).where(_c.conversation_id == conversation_id)
    ).one_or_none()
    return None if row is None else _conversation(row)


def mark_erased(connection: sa.Connection, conversation_ids: Iterable[str]) -> None:
    """Remembers that conversations were erased."""
    connection.execute(
        sa.text(
            f"insert into {SCHEMA}.erased select id, now() from unnest(cast(:ids as text[])) as "
            "new (id) on conflict do nothing"
        ),
        {"ids": list(conversation_ids)},
    )


def is_erased(connection: sa.Connection, conversation_id: str) -> bool:
    """Whether a conversation that is not there was erased."""
    statement = f"select exists (select from {SCHEMA}.erased where conversation_id = :id)"
    return bool(connection.scalar(sa.text(statement), {"id": conversation_id}))


def save(connection: sa.Connection, conversation: Conversation) -> None:
    """Writes the conversation as it is now."""
    values = {each.name: getattr(conversation, each.name) for each in fields(conversation)}
    values["state"], values["previous"] = int(conversation.state), int(conversation.previous)
    values["skills"], values["seen"] = list(conversation.skills), list(conversation.seen)
    values["passes"] = {name: at.isoformat() for name, at in conversation.passes.items()}
    connection.execute(_SAVE, values)


def position(connection: sa.Connection, conversation: Conversation) -> int:
    """Place in its queue that a conversation takes when it begins to wait, from 1."""
    ahead = connection.scalar(
        sa.select(sa.func.count()).where(
            WAITING,
            _c.tenant == conversation.tenant,
            _c.queue == conversation.queue,
            _c.priority >= conversation.priority,
            _c.conversation_id != conversation.conversation_id,
        )
    )
    return int(ahead or 0) + 1


def anything_active(connection: sa.Connection) -> bool:
    """Whether any conversation waits or is with an agent."""
    return bool(
        connection.scalar(
            sa.select(
                sa.or_(
                    sa.exists(sa.select(1).select_from(conversations).where(WAITING)),
                    sa.exists(sa.select(1).select_from(conversations).where(HELD_NOW)),
                )
            )
        )
    )


def to_release(
    connection: sa.Connection,
    *,
    seen_before: datetime,
    offered_before: datetime,
    wrapping_before: datetime,
) -> list[tuple[Conversation, bool]]:
    """Conversations that an agent no longer has, locked; True where the agent is gone."""
    gone = sa.or_(_a.last_seen.is_(None), _a.last_seen < seen_before)
    away = sa.and_(_c.state == State.OFFERED, _a.presence == conversation_pb2.PRESENCE_AWAY)
    joined = sa.outerjoin(
        conversations, agents, (_c.tenant == _a.tenant) & (_c.agent_id == _a.agent_id)
    )
    rows = connection.execute(
        sa.select(conversations, sa.or_(gone, sa.func.coalesce(away, False)).label("is_gone"))
        .select_from(joined)
        .where(
            HELD_NOW,
            sa.or_(
                gone,
                away,
                sa.and_(_c.state == State.OFFERED, _c.changed_at <= offered_before),
                sa.and_(_c.state == State.WRAP_UP, _c.changed_at <= wrapping_before),
            ),
        )
        .order_by(_c.changed_at, _c.conversation_id)
        .with_for_update(of=conversations, skip_locked=True)
    )
    return [(_conversation(row), row.is_gone) for row in rows]


def waiting(connection: sa.Connection, now: datetime, rules: Rules) -> dict[str, list[Waiting]]:
    """Who waits, by tenant, locked: the first `MOST_WAITING` in the order in which they matter."""
    seconds = sa.func.extract("epoch", sa.literal(now, TIME) - _c.waiting_since)
    aged = _c.priority + sa.func.floor(seconds / rules.ageing.total_seconds())
    band = sa.case(
        (_c.priority == common_pb2.PRIORITY_URGENT, 5),
        (seconds >= rules.overdue.total_seconds(), 4),
        else_=sa.func.least(3, aged),
    )
    rows = connection.execute(
        sa.select(
            _c.conversation_id,
            _c.tenant,
            _c.priority,
            _c.skills,
            _c.language,
            _c.waiting_since,
            _c.returned,
            _c.passes,
            _c.last_agent_id,
            _c.meant_for,
        )
        .where(WAITING)
        .order_by(band.desc(), _c.returned.desc(), _c.waiting_since, _c.conversation_id)
        .limit(MOST_WAITING)
        .with_for_update(skip_locked=True)
    )
    found: dict[str, list[Waiting]] = {}
    for row in rows:
        found.setdefault(row.tenant, []).append(
            Waiting(
                conversation_id=row.conversation_id,
                priority=row.priority,
                since=row.waiting_since,
                skills=frozenset(row.skills),
                language=row.language,
                returned=row.returned,
                passes=_times(row.passes),
                last_agent_id=row.last_agent_id,
                meant_for=row.meant_for,
            )
        )
    return found


def open_conversations(connection: sa.Connection, tenant: str, limit: int) -> list[Conversation]:
    """Those who wait, the longest first, then those who are with somebody."""
    rows = connection.execute(
        sa.select(conversations)
        .where(sa.or_(WAITING, HELD_NOW), _c.tenant == tenant)
        .order_by(_c.state, _c.waiting_since, _c.changed_at, _c.conversation_id)
        .limit(limit)
    )
    return [_conversation(row) for row in rows]


def held_by(connection: sa.Connection, tenant: str, agent_id: str) -> list[Conversation]:
    """What an agent was offered and has, the oldest first."""
    rows = connection.execute(
        sa.select(conversations)
        .where(HELD_NOW, _c.tenant == tenant, _c.agent_id == agent_id)
        .order_by(_c.changed_at, _c.conversation_id)
    )
    return [_conversation(row) for row in rows]


def named(connection: sa.Connection, ids: Iterable[str]) -> list[Conversation]:
    """Conversations by their ids, in no order."""
    rows = connection.execute(
        sa.select(conversations).where(_c.conversation_id == sa.any_(sa.literal(list(ids))))
    )
    return [_conversation(row) for row in rows]


def queues(connection: sa.Connection, tenant: str | None = None) -> list[QueueRow]:
    """Every queue that anyone waits in or was taken from, of one tenant or of all."""

    def count(state: State) -> Any:
        return sa.func.count().filter(_c.state == state)

    statement = (
        sa.select(
            _c.tenant,
            _c.queue,
            count(State.QUEUED).label("waiting"),
            count(State.OFFERED).label("offered"),
            count(State.AGENT).label("with_agent"),
            sa.func.min(_c.waiting_since).filter(_c.state == State.QUEUED).label("oldest"),
        )
        .where(sa.or_(WAITING, HELD_NOW))
        .group_by(_c.tenant, _c.queue)
        .order_by(_c.tenant, _c.queue)
    )
    if tenant is not None:
        statement = statement.where(_c.tenant == tenant)
    return [
        QueueRow(row.tenant, row.queue, row.waiting, row.offered, row.with_agent, row.oldest)
        for row in connection.execute(statement)
    ]


def purge(connection: sa.Connection, closed_before: datetime) -> int:
    """Deletes conversations that closed long ago; returns how many."""
    done = connection.execute(
        sa.delete(conversations).where(
            sa.text(f"state = {State.CLOSED:d}"), _c.changed_at < closed_before
        )
    )
    return done.rowcount


def _conversation(row: Any) -> Conversation:
    values = {each.name: getattr(row, each.name) for each in fields(Conversation)}
    values["state"], values["previous"] = State(row.state), State(row.previous)
    values["skills"], values["seen"] = tuple(row.skills), tuple(row.seen)
    values["passes"] = _times(row.passes)
    return Conversation(**values)


def _times(passes: Mapping[str, str]) -> dict[str, datetime]:
    return {name: datetime.fromisoformat(at) for name, at in passes.items()}
