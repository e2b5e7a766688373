"""The agents of routing: who is there, with what load. All works in the caller's transaction."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport.v1 import common_pb2, conversation_pb2
from services.routing.conversation import Conversation
from services.routing.matching import Agent
from services.routing.requests import AgentRow
from services.routing.tables import HELD_NOW, agents, conversations

_c, _a = conversations.c, agents.c


@dataclass(frozen=True)
class LoadRow:
    """An agent as last heard of, and how many conversations are offered to or with them."""

    agent: AgentRow
    open_conversations: int


def present_agents(connection: sa.Connection, seen_since: datetime) -> dict[str, list[Agent]]:
    """Agents who take offers now, by tenant, with what they have already."""
    rows = connection.execute(
        _with_load().where(
            _a.presence == conversation_pb2.PRESENCE_AVAILABLE, _a.last_seen >= seen_since
        )
    )
    found: dict[str, list[Agent]] = {}
    for row in rows:
        found.setdefault(row.tenant, []).append(
            Agent(
                agent_id=row.agent_id,
                capacity=row.capacity,
                open_conversations=row.open,
                skills=frozenset(row.skills),
                languages=frozenset(row.languages),
                last_offer_at=row.last_offer_at,
                urgent_in_a_row=row.urgent_in_a_row,
            )
        )
    return found


def loads(connection: sa.Connection, tenant: str, seen_since: datetime) -> list[LoadRow]:
    """Everybody who was heard of since then, by name, with what they have."""
    rows = connection.execute(
        _with_load().where(_a.tenant == tenant, _a.last_seen >= seen_since).order_by(_a.agent_id)
    )
    return [LoadRow(_agent(row), row.open) for row in rows]


def _with_load() -> Any:
    held = (
        sa.select(_c.tenant, _c.agent_id, sa.func.count().label("open"))
        .where(HELD_NOW)
        .group_by(_c.tenant, _c.agent_id)
        .subquery()
    )
    return sa.select(agents, sa.func.coalesce(held.c.open, 0).label("open")).select_from(
        sa.outerjoin(agents, held, (_a.tenant == held.c.tenant) & (_a.agent_id == held.c.agent_id))
    )


def offered(connection: sa.Connection, offer: Conversation, at: datetime) -> None:
    """Remembers of the agent that an offer was made, and whether it was an urgent one."""
    urgent = offer.priority == common_pb2.PRIORITY_URGENT
    connection.execute(
        sa.update(agents)
        .where(_a.tenant == offer.tenant, _a.agent_id == offer.agent_id)
        .values(last_offer_at=at, urgent_in_a_row=_a.urgent_in_a_row + 1 if urgent else 0)
    )


def set_agent(connection: sa.Connection, agent: AgentRow) -> AgentRow | None:
    """Writes an agent's presence; gives what was known before."""
    before = connection.execute(
        sa.select(agents)
        .where(_a.tenant == agent.tenant, _a.agent_id == agent.agent_id)
        .with_for_update()
    ).one_or_none()
    values = {each.name: getattr(agent, each.name) for each in fields(agent)}
    values["skills"], values["languages"] = list(agent.skills), list(agent.languages)
    statement = insert(agents).values(values)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[_a.tenant, _a.agent_id],
            set_={
                name: statement.excluded[name]
                for name in values
                if name not in ("tenant", "agent_id")
            },
        )
    )
    return None if before is None else _agent(before)


def agent(connection: sa.Connection, tenant: str, agent_id: str) -> AgentRow | None:
    """An agent as last heard of; None where nobody of that name was ever there."""
    row = connection.execute(
        sa.select(agents).where(_a.tenant == tenant, _a.agent_id == agent_id)
    ).one_or_none()
    return None if row is None else _agent(row)


def touch_agent(connection: sa.Connection, tenant: str, agent_id: str, at: datetime) -> None:
    """Whoever acts is there."""
    connection.execute(
        sa.update(agents)
        .where(_a.tenant == tenant, _a.agent_id == agent_id, _a.last_seen < at)
        .values(last_seen=at)
    )


def _agent(row: Any) -> AgentRow:
    known = {each.name: getattr(row, each.name) for each in fields(AgentRow)}
    known["skills"], known["languages"] = tuple(row.skills), tuple(row.languages)
    return AgentRow(**known)
