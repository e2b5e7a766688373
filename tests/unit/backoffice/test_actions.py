"""What each action tells and does, on both stores."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.backoffice.actions import FUNCTIONS, PARAMETERS, Invalid, Request, run
from services.backoffice.catalogue import ACTIONS_BY_NAME, CATALOGUE, INDUSTRIES, offered_in
from services.backoffice.demo import demo_records
from services.backoffice.records import (
    Bill,
    BillStatus,
    Card,
    CardStatus,
    Customer,
    Order,
    OrderStatus,
    Outcome,
    PasswordReset,
    Refund,
)

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("America/New_York"))


def test_every_action_of_the_catalogue_has_a_function() -> None:
    assert FUNCTIONS.keys() == ACTIONS_BY_NAME.keys()
    assert len(ACTIONS_BY_NAME) == len(CATALOGUE) == 15


def test_every_industry_has_actions_and_an_unknown_one_none() -> None:
    assert all(offered_in(industry) for industry in INDUSTRIES)
    assert offered_in("") == CATALOGUE
    assert offered_in("piracy") == ()


@pytest.mark.parametrize("said", ["48213", "ORD-48213", "#48213", "order 48213"])
def test_tells_where_an_order_is(office: Any, said: str) -> None:
    result = office.ask("order_status", order_number=said)
    assert result.outcome is Outcome.DONE
    assert result.facts == {
        "order_number": "48213",
        "item": "blue rain jacket",
        "status": "shipped",
        "total": "$64.20",
        "ordered_on": "Thursday, November 19",
        "carrier": "Northway Parcel",
        "tracking_number": "NW30482913",
        "expected": "Thursday, November 26",
    }


def test_a_delivered_order_says_when_and_where_and_not_when_it_is_expected(office: Any) -> None:
    facts = office.ask("order_status", reference="52803").facts
    assert facts["delivered_on"] == "Sunday, November 22"
    assert facts["left_at"] == "the front porch"
    assert facts["return_by"] == "Tuesday, December 22"
    assert "expected" not in facts


def test_an_order_that_does_not_exist_is_not_found(office: Any) -> None:
    result = office.ask("order_status", order_number="#99120")
    assert (result.outcome, result.detail) == (Outcome.NOT_FOUND, "order_number")
    assert result.facts == {"order_number": "99120"}


@pytest.mark.parametrize("said", [{}, {"order_number": "the blue one"}, {"order_number": ""}])
def test_a_stranger_without_a_number_is_asked_for_it(office: Any, said: dict[str, str]) -> None:
    result = office.ask("order_status", **said)
    assert (result.outcome, result.detail) == (Outcome.NEEDS_PARAMETER, "order_number")


def test_a_known_customer_with_one_order_under_way_need_not_name_it(office: Any) -> None:
    # C-1002 has one order on its way and one being returned; both are under way.
    assert office.ask("order_status", customer="C-1002").outcome is Outcome.NEEDS_PARAMETER
    assert office.ask("order_status", customer="C-1003").facts["order_number"] == "50177"


def test_a_known_customer_never_hears_of_anothers_order(office: Any) -> None:
    for action in ("order_status", "cancel_order", "start_return"):
        result = office.ask(action, customer="C-1003", order_number="48213")
        assert result.outcome is Outcome.NOT_FOUND
    refund = office.ask("refund_status", customer="C-1003", order_number="53377")
    assert refund.outcome is Outcome.NOT_FOUND


def test_another_tenant_has_none_of_these_records(office: Any) -> None:
    office.tenant = "elsewhere"
    assert office.ask("order_status", order_number="48213").outcome is Outcome.NOT_FOUND


def test_a_refund_is_found_by_its_own_number_and_by_its_order(office: Any) -> None:
    by_refund = office.ask("refund_status", refund_number="RF-2041")
    by_order = office.ask("refund_status", order_number="53377")
    assert by_refund == by_order
    assert by_order.facts["amount"] == "$59.00"
    assert by_order.facts["sent_on"] == "Friday, November 20"
    assert by_order.facts["expected"] == "Thursday, November 26"


def test_a_refund_of_a_booking_names_the_booking(office: Any) -> None:
    facts = office.ask("refund_status", booking_reference="L9WD2F").facts
    assert facts["booking_reference"] == "L9WD2F"
    assert "order_number" not in facts


def test_asks_for_the_order_of_an_unnamed_refund(office: Any) -> None:
    assert office.ask("refund_status").detail == "order_number"


def test_cancels_an_order_that_is_not_shipped_and_refunds_it(office: Any) -> None:
    result = office.ask("cancel_order", order_number="50177")
    assert result.outcome is Outcome.DONE
    assert result.facts["refund_amount"] == "$412.50"
    assert result.facts["refund_expected"] == "Sunday, November 29"
    assert office.record(Order, "50177").status is OrderStatus.CANCELLED
    refund = office.record(Refund, result.facts["refund_number"])
    assert (refund.amount_cents, refund.for_number) == (41250, "50177")
    told = office.ask("refund_status", order_number="50177")
    assert told.facts["refund_number"] == refund.number


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("48213", "already_shipped"),
        ("51388", "already_shipped"),
        ("50644", "already_delivered"),
        ("53377", "already_cancelled"),
        ("54105", "lost_in_transit"),
        ("50910", "return_already_started"),
        ("49822", "already_returned"),
    ],
)
def test_what_is_past_cancelling_is_refused_and_stays(office: Any, number: str, why: str) -> None:
    before = office.record(Order, number)
    result = office.ask("cancel_order", order_number=number)
    assert (result.outcome, result.detail) == (Outcome.REFUSED, why)
    assert result.facts["status"] == before.status.value
    assert office.record(Order, number) == before


def test_a_second_cancellation_is_refused(office: Any) -> None:
    office.ask("cancel_order", order_number="50177")
    assert office.ask("cancel_order", order_number="50177").detail == "already_cancelled"


def test_starts_a_return_within_its_time(office: Any) -> None:
    result = office.ask("start_return", order_number="50644")
    assert result.facts["return_number"] == "RT-50644"
    assert result.facts["drop_off_by"] == "Tuesday, December 8"
    assert result.facts["refund_amount"] == "$89.95"
    assert office.record(Order, "50644").status is OrderStatus.RETURN_STARTED


def test_the_last_day_of_a_return_counts_and_the_day_after_does_not(office: Any) -> None:
    last_day = office.record(Order, "53920").return_by - office.now.date()
    office.now += last_day + timedelta(days=1)
    refused = office.ask("start_return", order_number="53920")
    assert (refused.outcome, refused.detail) == (Outcome.REFUSED, "return_time_over")
    assert refused.facts["return_by"] == "Wednesday, December 16"
    office.now -= timedelta(days=1)
    assert office.ask("start_return", order_number="53920").outcome is Outcome.DONE


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("50177", "not_shipped_yet"),
        ("48213", "not_delivered_yet"),
        ("54105", "lost_in_transit"),
        ("51290", "return_time_over"),
        ("81203", "return_time_over"),
    ],
)
def test_a_return_that_cannot_be_is_refused(office: Any, number: str, why: str) -> None:
    assert office.ask("start_return", order_number=number).detail == why


def test_sends_an_order_elsewhere_before_it_is_shipped(office: Any) -> None:
    result = office.ask(
        "change_address", key="k-7", order_number="50177", new_address="[ADDRESS_1]"
    )
    assert result.facts["applies_to"] == "order"
    assert result.facts["new_address"] == "[ADDRESS_1]"
    order = office.record(Order, "50177")
    assert (order.address, order.address_changed_by) == ("[ADDRESS_1]", "k-7")
    late = office.ask("change_address", order_number="52016", new_address="[ADDRESS_1]")
    assert (late.outcome, late.detail) == (Outcome.REFUSED, "already_shipped")


def test_changes_the_address_of_a_known_account(office: Any) -> None:
    result = office.ask("change_address", customer="C-1014", new_address="[ADDRESS_2]")
    assert result.facts["applies_to"] == "account"
    assert office.record(Customer, "C-1014").address == "[ADDRESS_2]"


def test_a_change_of_address_needs_the_address_and_something_to_change(office: Any) -> None:
    assert office.ask("change_address", customer="C-1014").detail == "new_address"
    assert office.ask("change_address", new_address="[ADDRESS_1]").detail == "order_number"


def test_a_reset_link_goes_to_the_account_and_says_nothing_of_strangers(office: Any) -> None:
    known = office.ask("password_reset", customer="C-1023", key="r-1")
    assert known.facts == {
        "sent_to": "the e-mail address of the account",
        "valid_for": "30 minutes",
    }
    assert office.record(PasswordReset, "r-1").customer_id == "C-1023"
    stranger = office.ask("password_reset", email="[EMAIL_1]")
    assert stranger.facts["sent_to"] == "[EMAIL_1]"
    assert stranger.facts["condition"] == "if that address belongs to an account"
    assert office.ask("password_reset").detail == "email"


def test_a_raw_address_is_neither_kept_nor_told(office: Any) -> None:
    result = office.ask("password_reset", key="r-2", email="dev.kapoor@example.com")
    assert "example.com" not in str(result)
    assert "example.com" not in str(office.record(PasswordReset, "r-2"))


def test_blocks_the_only_card_that_can_be_meant(office: Any) -> None:
    result = office.ask("card_block", customer="C-1017", card_kind="[CREDIT_CARD_1]")
    assert result.facts == {
        "card_kind": "credit",
        "status": "blocked",
        "blocked_on": "Tuesday, November 24",
        "replacement_expected": "Monday, November 30",
    }
    assert office.record(Card, "CARD-9001").status is CardStatus.BLOCKED


def test_asks_which_of_two_cards_and_blocks_only_that_one(office: Any) -> None:
    assert office.ask("card_block", customer="C-1018").detail == "card_kind"
    assert office.ask("card_block", customer="C-1018", card_kind="debit").outcome is Outcome.DONE
    assert office.record(Card, "CARD-9003").status is CardStatus.BLOCKED
    assert office.record(Card, "CARD-9002").status is CardStatus.ACTIVE


def test_blocking_a_blocked_card_moves_no_date(office: Any) -> None:
    result = office.ask("card_block", customer="C-1020", card_kind="credit")
    assert result.facts["blocked_on"] == "Saturday, November 21"


def test_cards_of_strangers_and_kinds_one_lacks_are_not_found(office: Any) -> None:
    assert office.ask("card_block", customer="nobody").detail == "customer"
    assert office.ask("card_block").outcome is Outcome.NOT_FOUND
    assert office.ask("card_block", customer="C-1017", card_kind="debit").detail == "card_kind"


def test_activates_a_new_card_and_neither_a_blocked_nor_an_expired_one(office: Any) -> None:
    assert office.ask("card_activate", customer="C-1019").facts["status"] == "active"
    assert office.record(Card, "CARD-9004").status is CardStatus.ACTIVE
    blocked = office.ask("card_activate", customer="C-1020", card_kind="credit")
    assert (blocked.outcome, blocked.detail) == (Outcome.REFUSED, "card_blocked")
    expired = office.ask("card_activate", customer="C-1021", card_kind="credit")
    assert (expired.outcome, expired.detail) == (Outcome.REFUSED, "card_expired")


def test_explains_what_is_new_in_a_bill(office: Any) -> None:
    facts = office.ask("bill_explain", bill_number="invoice INV-30117").facts
    assert facts["lines"] == "plan $60.00, phone instalment $22.20 and roaming day pass $12.00"
    assert (facts["amount"], facts["previous_amount"]) == ("$94.20", "$82.20")
    assert facts["difference"] == "$12.00 more"
    assert facts["due"] == "Saturday, December 5"


def test_a_first_or_equal_bill_has_no_difference(office: Any) -> None:
    assert "difference" not in office.ask("bill_explain", bill_number="INV-50322").facts
    assert "difference" not in office.ask("bill_explain", bill_number="INV-80114").facts


def test_splits_a_bill_without_losing_a_cent(office: Any) -> None:
    result = office.ask("payment_plan", bill_number="INV-40233", months="four")
    assert result.facts["monthly"] == "$41.18"
    assert result.facts["last_part"] == "$41.21"
    assert result.facts["first_due"] == "Tuesday, December 1"
    bill = office.record(Bill, "INV-40233")
    assert (bill.status, bill.plan_months) == (BillStatus.IN_PARTS, 4)
    assert office.ask("bill_explain", bill_number="INV-40233").facts["plan"] == "4 monthly parts"


def test_a_plan_takes_the_caller_s_only_open_bill_and_three_months(office: Any) -> None:
    facts = office.ask("payment_plan", customer="C-1014").facts
    assert (facts["bill_number"], facts["months"]) == ("INV-40208", "3")


@pytest.mark.parametrize(
    ("number", "months", "outcome", "detail"),
    [
        ("INV-40251", "3", Outcome.REFUSED, "already_paid"),
        ("INV-40208", "1", Outcome.REFUSED, "months_not_allowed"),
        ("INV-40208", "13", Outcome.REFUSED, "months_not_allowed"),
        ("INV-40208", "2 or 3", Outcome.NEEDS_PARAMETER, "months"),
        ("INV-99999", "3", Outcome.NOT_FOUND, "bill_number"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_or_asked_about(
    office: Any, number: str, months: str, outcome: Outcome, detail: str
) -> None:
    result = office.ask("payment_plan", bill_number=number, months=months)
    assert (result.outcome, result.detail) == (outcome, detail)


def test_a_bill_has_one_plan(office: Any) -> None:
    office.ask("payment_plan", bill_number="INV-40208")
    assert office.ask("payment_plan", bill_number="INV-40208").detail == "plan_exists"


def test_tells_of_an_outage_by_place(office: Any) -> None:
    facts = office.ask("outage_status", industry="telecom", area="Maple Grove, again").facts
    assert facts == {
        "outage_number": "OUT-204",
        "area": "Maple Grove",
        "service": "internet",
        "status": "a crew is repairing it",
        "cause": "a cable was cut at a construction site",
        "since": "Monday, November 23, at 9:20 p.m.",
        "expected_back": "Wednesday, November 25, at 6 a.m.",
    }


def test_a_place_without_an_outage_of_this_industry_has_none(office: Any) -> None:
    result = office.ask("outage_status", industry="utilities", area="maple grove")
    assert result.facts == {"area": "Maple Grove", "status": "no known outage"}


def test_a_place_that_is_not_served_is_not_found_and_no_place_is_asked_for(office: Any) -> None:
    assert office.ask("outage_status", area="Atlantis").outcome is Outcome.NOT_FOUND
    assert office.ask("outage_status").detail == "area"
    at_home = office.ask("outage_status", customer="C-1015")
    assert at_home.facts["area"] == "Cedar Falls"


def test_an_estimate_that_has_passed_is_not_told_as_a_promise(office: Any) -> None:
    office.now += timedelta(days=2)
    facts = office.ask("outage_status", outage_number="OUT-204").facts
    assert "expected_back" not in facts
    assert facts["estimate_passed"] == "Wednesday, November 25, at 6 a.m."


def test_tells_of_an_appointment(office: Any) -> None:
    facts = office.ask("appointment", appointment_number="APPT-3391").facts
    assert facts["when"] == "Monday, November 30, at 10:30 a.m."
    assert facts["next_free"] == "Monday, December 7, at 9 a.m."
    assert office.ask("appointment", customer="C-1022").facts["appointment_number"] == "APPT-3391"


def test_tells_of_a_claim(office: Any) -> None:
    facts = office.ask("claim_status", claim_number="CLM 73325").facts
    assert (facts["status"], facts["amount"]) == ("approved", "$2,340.00")
    denied = office.ask("claim_status", claim_number="CLM-88027").facts
    assert denied["reason"] == "no referral on file"
    assert "amount" not in denied


def test_tells_of_a_bag(office: Any) -> None:
    facts = office.ask("baggage_status", bag_number="bag six zero two one seven").facts
    assert (facts["seen_at"], facts["delivery"]) == ("Denver", "Wednesday, November 25")


def test_tells_of_a_booking_that_moved(office: Any) -> None:
    facts = office.ask("booking_status", booking_reference="P3LM8Z").facts
    assert facts["starts"] == "Wednesday, November 25, at 9:15 a.m."
    assert facts["started_before_the_change"] == "Tuesday, November 24, at 5:30 p.m."
    half = office.ask("booking_status", booking_reference="TRV-30470").facts
    assert half["refund_if_cancelled"] == "$612.50"


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (Request("fly_to_the_moon"), "action"),
        (Request(""), "action"),
        (Request("cancel_order", parameters={"order_number": "50177"}), "idempotency_key"),
        (Request("order_status", key="x" * 201), "idempotency_key"),
        (Request("order_status", customer_id="a\x00b"), "customer_id"),
        (Request("order_status", tenant="t\n"), "tenant"),
        (Request("order_status", parameters={"order_number": "4\x00"}), "parameters.order_number"),
        (
            Request("order_status", parameters={"order_number": "4" * 501}),
            "parameters.order_number",
        ),
        (Request("order_status", parameters={"ssn": "1"}), "parameters"),
        (Request("order_status", parameters={f"p{n}": "" for n in range(21)}), "parameters"),
    ],
)
def test_a_request_at_fault_names_the_field_and_repeats_no_value(
    office: Any, request_: Request, field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        run(request_, office.store, office.now)
    assert caught.value.field == field
    for value in request_.parameters.values():
        assert not value or value not in str(caught.value)


NUMBERS = sorted(
    {record.number for record in demo_records(NOW)} | {"ORD-1", "3", "credit", "[EMAIL_1]"}
)
printable = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=60)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(
    action=st.sampled_from(sorted(ACTIONS_BY_NAME)),
    customer=st.sampled_from(["", "nobody", "C-1002", "C-1014", "C-1018", "C-1022", "C-1028"]),
    industry=st.sampled_from(["", *INDUSTRIES]),
    said=st.dictionaries(
        st.sampled_from(sorted(PARAMETERS)),
        st.one_of(printable, st.sampled_from(NUMBERS)),
    ),
)
def test_any_parameters_give_a_result_that_the_catalogue_announces(
    office: Any, action: str, customer: str, industry: str, said: dict[str, str]
) -> None:
    result = office.ask(action, customer, industry=industry, **said)
    definition = ACTIONS_BY_NAME[action]
    assert all(result.facts.values())
    if result.outcome in (Outcome.DONE, Outcome.REFUSED):
        assert result.facts.keys() <= set(definition.facts)
    if result.outcome is Outcome.NEEDS_PARAMETER:
        assert result.detail in (*definition.required, *definition.optional)
    assert (result.outcome is Outcome.DONE) == (result.detail == "")
