"""Readings and trajectories as the contract's messages, and turns back from them."""

from __future__ import annotations

from collections.abc import Iterable

from rapport.v1 import common_pb2, message_pb2, reply_pb2
from services.emotion.cues import Turn
from services.emotion.scorer import Reading
from services.emotion.trajectory import Trajectory, Trend

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
    )


def trajectory_message(trajectory: Trajectory) -> message_pb2.EmotionTrajectory:
    return message_pb2.EmotionTrajectory(
        valence=trajectory.valence,
        arousal=trajectory.arousal,
        trend=_TRENDS[trajectory.trend],
        customer_turns=trajectory.customer_turns,
        negative_in_a_row=trajectory.negative_in_a_row,
        lowest_valence=trajectory.lowest_valence,
        change=trajectory.change,
    )


def turns(messages: Iterable[reply_pb2.Turn]) -> list[Turn]:
    """Earlier turns of a request; one without a known author is the bot's."""
    return [Turn(_AUTHORS.get(turn.author, "bot"), turn.text) for turn in messages]
