"""Which words carried the state."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.emotion.explain import MOST_WORDS, SPANS, explain
from services.emotion.scorer import Scorer


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer.load()


@dataclass
class Counted:
    """Reads anger in the word "hate", and counts how often it is asked."""

    asked: int = 0

    @dataclass(frozen=True)
    class Read:
        state: str
        states: dict[str, float]

    def __call__(self, text: str) -> "Counted.Read":
        self.asked += 1
        angry = 0.9 if "hate" in text else 0.1
        return Counted.Read("angry", {"angry": angry, "calm": 1 - angry})


def test_the_word_that_carries_the_state_weighs_most(scorer: Scorer) -> None:
    text = "I have been a customer for years and this is disgusting"
    spans = explain(text, scorer.score(text), scorer.score)
    heaviest = max(spans, key=lambda span: span.weight)
    assert heaviest.text == "disgusting"
    assert all(text[span.start : span.end] == span.text for span in spans)
    assert [span.text for span in spans] == text.split()


def test_a_words_weight_is_what_its_absence_takes_away() -> None:
    read = Counted()
    spans = explain("I hate it", read("I hate it"), read)
    weights = {span.text: pytest.approx(span.weight) for span in spans}
    assert weights == {"I": 0.0, "hate": 0.8, "it": 0.0}


def test_a_long_text_is_cut_into_a_bounded_number_of_spans() -> None:
    read = Counted()
    text = "word " * 5_000 + "hate " + "word " * 5_000
    spans = explain(text, read(text), read)
    assert read.asked == len(spans) + 1 <= SPANS + 1
    heaviest = max(spans, key=lambda span: span.weight)
    assert "hate" in heaviest.text


def test_scripts_without_spaces_are_taken_sign_by_sign() -> None:
    read = Counted()
    assert [span.text for span in explain("非常生气 ok", read(""), read)] == [*"非常生气", "ok"]


@pytest.mark.parametrize("text", ["", "  \n\t "])
def test_a_text_without_words_has_no_explanation(scorer: Scorer, text: str) -> None:
    assert explain(text, scorer.score(text), scorer.score) == []


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_explained_within_bounds(scorer: Scorer, text: str) -> None:
    spans = explain(text, scorer.score(text), scorer.score)
    assert len(spans) <= MOST_WORDS
    ends = 0
    for span in spans:
        assert ends <= span.start < span.end <= len(text)
        assert -1 <= span.weight <= 1
        ends = span.end
