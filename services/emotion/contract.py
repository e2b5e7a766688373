"""Readings and trajectories as the contract's messages, and turns back from them."""

from __future__ import annotations

from collections.abc import Iterable

from google.protobuf.timestamp_pb2 import Timestamp

from rapport.v1 import common_pb2, message_pb2, reply_pb2, services_pb2
from services.emotion.explain import Span
from services.emotion.inputs import Turn
from services.emotion.scorer import Reading
from services.emotion.trajectory import Course, Effect, FeltTurn, Trend

STATE_NUMBERS = {
    name.removeprefix("CARE_STATE_").lower(): common_pb2.CareState.Value(name)
    for name in common_pb2.CareState.keys()
}
_TRENDS = {
    Trend.STEADY: common_pb2.TREND_STEADY,
    Trend.ESCALATING: common_pb2.TREND_ESCALATING,
    Trend.RECOVERING: common_pb2.TREND_RECOVERING,
}
_AUTHORS = {
    common_pb2.AUTHOR_CUSTOMER: "customer",
    common_pb2.AUTHOR_AGENT: "agent",
    common_pb2.AUTHOR_BOT: "bot",
}
_AUTHOR_NUMBERS = {word: number for number, word in _AUTHORS.items()}


def reading_message(reading: Reading) -> message_pb2.EmotionReading:
    return message_pb2.EmotionReading(
        state=STATE_NUMBERS[reading.state],
        states=[
            message_pb2.StateScore(state=STATE_NUMBERS[state], score=score)
            for state, score in reading.states.items()
        ],
        emotions=[
            message_pb2.EmotionScore(label=label, score=score)
            for label, score in reading.emotions.items()
        ],
        valence=reading.valence,
        arousal=reading.arousal,
        signals=message_pb2.Signals(
            asks_for_person=reading.signals.asks_for_person,
            asks_if_bot=reading.signals.asks_if_bot,
            crisis=reading.signals.crisis,
            opt_out=reading.signals.opt_out,
            abusive=reading.signals.abusive,
        ),
        model_version=reading.model_version,
        satisfaction=reading.satisfaction,
    )


def trajectory_message(course: Course) -> message_pb2.EmotionTrajectory | None:
    """The course's trajectory with the effect of the last reply; None before the first turn."""
    trajectory = course.trajectory()
    if trajectory is None:
        return None
    return message_pb2.EmotionTrajectory(
        valence=trajectory.valence,
        arousal=trajectory.arousal,
        trend=_TRENDS[trajectory.trend],
        customer_turns=trajectory.customer_turns,
        negative_in_a_row=trajectory.negative_in_a_row,
        lowest_valence=trajectory.lowest_valence,
        change=trajectory.change,
        peak=_felt(trajectory.peak) if trajectory.peak else None,
        turning_points=[
            message_pb2.TurningPoint(
                message_id=point.message_id,
                sent_at=_stamp(point.at),
                valence=point.valence,
                worse=point.worse,
            )
            for point in trajectory.turning_points
        ],
        reply_effect=_effect(course.effect) if course.effect else None,
    )


def _felt(turn: FeltTurn) -> message_pb2.FeltTurn:
    return message_pb2.FeltTurn(
        message_id=turn.message_id,
        sent_at=_stamp(turn.at),
        valence=turn.valence,
        arousal=turn.arousal,
    )


def _effect(effect: Effect) -> message_pb2.ReplyEffect:
    return message_pb2.ReplyEffect(
        reply_id=effect.reply.reply_id,
        author=_AUTHOR_NUMBERS[effect.reply.author],
        strategy=effect.reply.strategy,
        valence_change=effect.valence,
        arousal_change=effect.arousal,
    )


def span_message(span: Span) -> services_pb2.ExplainedSpan:
    return services_pb2.ExplainedSpan(
        text=span.text, start=span.start, end=span.end, weight=span.weight
    )


def seconds_of(stamp: Timestamp) -> float:
    """Unix seconds."""
    return stamp.seconds + stamp.nanos / 1e9


def _stamp(seconds: float) -> Timestamp:
    # Whole microseconds: a float of today's seconds is no finer.
    whole, microseconds = divmod(round(seconds * 1e6), 1_000_000)
    return Timestamp(seconds=whole, nanos=microseconds * 1000)


def turns(messages: Iterable[reply_pb2.Turn]) -> list[Turn]:
    """Earlier turns of a request; one without a known author is the bot's."""
    return [Turn(_AUTHORS.get(turn.author, "bot"), turn.text) for turn in messages]
