"""What is chosen on dev, against values that are known beforehand."""

import numpy as np
import pytest

from services.learning.emotion import calibrating, metrics
from services.learning.emotion.data import SIGNALS

RNG = np.random.default_rng(3)


def test_platt_finds_how_logits_were_distorted() -> None:
    honest = RNG.normal(size=(4000, 3)).astype(np.float32) * 2
    truth = RNG.random(honest.shape) < metrics.sigmoid(honest)
    distorted = honest * 4 + 2  # sigmoid((x - 2) / 4) would be honest
    found = calibrating.platt(distorted, truth)
    assert found["scale"] == pytest.approx(0.25, abs=0.02)
    assert found["shift"] == pytest.approx(-0.5, abs=0.06)


def test_platt_stays_finite_where_a_line_divides_all() -> None:
    logits = np.array([[-3.0], [-2.0], [2.0], [3.0]], dtype=np.float32)
    found = calibrating.platt(logits, logits > 0)
    assert 0 < found["scale"] < 10


def test_the_temperature_undoes_overconfidence() -> None:
    honest = RNG.normal(size=(4000, 9)).astype(np.float32) * 1.5
    shares = np.exp(honest) / np.exp(honest).sum(axis=1, keepdims=True)
    drawn = np.array([RNG.choice(9, p=row / row.sum()) for row in shares.astype(np.float64)])
    truth = np.eye(9, dtype=np.bool_)[drawn]
    assert calibrating.temperature(honest * 2, truth)["temperature"] == pytest.approx(2, abs=0.2)


def test_a_missed_crisis_costs_more_than_a_false_one() -> None:
    probabilities = np.full((100, len(SIGNALS)), 0.01, dtype=np.float32)
    truth = np.zeros_like(probabilities, dtype=np.bool_)
    for column in range(len(SIGNALS)):
        probabilities[:8, column], truth[:8, column] = 0.9, True
        probabilities[8:10, column], truth[8:10, column] = 0.4, True
        probabilities[10:15, column] = 0.5
    chosen = calibrating.signal_thresholds(probabilities, truth)
    assert chosen["crisis"] <= 0.4  # both missed ones are worth five false ones
    assert chosen["opt_out"] > 0.5
