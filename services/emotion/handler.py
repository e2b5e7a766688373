"""Customers' redacted messages in, scored messages out; the conversation's course as state."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Any

from rapport.v1 import common_pb2, message_pb2
from services.common import metrics
from services.common.events import Event, Outgoing, derive_id
from services.common.failures import Unprocessable
from services.common.handling import Handled
from services.common.topics import MESSAGE_REDACTED, MESSAGE_SCORED, Topic
from services.emotion.contract import reading_message, seconds_of, trajectory_message
from services.emotion.inputs import Turn
from services.emotion.scorer import CONTEXT_TURNS, Reading
from services.emotion.serving import Serving
from services.emotion.trajectory import Course, FeltTurn, Reply, after_reply, after_turn

LONGEST_TURN = 500
"""Characters of a turn that are remembered as context."""

LATEST_SECONDS = 86_400.0
"""A message that took longer to come is placed at its arrival: its sender's clock may be wrong."""


@dataclass(frozen=True, slots=True)
class EmotionState:
    """A conversation: its course, the last turns as (author, redacted text), and the id of the
    bot's reply that is the newest among them."""

    course: Course = field(default_factory=Course)
    turns: tuple[tuple[str, str], ...] = ()
    heard: str = ""


# Nothing that the customer says or hears.
_NOT_SAID = (message_pb2.MESSAGE_KIND_CONVERSATION_ENDED, message_pb2.MESSAGE_KIND_NOTE)


class EmotionHandler:
    """Scores customers alone: what agents and the bot say is context, never read for a feeling."""

    service = "emotion"
    reads: tuple[Topic, ...] = (MESSAGE_REDACTED,)
    state_type = EmotionState

    def __init__(self, serving: Serving) -> None:
        self._serving = serving

    def handle(self, event: Event[Any], state: EmotionState | None) -> Handled[EmotionState]:
        """One scored message for each text or button of a customer; nothing else is forwarded."""
        message: message_pb2.MessageRedacted = event.message
        ref = message.ref
        if not ref.message_id or ref.author == common_pb2.AUTHOR_UNSPECIFIED:
            raise Unprocessable("missing_ref")
        known = _heard(message.last_reply, state or EmotionState())
        if message.kind in _NOT_SAID:
            return Handled()
        if ref.author != common_pb2.AUTHOR_CUSTOMER:
            author = "agent" if ref.author == common_pb2.AUTHOR_AGENT else "bot"
            course = after_reply(known.course, Reply(ref.message_id, author))
            return Handled(_remember(known, course, author, message.text))
        scored = message_pb2.MessageScored(
            ref=ref, kind=message.kind, text=message.text, entities=message.entities
        )
        if message.withheld:
            scored.withheld = True
            return Handled(outgoing=(_outgoing(event, scored),))
        if message.kind == message_pb2.MESSAGE_KIND_PERSON_REQUESTED:
            scored.reading.signals.asks_for_person = True
            scored.reading.state = common_pb2.CARE_STATE_CALM
            scored.reading.model_version = self._serving.scorer.model_version
            _place(scored, known.course)
            return Handled(outgoing=(_outgoing(event, scored),))
        began = time.perf_counter()
        reading = self._serving.scorer.score(message.text, [Turn(*turn) for turn in known.turns])
        metrics.INFERENCE_SECONDS.observe(time.perf_counter() - began)
        metrics.STATES.labels(reading.state).inc()
        course = after_turn(known.course, _felt(event, reading))
        scored.reading.CopyFrom(reading_message(reading))
        _place(scored, course)
        return Handled(
            _remember(known, course, "customer", message.text), (_outgoing(event, scored),)
        )


def _heard(reply: message_pb2.LastReply, known: EmotionState) -> EmotionState:
    """The conversation with the reply in it that the customer had read, if it is a new one."""
    if reply.reply_id in ("", known.heard):
        return known
    course, recent = known.course, known.course.recent
    # One that was overtaken by the customer's next message is not what that one answers.
    if recent and recent[-1].message_id == reply.in_reply_to:
        course = after_reply(course, Reply(reply.reply_id, "bot", reply.strategy))
    return replace(_remember(known, course, "bot", reply.text), heard=reply.reply_id)


def _felt(event: Event[Any], reading: Reading) -> FeltTurn:
    """The turn at the time it was written, as far as that can be believed."""
    ref: message_pb2.MessageRef = event.message.ref
    at = seconds_of(ref.received_at) if ref.HasField("received_at") else event.time.timestamp()
    if ref.HasField("sent_at") and 0 <= at - seconds_of(ref.sent_at) <= LATEST_SECONDS:
        at = seconds_of(ref.sent_at)
    return FeltTurn(ref.message_id, at, ref.sequence, reading.valence, reading.arousal)


def _place(scored: message_pb2.MessageScored, course: Course) -> None:
    trajectory = trajectory_message(course)
    if trajectory is not None:
        scored.trajectory.CopyFrom(trajectory)


def _remember(known: EmotionState, course: Course, author: str, text: str) -> EmotionState:
    turns = (*known.turns, (author, text[:LONGEST_TURN]))[-CONTEXT_TURNS:]
    return EmotionState(course, turns, known.heard)


def _outgoing(event: Event[Any], scored: message_pb2.MessageScored) -> Outgoing:
    return Outgoing(
        topic=MESSAGE_SCORED,
        key=event.key,
        message=scored,
        id=derive_id(scored.ref.message_id, "scored"),
        time=event.time,
    )
