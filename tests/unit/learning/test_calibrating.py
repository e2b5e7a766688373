"""What is chosen on dev, against values that are known beforehand."""

import numpy as np
import numpy.typing as npt
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


def _signals() -> tuple[metrics.Matrix, npt.NDArray[np.bool_]]:
    """Of every signal eight clear ones, two faint ones, and three of others that look likelier."""
    probabilities = np.full((100, len(SIGNALS)), 0.01, dtype=np.float32)
    truth = np.zeros_like(probabilities, dtype=np.bool_)
    probabilities[:8], truth[:8] = 0.9, True
    probabilities[8:10], truth[8:10] = 0.4, True
    probabilities[10:13] = 0.5
    return probabilities, truth


def test_a_missed_crisis_costs_more_than_a_false_one() -> None:
    probabilities, truth = _signals()
    chosen = calibrating.signal_thresholds(probabilities, truth, np.zeros_like(truth))
    assert chosen["crisis"] == 0.4  # 10 of 13 are true: allowed
    assert chosen["opt_out"] == 0.9


def test_what_the_rules_hear_the_head_need_not() -> None:
    probabilities, truth = _signals()
    by_rule = np.zeros_like(truth)
    by_rule[8:10] = True
    chosen = calibrating.signal_thresholds(probabilities, truth, by_rule)
    assert chosen["crisis"] == 0.9


def test_a_head_that_is_never_precise_enough_has_the_highest_threshold() -> None:
    probabilities, truth = _signals()
    chosen = calibrating.signal_thresholds(1 - probabilities, truth, np.zeros_like(truth))
    assert chosen["abusive"] == 0.97
