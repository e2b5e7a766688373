"""What routing knows of one conversation, and how it changes. Pure: no clock, no database."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from google.protobuf.timestamp_pb2 import Timestamp

from rapport.v1 import common_pb2, conversation_pb2, reply_pb2
from services.common.events import derive_id
from services.routing.states import Cause, State, after

SEEN_KEPT = 20
GENERAL = "general"
_DONE = {"waiting_since": None, "returned": False, "context": b""}
# Nothing of a hand-over stays, but who knows the customer.
_WITH_BOT = {
    **_DONE,
    "agent_id": "",
    "queue": "",
    "reason": common_pb2.HANDOVER_REASON_UNSPECIFIED,
    "priority": common_pb2.PRIORITY_UNSPECIFIED,
    "skills": (),
    "disposition": "",
    "meant_for": "",
}
_WITHOUT_PEOPLE = frozenset({State.BOT, State.CLOSED})
QUEUE = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


@dataclass(frozen=True)
class Conversation:
    """One conversation as stored. Numbers of reason and priority are those of the protos.

    `version` counts the moves; `change_id`, `caused_by`, `previous` and `changed_at` are of the
    newest. `returned` puts it at the head of its queue: it waited before. `passes` says when which
    agent declined it, let it run out or gave it away; `meant_for` is the agent who was asked to
    take it. `seen` are the customer's newest message ids, oldest first;
    `heard` is the sequence of the newest. `answered_through` is of the newest move: the sequence up
    to which messages were people's to answer, where it takes the conversation from them.
    """

    conversation_id: str
    tenant: str
    customer_id: str = ""
    state: State = State.NONE
    previous: State = State.NONE
    version: int = 0
    change_id: str = ""
    caused_by: str = ""
    changed_at: datetime | None = None
    agent_id: str = ""
    last_agent_id: str = ""
    queue: str = ""
    reason: "common_pb2.HandoverReason.ValueType" = common_pb2.HANDOVER_REASON_UNSPECIFIED
    priority: "common_pb2.Priority.ValueType" = common_pb2.PRIORITY_UNSPECIFIED
    skills: tuple[str, ...] = ()
    language: str = ""
    waiting_since: datetime | None = None
    returned: bool = False
    passes: Mapping[str, datetime] = field(default_factory=dict)
    position: int = 0
    last_message_id: str = ""
    seen: tuple[str, ...] = ()
    heard: int = 0
    answered_through: int = 0
    disposition: str = ""
    context: bytes = b""
    meant_for: str = ""

    def after(
        self, cause: Cause, at: datetime, *, caused_by: str = "", **changes: Any
    ) -> "Conversation":
        """The conversation after something happened to it; the same where that moves nothing.

        `caused_by` is the id of the event behind it; without one, the move before is the cause.
        `changes` are set beside what the move sets itself. Time never runs backwards within a
        conversation. IllegalMove when it cannot happen in this state.
        """
        to = after(self.state, cause)
        if to is self.state:
            return self
        version = self.version + 1
        parent = caused_by or self.change_id
        at = max(at, self.changed_at) if self.changed_at else at
        return replace(
            self,
            state=to,
            previous=self.state,
            version=version,
            change_id=derive_id(parent, f"conversation.changed.{version}"),
            caused_by=parent,
            changed_at=at,
            **{
                "position": 0,
                "answered_through": self.heard if to in _WITHOUT_PEOPLE else 0,
                **self._effects(to, cause, at),
                **changes,
            },
        )

    def _effects(self, to: State, cause: Cause, at: datetime) -> dict[str, Any]:
        if to is State.BOT:
            return {**_WITH_BOT, "passes": {}}
        if to is State.AGENT:
            return {"last_agent_id": self.agent_id, "meant_for": ""}
        if to is State.CLOSED:
            holder = self.agent_id if self.state is State.WRAP_UP else ""
            return {**_DONE, "agent_id": holder, "passes": {}, "meant_for": ""}
        if to is State.QUEUED and self.state is State.BOT:
            return {"waiting_since": at}
        if to is State.QUEUED:
            passed = cause in (Cause.DECLINE, Cause.OFFER_EXPIRED, Cause.TRANSFER)
            return {
                "agent_id": "",
                "returned": True,
                # Who passes it by had the chance: from now on it is anybody's.
                "meant_for": "",
                "passes": {**self.passes, self.agent_id: at} if passed else self.passes,
                # Who was with a person until now begins to wait now; an offer was still waiting.
                "waiting_since": self.waiting_since if self.state is State.OFFERED else at,
            }
        return {}

    def placed(self, position: int) -> "Conversation":
        """At a place in its queue, from 1."""
        return replace(self, position=position)

    def wrote(self, message_id: str, sequence: int = 0) -> "Conversation":
        """With one more message of the customer, which waits for an answer.

        `sequence` is 0 where only its id is known so far.
        """
        heard = sequence or self.heard
        if message_id in self.seen:
            return replace(self, heard=heard)
        seen = (*self.seen, message_id)[-SEEN_KEPT:]
        return replace(self, last_message_id=message_id, seen=seen, heard=heard)

    def answered(self, in_reply_to: str) -> "Conversation":
        """After an agent's message: an answer to an older one leaves the newest open."""
        if in_reply_to and in_reply_to != self.last_message_id:
            return self
        return replace(self, last_message_id="")

    def changed_event(self) -> conversation_pb2.ConversationChanged:
        """The newest move as the event that tells it."""
        assert self.changed_at is not None, "a conversation that was never moved has no event"
        message = conversation_pb2.ConversationChanged(
            change_id=self.change_id,
            conversation_id=self.conversation_id,
            tenant=self.tenant,
            customer_id=self.customer_id,
            to=number(self.state),
            agent_id=self.agent_id,
            queue=self.queue,
            reason=self.reason,
            priority=self.priority,
            version=self.version,
            changed_at=timestamp(self.changed_at),
            caused_by=self.caused_by,
            position=self.position,
            answered_through=self.answered_through,
        )
        # `from` is a keyword of Python.
        setattr(message, "from", int(self.previous))
        return message

    def assignment(self, *, turns: bool = True) -> conversation_pb2.Assignment:
        """What the agent gets who was offered it or has it; on request without the turns."""
        context = reply_pb2.ContextPacket.FromString(self.context)
        if not turns:
            context.ClearField("turns")
        return conversation_pb2.Assignment(
            conversation_id=self.conversation_id,
            state=number(self.state),
            reason=self.reason,
            priority=self.priority,
            context=context,
            waiting_since=timestamp(self.waiting_since) if self.waiting_since else None,
            customer_id=self.customer_id,
            last_message_id=self.last_message_id,
        )


def queue_of(skills: Sequence[str]) -> str:
    """Name of the queue: the first skill needed, or "general" where there is none to go by.

    Queue names are labels of metrics, so only plain short ones are taken.
    """
    first = skills[0] if skills else ""
    return first if QUEUE.fullmatch(first) else GENERAL


def number(state: State) -> "conversation_pb2.ConversationState.ValueType":
    """The state as the protos number it."""
    return cast("conversation_pb2.ConversationState.ValueType", int(state))


def timestamp(at: datetime) -> Timestamp:
    """Protobuf's form of an aware datetime."""
    stamp = Timestamp()
    stamp.FromDatetime(at)
    return stamp
