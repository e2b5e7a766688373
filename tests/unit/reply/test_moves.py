"""Whether the bot speaks, by what routing said of the conversation."""

import pytest

from services.reply.memory import Memory, Owner
from services.reply.moves import after_move, belongs_to_agent


def moved(*owners: Owner, memory: Memory | None = None) -> Memory:
    """Memory after these moves, one a second."""
    memory = memory or Memory()
    for owner in owners:
        version = memory.version + 1
        memory = after_move(memory, owner, version, begins=False, at=float(version))
    return memory


def test_is_silent_while_a_person_has_the_conversation() -> None:
    assert belongs_to_agent(moved("queued", "agent"), received_at=10)


def test_leaves_to_the_person_what_was_written_before_the_person_closed() -> None:
    closed = moved("queued", "agent", "closed")
    assert belongs_to_agent(closed, received_at=2.9)
    assert not belongs_to_agent(closed, received_at=3.0)


@pytest.mark.parametrize("owner", ["bot", "queued"])
def test_answers_late_messages_when_the_person_left_without_closing(owner: Owner) -> None:
    assert not belongs_to_agent(moved("queued", "agent", owner), received_at=2.5)


def test_answers_in_a_conversation_that_no_person_had() -> None:
    assert not belongs_to_agent(moved("closed"), received_at=0.5)


def test_an_older_move_changes_nothing() -> None:
    agent = moved("queued", "agent")
    assert after_move(agent, "bot", 1, begins=False, at=9.0) == agent
