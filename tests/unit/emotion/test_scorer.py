"""What the shipped model reads, and that a replay is a replay."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.emotion.inputs import Turn
from services.emotion.scorer import Scorer

TEXTS = (
    "Hi, where is my order?",
    "This is the third time I am calling and nobody helps me!!!",
    "Thank you so much, you saved my day.",
    "I don't understand what this fee is.",
    "Great, another hour on hold. Fantastic service.",
    "asdf \U0001f600 \x00 \u200b",
    "",
)


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer.load()


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Hello, what time do you open on Saturday?", "calm"),
        ("Thank you so much for your help, you have been wonderful!", "grateful"),
        ("You people are thieves and liars, this is disgusting!!!", "angry"),
        ("I have called four times and got four different answers.", "frustrated"),
        ("Great, another hour on hold. Fantastic service.", "frustrated"),
        ("I don't understand, what does prorated mean on my bill?", "confused"),
        ("I'm so worried my mother won't get her medicine in time.", "anxious"),
    ],
)
def test_reads_the_state(scorer: Scorer, text: str, state: str) -> None:
    assert scorer.score(text, []).state == state


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("Can I please talk to a human?", "asks_for_person"),
        ("Are you a robot?", "asks_if_bot"),
        ("I just want to end my life", "crisis"),
        ("There is a strong smell of gas in my kitchen", "crisis"),
        ("Stop texting me", "opt_out"),
    ],
)
def test_hears_a_signal(scorer: Scorer, text: str, signal: str) -> None:
    assert getattr(scorer.score(text, []).signals, signal)


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("The agent yesterday was great", "asks_for_person"),
        ("No need to transfer me, you can handle this", "asks_for_person"),
        ("This app is killing me", "crisis"),
        ("I'm dying to get my package", "crisis"),
        ("Stop charging me for insurance", "opt_out"),
    ],
)
def test_is_not_taken_in_by_a_near_miss(scorer: Scorer, text: str, signal: str) -> None:
    assert not getattr(scorer.score(text, []).signals, signal)


def test_a_text_scores_the_same_alone_in_any_order_and_after_a_restart(scorer: Scorer) -> None:
    alone = {text: scorer.score(text, []) for text in TEXTS}
    shuffled = list(TEXTS) * 3
    random.Random(7).shuffle(shuffled)
    again = Scorer.load()
    for text in shuffled:
        assert scorer.score(text, []) == alone[text]
        assert again.score(text, []) == alone[text]


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=300), said=st.lists(st.text(max_size=80), max_size=4))
def test_any_text_has_a_reading_in_range(scorer: Scorer, text: str, said: list[str]) -> None:
    reading = scorer.score(text, [Turn("customer", turn) for turn in said])
    states = dict(reading.states)
    assert abs(sum(states.values()) - 1) < 1e-3
    assert reading.state in states
    assert -1 <= reading.valence <= 1
    assert 0 <= reading.arousal <= 1
    assert len(dict(reading.emotions)) == 28


def test_a_megabyte_of_text_is_read(scorer: Scorer) -> None:
    assert scorer.score("I want my money back! " * 50_000, []).states
