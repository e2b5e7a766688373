"""Which messages the bot answers, by what the door and routing said; tests/unit/routing/
test_who_answers.py has the services together."""

import pytest

from rapport.v1 import common_pb2, conversation_pb2, message_pb2
from services.reply.memory import Memory
from services.reply.moves import HELD_KEPT, after_move, hold, owner_of, release, whose_now

BOT = conversation_pb2.CONVERSATION_STATE_BOT
QUEUED = conversation_pb2.CONVERSATION_STATE_QUEUED
AGENT = conversation_pb2.CONVERSATION_STATE_AGENT
WRAP_UP = conversation_pb2.CONVERSATION_STATE_WRAP_UP
CLOSED = conversation_pb2.CONVERSATION_STATE_CLOSED


def moved(
    *states: conversation_pb2.ConversationState, memory: Memory | None = None, through: int = 0
) -> Memory:
    """Memory after these moves, the last of them with `answered_through`."""
    memory = memory or Memory()
    before = conversation_pb2.CONVERSATION_STATE_UNSPECIFIED
    for state in states:
        change = conversation_pb2.ConversationChanged(
            to=state, version=memory.version + 1, answered_through=through, **{"from": before}
        )
        owner = owner_of(change)
        assert owner is not None
        memory, before = after_move(memory, change, owner), state
    return memory


def ref(
    answered_by: common_pb2.Author, known_version: int, sequence: int = 5
) -> message_pb2.MessageRef:
    return message_pb2.MessageRef(
        message_id=f"m-{sequence}",
        answered_by=answered_by,
        known_version=known_version,
        sequence=sequence,
    )


BOTS, PERSONS = common_pb2.AUTHOR_BOT, common_pb2.AUTHOR_AGENT


@pytest.mark.parametrize("memory", [Memory(), moved(BOT, QUEUED), moved(BOT, QUEUED, AGENT)])
def test_what_the_door_gave_to_a_person_is_a_persons_whatever_the_bot_knows(memory: Memory) -> None:
    assert whose_now(memory, ref(PERSONS, 3)) == "person"


@pytest.mark.parametrize("state", [AGENT, WRAP_UP])
def test_what_the_door_gave_to_the_bot_is_the_bots_though_a_person_took_over_since(
    state: conversation_pb2.ConversationState,
) -> None:
    memory = moved(BOT, QUEUED, AGENT, state)
    assert whose_now(memory, ref(BOTS, 2)) == "bot"


def test_what_was_written_after_a_return_that_is_on_its_way_is_answered_later() -> None:
    assert whose_now(moved(BOT, QUEUED, AGENT), ref(BOTS, 4)) == "later"
    assert whose_now(moved(BOT, QUEUED, AGENT, BOT), ref(BOTS, 4)) == "bot"


@pytest.mark.parametrize("end", [BOT, CLOSED])
def test_a_return_says_up_to_where_the_person_answered(
    end: conversation_pb2.ConversationState,
) -> None:
    memory = moved(BOT, QUEUED, AGENT, end, through=5)
    assert whose_now(memory, ref(PERSONS, 3, sequence=5)) == "done"
    assert whose_now(memory, ref(PERSONS, 3, sequence=6)) == "bot"


def test_the_first_return_that_the_door_did_not_know_decides() -> None:
    memory = moved(BOT, QUEUED, AGENT, BOT, through=5)
    memory = moved(QUEUED, AGENT, BOT, memory=memory, through=9)
    assert whose_now(memory, ref(PERSONS, 3, sequence=7)) == "bot"
    assert whose_now(memory, ref(PERSONS, 6, sequence=7)) == "done"
    assert whose_now(memory, ref(PERSONS, 8, sequence=7)) == "person"


def test_a_lost_agents_messages_wait_for_the_next_one() -> None:
    assert whose_now(moved(BOT, QUEUED, AGENT, QUEUED), ref(PERSONS, 3)) == "person"


def test_an_older_move_changes_nothing() -> None:
    agent = moved(BOT, QUEUED, AGENT)
    late = conversation_pb2.ConversationChanged(to=BOT, version=1)
    assert after_move(agent, late, "bot") == agent


def scored(sequence: int) -> message_pb2.MessageScored:
    return message_pb2.MessageScored(
        ref=ref(PERSONS, 3, sequence),
        text="hello",
        reading=message_pb2.EmotionReading(
            state=common_pb2.CARE_STATE_ANGRY,
            emotions=[message_pb2.EmotionScore(label="anger", score=1)],
        ),
    )


def test_what_a_person_left_is_released_in_order_and_the_rest_forgotten() -> None:
    memory = moved(BOT, QUEUED, AGENT)
    for sequence in (4, 5, 6):
        memory = hold(memory, scored(sequence))
    assert release(memory) == (memory, [])
    memory = moved(BOT, QUEUED, AGENT, BOT, through=4, memory=Memory(held=memory.held))
    memory, due = release(memory)
    assert [each.ref.sequence for each in due] == [5, 6]
    assert (due[0].text, due[0].reading.state) == ("hello", common_pb2.CARE_STATE_ANGRY)
    assert memory.held == ()


def test_what_is_held_is_bounded() -> None:
    memory = Memory()
    for sequence in range(100):
        memory = hold(memory, scored(sequence))
    assert len(memory.held) == HELD_KEPT
    assert len("".join(memory.held)) < 300 * HELD_KEPT, "the reading in full is not needed"
