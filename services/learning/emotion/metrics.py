"""Figures of quality, in numpy so that no other library's default decides them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]


def f1_per_label(truth: npt.NDArray[np.bool_], guess: npt.NDArray[np.bool_]) -> Matrix:
    """F1 of each column; 0 where a label is neither present nor guessed."""
    hits = (truth & guess).sum(axis=0).astype(np.float32)
    total = (truth.sum(axis=0) + guess.sum(axis=0)).astype(np.float32)
    return np.divide(2 * hits, total, out=np.zeros_like(hits), where=total > 0)


def macro_f1(truth: npt.NDArray[np.bool_], guess: npt.NDArray[np.bool_]) -> float:
    return float(f1_per_label(truth, guess).mean())


def micro_f1(truth: npt.NDArray[np.bool_], guess: npt.NDArray[np.bool_]) -> float:
    total = int(truth.sum()) + int(guess.sum())
    return 2 * int((truth & guess).sum()) / total if total else 0.0


def one_hot(values: list[str], names: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Shape (values, names)."""
    return np.array([[value == name for name in names] for value in values], dtype=np.bool_)


def best_threshold(truth: npt.NDArray[np.bool_], scores: Matrix) -> float:
    """The one threshold, in steps of 0.01, with the best macro-F1; the lower of equals."""
    steps = [step / 100 for step in range(10, 61)]
    figures = [macro_f1(truth, scores >= step) for step in steps]
    return steps[int(np.argmax(figures))]


def calibration_error(confidence: Matrix, correct: npt.NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error over equal-width bins (Naeini et al., AAAI 2015)."""
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for number in range(bins):
        inside = which == number
        if inside.any():
            gap = abs(float(confidence[inside].mean()) - float(correct[inside].mean()))
            error += gap * float(inside.mean())
    return error


def sigmoid(logits: Matrix) -> Matrix:
    return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32)
