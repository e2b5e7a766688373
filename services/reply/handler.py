"""Scored messages and moves of conversations in; one reply for each message, hand-overs out."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

from google.protobuf.timestamp_pb2 import Timestamp

from rapport.v1 import common_pb2, conversation_pb2, message_pb2, reply_pb2
from services.common import metrics
from services.common.events import Event, Outgoing, derive_id
from services.common.failures import Unprocessable
from services.common.handling import Handled
from services.common.topics import (
    CONVERSATION_CHANGED,
    HANDOVER_REQUESTED,
    MESSAGE_SCORED,
    REPLY_CREATED,
    Topic,
)
from services.reply.memory import Memory
from services.reply.moves import after_move, hold, owner_of, release, whose_now
from services.reply.turn import (
    Answer,
    CustomerTurn,
    Handover,
    Language,
    Signals,
    State,
    Trend,
)

MOST_AHEAD = 60.0


class Responder(Protocol):
    """The reply engine: pure but for the actions that it may run."""

    def respond(self, turn: CustomerTurn, memory: Memory) -> tuple[Answer, Memory]: ...


class ReplyHandler:
    """Decides and composes; leaves to a person what a person answers."""

    service = "reply"
    reads: tuple[Topic, ...] = (MESSAGE_SCORED, CONVERSATION_CHANGED)
    state_type = Memory

    def __init__(self, engine: Responder) -> None:
        self._engine = engine

    def handle(self, event: Event[Any], state: Memory | None) -> Handled[Memory]:
        """One reply.created for each message of a customer that is the bot's to answer."""
        memory = state or Memory()
        if event.topic is CONVERSATION_CHANGED:
            return self._moved(event.message, memory, event.time)
        return self._heard(event, memory)

    def _heard(self, event: Event[message_pb2.MessageScored], memory: Memory) -> Handled[Memory]:
        scored, ref = event.message, event.message.ref
        if not ref.message_id or ref.conversation_id != event.key:
            raise Unprocessable("missing_ref")
        if ref.author != common_pb2.AUTHOR_CUSTOMER:
            raise Unprocessable("not_a_customer")
        if scored.kind == message_pb2.MESSAGE_KIND_CONVERSATION_ENDED:
            return Handled()
        found = whose_now(memory, ref)
        if found == "done":
            return Handled()
        if found != "bot":
            return Handled(hold(memory, scored))
        memory, outgoing = self._answer(scored, memory, event.time)
        return Handled(memory, outgoing)

    def _moved(
        self, changed: conversation_pb2.ConversationChanged, memory: Memory, at: datetime
    ) -> Handled[Memory]:
        """Takes a move in, and answers what was held until it came."""
        owner = owner_of(changed)
        if owner is None:
            raise Unprocessable("unknown_state")
        memory, due = release(after_move(memory, changed, owner))
        outgoing: tuple[Outgoing, ...] = ()
        for scored in due:
            # The door may have taken it after the move, which it did not know of yet.
            ahead = _seconds(scored.ref.received_at) - at.timestamp()
            answered_at = at + timedelta(seconds=min(max(0.0, ahead), MOST_AHEAD))
            memory, answers = self._answer(scored, memory, answered_at)
            outgoing += answers
        return Handled(memory, outgoing)

    def _answer(
        self, scored: message_pb2.MessageScored, memory: Memory, at: datetime
    ) -> tuple[Memory, tuple[Outgoing, ...]]:
        # Written before a person took over, and theirs to see but not to answer: as in the queue.
        taken_over = memory.owner == "agent"
        if taken_over:
            memory = replace(memory, owner="queued")
        answer, memory = self._engine.respond(turn_of(scored), memory)
        if taken_over:
            memory = replace(memory, owner="agent")
        metrics.REPLIES.labels(answer.action, answer.tone).inc()
        for rule in answer.guard_trips:
            metrics.GUARD_TRIPS.labels(rule).inc()
        outgoing = [_created(scored, answer, at)]
        if answer.handover is not None:
            metrics.HANDOVERS.labels(answer.handover.reason).inc()
            outgoing.append(_requested(scored, answer, answer.handover, memory, at))
        elapsed = at.timestamp() - _seconds(scored.ref.received_at)
        metrics.REPLY_SECONDS.observe(max(0.0, elapsed))
        return memory, tuple(outgoing)


def turn_of(scored: message_pb2.MessageScored) -> CustomerTurn:
    """A scored message as the engine takes it."""
    ref, reading, signals = scored.ref, scored.reading, scored.reading.signals
    return CustomerTurn(
        conversation_id=ref.conversation_id,
        message_id=ref.message_id,
        text=scored.text,
        state=cast(State, _word(common_pb2.CareState, "CARE_STATE_", reading.state, "calm")),
        valence=reading.valence,
        arousal=reading.arousal,
        trend=cast(Trend, _word(common_pb2.Trend, "TREND_", scored.trajectory.trend, "steady")),
        negative_in_a_row=scored.trajectory.negative_in_a_row,
        signals=Signals(
            asks_for_person=signals.asks_for_person,
            asks_if_bot=signals.asks_if_bot,
            crisis=signals.crisis,
            opt_out=signals.opt_out,
            abusive=signals.abusive,
        ),
        kind=(
            "person_requested"
            if scored.kind == message_pb2.MESSAGE_KIND_PERSON_REQUESTED
            else "text"
        ),
        withheld=scored.withheld,
        language=ref.language,
        industry=ref.attributes.get("industry", ""),
        customer_id=ref.customer_id,
        tenant=ref.tenant or "default",
    )


def _seconds(stamp: Timestamp) -> float:
    return stamp.seconds + stamp.nanos / 1e9


def _created(scored: message_pb2.MessageScored, answer: Answer, at: datetime) -> Outgoing:
    ref = scored.ref
    reply_id = derive_id(ref.message_id, "reply")
    created = reply_pb2.ReplyCreated(
        reply_id=reply_id,
        conversation_id=ref.conversation_id,
        tenant=ref.tenant,
        in_reply_to=ref.message_id,
        text=answer.text,
        action=reply_pb2.ReplyAction.Value(f"REPLY_ACTION_{answer.action.upper()}"),
        state=common_pb2.CareState.Value(f"CARE_STATE_{answer.state.upper()}"),
        trend=common_pb2.Trend.Value(f"TREND_{answer.trend.upper()}"),
        tone=common_pb2.Tone.Value(f"TONE_{answer.tone.upper()}"),
        strategy=answer.strategy,
        intent=answer.intent,
        sources=[reply_pb2.Source(id=s.id, title=s.title) for s in answer.sources],
        message_received_at=ref.received_at,
        trajectory=scored.trajectory,
    )
    created.created_at.FromDatetime(at)
    return Outgoing(REPLY_CREATED, ref.conversation_id, created, reply_id)


def _requested(
    scored: message_pb2.MessageScored,
    answer: Answer,
    handover: Handover,
    memory: Memory,
    at: datetime,
) -> Outgoing:
    ref = scored.ref
    handover_id = derive_id(ref.message_id, "handover")
    packet = handover.packet
    language: Language | str = memory.language or ref.language
    requested = reply_pb2.HandoverRequested(
        handover_id=handover_id,
        conversation_id=ref.conversation_id,
        tenant=ref.tenant,
        customer_id=ref.customer_id,
        caused_by=ref.message_id,
        reason=common_pb2.HandoverReason.Value(f"HANDOVER_REASON_{handover.reason.upper()}"),
        priority=common_pb2.Priority.Value(f"PRIORITY_{handover.priority.upper()}"),
        skills=handover.skills,
        language=language,
        context=reply_pb2.ContextPacket(
            summary=packet.summary,
            intent=packet.intent,
            tried=packet.tried,
            turns=[
                reply_pb2.Turn(
                    author=(
                        common_pb2.AUTHOR_CUSTOMER
                        if turn.author == "customer"
                        else common_pb2.AUTHOR_BOT
                    ),
                    text=turn.text,
                    state=(
                        common_pb2.CareState.Value(f"CARE_STATE_{turn.state.upper()}")
                        if turn.state
                        else common_pb2.CARE_STATE_UNSPECIFIED
                    ),
                )
                for turn in packet.turns
            ],
            trajectory=scored.trajectory,
            state=common_pb2.CareState.Value(f"CARE_STATE_{packet.state.upper()}"),
            suggested_opening=packet.suggested_opening,
            want=packet.want,
            attempts=[
                reply_pb2.Attempt(what=what, result=result) for what, result in packet.attempts
            ],
            avoid=packet.avoid,
            sources=[reply_pb2.Source(id=each.id, title=each.title) for each in packet.sources],
        ),
    )
    requested.requested_at.FromDatetime(at)
    return Outgoing(HANDOVER_REQUESTED, ref.conversation_id, requested, handover_id)


def _word(enum: Any, prefix: str, number: int, unspecified: str) -> str:
    """Lower-case word of an enum's value; a value of a newer version counts as unspecified."""
    if number not in enum.values() or number == 0:
        return unspecified
    return str(enum.Name(number)).removeprefix(prefix).lower()
