"""What of a conversation's record whom is shown."""

from datetime import datetime, timedelta, timezone

import pytest
from google.protobuf.message import Message

from rapport.v1 import common_pb2, conversation_pb2, message_pb2, reply_pb2
from services.ingestion.record import Entry, as_json, decode, delivery, is_for_customer, state_of
from tests.unit.ingestion.offers import NOW

AGENT = message_pb2.MessageRedacted(
    ref=message_pb2.MessageRef(
        message_id="m-2", author=common_pb2.AUTHOR_AGENT, agent_id="agent-3", in_reply_to="m-1"
    ),
    kind=message_pb2.MESSAGE_KIND_TEXT,
    text="This is Sam.",
)
CUSTOMER = message_pb2.MessageRedacted(
    ref=message_pb2.MessageRef(message_id="m-1", author=common_pb2.AUTHOR_CUSTOMER),
    kind=message_pb2.MESSAGE_KIND_TEXT,
    text="Hello?",
)
ENDED = message_pb2.MessageRedacted(
    ref=message_pb2.MessageRef(message_id="m-3", author=common_pb2.AUTHOR_AGENT),
    kind=message_pb2.MESSAGE_KIND_CONVERSATION_ENDED,
)
REPLY = reply_pb2.ReplyCreated(
    reply_id="r-1",
    in_reply_to="m-1",
    text="Here I am.",
    action=reply_pb2.REPLY_ACTION_ANSWER,
    state=common_pb2.CARE_STATE_ANXIOUS,
    sources=[reply_pb2.Source(id="article:returns", title="Returns")],
)
CHANGED = conversation_pb2.ConversationChanged(
    to=conversation_pb2.CONVERSATION_STATE_WRAP_UP,
    agent_id="agent-3",
    reason=common_pb2.HANDOVER_REASON_ASKED,
    priority=common_pb2.PRIORITY_HIGH,
)


def entry(message: Message) -> Entry:
    return Entry(7, "e-7", message, NOW)


@pytest.mark.parametrize(
    ("message", "shown"),
    [(AGENT, True), (REPLY, True), (CHANGED, True), (CUSTOMER, False), (ENDED, False)],
)
def test_the_customer_is_shown_what_others_say_and_do(message: Message, shown: bool) -> None:
    assert is_for_customer(entry(message).message) is shown


@pytest.mark.parametrize(
    ("message", "read"),
    [
        (REPLY, {"state", "trend", "tone", "strategy", "intent", "trajectory"}),
        (AGENT, {"sequence", "sent_at", "agent_id", "withheld", "answered_by"}),
        (
            CHANGED,
            {"previous_state", "agent_id", "queue", "reason", "priority", "caused_by"},
        ),
    ],
)
def test_readings_are_for_systems_alone(message: Message, read: set[str]) -> None:
    assert as_json(entry(message), readings=True).keys() - read == (
        as_json(entry(message), readings=False).keys()
    )


def test_words_are_those_of_the_contract() -> None:
    assert as_json(entry(REPLY), readings=True) == {
        "position": 7,
        "id": "r-1",
        "at": "2026-03-02T15:00:00Z",
        "type": "reply",
        "author": "bot",
        "text": "Here I am.",
        "in_reply_to": "m-1",
        "action": "answer",
        "sources": [{"id": "article:returns", "title": "Returns"}],
        "state": "anxious",
        "trend": "",
        "tone": "",
        "strategy": "",
        "intent": "",
        "trajectory": None,
    }
    changed = as_json(entry(CHANGED), readings=True)
    assert (changed["state"], changed["reason"], changed["priority"]) == (
        "wrap_up",
        "asked",
        "high",
    )
    assert (as_json(entry(AGENT), readings=True)["kind"], state_of(CHANGED)["state"]) == (
        "text",
        "wrap_up",
    )


def test_the_record_tells_how_the_feeling_moved() -> None:
    reply = reply_pb2.ReplyCreated(reply_id="r-2")
    reply.trajectory.valence = -0.25
    reply.trajectory.negative_in_a_row = 2
    reply.trajectory.peak.message_id = "m-1"
    reply.trajectory.turning_points.add(message_id="m-0", worse=True)
    reply.trajectory.reply_effect.reply_id = "r-1"
    reply.trajectory.reply_effect.author = common_pb2.AUTHOR_BOT
    reply.trajectory.reply_effect.valence_change = -0.5
    assert as_json(entry(reply), readings=True)["trajectory"] == {
        "valence": -0.25,
        "arousal": 0.0,
        "customer_turns": 0,
        "negative_in_a_row": 2,
        "lowest_valence": 0.0,
        "change": 0.0,
        "peak": "m-1",
        "turning_points": [{"message_id": "m-0", "worse": True}],
        "reply_effect": {
            "reply_id": "r-1",
            "author": "bot",
            "strategy": "",
            "valence_change": -0.5,
            "arousal_change": 0.0,
        },
    }


def test_an_entry_comes_back_from_the_store_as_it_went() -> None:
    paris = timezone(timedelta(hours=1))
    for kind, message in (("message", AGENT), ("reply", REPLY), ("changed", CHANGED)):
        at = datetime(2026, 3, 2, 16, 0, tzinfo=paris)
        stored = decode(7, "e-7", kind, message.SerializeToString(), at)
        assert stored == entry(message)
        assert delivery(stored).WhichOneof("event") == kind


def test_revealing_leaves_the_stored_entry_alone() -> None:
    revealed = entry(REPLY).saying("Here I am, Ann.")
    assert (revealed.text, REPLY.text) == ("Here I am, Ann.", "Here I am.")
    assert revealed.message != REPLY


def test_a_note_is_for_colleagues_and_never_for_the_customer() -> None:
    note = message_pb2.MessageRedacted()
    note.CopyFrom(AGENT)
    note.kind = message_pb2.MESSAGE_KIND_NOTE
    assert is_for_customer(entry(AGENT).message)
    assert not is_for_customer(entry(note).message)
    assert as_json(entry(note), readings=True)["kind"] == "note"
