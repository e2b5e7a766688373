"""message.received in, message.redacted out."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from pydantic import TypeAdapter

from rapport.v1 import common_pb2, message_pb2
from services.common.events import Event, derive_id
from services.common.failures import Transient, Unprocessable
from services.common.testing.handlers import event, run_handler
from services.common.topics import MESSAGE_RECEIVED, MESSAGE_REDACTED
from services.redaction.allowed import Allowed
from services.redaction.handler import RedactionHandler
from services.redaction.state import RedactionState
from tests.unit.redaction.fakes import MemoryKeys, message, pseudonym


def handler(**options: Any) -> RedactionHandler:
    return RedactionHandler(MemoryKeys(), pseudonym, **options)


def redacted(*events: Event[Any], **options: Any) -> list[message_pb2.MessageRedacted]:
    _, outgoing = run_handler(handler(**options), events)
    assert all(each.topic is MESSAGE_REDACTED for each in outgoing)
    return [each.message for each in outgoing]  # type: ignore[misc]


def test_replaces_personal_data_and_says_where() -> None:
    (out,) = redacted(message("my card is 4111 1111 1111 1111, call 415-555-0132"))
    assert out.text == "my card is [CREDIT_CARD_1], call [PHONE_1]"
    spans = [(out.text[e.start : e.end], e.placeholder, e.type) for e in out.entities]
    assert spans == [
        ("[CREDIT_CARD_1]", "[CREDIT_CARD_1]", common_pb2.ENTITY_TYPE_CREDIT_CARD),
        ("[PHONE_1]", "[PHONE_1]", common_pb2.ENTITY_TYPE_PHONE),
    ]
    assert not out.withheld


def test_copies_the_reference_and_the_kind() -> None:
    original = message("hello", number=7, attributes={"industry": "retail"})
    (out,) = redacted(original)
    assert out.ref == original.message.ref
    assert out.kind == message_pb2.MESSAGE_KIND_TEXT
    (button,) = redacted(message("", kind=message_pb2.MESSAGE_KIND_PERSON_REQUESTED))
    assert (button.kind, button.text) == (message_pb2.MESSAGE_KIND_PERSON_REQUESTED, "")


def test_the_event_that_follows_has_the_id_of_its_cause_and_stage() -> None:
    cause = message("hello")
    (outgoing,) = handler().handle(cause, None).outgoing
    assert outgoing.id == derive_id(cause.id, "redacted")
    assert (outgoing.key, outgoing.time) == ("c1", cause.time)


def test_the_state_follows_the_conversation() -> None:
    outs = redacted(
        message("my name is Maria Lopez", number=1),
        message("6789", number=2, after="Thank you! What are the last four digits of your social?"),
        message("maria again", number=3),
        message("6789", number=4, conversation_id="c2"),
    )
    assert [out.text for out in outs] == [
        "my name is [PERSON_1]", "[SSN_1]", "[PERSON_1] again", "6789"
    ]  # fmt: skip


def test_a_reply_is_heard_once_and_passed_on() -> None:
    asked = "What are the last four digits of your social?"
    _, outgoing = run_handler(
        handler(),
        [
            message("hello", number=1, after=asked),
            message("6789 then", number=2, after=asked),
            message("and 4821", number=3, after=asked),
        ],
    )
    assert [out.message.last_reply.text for out in outgoing] == [asked] * 3
    assert [out.message.text for out in outgoing] == ["hello", "[SSN_1] then", "and 4821"]


def test_a_question_is_heard_before_a_first_message() -> None:
    (out,) = redacted(message("6789", after="What are the last four digits of your social?"))
    assert out.text == "[SSN_1]"


def test_nothing_personal_is_stored_in_clear() -> None:
    states, _ = run_handler(
        handler(),
        [
            message("my name is Wilhelmina Zzyzx, card 4539 1488", number=1),
            message("0343", number=2),
            message("my email is willa@zzyzx.example and my pin is 8305", number=3),
        ],
    )
    stored = TypeAdapter(RedactionState).dump_json(states["c1"]).lower()
    for needle in (b"zzyzx", b"wilhelmina", b"4539", b"1488", b"0343", b"8305", b"willa"):
        assert needle not in stored


def test_the_same_event_and_state_give_the_same() -> None:
    one, two = handler(), handler()
    first, second = (h.handle(message("my name is Maria"), None) for h in (one, two))
    assert first.state == second.state
    assert first.outgoing == second.outgoing


def test_a_message_without_personal_data_needs_no_key() -> None:
    keys = MemoryKeys()
    keys.away = True
    one = RedactionHandler(keys, pseudonym)
    assert one.handle(message("where is my order?"), None).outgoing
    with pytest.raises(Transient):
        one.handle(message("my name is Maria"), None)


def test_a_state_whose_key_was_destroyed_keeps_its_numbering() -> None:
    keys = MemoryKeys()
    one = RedactionHandler(keys, pseudonym)
    state = one.handle(message("my name is Maria Lopez"), None).state
    keys.made.clear()
    (outgoing,) = one.handle(message("my name is Maria Lopez", number=2), state).outgoing
    assert outgoing.message.text == "my name is [PERSON_2]"  # type: ignore[attr-defined]


def withheld_count() -> float:
    return REGISTRY.get_sample_value("rapport_redaction_withheld_total") or 0.0


def test_fails_closed_when_a_recogniser_fails() -> None:
    def broken(*_: object) -> Any:
        raise ZeroDivisionError("4111 1111 1111 1111")

    before = withheld_count()
    (out,) = redacted(message("my card", attributes={"note": "x"}), read=broken)
    assert (out.withheld, out.text, list(out.entities)) == (True, "", [])
    assert not out.ref.attributes
    assert out.ref.message_id
    assert withheld_count() == before + 1


def test_a_text_over_the_limit_is_withheld_and_the_next_one_is_not() -> None:
    outs = redacted(message("x" * 101, number=1), message("hello", number=2), longest_text=100)
    assert [(out.withheld, out.text) for out in outs] == [(True, ""), (False, "hello")]


def test_numbers_without_end_are_withheld() -> None:
    (out,) = redacted(message("1 " * 40_000))
    assert (out.withheld, out.text) == (True, "")


def test_an_outage_is_not_a_bad_message() -> None:
    def away(*_: object) -> Any:
        raise Transient("database_away")

    with pytest.raises(Transient):
        handler(read=away).handle(message("hello"), None)


def test_a_customer_id_that_is_personal_becomes_a_pseudonym() -> None:
    for personal in ("j.smith@gmail.com", "+14155550132", "14155550132", "219-09-9481",
                     "4111 1111 1111 1111"):  # fmt: skip
        (out,) = redacted(message("hello", customer_id=personal))
        assert out.ref.customer_id == pseudonym("default", personal)
    for plain in ("u1", "4155550132", "cust-88213", "b7f0e7f2-0c5e-4f43-9a1f-0f6f4b0d9e4c"):
        (out,) = redacted(message("hello", customer_id=plain))
        assert out.ref.customer_id == plain


def test_attributes_are_redacted_with_their_names_as_labels() -> None:
    attributes = {
        "industry": "retail",
        "customer_name": "Maria Lopez",
        "phone": "4155550132",
        "note": "card 4111 1111 1111 1111",
        "219-09-9481": "x",
    }
    (out,) = redacted(message("Maria here", attributes=attributes))
    assert dict(out.ref.attributes) == {
        "industry": "retail",
        "customer_name": "[PERSON_1]",
        "phone": "[PHONE_1]",
        "note": "card [CREDIT_CARD_1]",
    }  # fmt: skip


def test_what_the_company_allows_stays() -> None:
    allowed = Allowed.of(["(415) 555-0100", "desk@brightline.example", "Ava"])
    (out,) = redacted(
        message("I am Ava, my number is 415.555.0100 or 415.555.0101"), allowed=allowed
    )
    assert out.text == "I am Ava, my number is 415.555.0100 or [PHONE_1]"


def _without(change: Callable[[message_pb2.MessageReceived], None]) -> Event[Any]:
    broken = message("hello")
    change(broken.message)
    return broken


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (event(MESSAGE_RECEIVED, "c1", "x", message_pb2.MessageReceived(text="a")), "missing_ref"),
        (_without(lambda m: m.ref.ClearField("message_id")), "missing_id"),
        (_without(lambda m: m.ref.ClearField("tenant")), "missing_tenant"),
        (_without(lambda m: m.ref.ClearField("author")), "missing_author"),
        (event(MESSAGE_RECEIVED, "c2", "x", message("hello").message), "wrong_key"),
        (message("hello", kind=99), "unknown_kind"),
    ],
)
def test_an_impossible_event_is_unprocessable(broken: Event[Any], reason: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        handler().handle(broken, None)
    assert refused.value.reason == reason


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200))
def test_any_decodable_bytes_are_handled_or_refused(data: bytes) -> None:
    received = message_pb2.MessageReceived()
    try:
        received.ParseFromString(data)
    except Exception:
        return
    happened = event(MESSAGE_RECEIVED, received.ref.conversation_id or "c1", "x", received)
    try:
        handled = handler().handle(happened, None)
    except Unprocessable:
        return
    assert len(handled.outgoing) == 1


def test_reads_what_the_map_says() -> None:
    assert set(RedactionHandler.reads) == {MESSAGE_RECEIVED}
    assert all("redaction" in topic.readers for topic in RedactionHandler.reads)
