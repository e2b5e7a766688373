"""Chooses the few numbers that turn a lexicon's scores into labels and states. Sees dev alone."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from services.learning.emotion import metrics

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
STEPS = 40


def best_thresholds(truth: Flags, scores: Numbers) -> Numbers:
    """Of each column the threshold with the best F1, shape (columns,); candidates are quantiles.

    More than one global threshold is what a scale that differs from label to label needs.
    """
    chosen = []
    for column in range(truth.shape[1]):
        values = scores[:, column]
        candidates = np.unique(np.quantile(values, np.linspace(0, 1, STEPS + 1)))
        f1 = [
            float(metrics.f1_per_label(truth[:, [column]], values[:, None] >= cut)[0])
            for cut in candidates
        ]
        chosen.append(candidates[int(np.argmax(f1))])
    return np.array(chosen)


def coordinate_ascent(
    start: Sequence[float],
    choices: Sequence[float],
    value: Callable[[Numbers], float],
    sweeps: int = 10,
) -> Numbers:
    """Turns one number at a time to the choice with the highest `value`, until none gets better.

    A choice for which `value` is -inf is not allowed. Deterministic; a local optimum.
    """
    best = np.array(start, dtype=float)
    best_value = value(best)
    for _ in range(sweeps):
        before = best_value
        for place in range(len(best)):
            for choice in choices:
                tried = best.copy()
                tried[place] = choice
                if (reached := value(tried)) > best_value:
                    best, best_value = tried, reached
        if best_value == before:
            break
    return best
