"""The demo data is consistent, and the bundled conversations speak of what it holds."""

import json
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.backoffice.actions import Request, run
from services.backoffice.demo import demo_records
from services.backoffice.memory_store import MemoryStore
from services.backoffice.parameters import (
    APPOINTMENT,
    BAG,
    BILL,
    CLAIM,
    FORMS,
    ORDER,
    REFUND,
    booking_of,
    number_of,
)
from services.backoffice.records import (
    KINDS,
    Appointment,
    Area,
    Bag,
    Bill,
    Booking,
    Claim,
    Customer,
    Order,
    OrderStatus,
    Outage,
    Outcome,
    Owned,
    PasswordReset,
    Refund,
)

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("America/New_York"))
RECORDS = demo_records(NOW)
NUMBERS = {record.number for record in RECORDS}
CONVERSATIONS = Path(__file__).parents[3] / "services" / "cli" / "conversations"
STATES = {
    "calm",
    "satisfied",
    "grateful",
    "confused",
    "anxious",
    "disappointed",
    "frustrated",
    "angry",
    "distressed",
}
REASONS = {
    "asked",
    "crisis",
    "escalating_emotion",
    "sensitive",
    "cannot_help",
    "repeated_failure",
}
CHANNELS = {"chat", "sms", "email", "voice-transcript", "social"}
# Which action finds a number, by how it is written.
FINDERS = (
    (re.compile(r"RF-"), "refund_status"),
    (re.compile(r"INV-"), "bill_explain"),
    (re.compile(r"APPT-"), "appointment"),
    (re.compile(r"CLM-"), "claim_status"),
    (re.compile(r"BAG-"), "baggage_status"),
    (re.compile(r"[0-9]{5}"), "order_status"),
    (re.compile(r"TRV-|[A-Z0-9]{6}"), "booking_status"),
)


def all_of(kind: type[Any]) -> list[Any]:
    return [record for record in RECORDS if isinstance(record, kind)]


def conversations() -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for path in sorted(CONVERSATIONS.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def finder(number: str) -> str:
    return next(action for pattern, action in FINDERS if pattern.match(number))


def said_numbers(text: str) -> set[str]:
    """Numbers of records that a turn names, however it does."""
    found = {
        number
        for form in (REFUND, BILL, APPOINTMENT, CLAIM, BAG)
        if re.search(rf"\b{form.prefix}[- ]?[0-9]", text, re.IGNORECASE)
        and (number := number_of(form, text))
    }
    for code in re.findall(r"\bTRV-?[0-9]+|\b(?=[A-Z]*[0-9])(?=[0-9]*[A-Z])[A-Z0-9]{6}\b", text):
        found.add(booking_of(code) or "")
    for order in re.findall(r"(?:\border|\borden|\bpedido|\bORD-|#)\D{0,12}([0-9]{5})\b", text):
        found.add(order)
    return found


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not PasswordReset])
def test_there_are_at_least_eight_of_each_kind_with_numbers_of_their_own(kind: type[Any]) -> None:
    numbers = [record.number for record in all_of(kind)]
    assert len(numbers) >= 8
    assert len(set(numbers)) == len(numbers)


def test_every_record_belongs_to_a_customer_of_the_demo() -> None:
    customers = {customer.number for customer in all_of(Customer)}
    assert {record.customer_id for record in all_of(Owned)} <= customers


def test_the_lines_of_every_bill_sum_up() -> None:
    for bill in all_of(Bill):
        assert sum(cents for _, cents in bill.lines) == bill.amount_cents, bill.number


def test_outages_lie_in_areas_and_customers_live_in_them() -> None:
    areas = {area.number for area in all_of(Area)}
    assert {outage.area for outage in all_of(Outage)} <= areas
    assert {customer.area for customer in all_of(Customer)} <= areas | {""}


def test_orders_tell_what_their_state_promises() -> None:
    for order in all_of(Order):
        arrived = order.status in (
            OrderStatus.DELIVERED,
            OrderStatus.RETURN_STARTED,
            OrderStatus.RETURNED,
        )
        assert (order.delivered_on is not None) == arrived, order.number
        over = arrived or order.status in (OrderStatus.CANCELLED, OrderStatus.LOST)
        assert (order.expected_on is None) == over, order.number
        assert order.ordered_on <= NOW.date()
        assert order.delivered_on is None or order.ordered_on <= order.delivered_on <= NOW.date()
        assert order.expected_on is None or order.expected_on >= NOW.date()


def test_numbers_are_written_in_their_forms() -> None:
    forms = {Order: ORDER, Refund: REFUND, Bill: BILL, Appointment: APPOINTMENT}
    for kind, form in {**forms, Claim: CLAIM, Bag: BAG}.items():
        for record in all_of(kind):
            assert number_of(form, record.number) == record.number
    for booking in all_of(Booking):
        assert booking_of(booking.number) == booking.number
    assert len({form.prefix for form in FORMS}) == len(FORMS)


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2028, 2, 29), date(2026, 3, 8)])
def test_demo_data_can_be_made_on_any_day(day: date) -> None:
    now = datetime(day.year, day.month, day.day, 2, 30, tzinfo=NOW.tzinfo)
    assert {record.number for record in demo_records(now)} == NUMBERS


@pytest.mark.parametrize("hour", [0, 3, 12, 23])
def test_at_any_hour_outages_have_begun_and_are_not_over(hour: int) -> None:
    now = NOW.replace(hour=hour, minute=1)
    for outage in demo_records(now):
        if isinstance(outage, Outage):
            assert outage.since < now, outage.number
            assert outage.expected_back is None or outage.expected_back > now, outage.number


def test_there_are_enough_conversations_of_enough_industries_and_feelings() -> None:
    every = conversations()
    assert len(every) >= 60
    assert len({c["id"] for c in every}) == len(every)
    assert len({c["industry"] for c in every}) >= 8
    states = Counter(state for c in every for state in c["expect"]["states"])
    assert set(states) == STATES
    assert min(states.values()) >= 10
    assert {c["expect"]["handover"] for c in every} == REASONS | {None}
    assert {c["channel"] for c in every} == CHANNELS


@pytest.mark.parametrize("conversation", conversations(), ids=lambda c: c["id"])
def test_a_conversation_is_whole(conversation: dict[str, Any]) -> None:
    turns, expect = conversation["turns"], conversation["expect"]
    assert 2 <= len(turns) <= 8
    assert all(turn.keys() == {"text"} and turn["text"].strip() for turn in turns)
    assert len(expect["states"]) == len(turns)
    assert set(expect["states"]) <= STATES
    assert conversation["channel"] in CHANNELS
    assert (expect["handover"] is None) == (expect["handover_turn"] is None)
    assert expect["handover_turn"] is None or 0 <= expect["handover_turn"] < len(turns)
    assert expect["handover"] in REASONS | {None}


@pytest.mark.parametrize("conversation", conversations(), ids=lambda c: c["id"])
def test_a_conversation_names_numbers_that_are_found_or_missing_as_it_says(
    conversation: dict[str, Any],
) -> None:
    records = conversation["expect"]["records"]
    listed = {*records["found"], *records["missing"]}
    said = {number for turn in conversation["turns"] for number in said_numbers(turn["text"])}
    assert said <= listed
    store = MemoryStore(RECORDS)
    customer = conversation.get("customer_id", "")
    assert customer in NUMBERS | {""}
    for number in listed:
        texts = [turn["text"] for turn in conversation["turns"]]
        form = next((form for form in FORMS if number.startswith(f"{form.prefix}-")), ORDER)
        read = [booking_of(text) if len(number) == 6 else number_of(form, text) for text in texts]
        assert number in read or any(number in text for text in texts)
        request = Request(finder(number), customer, parameters={"reference": number})
        outcome = run(request, store, NOW).outcome
        wanted = Outcome.DONE if number in records["found"] else Outcome.NOT_FOUND
        assert outcome is wanted, number


def test_no_conversation_holds_a_phone_or_an_address_that_could_be_a_real_one() -> None:
    for conversation in conversations():
        for turn in conversation["turns"]:
            for domain in re.findall(r"@([\w.-]+)", turn["text"].casefold()):
                assert domain.strip(".") == "example.com", conversation["id"]
            for phone in re.findall(r"\(?\b[2-9][0-9]{2}\)?[ -][0-9]{3}-[0-9]{4}", turn["text"]):
                assert re.search(r"555-01[0-9]{2}$", phone), conversation["id"]
