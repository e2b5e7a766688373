"""The sets that the systems are tuned and measured on: GoEmotions and the care set."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from services.emotion.inputs import Turn
from services.learning.emotion import data
from services.learning.emotion.data import Comment, Utterance

SIGNALS = data.SIGNALS
STATES = data.STATES

_NEAR = re.compile(r"\bnear[ -]?miss|\bnear[ -](?:crisis|opt|abus|person)", re.IGNORECASE)
_ABOUT = {
    "asks_for_person": r"asks?_for_person|asking for a person|\bperson\b|\bagent\b",
    "asks_if_bot": r"asks?_if_bot|\bbot\b|what it talks to",
    "crisis": r"\bcrisis\b",
    "opt_out": r"\bopt(?:s|ing)?[ _-]?outs?\b|no contact|stop contact",
    "abusive": r"\babusive\b|\babuse\b|\binsult",
}


@dataclass(frozen=True)
class GoEmotions:
    """Texts with some of the 28 `labels`. `unseen`: rows of test whose text is not in train."""

    labels: tuple[str, ...]
    train: list[Comment]
    dev: list[Comment]
    test: list[Comment]
    unseen: list[int]

    def truth(self, comments: list[Comment]) -> npt.NDArray[np.bool_]:
        """Shape (comments, 28)."""
        return data.multi_hot(comments, len(self.labels)).astype(np.bool_)


@dataclass(frozen=True)
class Care:
    """Utterances of customers. `near_misses`: of each row of test, what it only resembles."""

    train: list[Utterance]
    dev: list[Utterance]
    test: list[Utterance]
    near_misses: list[frozenset[str]]


def read_goemotions(folder: Path) -> GoEmotions | None:
    """None where the folder is absent."""
    if not folder.is_dir():
        return None
    train, dev, test = (
        data.read_comments(folder / f"{name}.tsv") for name in ("train", "dev", "test")
    )
    known = {comment.text for comment in train}
    unseen = [row for row, comment in enumerate(test) if comment.text not in known]
    return GoEmotions(data.read_labels(folder), train, dev, test, unseen)


def read_care(folder: Path) -> Care:
    train, dev, test = (
        data.read_utterances(folder / f"{name}.jsonl") for name in ("train", "dev", "test")
    )
    marks = [
        near_miss_of(json.loads(line))
        for line in (folder / "test.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    return Care(train, dev, test, marks)


def near_miss_of(row: dict[str, object]) -> frozenset[str]:
    """Signals that a row is a near miss of: its theme or its voice says so, and it has them not."""
    mark = f"{row.get('theme', '')} / {row['voice']}"
    if not _NEAR.search(mark):
        return frozenset()
    present = row.get("signals") or ()
    assert isinstance(present, list | tuple)
    return frozenset(
        signal
        for signal, words in _ABOUT.items()
        if signal not in present and re.search(words, mark, re.IGNORECASE)
    )


def turns_of(utterance: Utterance) -> list[Turn]:
    """The turns before an utterance, oldest first."""
    return [Turn(*each) if isinstance(each, tuple) else each for each in utterance.context]
