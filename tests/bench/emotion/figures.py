"""Figures of quality, worked out alike for every system."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from services.learning.emotion import metrics
from services.learning.emotion.data import Utterance
from tests.bench.emotion.sets import SIGNALS, STATES, Care, GoEmotions

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Readings:
    """What a system says of n utterances; what it cannot say is None.

    `confidence` (n,): probability that it gives to its own state. `valence` (n,) from -1 to 1 and
    `arousal` (n,) from 0 to 1. `signals`: (n,) by name.
    """

    states: list[str]
    valence: Numbers
    confidence: Numbers | None = None
    arousal: Numbers | None = None
    signals: dict[str, Flags] | None = None


def care_figures(readings: Readings, care: Care) -> dict[str, Any]:
    """Figures on the care test set; None for what the system does not say."""
    truth = [utterance.state for utterance in care.test]
    true, given = metrics.one_hot(truth, STATES), metrics.one_hot(readings.states, STATES)
    f1 = metrics.f1_per_label(true, given)
    right = np.array([a == b for a, b in zip(truth, readings.states, strict=True)])
    figures: dict[str, Any] = {
        "macro_f1": float(f1.mean()),
        "micro_f1": metrics.micro_f1(true, given),
        "f1": {state: float(value) for state, value in zip(STATES, f1, strict=True)},
        "valence_pearson": _against(care.test, "valence", readings.valence),
        "arousal_pearson": _against(care.test, "arousal", readings.arousal),
        "ece": None,
        "signals": None,
    }
    if readings.confidence is not None:
        confidence = readings.confidence.astype(np.float32)
        figures["ece"] = metrics.calibration_error(confidence, right)
    if readings.signals is not None:
        figures["signals"] = {
            name: signal_figures(
                np.array([name in utterance.signals for utterance in care.test]),
                readings.signals[name],
                np.array([name in near for near in care.near_misses]),
            )
            for name in SIGNALS
        }
    return figures


def signal_figures(truth: Flags, given: Flags, near: Flags) -> dict[str, Any]:
    """Recall and precision of one signal, and which share of its near misses is flagged.

    None where there is nothing to take a share of.
    """
    hits = int((truth & given).sum())
    return {
        "recall": _share(hits, int(truth.sum())),
        "precision": _share(hits, int(given.sum())),
        "true": int(truth.sum()),
        "flagged": int(given.sum()),
        "near_misses": int(near.sum()),
        "near_misses_flagged": int((near & given).sum()),
        "near_miss_rate": _share(int((near & given).sum()), int(near.sum())),
    }


def label_figures(guess: Flags, sets: GoEmotions) -> dict[str, Any]:
    """Figures of the 28 labels on GoEmotions test, and without the texts that train has too."""
    truth = sets.truth(sets.test)
    f1 = metrics.f1_per_label(truth, guess)
    return {
        "macro_f1": float(f1.mean()),
        "micro_f1": metrics.micro_f1(truth, guess),
        "f1": {label: float(value) for label, value in zip(sets.labels, f1, strict=True)},
        "unseen": {
            "texts": len(sets.unseen),
            "macro_f1": metrics.macro_f1(truth[sets.unseen], guess[sets.unseen]),
            "micro_f1": metrics.micro_f1(truth[sets.unseen], guess[sets.unseen]),
        },
    }


def pearson(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Pearson's correlation; None for fewer than three pairs or where one side never varies."""
    if len(one) < 3 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    return float(np.corrcoef(one, other)[0, 1])


def _against(rows: Sequence[Utterance], name: str, said: Numbers | None) -> float | None:
    """Correlation over the rows that somebody judged."""
    if said is None:
        return None
    judged = [getattr(row, name, None) for row in rows]
    pairs = [(a, float(b)) for a, b in zip(judged, said, strict=True) if a is not None]
    return pearson([a for a, _ in pairs], [b for _, b in pairs])


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
