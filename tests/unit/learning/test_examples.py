"""Both data sets as the network takes them."""

import numpy as np
import pytest
from tokenizers import Tokenizer

from services.emotion.inputs import Turn
from services.emotion.scorer import MODEL_FOLDER
from services.learning.emotion import data
from services.learning.emotion.examples import of_comments, of_utterances

LABELS = 28


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(MODEL_FOLDER / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


JUDGED = data.Utterance(
    "a-1", "a", "fine.", "angry", (Turn("bot", "No."),), ("abusive",), -1.0, 0.8, 1
)
UNJUDGED = data.Utterance("b-1", "b", "hello", "calm")


def test_a_comment_has_emotions_and_nothing_else(tokenizer: Tokenizer) -> None:
    examples = of_comments([data.Comment("wow", (2, 27))], tokenizer, LABELS, 48)
    assert np.flatnonzero(examples.targets["emotions"][0]).tolist() == [2, 27]
    for head in ("states", "signals", "affect"):
        assert np.isnan(examples.targets[head]).all()


def test_an_utterance_has_what_was_judged(tokenizer: Tokenizer) -> None:
    examples = of_utterances([JUDGED, UNJUDGED], tokenizer, LABELS, 96, smoothing=0.09)
    assert np.isnan(examples.targets["emotions"]).all()
    states = examples.targets["states"]
    assert states.sum(axis=1) == pytest.approx([1, 1])
    assert states[0, data.STATES.index("angry")] == pytest.approx(0.92)
    assert examples.targets["signals"][0].tolist() == [0, 0, 0, 0, 1]
    assert examples.targets["affect"][0].tolist() == pytest.approx([0, 0.8, 0])
    assert np.isnan(examples.targets["affect"][1]).all()
    assert 1 in examples.rows[0][1]
    assert 1 not in examples.rows[1][1]


def test_examples_are_joined_and_picked_row_by_row(tokenizer: Tokenizer) -> None:
    both = of_comments([data.Comment("wow", (2,))], tokenizer, LABELS, 48) + of_utterances(
        [JUDGED], tokenizer, LABELS, 96
    )
    swapped = both.pick([1, 0])
    assert swapped.rows == [both.rows[1], both.rows[0]]
    assert np.isnan(swapped.targets["emotions"][0]).all()
    assert not np.isnan(swapped.targets["emotions"][1]).any()
