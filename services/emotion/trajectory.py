"""How a conversation's feeling moves. Pure; bounded memory: a handful of numbers a conversation.

Valence and arousal are exponentially weighted over the customer's turns (Roberts, Technometrics
1959), once fast and once slowly: feelings have inertia (Kuppens, Allen & Sheeber, Psychol. Sci.
2010), so one turn moves the level and only a run of turns moves it far. The trend compares fast
with slow, as a crossover of two such averages does (Appel 1979's MACD), with a dead band so that
noise is steady.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FAST = 0.6
SLOW = 0.25
BAND = 0.12
"""Weights of the newest turn, and how far fast must leave slow to be a trend. In valence units."""

NEGATIVE_BELOW = -0.15
"""Valence under which a turn counts as negative; confusion (-0.2) alone just does."""

HOT = 0.6


class Trend(StrEnum):
    STEADY = "steady"
    ESCALATING = "escalating"
    RECOVERING = "recovering"


@dataclass(frozen=True, slots=True)
class Trajectory:
    """Up to and including the newest turn; `valence` and `arousal` are the fast averages."""

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


def advance(before: Trajectory | None, valence: float, arousal: float) -> Trajectory:
    """The trajectory after one more turn; valence in -1..1, arousal in 0..1, clamped to these."""
    valence = max(-1.0, min(1.0, valence))
    arousal = max(0.0, min(1.0, arousal))
    negative = valence < NEGATIVE_BELOW
    if before is None:
        return Trajectory(
            valence,
            valence,
            arousal,
            arousal,
            valence,
            valence,
            0.0,
            int(negative),
            1,
            Trend.STEADY,
        )
    fast = before.valence + FAST * (valence - before.valence)
    slow = before.slow_valence + SLOW * (valence - before.slow_valence)
    fast_arousal = before.arousal + FAST * (arousal - before.arousal)
    slow_arousal = before.slow_arousal + SLOW * (arousal - before.slow_arousal)
    row = before.negative_in_a_row + 1 if negative else 0
    return Trajectory(
        valence=fast,
        slow_valence=slow,
        arousal=fast_arousal,
        slow_arousal=slow_arousal,
        last_valence=valence,
        lowest_valence=min(before.lowest_valence, valence),
        change=valence - before.last_valence,
        negative_in_a_row=row,
        customer_turns=before.customer_turns + 1,
        trend=_trend(fast, slow, fast_arousal, slow_arousal, row),
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
