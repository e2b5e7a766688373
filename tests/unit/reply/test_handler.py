"""Events in, events out."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from rapport.v1 import common_pb2, conversation_pb2, message_pb2, reply_pb2
from services.common.events import Event, derive_id
from services.common.failures import Unprocessable
from services.common.testing.handlers import event, run_handler
from services.common.topics import (
    CONVERSATION_CHANGED,
    HANDOVER_REQUESTED,
    MESSAGE_SCORED,
    REPLY_CREATED,
)
from services.reply.engine import Engine
from services.reply.handler import ReplyHandler
from services.reply.memory import Memory

CODEC = TypeAdapter(Memory)


def scored(
    text: str,
    number: int = 1,
    state: common_pb2.CareState = common_pb2.CARE_STATE_CALM,
    **fields: Any,
) -> Event[Any]:
    message_id = str(UUID(int=number))
    ref = message_pb2.MessageRef(
        message_id=message_id,
        conversation_id="c-1",
        customer_id="C-9",
        tenant="default",
        author=fields.pop("author", common_pb2.AUTHOR_CUSTOMER),
        sequence=number,
        answered_by=fields.pop("answered_by", common_pb2.AUTHOR_BOT),
        known_version=fields.pop("known_version", 0),
        attributes={"industry": "retail"},
    )
    ref.received_at.FromDatetime(datetime(2026, 3, 2, 14, 59, 59, tzinfo=UTC))
    message = message_pb2.MessageScored(
        ref=ref,
        kind=fields.pop("kind", message_pb2.MESSAGE_KIND_TEXT),
        text=text,
        reading=message_pb2.EmotionReading(state=state),
        trajectory=message_pb2.EmotionTrajectory(trend=common_pb2.TREND_STEADY, customer_turns=1),
        **fields,
    )
    return event(MESSAGE_SCORED, "c-1", derive_id(message_id, "scored"), message)


def moved(
    to: conversation_pb2.ConversationState,
    version: int,
    since: conversation_pb2.ConversationState = conversation_pb2.CONVERSATION_STATE_BOT,
    through: int = 0,
) -> Event[Any]:
    change = conversation_pb2.ConversationChanged(
        change_id=str(UUID(int=1000 + version)), conversation_id="c-1", to=to, version=version,
        answered_through=through, **{"from": since},
    )  # fmt: skip
    return event(CONVERSATION_CHANGED, "c-1", str(UUID(int=2000 + version)), change)


@pytest.fixture
def handler(engine: Engine) -> ReplyHandler:
    return ReplyHandler(engine)


def test_answers_each_message_once_with_a_derived_id(handler: ReplyHandler) -> None:
    states, outgoing = run_handler(handler, [scored("where is order 48213")])
    (created,) = outgoing
    reply = created.message
    assert created.topic is REPLY_CREATED
    assert created.id == reply.reply_id == derive_id(str(UUID(int=1)), "reply")
    assert reply.in_reply_to == str(UUID(int=1))
    assert reply.action == reply_pb2.REPLY_ACTION_ACT
    assert reply.tone == common_pb2.TONE_NEUTRAL
    assert reply.sources[0].id == "action:order_status"
    assert reply.strategy == "tell_result"
    assert reply.message_received_at.seconds > 0
    assert states["c-1"].replies == 1


def test_a_hand_over_is_one_reply_and_one_request(handler: ReplyHandler) -> None:
    angry = common_pb2.CARE_STATE_ANGRY
    _, outgoing = run_handler(handler, [scored("get me a manager", state=angry)])
    assert [o.topic for o in outgoing] == [REPLY_CREATED, HANDOVER_REQUESTED]
    reply, request = outgoing[0].message, outgoing[1].message
    assert reply.action == reply_pb2.REPLY_ACTION_HANDOVER
    assert outgoing[1].id == request.handover_id == derive_id(str(UUID(int=1)), "handover")
    assert request.reason == common_pb2.HANDOVER_REASON_ASKED
    assert request.priority == common_pb2.PRIORITY_HIGH
    assert request.customer_id == "C-9"
    assert request.caused_by == str(UUID(int=1))
    assert list(request.skills) == ["retail"]
    assert request.language == "en"
    assert request.context.turns[0].text == "get me a manager"
    assert request.context.turns[0].author == common_pb2.AUTHOR_CUSTOMER
    assert request.context.trajectory.customer_turns == 1


def test_waits_with_the_customer_and_is_silent_with_the_agent(handler: ReplyHandler) -> None:
    _, outgoing = run_handler(
        handler,
        [
            scored("agent please", 1),
            moved(conversation_pb2.CONVERSATION_STATE_QUEUED, 1),
            scored("are you there", 2),
            moved(conversation_pb2.CONVERSATION_STATE_OFFERED, 2),
            scored("hello?", 3),
            moved(conversation_pb2.CONVERSATION_STATE_AGENT, 3),
            scored("finally, hi", 4, answered_by=common_pb2.AUTHOR_AGENT, known_version=3),
            moved(
                conversation_pb2.CONVERSATION_STATE_BOT,
                4,
                since=conversation_pb2.CONVERSATION_STATE_AGENT,
                through=4,
            ),
            scored("how long does delivery take", 5),
        ],
    )
    replies = [o.message for o in outgoing if o.topic is REPLY_CREATED]
    assert [r.in_reply_to for r in replies] == [str(UUID(int=n)) for n in (1, 2, 3, 5)]
    assert [r.action for r in replies] == [
        reply_pb2.REPLY_ACTION_HANDOVER,
        reply_pb2.REPLY_ACTION_QUEUED,
        reply_pb2.REPLY_ACTION_QUEUED,
        reply_pb2.REPLY_ACTION_ANSWER,
    ]
    assert len([o for o in outgoing if o.topic is HANDOVER_REQUESTED]) == 1


def test_acknowledges_after_the_take_over_what_was_written_before_it(handler: ReplyHandler) -> None:
    states, outgoing = run_handler(
        handler,
        [
            scored("agent please", 1),
            moved(conversation_pb2.CONVERSATION_STATE_QUEUED, 1),
            moved(conversation_pb2.CONVERSATION_STATE_AGENT, 2),
            scored("are you there", 2, known_version=1),
        ],
    )
    last = outgoing[-1].message
    assert (last.in_reply_to, last.action) == (str(UUID(int=2)), reply_pb2.REPLY_ACTION_QUEUED)
    assert states["c-1"].owner == "agent"


def test_answers_at_the_hand_back_what_the_person_did_not_see(handler: ReplyHandler) -> None:
    told = {"answered_by": common_pb2.AUTHOR_AGENT, "known_version": 2}
    states, outgoing = run_handler(
        handler,
        [
            scored("agent please", 1),
            moved(conversation_pb2.CONVERSATION_STATE_AGENT, 2),
            scored("hi there", 2, **told),
            scored("where is order 48213", 3, **told),
            moved(
                conversation_pb2.CONVERSATION_STATE_BOT,
                3,
                since=conversation_pb2.CONVERSATION_STATE_AGENT,
                through=2,
            ),
        ],
    )
    last = outgoing[-1].message
    assert len([o for o in outgoing if o.topic is REPLY_CREATED]) == 2
    assert (last.in_reply_to, last.action) == (str(UUID(int=3)), reply_pb2.REPLY_ACTION_ACT)
    assert outgoing[-1].id == derive_id(str(UUID(int=3)), "reply")
    assert last.created_at.ToDatetime() >= last.message_received_at.ToDatetime()
    assert states["c-1"].held == ()


def test_the_button_and_a_withheld_text_are_answered_too(handler: ReplyHandler) -> None:
    _, outgoing = run_handler(
        handler,
        [
            scored("", 1, withheld=True),
            scored("", 2, kind=message_pb2.MESSAGE_KIND_PERSON_REQUESTED),
        ],
    )
    replies = [o.message for o in outgoing if o.topic is REPLY_CREATED]
    assert replies[0].action == reply_pb2.REPLY_ACTION_ANSWER
    assert replies[1].action == reply_pb2.REPLY_ACTION_HANDOVER


def test_says_nothing_to_the_end_of_a_conversation(handler: ReplyHandler) -> None:
    ended = scored("", kind=message_pb2.MESSAGE_KIND_CONVERSATION_ENDED)
    assert run_handler(handler, [ended])[1] == []


@pytest.mark.parametrize("author", [common_pb2.AUTHOR_AGENT, common_pb2.AUTHOR_BOT])
def test_answers_customers_alone(handler: ReplyHandler, author: common_pb2.Author) -> None:
    with pytest.raises(Unprocessable, match="not_a_customer"):
        handler.handle(scored("hi", author=author), None)


def test_refuses_a_message_without_its_reference(handler: ReplyHandler) -> None:
    bare = message_pb2.MessageScored(text="hi")
    with pytest.raises(Unprocessable, match="missing_ref"):
        handler.handle(event(MESSAGE_SCORED, "c-1", str(UUID(int=1)), bare), None)


def test_the_same_event_and_state_give_the_same_events(handler: ReplyHandler) -> None:
    first = handler.handle(scored("my parcel is late"), Memory())
    assert handler.handle(scored("my parcel is late"), Memory()) == first


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None,
          max_examples=40)  # fmt: skip
@given(
    texts=st.lists(st.text(max_size=200), min_size=1, max_size=4),
    state=st.sampled_from(common_pb2.CareState.values()),
    kind=st.sampled_from([1, 2]),
    withheld=st.booleans(),
)
def test_any_message_gets_exactly_one_reply_and_a_state_that_can_be_stored(
    handler: ReplyHandler, texts: list[str], state: Any, kind: Any, withheld: bool
) -> None:
    clean = [text.encode("utf-8", "ignore").decode() for text in texts]
    events = [
        scored(text, n, state, kind=kind, withheld=withheld) for n, text in enumerate(clean, 1)
    ]
    states, outgoing = run_handler(handler, events)
    replies = [o for o in outgoing if o.topic is REPLY_CREATED]
    assert len(replies) == len(texts)
    assert all(o.message.text for o in replies)
    assert CODEC.validate_json(CODEC.dump_json(states["c-1"])) == states["c-1"]
