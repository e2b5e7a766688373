"""Reads the two data sets: GoEmotions (Reddit, 28 labels) and the care set."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from services.emotion.inputs import Turn

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

SIGNALS = ("asks_for_person", "asks_if_bot", "crisis", "opt_out", "abusive")


@dataclass(frozen=True)
class Comment:
    """One GoEmotions example; `labels` are indices into labels.txt, one or more."""

    text: str
    labels: tuple[int, ...]


@dataclass(frozen=True)
class Utterance:
    """One care example: what a customer wrote, who the voice is, and what the guide says of it.

    `valence` -1..1, `arousal` 0..1 and `satisfaction` 1..5 are None where nobody judged them.
    """

    id: str
    voice: str
    text: str
    state: str
    context: tuple[Turn, ...] = ()
    signals: tuple[str, ...] = ()
    valence: float | None = None
    arousal: float | None = None
    satisfaction: int | None = None


def read_labels(folder: Path) -> tuple[str, ...]:
    return tuple((folder / "labels.txt").read_text(encoding="utf-8").split())


def read_comments(path: Path) -> list[Comment]:
    """Reads text, comma-separated label numbers and id, divided by tabs."""
    comments = []
    for line in path.read_text(encoding="utf-8").splitlines():
        text, labels, _ = line.rsplit("\t", 2)
        comments.append(Comment(text, tuple(int(label) for label in labels.split(","))))
    return comments


def read_utterances(path: Path) -> list[Utterance]:
    """Reads JSON lines {id, voice, text, state, context?, signals?, ...}; unknown states raise."""
    utterances = []
    for line in path.read_text(encoding="utf-8").splitlines():
        raw = json.loads(line)
        if raw["state"] not in STATES:
            raise ValueError(f"{path.name}: {raw['id']} has no known state")
        utterances.append(
            Utterance(
                id=raw["id"],
                voice=raw["voice"],
                text=raw["text"],
                state=raw["state"],
                context=tuple(Turn(t["author"], t["text"]) for t in raw.get("context", ())),
                signals=tuple(raw.get("signals", ())),
                valence=raw.get("valence"),
                arousal=raw.get("arousal"),
                satisfaction=raw.get("satisfaction"),
            )
        )
    return utterances


def multi_hot(comments: list[Comment], labels: int) -> npt.NDArray[np.float32]:
    """Shape (comments, labels), 1.0 where the label applies."""
    target = np.zeros((len(comments), labels), dtype=np.float32)
    for row, comment in enumerate(comments):
        target[row, list(comment.labels)] = 1.0
    return target
