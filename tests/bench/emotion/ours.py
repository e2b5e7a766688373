"""This model, through the service's own scorer."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from services.emotion.model import EmotionModel
from services.emotion.scorer import Scorer
from services.learning.emotion.data import Utterance
from tests.bench.emotion.figures import Flags, Readings
from tests.bench.emotion.sets import SIGNALS, turns_of

Tick = Callable[[], object]


class Ours:
    """The model of a folder: its label threshold is that of its model.json, chosen on dev."""

    def __init__(self, folder: Path) -> None:
        self._model = EmotionModel.load(folder)
        self._scorer = Scorer(self._model)
        self.version = self._model.version
        self.threshold = self._model.threshold

    def labels(self, texts: Sequence[str], names: Sequence[str], tick: Tick) -> Flags:
        """Shape (texts, 28)."""
        rows = []
        for text in texts:
            emotions = self._scorer.score(text).emotions
            rows.append([emotions[name] >= self.threshold for name in names])
            tick()
        return np.array(rows, dtype=np.bool_)

    def read(self, utterances: Sequence[Utterance], tick: Tick = lambda: None) -> Readings:
        readings = []
        for utterance in utterances:
            readings.append(self._scorer.score(utterance.text, turns_of(utterance)))
            tick()
        return Readings(
            states=[reading.state for reading in readings],
            valence=np.array([reading.valence for reading in readings]),
            confidence=np.array([max(reading.states.values()) for reading in readings]),
            arousal=np.array([reading.arousal for reading in readings]),
            signals={
                name: np.array([getattr(reading.signals, name) for reading in readings], np.bool_)
                for name in SIGNALS
            },
        )
