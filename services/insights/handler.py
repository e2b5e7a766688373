"""Gathers what happens in a conversation; measures it once it closes."""

import math
import uuid
from datetime import UTC, datetime
from typing import Any, cast

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from rapport.v1 import (
    common_pb2,
    conversation_pb2,
    message_pb2,
    outcome_pb2,
    reply_pb2,
)
from services.common import metrics
from services.common.events import Event, Outgoing, derive_id
from services.common.failures import Unprocessable
from services.common.handling import Handled, Write
from services.common.topics import (
    CONVERSATION_CHANGED,
    FEEDBACK_GIVEN,
    HANDOVER_REQUESTED,
    MESSAGE_SCORED,
    OUTCOME_MEASURED,
    REPLY_CREATED,
    Topic,
)
from services.insights.outcomes import (
    Episode,
    Record,
    State,
    moved,
    person_needed,
    rated,
    replied,
    scored,
)
from services.insights.store import write_outcome


class InsightsHandler:
    """Events of a conversation in, one outcome.measured for each closing out."""

    service = "insights"
    reads: tuple[Topic, ...] = (
        MESSAGE_SCORED,
        REPLY_CREATED,
        HANDOVER_REQUESTED,
        CONVERSATION_CHANGED,
        FEEDBACK_GIVEN,
    )
    state_type = Record

    def handle(self, event: Event[Any], state: Record | None) -> Handled[Record]:
        """The record with this event in it; Unprocessable when it is not about its key."""
        message = event.message
        named = message.ref if event.topic is MESSAGE_SCORED else message
        if not named.conversation_id:
            raise Unprocessable("missing_conversation_id")
        if named.conversation_id != event.key or "\x00" in event.key:
            raise Unprocessable("key_is_not_conversation")
        record = state or Record()
        if event.topic is MESSAGE_SCORED:
            return self._amended(event, record, _after_message(record, message, event.time))
        if event.topic is REPLY_CREATED:
            return self._amended(event, record, _after_reply(record, message, event.time))
        if event.topic is FEEDBACK_GIVEN:
            return self._amended(event, record, _after_feedback(record, message))
        if event.topic is HANDOVER_REQUESTED:
            return self._amended(event, record, _after_request(record, message))
        return self._changed(event, record)

    def _amended(
        self, event: Event[Any], record: Record, episode: Episode | None
    ) -> Handled[Record]:
        if episode is None:
            return Handled()
        writes = (_outcome_row(event.key, record.tenant, episode),) if episode.closed else ()
        return Handled(record.with_episode(episode), writes=writes)

    def _changed(
        self, event: Event[conversation_pb2.ConversationChanged], record: Record
    ) -> Handled[Record]:
        change = event.message
        if change.version <= record.version:
            return Handled()
        if "\x00" in change.tenant:
            raise Unprocessable("bad_tenant")
        if change.to not in [int(state) for state in State]:
            raise Unprocessable("unknown_state")
        at = _time(change, "changed_at", event.time)
        episode = moved(
            record.open or Episode(),
            to=change.to,
            at=at,
            version=change.version,
            reason=_reason(change.reason),
        )
        tenant = change.tenant or record.tenant
        if episode.closed_at is None:
            return Handled(Record(tenant, change.version, episode, record.closed))
        measured = _outcome(event.key, tenant, episode)
        metrics.OUTCOMES.labels(episode.resolution().name.lower()).inc()
        return Handled(
            Record(tenant, change.version, None, episode),
            (Outgoing(OUTCOME_MEASURED, event.key, measured, measured.outcome_id, at),),
            (_outcome_row(event.key, tenant, episode),),
        )


def _after_message(
    record: Record, message: message_pb2.MessageScored, fallback: datetime
) -> Episode:
    if message.ref.author != common_pb2.AUTHOR_CUSTOMER:
        raise Unprocessable("not_a_customer")
    at = _time(message.ref, "received_at", fallback)
    read = message.HasField("reading") and not message.withheld
    valence = message.reading.valence
    return scored(
        record.episode_at(at),
        at=at,
        text=message.kind != message_pb2.MESSAGE_KIND_PERSON_REQUESTED,
        state=message.reading.state if read and _is_state(message.reading.state) else 0,
        valence=valence if read and math.isfinite(valence) else None,
    )


def _after_reply(record: Record, reply: reply_pb2.ReplyCreated, fallback: datetime) -> Episode:
    created = _time(reply, "created_at", fallback)
    received = _time(reply, "message_received_at", created)
    return replied(record.episode_at(received), received_at=received, created_at=created)


def _after_request(record: Record, asked: reply_pb2.HandoverRequested) -> Episode | None:
    episode = record.latest()
    # What comes after the end was asked before it: nobody is there to be helped any more.
    return None if episode.closed else person_needed(episode, _reason(asked.reason))


def _after_feedback(record: Record, feedback: message_pb2.FeedbackGiven) -> Episode | None:
    if feedback.kind != message_pb2.FEEDBACK_KIND_CSAT:
        return None
    if not feedback.HasField("score") or not 1 <= feedback.score <= 5:
        raise Unprocessable("csat_out_of_range")
    metrics.CSAT.observe(feedback.score)
    episode = record.latest()
    of_a_part = feedback.about == message_pb2.FEEDBACK_SUBJECT_HANDOVER
    # The rating of the whole stands, also where that of a part comes after it.
    return episode if of_a_part and episode.csat is not None else rated(episode, feedback.score)


def _reason(number: int) -> int:
    return number if number in common_pb2.HandoverReason.values() else 0


def _is_state(number: int) -> bool:
    return number in common_pb2.CareState.values()


def _time(message: Message, field: str, fallback: datetime) -> datetime:
    if not message.HasField(field):
        return fallback
    try:
        at: datetime = getattr(message, field).ToDatetime(UTC)
    except (ValueError, OverflowError) as error:
        raise Unprocessable("bad_time") from error
    return at


def _outcome_row(conversation_id: str, tenant: str, episode: Episode) -> Write:
    outcome_id = uuid.UUID(_outcome_id(conversation_id, episode))
    return lambda connection: write_outcome(
        connection, outcome_id, conversation_id, tenant, episode
    )


def _outcome_id(conversation_id: str, episode: Episode) -> str:
    return derive_id(conversation_id, f"outcome.{episode.closing_version}")


def _outcome(conversation_id: str, tenant: str, episode: Episode) -> outcome_pb2.OutcomeMeasured:
    assert episode.closed_at is not None
    closed_at = Timestamp()
    closed_at.FromDatetime(episode.closed_at)
    first = episode.first_reply_seconds
    return outcome_pb2.OutcomeMeasured(
        outcome_id=_outcome_id(conversation_id, episode),
        conversation_id=conversation_id,
        tenant=tenant,
        resolution=cast("outcome_pb2.Resolution.ValueType", int(episode.resolution())),
        time_to_first_reply=None if first is None else _duration(first),
        time_with_bot=_duration(episode.bot_seconds),
        time_in_queue=_duration(episode.queue_seconds),
        time_with_agent=_duration(episode.agent_seconds),
        customer_messages=episode.customer_messages,
        replies=episode.replies,
        handed_over=episode.handed_over,
        handover_reason=cast("common_pb2.HandoverReason.ValueType", episode.handover_reason),
        state_at_start=_care_state(episode.first_state),
        state_worst=_care_state(episode.worst_state),
        state_at_end=_care_state(episode.last_state),
        valence_change=episode.valence_change,
        csat=episode.csat,
        closed_at=closed_at,
    )


def _care_state(number: int) -> "common_pb2.CareState.ValueType":
    return cast("common_pb2.CareState.ValueType", number)


def _duration(seconds: float) -> Duration:
    duration = Duration()
    duration.FromMicroseconds(round(seconds * 1_000_000))
    return duration
