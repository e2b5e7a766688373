"""Both data sets as the network takes them: token ids, segments, and a target for each head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from services.emotion.inputs import token_ids
from services.learning.emotion import data, metrics

Row = tuple[list[int], list[int]]
"""Token ids and segments of one text."""

Targets = dict[str, metrics.Matrix]
"""By head, shape (rows, width); a value that nobody knows is NaN."""


@dataclass(frozen=True)
class Examples:
    rows: list[Row]
    targets: Targets

    def __add__(self, other: Examples) -> Examples:
        joined = {
            head: np.concatenate([target, other.targets[head]])
            for head, target in self.targets.items()
        }
        return Examples(self.rows + other.rows, joined)

    def pick(self, chosen: Sequence[int]) -> Examples:
        """Those rows, in that order."""
        targets = {head: target[list(chosen)] for head, target in self.targets.items()}
        return Examples([self.rows[row] for row in chosen], targets)


def of_comments(
    comments: list[data.Comment], tokenizer: Tokenizer, labels: int, max_tokens: int
) -> Examples:
    """GoEmotions: the 28 labels are known, nothing else."""
    rows = [token_ids(tokenizer, comment.text, limit=max_tokens) for comment in comments]
    targets = _unknown(len(rows), labels) | {"emotions": data.multi_hot(comments, labels)}
    return Examples(rows, targets)


def of_utterances(
    utterances: list[data.Utterance],
    tokenizer: Tokenizer,
    labels: int,
    max_tokens: int,
    smoothing: float = 0.0,
) -> Examples:
    """The care set: states (smoothed), signals, and affect scaled to 0..1 where it was judged."""
    rows = [
        token_ids(tokenizer, utterance.text, utterance.context, limit=max_tokens)
        for utterance in utterances
    ]
    states = metrics.one_hot([each.state for each in utterances], data.STATES).astype(np.float32)
    signals = [[float(name in each.signals) for name in data.SIGNALS] for each in utterances]
    affect = [
        [
            np.nan if each.valence is None else (each.valence + 1) / 2,
            np.nan if each.arousal is None else each.arousal,
            np.nan if each.satisfaction is None else (each.satisfaction - 1) / 4,
        ]
        for each in utterances
    ]
    targets = _unknown(len(rows), labels) | {
        "states": states * (1 - smoothing) + smoothing / len(data.STATES),
        "signals": np.array(signals, dtype=np.float32),
        "affect": np.array(affect, dtype=np.float32),
    }
    return Examples(rows, targets)


def _unknown(rows: int, labels: int) -> Targets:
    widths = {"emotions": labels, "states": len(data.STATES), "signals": len(data.SIGNALS)}
    return {
        head: np.full((rows, width), np.nan, dtype=np.float32)
        for head, width in {**widths, "affect": 3}.items()
    }
