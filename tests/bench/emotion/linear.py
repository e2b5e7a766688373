"""TF-IDF with logistic regression, trained on the same data as the network."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from services.learning.emotion import metrics
from services.learning.emotion.data import Utterance
from tests.bench.emotion.figures import Flags, Numbers, Readings
from tests.bench.emotion.places import AROUSAL, VALENCE
from tests.bench.emotion.sets import SIGNALS, STATES, GoEmotions, turns_of
from tests.bench.emotion.tuning import best_thresholds

LABEL_STRENGTHS = (2.0, 8.0)
STRENGTHS = (4.0, 16.0, 64.0)
"""Inverse strengths of regularisation that dev chooses from."""
_CUTS = tuple(step / 100 for step in range(2, 61))

Tick = Callable[[], object]


class LinearLabels:
    """One logistic regression for each of the 28 labels, one threshold for all, from dev."""

    def __init__(self, sets: GoEmotions, tick: Tick) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._vectoriser = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        train = self._vectoriser.fit_transform([comment.text for comment in sets.train])
        dev = self._vectoriser.transform([comment.text for comment in sets.dev])
        truth, wanted = sets.truth(sets.train), sets.truth(sets.dev)
        best = -1.0
        for strength in LABEL_STRENGTHS:
            models = []
            for column in range(truth.shape[1]):
                models.append(_regression(strength, "liblinear").fit(train, truth[:, column]))
                tick()
            scores = _stacked(models, dev)
            reached, threshold = max(
                (metrics.macro_f1(wanted, scores >= cut), cut) for cut in _CUTS
            )
            if reached > best:
                best, self._models, self.threshold = reached, models, threshold
                self.strength = strength

    def labels(self, texts: Sequence[str]) -> Flags:
        """Shape (texts, 28)."""
        rows = self._vectoriser.transform(texts)
        return np.asarray(_stacked(self._models, rows) >= self.threshold)


class LinearCare:
    """States by one multinomial regression, each signal by one of its own with its threshold.

    Words and pieces of words of the text, and beside them words of the turns before it. Valence and
    arousal are those of the nine states, weighted by their probabilities.
    """

    def __init__(self, train: list[Utterance], dev: list[Utterance], tick: Tick) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._parts = [
            (TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), _text),
            (
                TfidfVectorizer(
                    analyzer="char_wb", ngram_range=(2, 4), min_df=3, sublinear_tf=True
                ),
                _text,
            ),
            (TfidfVectorizer(min_df=2, sublinear_tf=True), _before),
        ]
        for vectoriser, take in self._parts:
            vectoriser.fit([take(utterance) for utterance in train])
        rows, wanted = self._rows(train), self._rows(dev)
        states = [utterance.state for utterance in train]
        truth = metrics.one_hot([utterance.state for utterance in dev], STATES)
        best = -1.0
        for strength in STRENGTHS:
            model = _regression(strength, "lbfgs").fit(rows, states)
            guess = metrics.one_hot([str(each) for each in model.predict(wanted)], STATES)
            if (reached := metrics.macro_f1(truth, guess)) > best:
                best, self._states, self.strength = reached, model, strength
            tick()
        self._signals: dict[str, tuple[Any, float]] = {}
        for name in SIGNALS:
            has = np.array([name in utterance.signals for utterance in train])
            model = _regression(STRENGTHS[0], "liblinear", "balanced").fit(rows, has)
            flags = np.array([[name in utterance.signals] for utterance in dev])
            scores = model.predict_proba(wanted)[:, 1:]
            self._signals[name] = model, float(best_thresholds(flags, scores)[0])
            tick()

    def _rows(self, utterances: Sequence[Utterance]) -> Any:
        from scipy.sparse import hstack

        return hstack(
            [
                vectoriser.transform([take(each) for each in utterances])
                for vectoriser, take in self._parts
            ]
        ).tocsr()

    def read(self, utterances: Sequence[Utterance]) -> Readings:
        rows = self._rows(utterances)
        shares: Numbers = self._states.predict_proba(rows)
        names = [str(name) for name in self._states.classes_]
        return Readings(
            states=[names[column] for column in shares.argmax(axis=1)],
            valence=shares @ np.array([VALENCE[name] for name in names]),
            confidence=shares.max(axis=1),
            arousal=shares @ np.array([AROUSAL[name] for name in names]),
            signals={
                name: np.asarray(model.predict_proba(rows)[:, 1] >= threshold)
                for name, (model, threshold) in self._signals.items()
            },
        )


def _text(utterance: Utterance) -> str:
    return utterance.text


def _before(utterance: Utterance) -> str:
    return " ".join(turn.text for turn in turns_of(utterance))


def _regression(strength: float, solver: str, weight: str | None = None) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(
        C=strength, solver=solver, class_weight=weight, tol=1e-3, max_iter=2000
    )


def _stacked(models: Sequence[Any], rows: Any) -> metrics.Matrix:
    columns = [model.predict_proba(rows)[:, 1] for model in models]
    return np.stack(columns, axis=1).astype(np.float32)
