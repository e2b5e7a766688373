"""What a move changes, and what the events say of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.events import derive_id
from services.routing.conversation import SEEN_KEPT, Conversation, queue_of
from services.routing.states import State

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
CAUSE = "6f9f1b52-9a37-5a0e-8f5b-1a2b3c4d5e6f"
START = Conversation("c1", "default", "u1").moved(State.BOT, AT, caused_by=CAUSE)


def test_the_first_move_is_version_one_and_names_its_cause() -> None:
    event = START.changed_event()
    assert (event.version, event.to, getattr(event, "from")) == (1, 1, 0)
    assert event.caused_by == CAUSE
    assert event.change_id == derive_id(CAUSE, "conversation.changed.1")
    assert event.changed_at.ToDatetime(UTC) == AT


def test_a_move_without_an_event_behind_it_follows_from_the_move_before() -> None:
    second = START.moved(State.CLOSED, AT)
    assert second.caused_by == START.change_id
    assert second.change_id == derive_id(START.change_id, "conversation.changed.2")
    assert second == START.moved(State.CLOSED, AT)


def test_time_never_runs_backwards_within_a_conversation() -> None:
    late = START.moved(State.QUEUED, AT - timedelta(minutes=5))
    assert late.changed_at == AT


def test_an_answer_to_an_older_message_leaves_the_newest_open() -> None:
    talk = START.wrote("m1").wrote("m2")
    assert talk.answered("m1").last_message_id == "m2"
    assert talk.answered("m2").last_message_id == ""
    assert talk.answered("").last_message_id == ""


def test_a_message_seen_before_does_not_become_unanswered_again() -> None:
    assert START.wrote("m1").answered("").wrote("m1").last_message_id == ""


@given(st.lists(st.text("ab", min_size=1, max_size=6)))
def test_what_was_seen_is_bounded(ids: list[str]) -> None:
    talk = START
    for each in ids:
        talk = talk.wrote(each)
    assert len(talk.seen) <= SEEN_KEPT
    assert len(set(talk.seen)) == len(talk.seen)


@pytest.mark.parametrize(
    ("skills", "queue"),
    [
        ((), "general"),
        (("billing", "vip"), "billing"),
        (("Jane Roe, card 4111",), "general"),
        (("x" * 33,), "general"),
        (("",), "general"),
    ],
)
def test_a_queue_has_a_plain_short_name(skills: tuple[str, ...], queue: str) -> None:
    assert queue_of(skills) == queue
