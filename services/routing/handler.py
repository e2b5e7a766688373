"""What messages and hand-overs do to a conversation. SQL is the state; every move is an event."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from rapport.v1 import common_pb2, message_pb2, reply_pb2
from services.common.events import Event
from services.common.failures import Unprocessable
from services.common.topics import HANDOVER_REQUESTED, MESSAGE_REDACTED, Topic
from services.routing import store
from services.routing.conversation import Conversation, queue_of
from services.routing.moves import Moves
from services.routing.states import Cause, State

TENANT = "default"
LONGEST_ID = 256
MOST_SKILLS = 20
_SKILL = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_LANGUAGE = re.compile(r"[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8}){0,4}")


class _Erased(Exception):
    """The conversation's customer was erased."""


class RoutingHandler:
    """Reads redacted messages and requests for a person; moves conversations."""

    service = "routing"
    reads: tuple[Topic, ...] = (MESSAGE_REDACTED, HANDOVER_REQUESTED)

    def __init__(self, moves: Moves, clock: Callable[[], datetime]) -> None:
        self._moves = moves
        self._clock = clock

    def begin(self, connection: sa.Connection) -> None:
        """Waits for this batch's turn to move conversations."""
        store.serialise(connection)

    def handle(self, event: Event[Any], connection: sa.Connection) -> None:
        """Moves are published from the outbox, in their order."""
        # Of a conversation that was erased, nothing that was on its way is taken.
        with suppress(_Erased):
            if event.topic is MESSAGE_REDACTED:
                self._message(event, connection)
            else:
                self._person_needed(event, connection)

    def committed(self) -> None:
        """Runs after each transaction."""
        self._moves.committed()

    def _message(self, event: Event[message_pb2.MessageRedacted], to: sa.Connection) -> None:
        ref, kind = event.message.ref, event.message.kind
        _check(event, ref.conversation_id, ref.customer_id, ref.message_id, ref.tenant)
        if not ref.message_id:
            raise Unprocessable("missing_message_id")
        found = self._find(to, event.key, ref.tenant)
        if kind == message_pb2.MESSAGE_KIND_CONVERSATION_ENDED:
            if found is not None:
                self._apply(to, found, Cause.END, event)
        elif ref.author == common_pb2.AUTHOR_CUSTOMER:
            before = found or Conversation(event.key, ref.tenant or TENANT, ref.customer_id)
            now = self._apply(to, before, Cause.CUSTOMER_WROTE, event)
            self._moves.keep(to, now, now.wrote(ref.message_id, ref.sequence))
        elif ref.author == common_pb2.AUTHOR_AGENT:
            if found is not None and kind != message_pb2.MESSAGE_KIND_NOTE:
                self._moves.keep(to, found, found.answered(ref.in_reply_to))
        else:
            raise Unprocessable("unknown_author")

    def _person_needed(self, event: Event[reply_pb2.HandoverRequested], to: sa.Connection) -> None:
        asked = event.message
        _check(event, asked.conversation_id, asked.customer_id, asked.caused_by, asked.tenant)
        found = self._find(to, event.key, asked.tenant)
        if found is not None and found.state is State.CLOSED and asked.caused_by in found.seen:
            # The conversation ended while this was on its way; nobody is there to be helped.
            return
        now = found or Conversation(event.key, asked.tenant or TENANT, asked.customer_id)
        context = asked.context.SerializeToString(deterministic=True)
        if now.state in (State.NONE, State.CLOSED):
            now = self._apply(to, now, Cause.PERSON_NEEDED, event)
        if now.state is State.BOT:
            skills = _plain_skills(asked.skills)
            now = self._apply(
                to,
                now,
                Cause.PERSON_NEEDED,
                event,
                queue=queue_of(skills),
                reason=_known_reason(asked.reason),
                priority=_known_priority(asked.priority),
                skills=skills,
                language=asked.language if _LANGUAGE.fullmatch(asked.language) else "",
                context=context,
            )
            self._moves.keep(to, now, now.wrote(asked.caused_by) if asked.caused_by else now)
            return
        priority = _known_priority(asked.priority)
        if priority > now.priority:
            raised = replace(
                now, priority=priority, reason=_known_reason(asked.reason), context=context
            )
            self._moves.keep(to, now, raised)
        else:
            self._moves.keep(to, now, replace(now, context=context))

    def _find(self, connection: sa.Connection, key: str, tenant: str) -> Conversation | None:
        found = store.find(connection, key)
        if found is None and store.is_erased(connection, key):
            raise _Erased
        if found is not None and found.tenant != (tenant or TENANT):
            raise Unprocessable("other_tenant")
        return found

    def _apply(
        self, to: sa.Connection, now: Conversation, cause: Cause, event: Event[Any], **changes: Any
    ) -> Conversation:
        # An event from the future would make everything after it look as late.
        at = min(event.time, self._clock())
        return self._moves.apply(to, now, cause, at, caused_by=event.id, **changes)


def _check(event: Event[Any], conversation_id: str, *ids: str) -> None:
    if not conversation_id:
        raise Unprocessable("missing_conversation_id")
    if conversation_id != event.key:
        raise Unprocessable("key_is_not_conversation")
    if any(len(each) > LONGEST_ID or "\x00" in each for each in (conversation_id, *ids)):
        raise Unprocessable("bad_id")


def _plain_skills(skills: Sequence[str]) -> tuple[str, ...]:
    return tuple(skill for skill in skills if _SKILL.fullmatch(skill))[:MOST_SKILLS]


def _known_priority(value: int) -> "common_pb2.Priority.ValueType":
    """A priority that a newer writer may have added counts as normal."""
    known = common_pb2.Priority.values()
    return next((p for p in known if p == value and p), common_pb2.PRIORITY_NORMAL)


def _known_reason(value: int) -> "common_pb2.HandoverReason.ValueType":
    known = common_pb2.HandoverReason.values()
    return next((r for r in known if r == value), common_pb2.HANDOVER_REASON_UNSPECIFIED)
