"""Messages to measure speed with: distinct texts of real lengths, and what they are to a graph.

The floor and its rivals are given the very feeds that the scorer gives its graph for these texts,
so that they pay for neither tokenising nor anything else around the network.
"""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from services.emotion.inputs import Turn
from services.emotion.model import EmotionModel
from services.emotion.scorer import Scorer
from tests.bench.emotion.sets import Care, GoEmotions, turns_of

Ids = npt.NDArray[np.int64]
Feed = dict[str, list[int]]
SEED = 20240917


@dataclass(frozen=True)
class Message:
    """A text, the turns before it, and the graph's inputs: one feed for each run of the graph."""

    text: str
    context: tuple[Turn, ...]
    feeds: tuple[Feed, ...]

    @property
    def tokens(self) -> int:
        return sum(len(feed["input_ids"]) for feed in self.feeds)


def record(care: Care, sets: GoEmotions | None, model: Path, limit: int) -> list[Message]:
    """At most `limit` messages out of both test sets, shuffled, no text twice."""
    known: dict[str, tuple[Turn, ...]] = {}
    for utterance in care.test:
        known.setdefault(utterance.text, tuple(turns_of(utterance)))
    for comment in sets.test if sets else ():
        known.setdefault(comment.text, ())
    chosen = list(known.items())
    random.Random(SEED).shuffle(chosen)
    network = EmotionModel.load(model)
    recorder = _Recorder(network._session)
    network._session = recorder
    scorer = Scorer(network)
    messages = []
    for text, context in chosen[:limit]:
        recorder.feeds = []
        scorer.score(text, context)
        messages.append(Message(text, context, tuple(recorder.feeds)))
    return messages


class _Recorder:
    """A session that remembers what it is fed."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.feeds: list[Feed] = []

    def run(self, outputs: Any, feed: dict[str, Ids]) -> Any:
        self.feeds.append({name: ids[0].tolist() for name, ids in feed.items()})
        return self._session.run(outputs, feed)


def save(messages: Sequence[Message], path: Path) -> None:
    rows = [
        {
            "text": message.text,
            "context": [[turn.author, turn.text] for turn in message.context],
            "feeds": message.feeds,
        }
        for message in messages
    ]
    path.write_text(json.dumps(rows), encoding="utf-8")


def load(path: Path) -> list[Message]:
    return [
        Message(row["text"], tuple(Turn(*turn) for turn in row["context"]), tuple(row["feeds"]))
        for row in json.loads(path.read_text(encoding="utf-8"))
    ]


def batches(messages: Sequence[Message], size: int) -> list[list[Message]]:
    """Every message once, `size` of like length together; the batches in no order."""
    ordered = sorted(messages, key=lambda message: message.tokens)
    found = [list(ordered[at : at + size]) for at in range(0, len(ordered), size)]
    random.Random(SEED).shuffle(found)
    return found


def padded(batch: Sequence[Message]) -> dict[str, Ids]:
    """The batch's feeds as one, each input of shape (feeds, longest), padded with 0."""
    feeds = [feed for message in batch for feed in message.feeds]
    width = max(len(feed["input_ids"]) for feed in feeds)
    return {
        name: np.array([feed[name] + [0] * (width - len(feed[name])) for feed in feeds], np.int64)
        for name in feeds[0]
    }
