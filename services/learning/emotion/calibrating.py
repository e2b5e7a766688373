"""What is chosen on dev, and on dev alone: calibration and thresholds of the exported model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from services.learning.emotion import data, metrics

Flags = npt.NDArray[np.bool_]


def platt(logits: metrics.Matrix, truth: Flags) -> dict[str, float]:
    """Scale and shift under which sigmoid(scale * logit + shift) fits the truth best, by Newton.

    Smoothed targets as in Platt (1999): a clean separation gives finite values.
    """
    x, y = logits.ravel().astype(np.float64), truth.ravel()
    positive, negative = int(y.sum()), int((~y).sum())
    target = np.where(y, (positive + 1) / (positive + 2), 1 / (negative + 2))
    features = np.stack([x, np.ones_like(x)], axis=1)
    weights = np.zeros(2)
    for _ in range(50):
        p = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ (p - target)
        curve = (features * (p * (1 - p))[:, None]).T @ features + 1e-6 * np.eye(2)
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-9:
            break
    return {"scale": float(weights[0]), "shift": float(weights[1])}


def temperature(logits: metrics.Matrix, truth: Flags) -> dict[str, float]:
    """The temperature with the least cross-entropy (Guo et al., ICML 2017), in steps of 0.02."""
    steps = [step / 50 for step in range(20, 151)]
    losses = []
    for step in steps:
        tempered = logits / step - (logits / step).max(axis=1, keepdims=True)
        shares = np.exp(tempered) / np.exp(tempered).sum(axis=1, keepdims=True)
        losses.append(-float(np.log(shares[truth] + 1e-9).mean()))
    return {"temperature": steps[int(np.argmin(losses))]}


def signal_thresholds(probabilities: metrics.Matrix, truth: Flags) -> dict[str, float]:
    """For each signal the threshold with the best F-beta: a missed call costs more than a false one.

    beta is 2 for crisis, where a miss may cost a life, and 1 for the others; steps of 0.01.
    """
    steps = [step / 100 for step in range(3, 98)]
    chosen = {}
    for column, name in enumerate(data.SIGNALS):
        weight = 4.0 if name == "crisis" else 1.0
        figures = [
            _f_beta(truth[:, column], probabilities[:, column] >= step, weight) for step in steps
        ]
        best = max(figures)
        among = [step for step, figure in zip(steps, figures, strict=True) if figure == best]
        chosen[name] = among[len(among) // 2]  # the middle of equals is the furthest from both
    return chosen


def _f_beta(truth: Flags, guess: Flags, weight: float) -> float:
    hits = int((truth & guess).sum())
    missed, false = int(truth.sum()) - hits, int(guess.sum()) - hits
    total = (1 + weight) * hits + weight * missed + false
    return (1 + weight) * hits / total if total else 0.0


def calibration(logits: Mapping[str, metrics.Matrix], truth: Mapping[str, Flags]) -> dict[str, Any]:
    """What model.json calls `calibration`, of dev's logits and truth by head."""
    return {
        "emotions": platt(logits["emotions"], truth["emotions"]),
        "states": temperature(logits["states"], truth["states"]),
        "signals": platt(logits["signals"], truth["signals"]),
    }
