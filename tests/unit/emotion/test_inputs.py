"""What the network is shown of a text and of the turns before it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from services.emotion.inputs import TEXT_TOKENS, TURN_TOKENS, Turn, token_ids
from services.emotion.scorer import MODEL_FOLDER

TOKENIZER = Tokenizer.from_file(str(Path(MODEL_FOLDER, "tokenizer.json")))
TOKENIZER.no_padding()
TOKENIZER.no_truncation()
TURNS = st.builds(Turn, st.sampled_from(["customer", "bot", "agent"]), st.text(max_size=300))


def shown(text: str, *context: Turn) -> str:
    ids, _ = token_ids(TOKENIZER, text, context)
    return str(TOKENIZER.decode(ids, skip_special_tokens=False))


def test_a_text_alone_is_one_segment() -> None:
    ids, segments = token_ids(TOKENIZER, "Where is my order?")
    assert TOKENIZER.decode(ids, skip_special_tokens=False) == "[CLS] where is my order? [SEP]"
    assert set(segments) == {0}


def test_the_last_turn_of_each_side_follows_oldest_first() -> None:
    before = [
        Turn("customer", "too old"),
        Turn("bot", "too old as well"),
        Turn("customer", "It has been 20 days."),
        Turn("bot", "Refunds take 5 days."),
    ]
    assert shown("fine.", *before) == (
        "[CLS] fine. [SEP] customer : it has been 20 days. [SEP] agent : refunds take 5 days. [SEP]"
    )
    assert shown("fine.", *before[:3]).endswith(
        "agent : too old as well [SEP] customer : it has been 20 days. [SEP]"
    )


def test_a_placeholder_is_named_as_one_would_say_it() -> None:
    assert "my email" in shown("it is [EMAIL_1]")


def test_emoji_are_named() -> None:
    assert shown("ok 😡😡😡") == "[CLS] ok pouting face [SEP]"
    assert shown("👍🏽") == "[CLS] thumbs up sign [SEP]"


@given(st.text(max_size=4000), st.lists(TURNS, max_size=6))
def test_what_is_shown_is_bounded(text: str, context: list[Turn]) -> None:
    ids, segments = token_ids(TOKENIZER, text, context)
    assert len(ids) == len(segments)
    assert segments.count(0) <= TEXT_TOKENS
    assert segments.count(1) <= 2 * TURN_TOKENS
    assert segments == sorted(segments)


@pytest.mark.parametrize("limit", [8, 96])
def test_of_a_long_text_both_ends_are_shown(limit: int) -> None:
    ids, _ = token_ids(TOKENIZER, "first " + "middle " * 500 + "last", limit=limit)
    words = TOKENIZER.decode(ids)
    assert len(ids) == limit
    assert words.startswith("first")
    assert words.endswith("last")
