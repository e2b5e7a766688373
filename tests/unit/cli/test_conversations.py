"""What simulated customers say."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cli.conversations import (
    BadConversation,
    bundled,
    cucom,
    multidogo,
    parse,
    read_lines,
)


def test_at_least_forty_conversations_in_six_industries_are_bundled() -> None:
    conversations = bundled()
    assert len(conversations) >= 40
    assert len({conversation.industry for conversation in conversations}) >= 6
    assert len({conversation.id for conversation in conversations}) == len(conversations)
    assert all(conversation.turns and conversation.title for conversation in conversations)


def test_only_the_customers_turns_are_played() -> None:
    conversation = parse(
        {
            "id": "a",
            "turns": [{"text": "hi"}, {"author": "agent", "text": "hello"}, {"text": " "}],
        }
    )
    assert conversation.turns == ("hi",)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("[]", "must be a JSON object"),
        ("{", "not JSON"),
        ('{"id":"","turns":[{"text":"x"}]}', "id must be"),
        ('{"id":"a"}', "turns must be"),
        ('{"id":"a","turns":[]}', "turns must be"),
        ('{"id":"a","turns":[{"text":1}]}', r"turns\[0\].text"),
        ('{"id":"a","turns":["x"]}', r"turns\[0\].text"),
        ('{"id":"a","industry":3,"turns":[{"text":"x"}]}', "industry must be"),
    ],
)
def test_a_bad_line_is_named_with_what_is_wrong(line: str, problem: str) -> None:
    with pytest.raises(BadConversation, match=problem) as error:
        list(read_lines(['{"id":"a","turns":[{"text":"x"}]}', "", line]))
    assert str(error.value).startswith("line 3:")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "turns", "text", "author", "x"]), inner)
    ),
    max_leaves=8,
)


@given(json_values)
def test_any_json_is_a_conversation_or_refused(document: object) -> None:
    try:
        conversation = parse(document)
    except BadConversation:
        return
    assert conversation.id.strip()
    assert all(text.strip() for text in conversation.turns)


def test_absent_public_data_is_no_conversation(tmp_path: Path) -> None:
    assert cucom(tmp_path) == []
    assert multidogo(tmp_path) == []


@pytest.mark.corpus
def test_public_dialogues_give_two_hundred_and_one_hundred(shared_data: Path) -> None:
    first, second = cucom(shared_data), multidogo(shared_data)
    assert (len(first), len(second)) == (200, 100)
    assert {c.industry for c in second} == {"airline", "restaurant", "bank", "software"}
    assert all(c.turns for c in first + second)
    assert len({c.id for c in first + second}) == 300
