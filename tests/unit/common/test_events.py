"""Events as they travel."""

import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.v1 import message_pb2
from services.common.events import Event, Outgoing, Record, decode, derive_id, encode
from services.common.failures import Unprocessable
from services.common.topics import MESSAGE_REDACTED

MESSAGE_ID = derive_id("shop/1", "test")


def outgoing() -> Outgoing:
    message = message_pb2.MessageRedacted(
        ref=message_pb2.MessageRef(message_id=MESSAGE_ID, conversation_id="c1"), text="hello"
    )
    return Outgoing(
        MESSAGE_REDACTED, "c1", message, MESSAGE_ID, datetime(2026, 3, 2, 15, tzinfo=UTC)
    )


def record(**changes: object) -> Record:
    event = outgoing()
    fields: dict[str, object] = {
        "topic": MESSAGE_REDACTED.name,
        "partition": 0,
        "offset": 7,
        "key": b"c1",
        "value": event.message.SerializeToString(),
        "headers": tuple(encode(event, source="redaction", traceparent="00-a-b-01")),
    }
    return Record(**(fields | changes))  # type: ignore[arg-type]


def test_an_event_comes_back_as_it_went() -> None:
    event = decode(record(), MESSAGE_REDACTED)
    assert event == Event(
        id=MESSAGE_ID,
        topic=MESSAGE_REDACTED,
        key="c1",
        time=datetime(2026, 3, 2, 15, tzinfo=UTC),
        source="rapport/redaction",
        message=outgoing().message,
        traceparent="00-a-b-01",
    )


def test_a_derived_id_depends_on_its_cause_and_stage_alone() -> None:
    assert derive_id("a", "reply") == derive_id("a", "reply")
    assert len({derive_id(c, s) for c in "ab" for s in ("reply", "handover")}) == 4
    assert uuid.UUID(derive_id("a", "reply")).version == 5


def without(name: str) -> tuple[tuple[str, bytes], ...]:
    return tuple(h for h in record().headers if h[0] != name)


def changed(name: str, value: bytes) -> tuple[tuple[str, bytes], ...]:
    return (*without(name), (name, value))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"value": None}, "no_value"),
        ({"value": b""}, "empty"),
        ({"value": b"\xff\xff\xff"}, "undecodable"),
        ({"value": b'{"text": "json"}'}, "undecodable"),
        ({"key": None}, "no_key"),
        ({"key": b""}, "no_key"),
        ({"key": b"\xff"}, "bad_key"),
        ({"headers": ()}, "bad_id"),
        ({"headers": changed("ce_id", b"17")}, "bad_id"),
        ({"headers": changed("ce_id", b"\xff")}, "bad_header"),
        ({"headers": without("ce_type")}, "wrong_type"),
        ({"headers": changed("ce_type", b"rapport.reply.created.v1")}, "wrong_type"),
        ({"headers": changed("ce_time", b"yesterday")}, "bad_time"),
        ({"headers": changed("ce_time", b"2026-03-02T15:00:00")}, "bad_time"),
    ],
)
def test_a_record_that_is_no_event_is_unprocessable(
    changes: dict[str, object], reason: str
) -> None:
    with pytest.raises(Unprocessable) as caught:
        decode(record(**changes), MESSAGE_REDACTED)
    assert caught.value.reason == reason


@given(
    key=st.none() | st.binary(max_size=20),
    value=st.none() | st.binary(max_size=200),
    headers=st.lists(
        st.tuples(st.sampled_from(["ce_id", "ce_type", "ce_time", "x"]), st.binary(max_size=40))
    ),
)
def test_any_bytes_are_an_event_or_unprocessable(
    key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes]]
) -> None:
    junk = Record(MESSAGE_REDACTED.name, 0, 0, key, value, tuple(headers))
    with pytest.raises(Unprocessable):
        decode(junk, MESSAGE_REDACTED)


@given(value=st.binary(min_size=1, max_size=300))
def test_junk_in_a_proper_envelope_is_a_message_or_unprocessable(value: bytes) -> None:
    try:
        event = decode(record(value=value), MESSAGE_REDACTED)
    except Unprocessable as error:
        assert error.reason in {"undecodable", "empty"}
    else:
        assert event.message.ByteSize() > 0
