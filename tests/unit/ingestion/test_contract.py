"""The contract, apart from any way in."""

import json
import re
import unicodedata
import uuid
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingestion import fields
from services.ingestion.cloudevents import (
    BATCH_EVENTS,
    EVENT_BYTES,
    content_digest,
    read_batch,
    read_binary,
    read_event,
    read_json,
)
from services.ingestion.contract import MODELS, MessageSent
from services.ingestion.identifiers import personal_data_in
from services.ingestion.rejections import Reason, Rejected
from tests.unit.ingestion.offers import BAD, MESSAGE, NOT_JSON, NOW, event, good, message, sent

KEY = b"k" * 32


@pytest.mark.parametrize("name", BAD)
def test_names_the_field_at_fault(name: str) -> None:
    document, field = BAD[name]
    with pytest.raises(Rejected) as caught:
        read_event(document, NOW)
    assert field in {violation.field for violation in caught.value.violations}
    assert caught.value.reason.http == 400


@pytest.mark.parametrize("name", NOT_JSON)
def test_refuses_bytes_that_are_no_json(name: str) -> None:
    with pytest.raises(Rejected) as caught:
        read_json(NOT_JSON[name], NOW)
    assert caught.value.reason is Reason.INVALID


@pytest.mark.parametrize("name", good())
def test_takes_what_the_contract_allows(name: str) -> None:
    document = good()[name]
    assert read_json(orjson.dumps(document), NOW).type == document["type"]


def test_refuses_half_of_a_surrogate_pair_in_a_text() -> None:
    for name in ("text", "customer_id"):
        with pytest.raises(Rejected):
            read_event(sent(**{name: "a\ud83d"}), NOW)


def test_an_error_never_repeats_what_was_sent() -> None:
    canary = "4539 1488 0343 6467"
    for name, (document, _) in BAD.items():
        spoiled = json.loads(json.dumps(document))
        if isinstance(spoiled, dict) and isinstance(spoiled.get("data"), dict):
            spoiled["data"]["text"] = canary * 600
        with pytest.raises(Rejected) as caught:
            read_event(spoiled, NOW)
        assert canary not in repr(caught.value.violations), name


def test_a_body_over_64_kib_is_too_large() -> None:
    body = orjson.dumps(sent(text="x" * EVENT_BYTES))
    with pytest.raises(Rejected) as caught:
        read_json(body, NOW)
    assert caught.value.reason is Reason.TOO_LARGE


def test_a_batch_names_the_positions_at_fault_and_is_taken_whole_or_not() -> None:
    documents = [sent(sender_id="a"), sent(sender_id="b", text=""), sent(sender_id="", text="hi")]
    with pytest.raises(Rejected) as caught:
        read_batch(orjson.dumps(documents), NOW)
    assert {v.field for v in caught.value.violations} == {"[1].data.text", "[2].id"}
    assert len(read_batch(orjson.dumps(documents[:1] * BATCH_EVENTS), NOW)) == BATCH_EVENTS


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{}", Reason.INVALID),
        (b"[]", Reason.INVALID),
        (b"[" + b"1," * BATCH_EVENTS + b"1]", Reason.INVALID),
        (orjson.dumps([sent(text="x" * EVENT_BYTES)]), Reason.TOO_LARGE),
        (b"[" + b" " * 1024 * 1024 + b"1]", Reason.TOO_LARGE),
    ],
)
def test_a_batch_has_its_limits(body: bytes, reason: Reason) -> None:
    with pytest.raises(Rejected) as caught:
        read_batch(body, NOW)
    assert caught.value.reason is reason


def _binary(**attributes: str) -> list[tuple[str, str]]:
    made = {"specversion": "1.0", "id": "m-1", "source": "shop/web", "type": MESSAGE} | attributes
    return [(f"ce-{name}", value) for name, value in made.items()]


def test_binary_mode_is_the_same_event_in_headers() -> None:
    body = orjson.dumps(message())
    read = read_binary([*_binary(id="%C3%A9-1"), ("accept", "*/*")], body, NOW)
    assert read == read_event(event(MESSAGE, message(), id="é-1"), NOW)


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        (_binary(id="%ff"), "ce-id"),
        (_binary(id="a%00"), "id"),
        (_binary(data="{}"), "ce-data"),
        (_binary(mood="angry"), "mood"),
        ([*_binary(), ("ce-id", "again")], "ce-id"),
        (_binary()[1:], "specversion"),
    ],
)
def test_binary_mode_names_the_header_at_fault(headers: list[tuple[str, str]], field: str) -> None:
    with pytest.raises(Rejected) as caught:
        read_binary(headers, orjson.dumps(message()), NOW)
    assert [violation.field for violation in caught.value.violations] == [field]


def test_a_repeat_may_carry_another_time_and_another_order_of_fields() -> None:
    first = read_event(sent(attributes={"a": "1", "b": "2"}), NOW)
    again = sent(attributes={"b": "2", "a": "1"}, sent_at="2026-03-02T15:01:00+01:00")
    assert content_digest(read_event(again, NOW), KEY) == content_digest(first, KEY)


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "Something else."},
        {"conversation_id": "c-2"},
        {"customer_id": "customer-8"},
        {"channel": "sms"},
        {"attributes": {"industry": "retail"}},
        {"author": "agent", "agent_id": "agent-3"},
    ],
)
def test_other_content_has_another_digest(changes: dict[str, str]) -> None:
    first = content_digest(read_event(sent(), NOW), KEY)
    assert content_digest(read_event(sent(**changes), NOW), KEY) != first


def test_a_digest_needs_its_key_to_be_guessed() -> None:
    read = read_event(sent(text="yes"), NOW)
    assert content_digest(read, KEY) != content_digest(read, b"other" * 8)


@pytest.mark.parametrize(
    "value",
    [
        "01234567-1234-4567-8901-234567abcdef",
        "c-01234567-1234-4567-8901-234567890123",
        "1234567890123456",
        "2026-03-02T15:00:00+01:00",
        "01JNCJ6V6Z8W1PZQ5M8K4T3R2X",
        "order 555-0132",
        "qf+12345678/==",
        "@channel",
    ],
)
def test_ids_that_only_look_like_it_are_taken(value: str) -> None:
    assert personal_data_in(value) is None


@given(value=st.uuids())
def test_any_uuid_is_an_id(value: uuid.UUID) -> None:
    assert personal_data_in(f"{value}") is personal_data_in(f"c-{value}") is None


@pytest.mark.parametrize(
    "value",
    [
        "ann.lee@example.com",
        "mail to <ann@example.com>, please",
        "+14155550132",
        "+44 20 7946 0958",
        "(415) 555-0132",
        "123-45-6789",
        "ssn:123-45-6789",
        "4111-1111-1111-1111",
        "card 4111 1111 1111 1111.",
        "3714 496353 98431",
    ],
)
def test_plain_personal_data_is_no_id(value: str) -> None:
    assert personal_data_in(value) is not None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)
_FIELDS = sorted(MessageSent.model_fields)


@given(document=_JSON)
def test_any_json_is_read_or_refused(document: object) -> None:
    with pytest.raises(Rejected):
        read_event(document, NOW)


@given(body=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for read in (read_json, read_batch):
        with pytest.raises(Rejected):
            read(body, NOW)


@given(kind=st.sampled_from(sorted(MODELS)), field=st.sampled_from(_FIELDS), value=_JSON)
def test_any_value_of_any_field_is_read_or_refused_by_name(
    kind: str, field: str, value: Any
) -> None:
    document = event(kind, message(**{field: value}))
    try:
        read = read_event(document, NOW)
    except Rejected as rejected:
        assert all(v.field.startswith("data.") for v in rejected.violations)
        assert rejected.violations
    else:
        content_digest(read, KEY)
        assert read.data.model_dump_json()


@given(text=st.text(min_size=1, max_size=50))
def test_a_text_that_is_taken_is_taken_as_it_was(text: str) -> None:
    try:
        read = read_event(sent(text=text), NOW)
    except Rejected:
        assert "\x00" in text or not any(character.isprintable() for character in text.strip())
    else:
        assert isinstance(read.data, MessageSent)
        assert read.data.text == text


def test_the_document_calls_the_same_characters_invisible_as_the_contract() -> None:
    visible = re.compile(fields.VISIBLE)
    for code in range(0x10000):
        if not 0xD800 <= code <= 0xDFFF:
            shown = unicodedata.category(chr(code)) not in fields.INVISIBLE
            assert bool(visible.search(chr(code))) is shown, hex(code)
