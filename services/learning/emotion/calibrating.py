"""What is chosen on dev, and on dev alone: calibration and thresholds of the exported model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from services.learning.emotion import data, metrics

Flags = npt.NDArray[np.bool_]

RECALL = {
    "asks_for_person": 0.98,
    "asks_if_bot": 0.95,
    "crisis": 1.0,
    "opt_out": 0.95,
    "abusive": 0.9,
}
"""What share of dev's signals is to be heard: a missed call for help costs more than a false one."""

PRECISION = {
    "asks_for_person": 0.85,
    "asks_if_bot": 0.85,
    "crisis": 0.7,
    "opt_out": 0.8,
    "abusive": 0.75,
}
"""What it may cost at most, in precision on dev, where near misses are as many as signals: a customer
who is offered help without need is worse off by less than one who is not heard."""


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


def signal_thresholds(
    probabilities: metrics.Matrix, truth: Flags, by_rule: Flags
) -> dict[str, float]:
    """For each signal the highest threshold at which head and rules together reach RECALL.

    `by_rule` says what the rules hear by themselves: what they hear, the head need not. Where the
    recall would cost more precision than PRECISION allows, the best recall that does not; steps of
    0.01.
    """
    steps = [step / 100 for step in range(97, 2, -1)]
    chosen = {}
    for column, name in enumerate(data.SIGNALS):
        heard = [by_rule[:, column] | (probabilities[:, column] >= step) for step in steps]
        figures = [_recall_and_precision(truth[:, column], each) for each in heard]
        allowed = [
            (min(recall, RECALL[name]), step)
            for (recall, precision), step in zip(figures, steps, strict=True)
            if precision >= PRECISION[name]
        ]
        chosen[name] = max(allowed)[1] if allowed else steps[0]
    return chosen


def _recall_and_precision(truth: Flags, heard: Flags) -> tuple[float, float]:
    hits = int((truth & heard).sum())
    return hits / max(int(truth.sum()), 1), hits / max(int(heard.sum()), 1)


def calibration(logits: Mapping[str, metrics.Matrix], truth: Mapping[str, Flags]) -> dict[str, Any]:
    """What model.json calls `calibration`, of dev's logits and truth by head."""
    return {
        "emotions": platt(logits["emotions"], truth["emotions"]),
        "states": temperature(logits["states"], truth["states"]),
        "signals": platt(logits["signals"], truth["signals"]),
    }
