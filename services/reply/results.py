"""Puts the result of an action into sentences. Pure; every figure comes from the facts."""

from collections.abc import Callable, Mapping

from services.reply.actions import ActionResult
from services.reply.turn import Language

Facts = Mapping[str, str]


def tell(action: str, result: ActionResult, language: Language) -> tuple[str, ...]:
    """Sentences that tell a result; empty when there is nothing to tell in words."""
    if language == "es":
        from services.reply.results_spanish import tell_spanish

        return tell_spanish(action, result)
    if result.outcome == "done":
        said = _DONE[action](result.facts) if action in _DONE else ()
        return tuple(sentence.replace(".m..", ".m.") for sentence in said if sentence)
    if result.outcome == "not_found":
        return _not_found(result)
    if result.outcome == "refused":
        return _refused(result)
    return ()


def _named(what: str, number: str, thing: str = "") -> str:
    """ "Order 48213 (blue rain jacket)"."""
    return f"{what} {number} ({thing})" if thing else f"{what} {number}"


def _order_status(f: Facts) -> tuple[str, ...]:
    order = _named("Order", f.get("order_number", ""), f.get("item", ""))
    status = f.get("status", "")
    expected, carrier = f.get("expected", ""), f.get("carrier", "")
    if status == "delivered":
        place = f" at {f['left_at']}" if f.get("left_at") else ""
        on = f" on {f['delivered_on']}" if f.get("delivered_on") else ""
        return (
            f"{order} was delivered{on}, left{place}." if place else f"{order} was delivered{on}.",
        )
    if status == "delayed":
        why = f": {f['reason']}" if f.get("reason") else ""
        when = f"It is now expected on {expected}." if expected else "There is no new date yet."
        return (f"{order} is delayed{why}.", when)
    if status == "lost in transit":
        why = f" ({f['reason']})" if f.get("reason") else ""
        return (f"{order} was lost on its way{why}.",)
    if status == "cancelled":
        why = f": {f['reason']}" if f.get("reason") else ""
        return (f"{order} was cancelled{why}.",)
    if status in ("shipped", "out for delivery"):
        way = "is out for delivery" if status == "out for delivery" else "is on its way"
        by = f" with {carrier}" if carrier else ""
        when = f", and should be there on {expected}" if expected else ""
        tracking = f.get("tracking_number", "")
        track = f"The tracking number is {tracking}." if tracking else ""
        return (f"{order} {way}{by}{when}.", track)
    if status in ("being prepared", "packed"):
        when = f", and is expected on {expected}" if expected else ""
        return (f"{order} is {status} and has not left yet{when}.",)
    when = f" It is expected on {expected}." if expected else ""
    return (f"{order} is marked as {status}.{when}",) if status else (f"I found {order}.",)


def _refund_status(f: Facts) -> tuple[str, ...]:
    refund = f"refund {f['refund_number']}" if f.get("refund_number") else "refund"
    amount = f" of {f['amount']}" if f.get("amount") else ""
    to = f" to {f['paid_to']}" if f.get("paid_to") else ""
    when = f"It should be there by {f['expected']}." if f.get("expected") else ""
    sent = f"It left us on {f['sent_on']}{to}." if f.get("sent_on") else ""
    if not sent and to:
        sent = f"It goes{to}."
    why = f"The reason given is: {f['reason']}." if f.get("reason") else ""
    return (f"Your {refund}{amount} is {f.get('status', 'in progress')}.", sent, when, why)


def _cancel_order(f: Facts) -> tuple[str, ...]:
    money = ""
    if f.get("refund_amount"):
        when = f" by {f['refund_expected']}" if f.get("refund_expected") else ""
        number = f" under number {f['refund_number']}" if f.get("refund_number") else ""
        money = f"You get {f['refund_amount']} back{when}{number}."
    return (f"{_named('Order', f.get('order_number', ''), f.get('item', ''))} is cancelled.", money)


def _start_return(f: Facts) -> tuple[str, ...]:
    number = f" under number {f['return_number']}" if f.get("return_number") else ""
    label = "The label is on its way to you and is free."
    by = f"Please drop the parcel off by {f['drop_off_by']}." if f.get("drop_off_by") else ""
    money = f"The refund will be {f['refund_amount']}." if f.get("refund_amount") else ""
    order = _named("order", f.get("order_number", ""), f.get("item", ""))
    return (f"The return of {order} is open{number}.", label, by, money)


def _change_address(f: Facts) -> tuple[str, ...]:
    if f.get("applies_to") == "order":
        order = _named("order", f.get("order_number", ""), f.get("item", ""))
        return (f"The address of {order} is changed.",)
    return ("The address of your account is changed, and everything from now on goes there.",)


def _password_reset(f: Facts) -> tuple[str, ...]:
    to = f.get("sent_to", "the email address of the account").replace("e-mail", "email")
    condition = f", {f['condition']}" if f.get("condition") else ""
    valid = f"It works for {f['valid_for']}." if f.get("valid_for") else ""
    return (f"The link for a new password is on its way to {to}{condition}.", valid)


def _card_block(f: Facts) -> tuple[str, ...]:
    card = f"{f['card_kind']} card" if f.get("card_kind") else "card"
    new = f.get("replacement_expected", "")
    arrives = f"A new one is ordered and should be with you by {new}." if new else ""
    return (f"Your {card} is blocked, so nobody can use it.", arrives)


def _card_activate(f: Facts) -> tuple[str, ...]:
    card = f"{f['card_kind']} card" if f.get("card_kind") else "card"
    return (f"Your {card} is switched on and ready to use.",)


def _bill_explain(f: Facts) -> tuple[str, ...]:
    bill = f"Bill {f['bill_number']}" if f.get("bill_number") else "Your bill"
    period = f" for {f['period']}" if f.get("period") else ""
    first = f"{bill}{period} comes to {f['amount']}." if f.get("amount") else f"I found {bill}."
    more = ""
    if f.get("difference") and f.get("previous_amount"):
        more = f"That is {f['difference']} than the one before, which was {f['previous_amount']}."
    why = f"The reason: {f['why'].rstrip('.')}." if f.get("why") else ""
    lines = f"It consists of {f['lines']}." if f.get("lines") and not why else ""
    due = ""
    if f.get("plan"):
        due = f"It is being paid in {f['plan']}."
    elif f.get("status") == "paid":
        due = "It is paid."
    elif f.get("due"):
        late = " and is overdue" if f.get("status") == "overdue" else ""
        due = f"It was due on {f['due']}{late}." if late else f"It is due on {f['due']}."
    return (first, more, why, lines, due)


def _payment_plan(f: Facts) -> tuple[str, ...]:
    bill = f"bill {f['bill_number']}" if f.get("bill_number") else "the bill"
    last = f", the last one {f['last_part']}" if f.get("last_part") else ""
    parts = f"{f.get('months', '')} monthly parts of {f.get('monthly', '')}{last}"
    due = f"The first is due on {f['first_due']}." if f.get("first_due") else ""
    return (f"It's set up: you pay {bill} in {parts}.", due)


def _outage_status(f: Facts) -> tuple[str, ...]:
    area, service = f.get("area", ""), f.get("service", "")
    if f.get("status") == "no known outage":
        return (f"There is no known outage in {area} right now.",)
    if f.get("status") in ("over", "resolved", "restored"):
        return (f"The {service} outage in {area} is marked as over.",)
    place = "" if area in ("", service) else f" in {area}"
    cause = f.get("cause", "")
    what = (
        "Work is planned"
        if f.get("status") == "planned work"
        else f"There is a known {service} outage"
    )
    if what == "Work is planned":
        first = (
            f"The {service} is off for planned work{place}: {cause}."
            if cause
            else f"{what}{place}."
        )
        stands = ""
    else:
        because = "its cause is not known yet" if cause == "not known yet" else cause
        first = f"{what}{place}: {because}." if because else f"{what}{place}."
        stands = (
            f"Right now {f['status']}."
            if f.get("status", "").startswith(("a ", "the "))
            else (f"It is {f['status']}." if f.get("status") == "under investigation" else "")
        )
    back = (
        f"It should be over by {f['expected_back']}."
        if f.get("expected_back")
        else ("There is no time yet for when it will be over.")
    )
    if f.get("estimate_passed"):
        back = (
            f"The estimate was {f['estimate_passed']}; it has passed, and there is no new one yet."
        )
    return (first, stands, back, f.get("advice", ""))


def _appointment(f: Facts) -> tuple[str, ...]:
    what = f.get("what", "appointment")
    status, when = f.get("status", ""), f.get("when", "")
    where = f", at {f['place']}" if f.get("place") and status in ("booked", "moved") else ""
    free = f"The next free time is {f['next_free']}." if f.get("next_free") else ""
    prepare = f.get("preparation", "")
    if status == "missed by us":
        return (f"We missed your {what} on {when}; that one is on us.", free)
    if status == "cancelled":
        return (f"Your {what} on {when} was cancelled.", free)
    moved = "has moved to" if status == "moved" else "is on"
    bring = f"To prepare: {prepare}." if prepare else ""
    return (f"Your {what} {moved} {when}{where}.", bring)


def _claim_status(f: Facts) -> tuple[str, ...]:
    claim = _named("Claim", f.get("claim_number", ""), f.get("what", ""))
    why = f": {f['reason'].rstrip('.')}" if f.get("reason") else ""
    amount = f"The amount is {f['amount']}." if f.get("amount") else ""
    paid = f"It was paid on {f['paid_on']}." if f.get("paid_on") else ""
    status = f.get("status", "open")
    decided = status in ("approved", "denied", "paid", "processed")
    date = f.get("decision_expected", "")
    decision = f"A decision is expected by {date}." if date and not decided else ""
    step = f"What comes next: {f['next_step'].rstrip('.')}." if f.get("next_step") else ""
    return (f"{claim} is {status}{why}.", amount, paid, decision, step)


def _baggage_status(f: Facts) -> tuple[str, ...]:
    bag = f"Bag {f['bag_number']}" if f.get("bag_number") else "Your bag"
    seen = f", seen last in {f['seen_at']}" if f.get("seen_at") else ""
    delivery = f"Delivery is planned for {f['delivery']}." if f.get("delivery") else ""
    if f.get("status") == "delivered":
        on = f" on {f['delivery']}" if f.get("delivery") else ""
        return (f"{bag} was delivered{on}.",)
    step = f"What comes next: {f['next_step'].rstrip('.')}." if f.get("next_step") else ""
    return (f"{bag} is {f.get('status', 'being traced')}{seen}.", step, delivery)


def _booking_status(f: Facts) -> tuple[str, ...]:
    booking = _named("Booking", f.get("booking_reference", ""), f.get("what", ""))
    first = f"{booking} is {f.get('status', 'confirmed')}."
    starts, before = f.get("starts", ""), f.get("started_before_the_change", "")
    flies = f.get("what", "").startswith("flight")
    place = f.get("place", "")
    where = (f" from {place}" if flies else f", at {place}") if place else ""
    begins = "leaves" if flies else "starts"
    when = ""
    if starts and before:
        when = f"It now {begins} {starts}{where}, instead of {before}."
    elif starts and f.get("status") != "cancelled":
        until = f" until {f['ends']}" if f.get("ends") else ""
        when = f"It {begins} {starts}{until}{where}."
    has = f"Included: {f['includes']}." if f.get("includes") else ""
    note = f"{f['note'][0].upper()}{f['note'][1:].rstrip('.')}." if f.get("note") else ""
    back = ""
    if f.get("refund_if_cancelled"):
        back = f"If you cancel now, {f['refund_if_cancelled']} comes back to you."
    return (first, when, has, back, note)


_DONE: dict[str, Callable[[Facts], tuple[str, ...]]] = {
    "order_status": _order_status,
    "refund_status": _refund_status,
    "cancel_order": _cancel_order,
    "start_return": _start_return,
    "change_address": _change_address,
    "password_reset": _password_reset,
    "card_block": _card_block,
    "card_activate": _card_activate,
    "bill_explain": _bill_explain,
    "payment_plan": _payment_plan,
    "outage_status": _outage_status,
    "appointment": _appointment,
    "claim_status": _claim_status,
    "baggage_status": _baggage_status,
    "booking_status": _booking_status,
}

_THINGS = {
    "order_number": "an order",
    "refund_number": "a refund",
    "bill_number": "a bill",
    "claim_number": "a claim",
    "bag_number": "a bag",
    "appointment_number": "an appointment",
    "booking_reference": "a booking",
    "outage_number": "an outage",
}


def _not_found(result: ActionResult) -> tuple[str, ...]:
    parameter = result.detail
    if parameter == "area":
        return ("I can't match that place with one that we serve.", "Which town or district is it?")
    if parameter == "card_kind":
        return (
            "I can't find a card of that kind on your account.",
            "Is it the debit or the credit card?",
        )
    if parameter == "customer":
        return ("I can't find your account from here, so I can't do this in the chat.",)
    thing = _THINGS.get(parameter, "anything")
    number = result.facts.get(parameter, "")
    with_number = f" with the number {number}" if number else " with that number"
    return (
        f"I can't find {thing}{with_number}.",
        "Could you check it once more? One digit is easily swapped.",
    )


_REFUSALS = {
    "already_shipped": "{order} has already left, so it can't be changed or cancelled any more.",
    "lost_in_transit": "{order} was lost on its way, so there is nothing left to change.",
    "already_delivered": "{order} has been delivered, so it can't be changed any more.",
    "return_already_started": "The return of {order} is open already.",
    "already_returned": "{order} has come back to us already.",
    "already_cancelled": "{order} is cancelled already.",
    "not_shipped_yet": "{order} has not left yet, so it can be cancelled instead of returned.",
    "not_delivered_yet": "{order} is still on its way; the return can be opened once it is there.",
    "return_time_over": "The time to return {order} ended on {return_by}.",
    "already_paid": "Bill {bill_number} is paid already, so there is nothing left to split.",
    "plan_exists": "Bill {bill_number} is already being paid in {months} monthly parts.",
    "amount_too_small": "Bill {bill_number} is {amount}; splitting starts at {least_amount}.",
    "months_not_allowed": "A bill can be split into {months_allowed} monthly parts.",
    "card_blocked": "That card is blocked and can't be switched on; the new one replaces it.",
    "card_expired": "That card has expired and can't be switched on.",
}


def _refused(result: ActionResult) -> tuple[str, ...]:
    facts = dict.fromkeys(("bill_number", "months", "amount", "least_amount", "return_by"), "")
    facts |= {"months_allowed": "", **result.facts}
    facts["order"] = _named("Order", facts.get("order_number", ""), facts.get("item", "")).strip()
    template = _REFUSALS.get(result.detail)
    if template is None:
        return ("The system doesn't allow that for this one.",)
    text = template.format(**facts)
    return (
        text.replace("return of Order", "return of order").replace("return Order", "return order"),
    )
