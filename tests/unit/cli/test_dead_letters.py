"""What is told of dead letters, and what goes back."""

import json
from dataclasses import asdict

from hypothesis import given
from hypothesis import strategies as st

from rapport.v1 import message_pb2
from services.cli.dead_letters import describe, original_headers, payload
from services.common.events import Record
from services.common.loop import dead_letter_headers
from services.common.topics import MESSAGE_SCORED

EVENT_ID = "b88f63b4-0751-4ad3-a26b-c63d5349580b"
DEAD = MESSAGE_SCORED.dead_letters_of("reply")
HEADERS = (("ce_id", EVENT_ID.encode()), ("ce_type", b"x"), ("traceparent", b"00-a"))


def dead(value: bytes = b"my card is", key: bytes | None = b"c-1") -> Record:
    original = Record(MESSAGE_SCORED.name, 3, 17, key, value, HEADERS)
    added = dead_letter_headers(original, "undecodable", "reply")
    return Record(DEAD, 0, 5, key, value, (*HEADERS, *added))


def test_tells_why_it_died_and_where_it_came_from() -> None:
    told = describe(dead())
    assert (told.error_class, told.service) == ("undecodable", "reply")
    assert (told.origin_topic, told.origin_partition, told.origin_offset) == (
        MESSAGE_SCORED.name,
        "3",
        "17",
    )
    assert (told.event_id, told.conversation_id, told.bytes) == (EVENT_ID, "c-1", 10)


@given(st.binary(max_size=50), st.none() | st.binary(max_size=20), st.binary(max_size=20))
def test_never_tells_the_value_whatever_the_record_is(
    value: bytes, key: bytes | None, event_id: bytes
) -> None:
    record = Record(DEAD, 0, 0, key, b"SECRET" + value, (("ce_id", event_id),))
    told = json.dumps(asdict(describe(record)))
    assert "SECRET" not in told


def test_goes_back_with_just_the_headers_that_it_had() -> None:
    assert original_headers(dead()) == list(HEADERS)


def test_shows_what_the_topic_carries_when_it_is_asked_for() -> None:
    message = message_pb2.MessageScored(text="hello")
    assert payload(dead(message.SerializeToString()))["text"] == "hello"


def test_shows_bytes_that_are_no_message_as_they_are() -> None:
    assert payload(dead(b"\xff\xfe")) == {"hexadecimal": "fffe"}
    assert payload(dead(b"plain")) == {"text": "plain"}
