"""Whatever is written is read, or refused in so many words; never a crash, never without end."""

import pytest

from rapport.v1 import services_pb2
from services.emotion.scorer import Scorer
from services.emotion.servicer import MAX_CHARACTERS, fault_of
from tests.bench.fuzz_emotion import BOUND_SECONDS, KINDS, cases, fuzz

SAMPLE = 2_000


def test_two_thousand_odd_texts_are_read_in_bounded_time() -> None:
    outcome = fuzz(Scorer.load(), SAMPLE)
    assert outcome.failures == []
    assert outcome.scored == SAMPLE
    assert set(outcome.by_kind) == set(KINDS)
    assert outcome.slowest[-1][0] < BOUND_SECONDS


def test_a_reading_out_of_range_would_be_noticed() -> None:
    class Broken:
        def score(self, text: str, context: object = ()) -> object:
            raise ValueError(text)

    outcome = fuzz(Broken(), 20)  # type: ignore[arg-type]
    assert len(outcome.failures) == 20
    assert {what for _, _, what in outcome.failures} == {"ValueError"}


def test_the_same_seed_gives_the_same_texts() -> None:
    assert list(cases(200)) == list(cases(200))
    assert list(cases(200, seed=1)) != list(cases(200))


@pytest.mark.parametrize("length", [MAX_CHARACTERS, MAX_CHARACTERS + 1])
def test_a_text_that_is_too_long_is_refused_and_not_cut(length: int) -> None:
    refused = fault_of(services_pb2.ScoreTextRequest(text="x" * length)) is not None
    assert refused == (length > MAX_CHARACTERS)
