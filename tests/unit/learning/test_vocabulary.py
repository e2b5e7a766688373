"""A cut vocabulary reads the training texts as before, and anything else by its pieces."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from services.emotion.scorer import MODEL_FOLDER
from services.learning.emotion.vocabulary import cut, kept_tokens

FILE = MODEL_FOLDER / "tokenizer.json"
WHOLE = Tokenizer.from_file(str(FILE))
WHOLE.no_padding()
TEXTS = ("My refund is late.", "gracias, señora", "unbelievable!!")
SIZE = 2_000


@pytest.fixture(scope="module")
def small() -> Tokenizer:
    content = FILE.read_text(encoding="utf-8")
    tokenizer = Tokenizer.from_str(cut(content, kept_tokens(WHOLE, TEXTS, SIZE)))
    tokenizer.no_padding()
    return tokenizer


def test_the_training_texts_are_read_as_before(small: Tokenizer) -> None:
    assert small.get_vocab_size() == SIZE
    for text in TEXTS:
        assert small.encode(text).tokens == WHOLE.encode(text).tokens


def test_a_word_that_is_gone_is_read_by_its_pieces(small: Tokenizer) -> None:
    assert "archbishop" not in small.get_vocab()
    tokens = small.encode("archbishop").tokens
    assert "[UNK]" not in tokens
    assert "".join(token.removeprefix("##") for token in tokens[1:-1]) == "archbishop"


@settings(max_examples=50)
@given(
    st.text(alphabet=st.characters(min_codepoint=97, max_codepoint=122), min_size=1, max_size=40)
)
def test_no_latin_word_is_unknown(small: Tokenizer, word: str) -> None:
    assert "[UNK]" not in small.encode(word).tokens


def test_a_size_too_small_for_the_texts_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 100"):
        kept_tokens(WHOLE, TEXTS, 100)
