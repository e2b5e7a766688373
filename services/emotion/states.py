"""From the network's probabilities and what the text shows to a care state. Pure.

A log-linear pool (Genest & Zidek, Statistical Science 1986): the network's nine-state head and the
states that the 28 GoEmotions labels speak for are weighted experts; each cue of the text adds its
weight of evidence to the states that it speaks for. Weights of the pool were chosen on dev.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

STATES = (
    "calm",
    "satisfied",
    "grateful",
    "confused",
    "anxious",
    "disappointed",
    "frustrated",
    "angry",
    "distressed",
)
NEGATIVE = frozenset({"confused", "anxious", "disappointed", "frustrated", "angry", "distressed"})

SPEAKS_FOR: Mapping[str, Mapping[str, float]] = {
    "admiration": {"satisfied": 0.7, "grateful": 0.3},
    "amusement": {"calm": 0.5, "satisfied": 0.5},
    "anger": {"angry": 0.8, "frustrated": 0.2},
    "annoyance": {"frustrated": 0.75, "angry": 0.25},
    "approval": {"calm": 0.6, "satisfied": 0.4},
    "caring": {"calm": 0.5, "anxious": 0.3, "grateful": 0.2},
    "confusion": {"confused": 1.0},
    "curiosity": {"calm": 0.8, "confused": 0.2},
    "desire": {"calm": 1.0},
    "disappointment": {"disappointed": 0.8, "frustrated": 0.2},
    "disapproval": {"frustrated": 0.5, "angry": 0.25, "disappointed": 0.25},
    "disgust": {"angry": 0.8, "disappointed": 0.2},
    "embarrassment": {"disappointed": 0.4, "anxious": 0.3, "calm": 0.3},
    "excitement": {"satisfied": 1.0},
    "fear": {"anxious": 0.8, "distressed": 0.2},
    "gratitude": {"grateful": 0.75, "calm": 0.25},
    "grief": {"distressed": 1.0},
    "joy": {"satisfied": 1.0},
    "love": {"satisfied": 0.6, "grateful": 0.4},
    "nervousness": {"anxious": 1.0},
    "optimism": {"calm": 0.6, "satisfied": 0.4},
    "pride": {"satisfied": 1.0},
    "realization": {"calm": 0.7, "confused": 0.3},
    "relief": {"satisfied": 0.8, "grateful": 0.2},
    "remorse": {"calm": 0.5, "distressed": 0.25, "disappointed": 0.25},
    "sadness": {"disappointed": 0.5, "distressed": 0.5},
    "surprise": {"confused": 0.5, "calm": 0.3, "frustrated": 0.2},
    "neutral": {"calm": 1.0},
}
"""What a GoEmotions label says of a customer: shares of its probability, summing to 1."""

VALENCE = dict(zip(STATES, (0.05, 0.75, 0.85, -0.2, -0.5, -0.5, -0.6, -0.85, -0.95), strict=True))
AROUSAL = dict(zip(STATES, (0.15, 0.45, 0.5, 0.35, 0.65, 0.3, 0.6, 0.85, 0.85), strict=True))
"""Places on Russell's circumplex (J. Pers. Soc. Psychol. 1980), -1..1 and 0..1, set by judgement."""

PLEASANT = frozenset(
    [
        "admiration",
        "amusement",
        "approval",
        "caring",
        "excitement",
        "gratitude",
        "joy",
        "love",
        "optimism",
        "pride",
        "relief",
    ]
)
UNPLEASANT = frozenset(
    [
        "anger",
        "annoyance",
        "disappointment",
        "disapproval",
        "disgust",
        "embarrassment",
        "fear",
        "grief",
        "nervousness",
        "remorse",
        "sadness",
    ]
)

HEAD_WEIGHT = 1.0
LABELS_WEIGHT = 0.3
FLOOR = 0.01


@dataclass(frozen=True, slots=True)
class Feeling:
    """What one text says: the likeliest state, all nine (summing to 1), valence and arousal."""

    state: str
    states: Mapping[str, float]
    valence: float
    arousal: float


def from_labels(emotions: Mapping[str, float]) -> dict[str, float]:
    """States that the 28 label probabilities speak for; sums to 1."""
    mass = dict.fromkeys(STATES, FLOOR)
    for label, probability in emotions.items():
        for state, share in SPEAKS_FOR[label].items():
            mass[state] += share * probability
    total = sum(mass.values())
    return {state: value / total for state, value in mass.items()}


def read_feeling(
    emotions: Mapping[str, float],
    head: Mapping[str, float],
    evidence: Sequence[Mapping[str, float]] = (),
    heat: float = 0.0,
) -> Feeling:
    """Pools the label probabilities, the head's nine and the cues' evidence.

    `evidence` holds, for each cue seen, natural-log weights by state. `heat` from 0 to 1 (capitals,
    exclamation marks) raises arousal.
    """
    labels = from_labels(emotions)
    score = {
        state: HEAD_WEIGHT * math.log(head[state] + 1e-4)
        + LABELS_WEIGHT * math.log(labels[state])
        + sum(cue.get(state, 0.0) for cue in evidence)
        for state in STATES
    }
    top = max(score.values())
    powers = {state: math.exp(value - top) for state, value in score.items()}
    total = sum(powers.values())
    states = {state: value / total for state, value in powers.items()}
    likeliest = max(STATES, key=states.__getitem__)
    return Feeling(likeliest, states, _valence(states, emotions), _arousal(states, heat))


def _valence(states: Mapping[str, float], emotions: Mapping[str, float]) -> float:
    of_states = sum(VALENCE[state] * share for state, share in states.items())
    pleasant = sum(value for label, value in emotions.items() if label in PLEASANT)
    unpleasant = sum(value for label, value in emotions.items() if label in UNPLEASANT)
    of_labels = (pleasant - unpleasant) / (1 + pleasant + unpleasant)
    # The labels refine, and never turn, what the states say: they are blind to sarcasm.
    return max(-1.0, min(1.0, of_states + 0.15 * of_labels * (of_states * of_labels > 0)))


def _arousal(states: Mapping[str, float], heat: float) -> float:
    of_states = sum(AROUSAL[state] * share for state, share in states.items())
    return max(0.0, min(1.0, of_states + 0.25 * heat * (1 - of_states)))
