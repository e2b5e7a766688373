"""Two lexicons that people reach for, with the mapping that each needs, tuned on dev.

Neither knows care states, so each gets the most generous mapping of few numbers that we know:

* **VADER** says one number, the compound, from -1 to 1. The nine states stand on that line in the
  order of their valence (`tests.bench.emotion.places`); the eight cuts between them are chosen
  on care dev for macro-F1, and a state may end up with no room. A label of GoEmotions is given
  where the compound (pleasant labels), its opposite (unpleasant ones) or its smallness (the rest)
  passes a threshold of that label's own, chosen on GoEmotions dev.
* **NRCLex** says how many words speak for each of eight emotions and two polarities. Each state
  reads those that are nearest to it (`STATE_OF`), weighted; the heaviest wins, and calm weighs the
  same always. Weights are chosen on care dev. A label reads one emotion (`LABEL_OF`), with a
  threshold of its own.

Neither has signals nor probabilities. NRCLex is given words by a splitter of ours, since its own
needs corpora that no package carries; plurals are looked up in the singular, as its own would.
"""

import random
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from services.learning.emotion import metrics
from services.learning.emotion.data import Comment, Utterance
from tests.bench.emotion.figures import Flags, Numbers, Readings
from tests.bench.emotion.places import PLEASANT, UNPLEASANT, VALENCE
from tests.bench.emotion.sets import STATES
from tests.bench.emotion.tuning import best_thresholds, coordinate_ascent

Places = npt.NDArray[np.intp]

BY_VALENCE: Places = np.argsort([VALENCE[state] for state in STATES], kind="stable")

STARTS = 30
"""Places that the search for the state numbers begins at; the best of what it finds is kept."""

AFFECTS = (
    "fear", "anger", "anticipation", "trust", "surprise",
    "positive", "negative", "sadness", "disgust", "joy",
)  # fmt: skip

STATE_OF: dict[str, Callable[[dict[str, Any]], Any]] = {
    "calm": lambda share: share["nothing"],
    "satisfied": lambda share: share["joy"] + share["positive"],
    "grateful": lambda share: share["joy"] + share["trust"],
    "confused": lambda share: share["surprise"],
    "anxious": lambda share: share["fear"],
    "disappointed": lambda share: share["sadness"],
    "frustrated": lambda share: share["negative"],
    "angry": lambda share: share["anger"] + share["disgust"],
    "distressed": lambda share: np.minimum(share["fear"], share["sadness"]),
}

LABEL_OF = {
    "admiration": "trust", "amusement": "joy", "anger": "anger", "annoyance": "anger",
    "approval": "positive", "caring": "trust", "confusion": "surprise", "curiosity": "anticipation",
    "desire": "anticipation", "disappointment": "sadness", "disapproval": "negative",
    "disgust": "disgust", "embarrassment": "negative", "excitement": "joy", "fear": "fear",
    "gratitude": "trust", "grief": "sadness", "joy": "joy", "love": "joy", "nervousness": "fear",
    "optimism": "anticipation", "pride": "joy", "realization": "surprise", "relief": "joy",
    "remorse": "sadness", "sadness": "sadness", "surprise": "surprise", "neutral": "nothing",
}  # fmt: skip


class Lexicon(ABC):
    """A lexicon with the numbers that dev chose."""

    _label_cuts: Numbers
    _state_numbers: Numbers

    @abstractmethod
    def look_up(self, texts: Sequence[str]) -> Numbers:
        """Shape (texts, whatever the lexicon says of each)."""

    @abstractmethod
    def _label_scores(self, found: Numbers, names: Sequence[str]) -> Numbers: ...

    @abstractmethod
    def _states(self, found: Numbers, numbers: Numbers) -> Places | None:
        """Places in STATES, shape (texts,); None where the numbers are not allowed."""

    @abstractmethod
    def _valence(self, found: Numbers) -> Numbers: ...

    @abstractmethod
    def _starts(self, rng: random.Random) -> tuple[list[list[float]], list[float]]:
        """State numbers to begin with, several, and the choices for each."""

    @property
    def state_numbers(self) -> list[float]:
        """Those that dev chose."""
        return [float(number) for number in self._state_numbers]

    def tune_labels(self, dev: Sequence[Comment], truth: Flags, names: Sequence[str]) -> None:
        found = self.look_up([comment.text for comment in dev])
        self._label_cuts = best_thresholds(truth, self._label_scores(found, names))

    def tune_states(self, dev: Sequence[Utterance]) -> None:
        found = self.look_up([utterance.text for utterance in dev])
        truth = metrics.one_hot([utterance.state for utterance in dev], STATES)
        one_of = np.eye(len(STATES), dtype=np.bool_)

        def value(numbers: Numbers) -> float:
            places = self._states(found, numbers)
            return -np.inf if places is None else metrics.macro_f1(truth, one_of[places])

        starts, choices = self._starts(random.Random(1))
        climbed = [coordinate_ascent(start, choices, value) for start in starts]
        self._state_numbers = max(climbed, key=value)

    def labels(self, texts: Sequence[str], names: Sequence[str]) -> Flags:
        """Shape (texts, 28)."""
        scores = self._label_scores(self.look_up(texts), names)
        return np.asarray(scores >= self._label_cuts)

    def read(self, utterances: Sequence[Utterance]) -> Readings:
        found = self.look_up([utterance.text for utterance in utterances])
        places = self._states(found, self._state_numbers)
        assert places is not None
        return Readings([STATES[place] for place in places], self._valence(found))


class Vader(Lexicon):
    """vaderSentiment (Hutto & Gilbert, ICWSM 2014)."""

    def __init__(self) -> None:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

        self._analyser = SentimentIntensityAnalyzer()

    def look_up(self, texts: Sequence[str]) -> Numbers:
        return np.array([[self._analyser.polarity_scores(text)["compound"]] for text in texts])

    def _label_scores(self, found: Numbers, names: Sequence[str]) -> Numbers:
        compound = found[:, 0]
        columns = [
            compound if name in PLEASANT else -compound if name in UNPLEASANT else -abs(compound)
            for name in names
        ]
        return np.stack(columns, axis=1)

    def _states(self, found: Numbers, numbers: Numbers) -> Places | None:
        if (np.diff(numbers) < 0).any():
            return None
        return BY_VALENCE[np.searchsorted(numbers, found[:, 0], side="right")]

    def _valence(self, found: Numbers) -> Numbers:
        return found[:, 0]

    def _starts(self, rng: random.Random) -> tuple[list[list[float]], list[float]]:
        choices = [step / 50 for step in range(-50, 52)]
        cuts = len(STATES) - 1
        return [sorted(rng.sample(choices, cuts)) for _ in range(STARTS)], choices


class Nrc(Lexicon):
    """NRCLex over the NRC lexicon (Mohammad & Turney, Computational Intelligence 2013)."""

    def __init__(self) -> None:
        from nrclex import NRCLex

        self._make = NRCLex
        self._known = NRCLex().__lexicon__

    def look_up(self, texts: Sequence[str]) -> Numbers:
        """Of each affect the words that speak for it, as a share of all words; 1.0 at the end."""
        return np.array([self._row(text) for text in texts])

    def _row(self, text: str) -> list[float]:
        words = [self._singular(word) for word in re.findall(r"[^\W\d_]+", text.lower())]
        lexicon = self._make()
        lexicon.load_token_list(words)
        counts = lexicon.raw_emotion_scores
        return [counts.get(affect, 0) / max(1, len(words)) for affect in AFFECTS] + [1.0]

    def _singular(self, word: str) -> str:
        for ending, instead in (("", ""), ("ies", "y"), ("es", ""), ("s", "")):
            if (
                word.endswith(ending)
                and (tried := word[: len(word) - len(ending)] + instead) in self._known
            ):
                return tried
        return word

    def _shares(self, found: Numbers) -> dict[str, Any]:
        return dict(zip((*AFFECTS, "nothing"), found.T, strict=True))

    def _label_scores(self, found: Numbers, names: Sequence[str]) -> Numbers:
        shares = self._shares(found)
        shares["nothing"] = -found[:, :-1].sum(axis=1)
        return np.stack([shares[LABEL_OF[name]] for name in names], axis=1)

    def _states(self, found: Numbers, numbers: Numbers) -> Places:
        shares = self._shares(found)
        mass = np.stack([STATE_OF[state](shares) for state in STATES], axis=1) * numbers
        return np.asarray(mass.argmax(axis=1))

    def _valence(self, found: Numbers) -> Numbers:
        shares = self._shares(found)
        glad, sad = shares["positive"], shares["negative"]
        return np.asarray((glad - sad) / np.maximum(glad + sad, 1e-9))

    def _starts(self, rng: random.Random) -> tuple[list[list[float]], list[float]]:
        choices = [0.0, *(2.0**step for step in range(-8, 4))]
        return [rng.choices(choices, k=len(STATES)) for _ in range(STARTS)], choices
