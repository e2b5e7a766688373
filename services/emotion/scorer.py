"""One text, read with the turns before it: what `rapport score`, the handler and gRPC all call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.emotion.inputs import Turn
from services.emotion.model import EmotionModel, Scores
from services.emotion.sarcasm import is_sarcastic
from services.emotion.signals import Signals, read_signals

MODEL_FOLDER = Path(__file__).with_name("model")
CONTEXT_TURNS = 8
"""How many turns before a text are read with it."""

SARCASM = 0.1
"""What is left of the likelihood of pleasure and thanks in a sarcastic text."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text says. `states` sums to 1; each of the 28 `emotions` is by itself, 0 to 1.

    `valence` runs from -1 to 1, `arousal` from 0 to 1; `satisfaction` is what the customer would
    give at this point, 1 to 5: a guess, never to be mixed with what was given.
    """

    state: str
    states: Mapping[str, float]
    emotions: Mapping[str, float]
    valence: float
    arousal: float
    signals: Signals
    satisfaction: float
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
        scores = self._model.score(text, recent)
        states = dict(zip(self._model.state_names, map(float, scores.states), strict=True))
        sarcastic = is_sarcastic(text)
        if sarcastic:
            states = _meant(states)
        return Reading(
            state=max(states, key=states.__getitem__),
            states=states,
            emotions=dict(zip(self._model.labels, map(float, scores.emotions), strict=True)),
            valence=-abs(scores.valence) if sarcastic else scores.valence,
            arousal=scores.arousal,
            signals=read_signals(text, recent).joined(self._heard(scores)),
            satisfaction=1 + 4 * scores.satisfaction,
            model_version=self._model.version,
        )

    def _heard(self, scores: Scores) -> Signals:
        """The signals that the network is sure enough of, by the thresholds of its card."""
        thresholds = self._model.signal_thresholds
        return Signals(
            **{
                name: float(probability) >= thresholds[name]
                for name, probability in zip(self._model.signal_names, scores.signals, strict=True)
            }
        )


def _meant(states: Mapping[str, float]) -> dict[str, float]:
    """The states of a sarcastic text: pleasure and thanks are less likely than they look."""
    weighed = {
        state: share * (SARCASM if state in ("satisfied", "grateful") else 1.0)
        for state, share in states.items()
    }
    total = sum(weighed.values())
    return {state: share / total for state, share in weighed.items()}
