"""Results of actions in sentences, and questions about them."""

import pytest

from services.reply.actions import ActionResult
from services.reply.facts import facts_asked
from services.reply.guard import ungrounded
from services.reply.results import tell

RESULTS: list[tuple[str, dict[str, str], str]] = [
    (
        "order_status",
        {"order_number": "48213", "item": "rain jacket", "status": "shipped",
         "carrier": "Northway", "expected": "Friday, November 27"},
        "Order 48213 (rain jacket) is on its way with Northway, and should be there on Friday,"
        " November 27.",
    ),
    (
        "order_status",
        {"order_number": "48231", "status": "delayed", "reason": "snow"},
        "Order 48231 is delayed: snow. There is no new date yet.",
    ),
    (
        "order_status",
        {"order_number": "5", "status": "delivered", "delivered_on": "Monday",
         "left_at": "the door"},
        "Order 5 was delivered on Monday, left at the door.",
    ),
    (
        "cancel_order",
        {"order_number": "50177", "item": "bed", "refund_amount": "$412.50",
         "refund_expected": "Sunday", "refund_number": "RF-50177"},
        "Order 50177 (bed) is cancelled. You get $412.50 back by Sunday under number RF-50177.",
    ),
    (
        "appointment",
        {"what": "technician's visit", "when": "Monday, at 8 a.m.", "status": "missed by us",
         "next_free": "Thursday, at 8 a.m."},
        "We missed your technician's visit on Monday, at 8 a.m.; that one is on us. The next free"
        " time is Thursday, at 8 a.m.",
    ),
    (
        "outage_status",
        {"area": "Maple Grove", "service": "internet", "status": "a crew is repairing it",
         "cause": "a cable was cut", "expected_back": "noon"},
        "There is a known internet outage in Maple Grove: a cable was cut. Right now a crew is"
        " repairing it. It should be over by noon.",
    ),
    ("outage_status", {"area": "Oak Ridge", "status": "no known outage"},
     "There is no known outage in Oak Ridge right now."),
    (
        "booking_status",
        {"booking_reference": "K7QX2M", "what": "flight RW 418", "status": "on time",
         "starts": "Friday, at 7:40 a.m.", "place": "Terminal B"},
        "Booking K7QX2M (flight RW 418) is on time. It leaves Friday, at 7:40 a.m. from Terminal"
        " B.",
    ),
    ("card_block", {"card_kind": "debit", "replacement_expected": "Monday"},
     "Your debit card is blocked, so nobody can use it. A new one is ordered and should be with"
     " you by Monday."),
]  # fmt: skip


@pytest.mark.parametrize(("action", "facts", "text"), RESULTS)
def test_tells_a_result(action: str, facts: dict[str, str], text: str) -> None:
    assert " ".join(tell(action, ActionResult("done", facts), "en")) == text


@pytest.mark.parametrize(("action", "facts", "text"), RESULTS)
def test_tells_nothing_that_the_facts_do_not_say(
    action: str, facts: dict[str, str], text: str
) -> None:
    for language in ("en", "es"):
        said = " ".join(tell(action, ActionResult("done", facts), language))  # type: ignore[arg-type]
        sources = [*facts.values(), "lunes domingo viernes jueves noviembre"]
        assert not ungrounded(said, sources)


@pytest.mark.parametrize(
    ("detail", "text"),
    [
        ("already_shipped", "Order 7 (desk) has already left, so it can't be changed or cancelled"
         " any more."),
        ("return_time_over", "The time to return order 7 (desk) ended on May 2."),
        ("something_new", "The system doesn't allow that for this one."),
    ],
)  # fmt: skip
def test_says_why_it_was_refused(detail: str, text: str) -> None:
    facts = {"order_number": "7", "item": "desk", "return_by": "May 2"}
    assert tell("cancel_order", ActionResult("refused", facts, detail), "en") == (text,)


def test_says_what_was_not_found() -> None:
    result = ActionResult("not_found", {"claim_number": "CLM-9"}, "claim_number")
    assert tell("claim_status", result, "en")[0] == "I can't find a claim with the number CLM-9."


def test_spanish_dates_and_states() -> None:
    facts = {"order_number": "52016", "status": "shipped", "expected": "Friday, November 27"}
    assert tell("order_status", ActionResult("done", facts), "es") == (
        "Su pedido 52016 está en camino.",
        "Se espera el viernes 27 de noviembre.",
    )


FACTS = {"carrier": "Northway", "expected": "Friday", "reason": "snow", "status": "delayed"}


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("is it coming by mail or another carrier", ["carrier"]),
        ("when does it come", ["expected"]),
        ("why is it delayed and what is the new date", ["reason", "expected"]),
        ("what color is it", []),
    ],
)
def test_finds_the_facts_that_a_question_asks_for(question: str, names: list[str]) -> None:
    assert [name for name, _ in facts_asked(question, FACTS, "en")] == names


def test_does_not_tell_when_a_claim_will_be_decided_once_it_was() -> None:
    facts = {"status": "approved", "decision_expected": "Monday"}
    assert facts_asked("when", facts, "en") == ()
