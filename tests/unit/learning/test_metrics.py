"""Figures of quality, against values worked out by hand."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.learning.emotion import metrics
from services.learning.emotion.batches import bucketed, padded


def test_macro_f1_is_the_plain_mean_over_labels() -> None:
    truth = np.array([[1, 0], [1, 0], [0, 1], [0, 0]], dtype=np.bool_)
    guess = np.array([[1, 0], [0, 0], [0, 1], [0, 1]], dtype=np.bool_)
    # First label: one hit, one miss: 2/3. Second: one hit, one false alarm: 2/3.
    assert metrics.macro_f1(truth, guess) == pytest.approx(2 / 3)
    assert metrics.micro_f1(truth, guess) == pytest.approx(2 / 3)


def test_a_label_that_is_neither_there_nor_guessed_counts_as_zero() -> None:
    nothing = np.zeros((3, 1), dtype=np.bool_)
    assert metrics.macro_f1(nothing, nothing) == 0


def test_the_best_threshold_is_found() -> None:
    scores = np.array([[0.2], [0.33], [0.4], [0.9]], dtype=np.float32)
    truth = np.array([[0], [0], [1], [1]], dtype=np.bool_)
    assert metrics.best_threshold(truth, scores) == pytest.approx(0.34)


def test_perfect_confidence_has_no_calibration_error() -> None:
    sure = np.ones(10, dtype=np.float32)
    assert metrics.calibration_error(sure, np.ones(10, dtype=np.bool_)) == 0
    assert metrics.calibration_error(sure, np.zeros(10, dtype=np.bool_)) == 1


@given(st.lists(st.integers(1, 60), min_size=1, max_size=300), st.integers(1, 40))
def test_batches_hold_every_row_once(lengths: list[int], batch_size: int) -> None:
    batches = list(bucketed(lengths, batch_size, 4, random.Random(1)))
    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    assert max(map(len, batches)) <= batch_size


@given(st.lists(st.lists(st.integers(1, 99), min_size=1, max_size=9), min_size=1, max_size=9))
def test_padding_is_masked_and_nothing_else(rows: list[list[int]]) -> None:
    ids, mask, segments = padded([(row, [1] * len(row)) for row in rows])
    assert mask.sum(axis=1).tolist() == [len(row) for row in rows]
    assert ids[mask == 1].tolist() == [token for row in rows for token in row]
    assert (ids[mask == 0] == 0).all()
    assert (segments == mask).all()
