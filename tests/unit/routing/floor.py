"""A floor to test on: routing over a real PostgreSQL, with a clock that the test turns."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from rapport.v1 import common_pb2, conversation_pb2, message_pb2, reply_pb2
from services.common.events import Event
from services.common.handling import Result, TransactionalProcessor
from services.common.outbox import Outbox
from services.common.topics import HANDOVER_REQUESTED, MESSAGE_REDACTED
from services.routing.assignment import Assignment, Patience
from services.routing.commands import Commands
from services.routing.conversation import Conversation
from services.routing.handler import RoutingHandler
from services.routing.matching import Rules
from services.routing.moves import Moves
from services.routing.requests import AgentRow
from services.routing.states import State

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def fresh_id() -> str:
    return str(uuid.uuid4())


class Floor:
    """Everything of routing but the network."""

    def __init__(self, engine: sa.Engine) -> None:
        self.now = START
        self.engine = engine
        self.outbox = Outbox("routing")
        self.moves = Moves(self.outbox)
        self.processor = TransactionalProcessor(RoutingHandler(self.moves, self.clock), engine)
        self.commands = Commands(engine, self.moves, self.clock)
        self.assignment = Assignment(engine, self.moves, self.clock, Rules(), Patience())

    def clock(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def message(
        self,
        conversation: str = "c1",
        *,
        author: int = common_pb2.AUTHOR_CUSTOMER,
        kind: int = message_pb2.MESSAGE_KIND_TEXT,
        message_id: str = "",
        in_reply_to: str = "",
        tenant: str = "default",
    ) -> Event[Any]:
        ref = message_pb2.MessageRef(
            message_id=message_id or fresh_id(),
            conversation_id=conversation,
            customer_id=f"customer of {conversation}",
            tenant=tenant,
            author=author,  # type: ignore[arg-type]
            in_reply_to=in_reply_to,
        )
        body = message_pb2.MessageRedacted(ref=ref, kind=kind, text="...")  # type: ignore[arg-type]
        return Event(
            fresh_id(), MESSAGE_REDACTED, conversation, self.now, "rapport/redaction", body
        )

    def ended(self, conversation: str = "c1") -> Event[Any]:
        return self.message(conversation, kind=message_pb2.MESSAGE_KIND_CONVERSATION_ENDED)

    def handover(
        self,
        conversation: str = "c1",
        *,
        priority: int = common_pb2.PRIORITY_NORMAL,
        reason: int = common_pb2.HANDOVER_REASON_ASKED,
        skills: tuple[str, ...] = (),
        language: str = "",
        caused_by: str = "",
        summary: str = "wants a person",
        tenant: str = "default",
    ) -> Event[Any]:
        asked = reply_pb2.HandoverRequested(
            handover_id=fresh_id(),
            conversation_id=conversation,
            tenant=tenant,
            customer_id=f"customer of {conversation}",
            caused_by=caused_by,
            reason=reason,  # type: ignore[arg-type]
            priority=priority,  # type: ignore[arg-type]
            skills=skills,
            language=language,
            context=reply_pb2.ContextPacket(summary=summary),
        )
        return Event(fresh_id(), HANDOVER_REQUESTED, conversation, self.now, "rapport/reply", asked)

    def take(self, *events: Event[Any]) -> list[Result]:
        return self.processor.process(events)

    def queue(self, conversation: str, **handover: Any) -> None:
        failures = [
            result.failure
            for result in self.take(
                self.message(conversation), self.handover(conversation, **handover)
            )
        ]
        assert failures == [None, None]

    def agent(
        self,
        agent_id: str = "ada",
        capacity: int = 1,
        *,
        presence: int = conversation_pb2.PRESENCE_AVAILABLE,
        skills: tuple[str, ...] = (),
        languages: tuple[str, ...] = (),
        tenant: str = "default",
    ) -> int:
        row = AgentRow(
            tenant,
            agent_id,
            presence,  # type: ignore[arg-type]
            skills,
            languages,
            capacity,
            self.now,
        )
        return self.commands.set_presence(row, 60)

    def see(self, conversation: str = "c1", tenant: str = "default") -> Conversation:
        return self.commands.get(tenant, conversation)

    def state(self, conversation: str = "c1") -> State:
        return self.see(conversation).state

    def with_agent(self, conversation: str = "c1", agent_id: str = "ada") -> None:
        """A conversation that this agent has accepted."""
        self.queue(conversation)
        self.agent(agent_id, 10)
        self.assignment.round()
        self.commands.accept("default", agent_id, conversation)

    def changes(self, conversation: str = "c1") -> list[conversation_pb2.ConversationChanged]:
        """The events of a conversation in the order in which they go out."""
        with self.engine.begin() as connection:
            rows = connection.execute(
                sa.select(self.outbox.table).order_by(self.outbox.table.c.position)
            ).all()
        return [
            conversation_pb2.ConversationChanged.FromString(row.value)
            for row in rows
            if row.key == conversation
        ]

    def path(self, conversation: str = "c1") -> list[str]:
        """States that a conversation went through, as its events tell it."""
        return [State(change.to).label for change in self.changes(conversation)]
