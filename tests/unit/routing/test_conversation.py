"""What a move changes, and what the events say of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.events import derive_id
from services.routing.conversation import SEEN_KEPT, Conversation, queue_of
from services.routing.states import HELD, Cause, IllegalMove, State

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
CAUSE = "6f9f1b52-9a37-5a0e-8f5b-1a2b3c4d5e6f"
START = Conversation("c1", "default", "u1").after(Cause.CUSTOMER_WROTE, AT, caused_by=CAUSE)


def test_the_first_move_is_version_one_and_names_its_cause() -> None:
    event = START.changed_event()
    assert (event.version, event.to, getattr(event, "from")) == (1, 1, 0)
    assert event.caused_by == CAUSE
    assert event.change_id == derive_id(CAUSE, "conversation.changed.1")
    assert event.changed_at.ToDatetime(UTC) == AT


def test_a_move_without_an_event_behind_it_follows_from_the_move_before() -> None:
    second = START.after(Cause.END, AT)
    assert second.caused_by == START.change_id
    assert second.change_id == derive_id(START.change_id, "conversation.changed.2")
    assert second == START.after(Cause.END, AT)


def test_time_never_runs_backwards_within_a_conversation() -> None:
    late = START.after(Cause.PERSON_NEEDED, AT - timedelta(minutes=5))
    assert late.changed_at == AT


def test_what_moves_nothing_changes_nothing() -> None:
    assert START.after(Cause.CUSTOMER_WROTE, AT + timedelta(minutes=1), caused_by=CAUSE) is START


def queued() -> Conversation:
    return START.after(Cause.PERSON_NEEDED, AT, queue="billing", priority=3, context=b"packet")


def test_an_offer_that_runs_out_keeps_the_time_of_waiting_and_goes_to_the_head() -> None:
    later = AT + timedelta(seconds=20)
    back = queued().after(Cause.OFFER, AT, agent_id="a").after(Cause.OFFER_EXPIRED, later)
    assert (back.state, back.agent_id, back.returned) == (State.QUEUED, "", True)
    assert back.waiting_since == AT
    assert back.passes == {"a": later}


def test_who_loses_a_person_waits_from_now_on_at_the_head() -> None:
    later = AT + timedelta(minutes=9)
    talk = queued().after(Cause.OFFER, AT, agent_id="a").after(Cause.ACCEPT, AT)
    back = talk.after(Cause.AGENT_LOST, later)
    assert (back.waiting_since, back.returned, back.passes) == (later, True, {})
    assert back.last_agent_id == "a"
    assert back.queue == "billing"


def test_nothing_of_the_hand_over_stays_with_the_bot_but_who_knows_the_customer() -> None:
    talk = queued().after(Cause.OFFER, AT, agent_id="a").after(Cause.ACCEPT, AT)
    bot = talk.after(Cause.HAND_BACK, AT)
    assert (bot.agent_id, bot.queue, bot.priority, bot.context) == ("", "", 0, b"")
    assert bot.waiting_since is None
    assert bot.last_agent_id == "a"


def test_a_closed_conversation_keeps_no_context() -> None:
    assert queued().after(Cause.END, AT).context == b""
    talk = queued().after(Cause.OFFER, AT, agent_id="a").after(Cause.ACCEPT, AT)
    closed = talk.after(Cause.WRAP_UP, AT).after(Cause.WRAP_UP, AT, disposition="solved")
    assert (closed.state, closed.context, closed.disposition) == (State.CLOSED, b"", "solved")
    assert closed.changed_event().agent_id == "a"


@given(st.lists(st.sampled_from(Cause), max_size=30))
def test_versions_count_the_moves_and_ids_never_repeat(causes: list[Cause]) -> None:
    talk, ids = Conversation("c1", "default", change_id=CAUSE), []
    for cause in causes:
        try:
            following = talk.after(cause, AT, **({"agent_id": "a"} if cause is Cause.OFFER else {}))
        except IllegalMove:
            continue
        if following is not talk:
            ids.append(following.change_id)
            assert following.version == talk.version + 1
            assert following.previous is talk.state
        assert (following.agent_id != "") <= (following.state in {*HELD, State.CLOSED})
        assert (following.waiting_since is not None) >= (following.state is State.QUEUED)
        talk = following
    assert len(set(ids)) == len(ids) == talk.version


def test_an_answer_to_an_older_message_leaves_the_newest_open() -> None:
    talk = START.wrote("m1").wrote("m2")
    assert talk.answered("m1").last_message_id == "m2"
    assert talk.answered("m2").last_message_id == ""
    assert talk.answered("").last_message_id == ""


def test_a_message_seen_before_does_not_become_unanswered_again() -> None:
    assert START.wrote("m1").answered("").wrote("m1").last_message_id == ""


def test_only_what_leaves_people_says_how_far_they_answered() -> None:
    talk = START.after(Cause.CUSTOMER_WROTE, AT).wrote("m1", 4)
    queued = talk.after(Cause.PERSON_NEEDED, AT)
    assert (queued.heard, queued.answered_through) == (4, 0)
    assert queued.after(Cause.END, AT).changed_event().answered_through == 4


def test_a_message_whose_hand_over_came_first_is_heard_once_it_is_there() -> None:
    talk = START.wrote("m1")
    assert talk.heard == 0
    assert talk.wrote("m1", 6).heard == 6


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
