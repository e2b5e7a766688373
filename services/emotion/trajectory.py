"""How a conversation's feeling moves. Pure; bounded memory: a few turns and a handful of numbers.

Valence and arousal are exponentially weighted over the customer's turns (Roberts, Technometrics
1959), once fast and once slowly: feelings have inertia (Kuppens, Allen & Sheeber, Psychol. Sci.
2010), so one turn moves the level and only a run of turns moves it far. Turns are not evenly
spaced: what was felt also fades with the time between them (Eckner 2019, "Algorithms for unevenly
spaced time series: moving averages and other rolling operators"). The trend compares fast with
slow, as a crossover of two such averages does (Appel 1979's MACD), with a dead band so that noise
is steady.

Turns are taken in the order of their times. The newest few are kept as they came, so that a late
one goes to its place and one that comes twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

FAST, FAST_HALF_LIFE = 0.6, 2 * 3600.0
SLOW, SLOW_HALF_LIFE = 0.25, 24 * 3600.0
"""Weight of the newest turn, and the seconds in which what was before has faded by half. Feelings
last from minutes (irritation, relief) to days (sadness: Verduyn & Lavrijsen, Motiv. Emot. 2015);
these two places in between were set by judgement."""

BAND = 0.12
"""How far fast must leave slow to be a trend. In valence units."""

NEGATIVE_BELOW = -0.15
"""Valence under which a turn counts as negative; confusion (-0.2) alone just does."""

HOT = 0.6

TURNED = 0.35
"""How far the average must come back from its extreme for that to have been a turning point."""

TURNING_POINTS = 5
RECENT_TURNS = 4
IDLE_SECONDS = 7 * 86_400.0
"""A conversation that was silent for a week begins anew."""


class Trend(StrEnum):
    STEADY = "steady"
    ESCALATING = "escalating"
    RECOVERING = "recovering"


@dataclass(frozen=True, slots=True)
class FeltTurn:
    """A customer's turn: when it was written (Unix seconds), and what was read of it."""

    message_id: str
    at: float
    sequence: int
    valence: float
    arousal: float


@dataclass(frozen=True, slots=True)
class Extreme:
    """Where the fast average stood at a turn."""

    message_id: str
    at: float
    valence: float


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """The turn from which the feeling went the other way; `worse` says which way that was."""

    message_id: str
    at: float
    valence: float
    worse: bool


@dataclass(frozen=True, slots=True)
class Trajectory:
    """Up to and including the newest turn; `valence` and `arousal` are the fast averages.

    `peak` is the negative turn furthest from calm, None without one: the peak and the end are what
    is remembered (Kahneman et al., Psychol. Sci. 1993). `high` and `low` are the average's extremes
    since the last turning point, and `sinking` which way it goes since then.
    """

    valence: float
    slow_valence: float
    arousal: float
    slow_arousal: float
    last_valence: float
    lowest_valence: float
    change: float
    negative_in_a_row: int
    customer_turns: int
    trend: Trend
    at: float
    high: Extreme
    low: Extreme
    sinking: bool | None = None
    peak: FeltTurn | None = None
    turning_points: tuple[TurningPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What was said to the customer; `strategy` is "" where it is not known (people's replies)."""

    reply_id: str
    author: str
    strategy: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """The customer's first turn after a reply, less the one before it."""

    reply: Reply
    valence: float
    arousal: float


@dataclass(frozen=True, slots=True)
class Course:
    """What is kept of a conversation.

    `older` folds all but the `recent` turns, which are in the order of their times. `unanswered` is
    the last reply while no turn of the customer has followed it.
    """

    older: Trajectory | None = None
    recent: tuple[FeltTurn, ...] = ()
    unanswered: Reply | None = None
    effect: Effect | None = None

    def trajectory(self) -> Trajectory | None:
        """Over all turns; None before the first."""
        return _fold(self.older, self.recent)


def after_turn(course: Course, turn: FeltTurn) -> Course:
    """The course with one more turn of the customer; valence in -1..1, arousal in 0..1, clamped.

    A turn that came before changes nothing. A late one goes to its place among the recent turns; one
    that is older than all of these still counts, and moves no average. Only a turn that is not late
    answers the last reply.
    """
    if any(known.message_id == turn.message_id for known in course.recent):
        return course
    turn = replace(
        turn, valence=_within(turn.valence, -1.0, 1.0), arousal=_within(turn.arousal, 0.0, 1.0)
    )
    newest = course.recent[-1] if course.recent else None
    if newest is not None and turn.at - newest.at > IDLE_SECONDS:
        return Course(recent=(turn,))
    if newest is not None and newest.at - turn.at > IDLE_SECONDS:
        return course
    if course.older is not None and turn.at < course.older.at:
        return replace(course, older=_counted(course.older, turn))
    recent = tuple(sorted((*course.recent, turn), key=_place))
    older = course.older
    if len(recent) > RECENT_TURNS:
        older, recent = _fold(older, recent[:1]), recent[1:]
    if newest is None or recent[-1] is not turn:
        return replace(course, older=older, recent=recent)
    effect = course.effect
    if course.unanswered is not None:
        effect = Effect(
            course.unanswered, turn.valence - newest.valence, turn.arousal - newest.arousal
        )
    return Course(older, recent, None, effect)


def after_reply(course: Course, reply: Reply) -> Course:
    """The course with one more reply; one that came before changes nothing.

    Of several in a row the last is taken to have the effect.
    """
    felt = course.effect is not None and course.effect.reply.reply_id == reply.reply_id
    return replace(course, unanswered=reply) if course.recent and not felt else course


def _place(turn: FeltTurn) -> tuple[float, int]:
    return turn.at, turn.sequence


def _within(value: float, least: float, most: float) -> float:
    return max(least, min(most, value))


def _fold(before: Trajectory | None, turns: Iterable[FeltTurn]) -> Trajectory | None:
    for turn in turns:
        before = _first(turn) if before is None else _next(before, turn)
    return before


def _first(turn: FeltTurn) -> Trajectory:
    here = Extreme(turn.message_id, turn.at, turn.valence)
    negative = turn.valence < NEGATIVE_BELOW
    return Trajectory(
        valence=turn.valence,
        slow_valence=turn.valence,
        arousal=turn.arousal,
        slow_arousal=turn.arousal,
        last_valence=turn.valence,
        lowest_valence=turn.valence,
        change=0.0,
        negative_in_a_row=int(negative),
        customer_turns=1,
        trend=Trend.STEADY,
        at=turn.at,
        high=here,
        low=here,
        peak=turn if negative else None,
    )


def _next(before: Trajectory, turn: FeltTurn) -> Trajectory:
    elapsed = turn.at - before.at
    fast_weight = 1 - (1 - FAST) * 0.5 ** (elapsed / FAST_HALF_LIFE)
    slow_weight = 1 - (1 - SLOW) * 0.5 ** (elapsed / SLOW_HALF_LIFE)
    fast = before.valence + fast_weight * (turn.valence - before.valence)
    slow = before.slow_valence + slow_weight * (turn.valence - before.slow_valence)
    fast_arousal = before.arousal + fast_weight * (turn.arousal - before.arousal)
    slow_arousal = before.slow_arousal + slow_weight * (turn.arousal - before.slow_arousal)
    row = before.negative_in_a_row + 1 if turn.valence < NEGATIVE_BELOW else 0
    counted = _counted(before, turn)
    return _turned(
        replace(
            counted,
            valence=fast,
            slow_valence=slow,
            arousal=fast_arousal,
            slow_arousal=slow_arousal,
            last_valence=turn.valence,
            change=turn.valence - before.last_valence,
            negative_in_a_row=row,
            trend=_trend(fast, slow, fast_arousal, slow_arousal, row),
            at=turn.at,
        ),
        Extreme(turn.message_id, turn.at, fast),
    )


def _counted(before: Trajectory, turn: FeltTurn) -> Trajectory:
    """What does not depend on the order of turns."""
    peak = before.peak
    if turn.valence < NEGATIVE_BELOW and (peak is None or _strength(turn) > _strength(peak)):
        peak = turn
    return replace(
        before,
        customer_turns=before.customer_turns + 1,
        lowest_valence=min(before.lowest_valence, turn.valence),
        peak=peak,
    )


def _strength(turn: FeltTurn) -> tuple[float, float]:
    """Distance from the middle of the circumplex (Reisenzein, J. Pers. Soc. Psychol. 1994); of two
    alike the earlier."""
    return turn.valence**2 + turn.arousal**2, -turn.at


def _turned(now: Trajectory, here: Extreme) -> Trajectory:
    """Keeps the extremes, and notes a turning point once the average has left one far enough."""
    high = here if here.valence >= now.high.valence else now.high
    low = here if here.valence <= now.low.valence else now.low
    fell = now.sinking is not True and high.valence - here.valence >= TURNED
    rose = now.sinking is not False and here.valence - low.valence >= TURNED
    if not (fell or rose):
        return replace(now, high=high, low=low)
    at = high if fell else low
    point = TurningPoint(at.message_id, at.at, at.valence, worse=fell)
    return replace(
        now,
        high=high if rose else here,
        low=low if fell else here,
        sinking=fell,
        turning_points=(*now.turning_points, point)[-TURNING_POINTS:],
    )


def _trend(fast: float, slow: float, arousal: float, slow_arousal: float, row: int) -> Trend:
    if fast - slow > BAND:
        return Trend.RECOVERING
    # Sinking, or staying low while the heat goes up; a fall from joy to calm is no escalation.
    if row and (slow - fast > BAND or (row >= 2 and arousal - slow_arousal > BAND)):
        return Trend.ESCALATING
    # Held at the bottom and hot: an average cannot sink below its floor.
    if row >= 3 and fast < -0.5 and arousal >= HOT:
        return Trend.ESCALATING
    return Trend.STEADY
