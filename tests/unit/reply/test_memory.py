"""What is remembered of a conversation: bounded, and stored as JSON."""

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from services.common.answering import GivenBack
from services.reply.memory import LIST_KEPT, TEXT_KEPT, TURNS_KEPT, Memory, Pending, kept
from services.reply.turn import PastTurn

CODEC = TypeAdapter(Memory)


def test_survives_being_stored() -> None:
    memory = Memory(
        owner="queued",
        reason="crisis",
        priority="urgent",
        openings=("i'm sorry about your",),
        facts=(("status", "shipped"),),
        references=(("order_number", "48213"),),
        returns=(GivenBack(4, 7),),
        held=("aGVsZA==",),
        pending=Pending("cancel_order", (("order_number", "50177"),)),
        turns=(PastTurn("customer", "hello", "calm"), PastTurn("bot", "Hi")),
    )
    assert CODEC.validate_json(CODEC.dump_json(memory)) == memory
    assert CODEC.validate_json("{}") == Memory()


@given(st.lists(st.text(max_size=2_000), max_size=60))
def test_keeps_a_bounded_number_of_bounded_turns(texts: list[str]) -> None:
    memory = Memory()
    for text in texts:
        memory = memory.with_turn(PastTurn("customer", text))
    assert len(memory.turns) == min(len(texts), TURNS_KEPT)
    assert all(len(turn.text) <= TEXT_KEPT for turn in memory.turns)


@given(st.lists(st.text(max_size=5), max_size=200))
def test_keeps_each_value_once_and_the_newest_last(values: list[str]) -> None:
    result: tuple[str, ...] = ()
    for value in values:
        result = kept(result, value)
    assert len(result) == len(set(result)) <= LIST_KEPT
    assert "" not in result
    if values and values[-1]:
        assert result[-1] == values[-1]


def test_remembers_the_newest_number_of_a_kind() -> None:
    memory = Memory().with_reference("order_number", "1").with_reference("order_number", "2")
    assert memory.reference("order_number") == "2"
    assert memory.reference("claim_number") == ""


def test_begins_afresh_with_what_was_said_still_known() -> None:
    memory = Memory(owner="queued", hot_attempts=2, unanswered=1, references=(("bill", "7"),))
    again = memory.afresh()
    assert (again.owner, again.hot_attempts, again.unanswered) == ("bot", 0, 0)
    assert again.references == memory.references
