"""The set that redaction is measured on is sound, and the scoring counts as it says."""

import pytest

from tests.bench.redaction.scoring import Score
from tests.bench.redaction.texts import Conversation, Mark, Turn, conversations


def _conversation(text: str, *marks: Mark) -> Conversation:
    return Conversation("one", (Turn("customer", text, marks),))


@pytest.fixture(scope="module")
def every() -> list[Conversation]:
    return conversations("dev") + conversations("test")


def test_the_set_has_at_least_500_conversations_of_which_150_are_clean(
    every: list[Conversation],
) -> None:
    assert len(every) >= 500
    assert sum(each.clean for each in every) >= 150
    assert len({each.id for each in every}) == len(every)


def test_spans_are_bare_values_inside_their_text(every: list[Conversation]) -> None:
    for each in every:
        for turn in each.turns:
            ends = [0]
            for mark in turn.marks:
                value = turn.text[mark.start : mark.end]
                assert value, each.id
                assert value == value.strip(), each.id
                assert mark.start >= ends[-1], each.id
                ends.append(mark.end)
            assert ends[-1] <= len(turn.text), each.id


def test_no_conversation_is_in_both_parts() -> None:
    dev = {tuple(turn.text for turn in each.turns) for each in conversations("dev")}
    assert not dev & {tuple(turn.text for turn in each.turns) for each in conversations("test")}


def test_half_of_a_span_is_found_and_less_is_missed() -> None:
    score = Score()
    name = _conversation("Maria Lopez", Mark(0, 11, "PERSON"))
    score.add(name, [[Mark(0, 6, "PERSON")]], [0.001])
    score.add(name, [[Mark(0, 5, "PERSON")]], [0.001])
    score.add(name, [[Mark(0, 11, "EMAIL")]], [0.001])
    assert (score.overall.right, score.overall.missed, score.overall.wrong) == (1, 2, 1)
    assert score.exact == 0


def test_a_report_on_what_is_not_scored_is_neither_right_nor_wrong() -> None:
    score = Score()
    score.add(_conversation("in Austria", Mark(3, 10, "")), [[Mark(3, 10, "ADDRESS")]], [0.001])
    assert (score.overall.right, score.overall.missed, score.overall.wrong) == (0, 0, 0)


def test_any_report_touches_a_clean_conversation() -> None:
    score = Score()
    score.add(_conversation("order 4415"), [[Mark(6, 10, "SSN")]], [0.002])
    score.add(_conversation("order 4415"), [[]], [0.002])
    assert (score.clean, score.clean_touched) == (2, 1)
    assert score.messages_per_second == pytest.approx(500)
