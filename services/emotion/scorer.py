"""One text, read with the turns before it: what `rapport score`, the handler and gRPC all call."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.emotion.cues import Cue, Turn, find_cues, heat
from services.emotion.model import EmotionModel, Scores
from services.emotion.signals import Signals, read_signals
from services.emotion.states import NEGATIVE, Feeling, read_feeling
from services.emotion.wording import plain

MODEL_FOLDER = Path(__file__).with_name("model")
CONTEXT_TURNS = 8
"""How many turns before a text are read with it."""

_FEW_WORDS = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text says. `states` sums to 1; each of the 28 `emotions` is by itself, 0 to 1."""

    state: str
    states: Mapping[str, float]
    emotions: Mapping[str, float]
    valence: float
    arousal: float
    signals: Signals
    model_version: str


class Scorer:
    """Deterministic: the same text and context give the same reading, bit for bit."""

    def __init__(self, model: EmotionModel) -> None:
        self._model = model

    @classmethod
    def load(cls, folder: Path = MODEL_FOLDER) -> Scorer:
        """Loads and warms the model of a folder. Raises ModelUnfit."""
        return cls(EmotionModel.load(folder))

    @property
    def model_version(self) -> str:
        return self._model.version

    def score(self, text: str, context: Sequence[Turn] = ()) -> Reading:
        """Reads a customer's `text`; `context` are the turns before it, oldest first.

        Any text is read: an empty one as calm, of a long one its two ends.
        """
        recent = context[-CONTEXT_TURNS:]
        scores = self._model.score(plain(text))
        emotions = self._emotions(scores)
        evidence: list[Mapping[str, float]] = [cue.evidence for cue in find_cues(text, recent)]
        signals = read_signals(text, recent)
        evidence += [cue.evidence for cue in _of_signals(signals)]
        if carried := self._carried(text, recent):
            evidence.append(carried.evidence)
        feeling = read_feeling(emotions, self._head(scores), evidence, heat(plain(text)))
        return Reading(
            state=feeling.state,
            states=feeling.states,
            emotions=emotions,
            valence=feeling.valence,
            arousal=feeling.arousal,
            signals=signals,
            model_version=self._model.version,
        )

    def _emotions(self, scores: Scores) -> dict[str, float]:
        return dict(zip(self._model.labels, map(float, scores.emotions), strict=True))

    def _head(self, scores: Scores) -> dict[str, float]:
        return dict(zip(self._model.state_names, map(float, scores.states), strict=True))

    def _carried(self, text: str, context: Sequence[Turn]) -> Cue | None:
        """A few words say little by themselves: the customer's turn before colours them."""
        before = [turn for turn in context if turn.author == "customer"]
        if not before or len(re.findall(r"\w+", text)) > _FEW_WORDS:
            return None
        earlier = self._alone(before[-1].text)
        carried = {state: 1.5 * earlier.states[state] for state in NEGATIVE}
        return Cue("carried", carried)

    def _alone(self, text: str) -> Feeling:
        scores = self._model.score(plain(text))
        evidence = [cue.evidence for cue in find_cues(text)]
        return read_feeling(self._emotions(scores), self._head(scores), evidence)


def _of_signals(signals: Signals) -> list[Cue]:
    """A crisis is never calm; an insult is anger's own sign."""
    cues = []
    if signals.crisis:
        below = {"calm": -2.0, "satisfied": -3.0, "grateful": -2.0, "disappointed": -1.5}
        cues.append(Cue("crisis", {**below, "distressed": 1.0, "anxious": 0.5}))
    if signals.abusive:
        cues.append(Cue("abusive", {"angry": 1.5, "calm": -1.0, "satisfied": -2.0}))
    return cues
