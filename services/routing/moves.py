"""Moves a conversation: its row, its event and who has to know of it, in one transaction."""

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.common import metrics
from services.common.events import Outgoing
from services.common.outbox import Outbox
from services.common.topics import CONVERSATION_CHANGED
from services.routing import store
from services.routing.conversation import Conversation
from services.routing.states import HELD, Cause, State

ROUND = "round"
AGENT = "agent "


def agent_payload(tenant: str, agent_id: str) -> str:
    """What the listeners of one agent's assignments are told."""
    return AGENT + json.dumps([tenant, agent_id])


def agent_of(payload: str) -> tuple[str, str] | None:
    """Tenant and agent of a payload; None when it is about something else."""
    if not payload.startswith(AGENT):
        return None
    tenant, agent_id = json.loads(payload.removeprefix(AGENT))
    return tenant, agent_id


class Moves:
    """Applies what happened. One conversation.changed for each move, through the outbox alone:
    a second way out could overtake it."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def apply(
        self,
        connection: sa.Connection,
        conversation: Conversation,
        cause: Cause,
        at: datetime,
        *,
        caused_by: str = "",
        **changes: Any,
    ) -> Conversation:
        """The conversation after `cause`, stored; IllegalMove when it cannot happen."""
        moved = conversation.after(cause, at, caused_by=caused_by, **changes)
        if moved is conversation:
            return conversation
        if moved.state is State.QUEUED:
            moved = moved.placed(store.position(connection, moved))
        self.keep(connection, conversation, moved)
        self._outbox.add(
            connection,
            Outgoing(
                CONVERSATION_CHANGED,
                moved.conversation_id,
                moved.changed_event(),
                moved.change_id,
                moved.changed_at,
            ),
        )
        metrics.MOVES.labels(moved.previous.label, moved.state.label).inc()
        return moved

    def keep(self, connection: sa.Connection, before: Conversation, now: Conversation) -> None:
        """Stores a conversation that may have changed; whoever looks at it is told."""
        if now == before:
            return
        store.save(connection, now)
        for agent_id in {before.agent_id, now.agent_id} - {""}:
            store.notify(connection, agent_payload(now.tenant, agent_id))
        freed = before.state in HELD and now.state not in HELD
        if freed or (now.state is State.QUEUED and before.state is not State.QUEUED):
            store.notify(connection, ROUND)

    def committed(self) -> None:
        """After the commit: the relay publishes what was stored."""
        self._outbox.wake.set()
