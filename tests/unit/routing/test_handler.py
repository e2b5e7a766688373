"""What messages and hand-overs do to a conversation, on a real PostgreSQL."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.v1 import common_pb2, message_pb2
from services.common.events import Event, derive_id
from services.routing.commands import NotFound
from services.routing.states import State
from tests.unit.routing.floor import START, Floor

pytestmark = pytest.mark.integration


def test_the_first_message_of_a_customer_opens_the_conversation_with_the_bot(floor: Floor) -> None:
    opening = floor.message()
    assert floor.take(opening, floor.message())[0].outgoing == ()
    (change,) = floor.changes()
    assert (change.version, State(change.to), change.tenant) == (1, State.BOT, "default")
    assert change.customer_id == "customer of c1"
    assert change.caused_by == opening.id
    assert change.change_id == derive_id(opening.id, "conversation.changed.1")
    assert floor.see().last_message_id != opening.message.ref.message_id


def test_a_hand_over_queues_with_its_reason_skills_and_packet(floor: Floor) -> None:
    floor.queue("c1", priority=3, reason=common_pb2.HANDOVER_REASON_SENSITIVE, skills=("care",))
    change = floor.changes()[-1]
    assert (change.to, change.queue, change.priority, change.position) == (2, "care", 3, 1)
    assert change.reason == common_pb2.HANDOVER_REASON_SENSITIVE
    assert floor.see().assignment().context.summary == "wants a person"


def test_a_hand_over_that_overtakes_its_message_opens_and_queues(floor: Floor) -> None:
    cause = floor.message()
    handover = floor.handover(caused_by=cause.message.ref.message_id)
    floor.take(handover)
    floor.take(cause)
    assert floor.path() == ["bot", "queued"]
    assert floor.see().last_message_id == cause.message.ref.message_id


def test_positions_count_those_who_are_served_first(floor: Floor) -> None:
    floor.queue("a")
    floor.queue("b")
    floor.queue("c", priority=4)
    floor.queue("d", skills=("billing",))
    assert [floor.see(each).position for each in "abcd"] == [1, 2, 1, 1]


def test_a_repeated_event_makes_no_second_move(floor: Floor) -> None:
    opening, handover = floor.message(), floor.handover()
    floor.take(opening, handover)
    results = floor.take(opening, handover, opening)
    assert all(result.repeated for result in results)
    assert floor.path() == ["bot", "queued"]


def test_a_second_hand_over_only_raises_the_priority(floor: Floor) -> None:
    floor.queue("c1")
    floor.take(
        floor.handover(priority=4, reason=common_pb2.HANDOVER_REASON_CRISIS, summary="danger")
    )
    floor.take(floor.handover(priority=1, summary="calmer"))
    now = floor.see()
    assert (now.priority, now.reason) == (4, common_pb2.HANDOVER_REASON_CRISIS)
    assert now.assignment().context.summary == "calmer"
    assert floor.path() == ["bot", "queued"]


def test_the_customer_ends_it_wherever_it_is(floor: Floor) -> None:
    floor.take(floor.ended("nobody-wrote-here"))
    with pytest.raises(NotFound):
        floor.see("nobody-wrote-here")
    floor.take(floor.message("bot"), floor.ended("bot"))
    floor.queue("queued")
    floor.take(floor.ended("queued"), floor.ended("queued"))
    assert floor.path("bot") == ["bot", "closed"]
    assert floor.path("queued") == ["bot", "queued", "closed"]


def test_ending_it_while_a_person_has_it_leaves_time_to_wrap_up(floor: Floor) -> None:
    floor.with_agent()
    floor.take(floor.ended())
    assert floor.state() is State.WRAP_UP
    floor.wait(59)
    floor.agent()
    floor.assignment.round()
    assert floor.state() is State.WRAP_UP
    floor.wait(1)
    floor.assignment.round()
    assert floor.state() is State.CLOSED


def test_who_writes_during_the_wrap_up_has_the_person_back(floor: Floor) -> None:
    floor.with_agent()
    floor.take(floor.ended(), floor.message())
    assert floor.path()[-2:] == ["wrap_up", "agent"]
    assert floor.see().agent_id == "ada"


def test_a_customer_reopens_a_closed_conversation_with_the_bot(floor: Floor) -> None:
    floor.queue("c1")
    floor.take(floor.ended(), floor.message())
    assert floor.path() == ["bot", "queued", "closed", "bot"]
    assert floor.changes()[-1].queue == ""


def test_a_hand_over_that_comes_after_the_end_queues_nobody(floor: Floor) -> None:
    cause = floor.message()
    late = floor.handover(caused_by=cause.message.ref.message_id)
    floor.take(cause, floor.ended())
    floor.take(late)
    assert floor.path() == ["bot", "closed"]


def test_a_hand_over_of_a_message_after_the_end_reopens_and_queues(floor: Floor) -> None:
    floor.take(floor.message(), floor.ended())
    cause = floor.message()
    floor.take(floor.handover(caused_by=cause.message.ref.message_id))
    floor.take(cause)
    assert floor.path() == ["bot", "closed", "bot", "queued"]


def test_an_agents_words_answer_what_was_open(floor: Floor) -> None:
    floor.with_agent()
    question = floor.message()
    floor.take(question)
    asked = question.message.ref.message_id
    assert floor.see().last_message_id == asked
    floor.take(floor.message(author=common_pb2.AUTHOR_AGENT, in_reply_to="an-older-one"))
    assert floor.see().last_message_id == asked
    floor.take(floor.message(author=common_pb2.AUTHOR_AGENT, in_reply_to=asked))
    assert floor.see().last_message_id == ""
    floor.take(floor.message("nobody", author=common_pb2.AUTHOR_AGENT))
    with pytest.raises(NotFound):
        floor.see("nobody")


def test_a_move_is_not_later_than_now_though_its_event_says_so(floor: Floor) -> None:
    event = floor.message()
    future = Event(event.id, event.topic, event.key, START.replace(year=2099), "", event.message)
    floor.take(future)
    assert floor.see().changed_at == START


def broken(floor: Floor, **changes: Any) -> Event[Any]:
    event = floor.message()
    for name, value in changes.items():
        setattr(event.message.ref, name, value)
    return event


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"conversation_id": ""}, "missing_conversation_id"),
        ({"conversation_id": "c2"}, "key_is_not_conversation"),
        ({"message_id": ""}, "missing_message_id"),
        ({"message_id": "x" * 257}, "bad_id"),
        ({"customer_id": "nul\x00"}, "bad_id"),
        ({"author": common_pb2.AUTHOR_BOT}, "unknown_author"),
        ({"author": 77}, "unknown_author"),
    ],
)
def test_a_bad_message_is_a_dead_letter_and_harms_nobody_else(
    floor: Floor, changes: dict[str, Any], reason: str
) -> None:
    results = floor.take(broken(floor, **changes), floor.message("c9"))
    assert [result.failure for result in results] == [reason, None]
    assert floor.state("c9") is State.BOT


def test_one_tenant_does_not_reach_into_another(floor: Floor) -> None:
    floor.take(floor.message())
    results = floor.take(floor.message(tenant="other"), floor.handover(tenant="other"))
    assert [result.failure for result in results] == ["other_tenant", "other_tenant"]
    with pytest.raises(NotFound):
        floor.see(tenant="other")


texts = st.text(max_size=300)
numbers = st.integers(-(2**31), 2**31 - 1)


@given(
    key=texts.filter(bool),
    ids=st.lists(texts, min_size=4, max_size=4),
    values=st.lists(numbers, min_size=4, max_size=4),
    skills=st.lists(texts, max_size=3),
    as_message=st.booleans(),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_a_message_says_the_handler_survives_it(
    floor: Floor,
    key: str,
    ids: list[str],
    values: list[int],
    skills: list[str],
    as_message: bool,
) -> None:
    event = floor.message(key) if as_message else floor.handover(key)
    if as_message:
        ref = event.message.ref
        ref.message_id, ref.customer_id, ref.tenant, ref.in_reply_to = ids
        ref.author, event.message.kind, ref.sequence, ref.channel = values
    else:
        asked = event.message
        asked.caused_by, asked.customer_id, asked.tenant, asked.language = ids
        asked.priority, asked.reason = values[:2]
        asked.skills.extend(skills)
    (result,) = floor.take(event)
    known = {None, "bad_id", "missing_message_id", "unknown_author", "other_tenant"}
    assert result.failure in known
    (again,) = floor.take(floor.message("after"))
    assert again.failure is None


def test_a_person_requested_by_button_counts_as_a_message(floor: Floor) -> None:
    press = floor.message(kind=message_pb2.MESSAGE_KIND_PERSON_REQUESTED)
    floor.take(press)
    assert floor.see().last_message_id == press.message.ref.message_id


def test_a_note_for_colleagues_answers_nobody(floor: Floor) -> None:
    floor.with_agent()
    waiting = floor.message()
    floor.take(waiting)
    note = floor.message(author=common_pb2.AUTHOR_AGENT, kind=message_pb2.MESSAGE_KIND_NOTE)
    floor.take(note)
    assert floor.see().last_message_id == waiting.message.ref.message_id
    floor.take(floor.message(author=common_pb2.AUTHOR_AGENT))
    assert floor.see().last_message_id == ""
