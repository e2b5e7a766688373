"""Measures what is shipped: the exported files, through the service's own scorer."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from services.emotion.model import EmotionModel
from services.emotion.scorer import Scorer
from services.emotion.signals import read_signals
from services.learning.emotion import data, metrics


@dataclass(frozen=True)
class CareFigures:
    """`f1` by state; each signal as (recall, precision, how many truly have it)."""

    macro_f1: float
    accuracy: float
    calibration_error: float
    f1: dict[str, float]
    signals: dict[str, tuple[float, float, int]]
    wrong: list[tuple[str, str, str]]


def emotion_scores(model: EmotionModel, comments: Sequence[data.Comment]) -> metrics.Matrix:
    """Shape (comments, 28), one text at a time as in service."""
    return np.stack([model.score(comment.text).emotions for comment in comments])


def logits_of(
    model: EmotionModel, examples: Sequence[data.Comment] | Sequence[data.Utterance]
) -> dict[str, metrics.Matrix]:
    """The heads' logits by head, shape (examples, width), one text at a time as in service."""
    rows = [
        model.logits(each.text, each.context if isinstance(each, data.Utterance) else ())
        for each in examples
    ]
    return {head: np.stack([row[head] for row in rows]) for head in rows[0]}


def signals_of(utterances: Sequence[data.Utterance]) -> npt.NDArray[np.bool_]:
    """Shape (utterances, 5): which signals each has."""
    return np.array(
        [[name in each.signals for name in data.SIGNALS] for each in utterances], dtype=np.bool_
    )


def heard_by_rule(utterances: Sequence[data.Utterance]) -> npt.NDArray[np.bool_]:
    """Shape (utterances, 5): which signals the rules hear without the head."""
    readings = [read_signals(each.text, each.context) for each in utterances]
    return np.array(
        [[getattr(reading, name) for name in data.SIGNALS] for reading in readings],
        dtype=np.bool_,
    )


def truth_of(comments: list[data.Comment], labels: int) -> npt.NDArray[np.bool_]:
    return data.multi_hot(comments, labels).astype(np.bool_)


def unseen(comments: list[data.Comment], train: list[data.Comment]) -> list[int]:
    """Rows whose text is not, letter for letter, also in train."""
    known = {comment.text for comment in train}
    return [row for row, comment in enumerate(comments) if comment.text not in known]


def care_figures(scorer: Scorer, utterances: Sequence[data.Utterance]) -> CareFigures:
    readings = [scorer.score(utterance.text, utterance.context) for utterance in utterances]
    truth = [utterance.state for utterance in utterances]
    guess = [reading.state for reading in readings]
    right = np.array([a == b for a, b in zip(truth, guess, strict=True)])
    confidence = np.array([max(reading.states.values()) for reading in readings], dtype=np.float32)
    f1 = metrics.f1_per_label(
        metrics.one_hot(truth, data.STATES), metrics.one_hot(guess, data.STATES)
    )
    signals = {}
    for name in data.SIGNALS:
        wanted = [name in utterance.signals for utterance in utterances]
        given = [bool(getattr(reading.signals, name)) for reading in readings]
        hits = sum(a and b for a, b in zip(wanted, given, strict=True))
        signals[name] = (
            hits / sum(wanted) if any(wanted) else 1.0,
            hits / sum(given) if any(given) else 1.0,
            sum(wanted),
        )
    wrong = [
        (utterance.id, utterance.state, reading.state)
        for utterance, reading in zip(utterances, readings, strict=True)
        if utterance.state != reading.state
    ]
    return CareFigures(
        macro_f1=float(f1.mean()),
        accuracy=float(right.mean()),
        calibration_error=metrics.calibration_error(confidence, right),
        f1=dict(zip(data.STATES, map(float, f1), strict=True)),
        signals=signals,
        wrong=wrong,
    )


def milliseconds(scorer: Scorer, texts: Sequence[str]) -> tuple[float, float]:
    """Median and 99th percentile of the time to score one of distinct texts, on one thread."""
    took = []
    for text in texts:
        began = time.perf_counter()
        scorer.score(text)
        took.append(1000 * (time.perf_counter() - began))
    return statistics.median(took), float(np.percentile(took, 99))


def read_split(folder: Path, name: str) -> list[data.Utterance]:
    return data.read_utterances(folder / f"{name}.jsonl")
