"""The head that hears by meaning what calls for a person or for care."""

import numpy as np
import pytest

from services.reply.encoder import Encoder
from services.reply.engine import Engine
from services.reply.matters import Matters, MattersUnfit, probabilities


@pytest.fixture(scope="session")
def hear(whole: Engine) -> Matters:
    assert isinstance(whole.hear, Matters)
    return whole.hear


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("what can you do for me about this penalty, I've never been late", "decision"),
        ("your clerk barked at my father and told him to get lost", "staff"),
        ("I followed every step and the page still rejects me", "failed"),
        ("this answer is of no use to me at all", "useless"),
        ("do I really have to tell each new agent everything from the start", "again"),
        ("somebody is moving money out of my savings this minute", "fraud"),
        ("my brother passed away and his account is still open", "bereavement"),
    ],
)
def test_hears_what_is_said_in_other_words(hear: Matters, text: str, name: str) -> None:
    assert name in hear(text)


@pytest.mark.parametrize(
    "text",
    [
        "how do I return something I bought last week",
        "what is the late fee on my card",
        "my grandmother is 86 and flies alone, can someone help her",
        "does my plan cover insulin",
        "when does the technician arrive tomorrow",
        "yes please go ahead",
        "",
        "?",
    ],
)
def test_hears_nothing_in_calm_questions(hear: Matters, text: str) -> None:
    assert hear(text) == frozenset()


def test_reads_every_sentence_of_a_message(hear: Matters) -> None:
    said = "Hi, order 48213 here. The parcel is blue. Your driver cursed at my wife at the door."
    assert "staff" in hear(said)


def test_a_head_of_another_encoder_is_refused(whole: Engine, tmp_path: object) -> None:
    embed = whole.search.embed
    assert isinstance(embed, Encoder)
    with pytest.raises(MattersUnfit):
        Matters.load(embed, tmp_path)  # type: ignore[arg-type]


def test_probabilities_add_up() -> None:
    shares = probabilities(np.array([[1.0, 2.0, 300.0]], dtype=np.float32))
    assert shares.sum() == pytest.approx(1.0)
