"""Passwords, cards, bills and payment plans."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from services.backoffice.lookup import Call, done, known, needs, not_found, one_of, refused
from services.backoffice.parameters import BILL, PLACEHOLDER, card_kind_of, months_of, number_of
from services.backoffice.records import (
    Bill,
    BillStatus,
    Card,
    CardStatus,
    PasswordReset,
    Records,
    Result,
)
from services.backoffice.words import listing, money

RESET_VALID_FOR = "30 minutes"
REPLACEMENT_DAYS = timedelta(days=6)
PLAN_MONTHS = range(2, 13)
USUAL_PLAN_MONTHS = 3
LEAST_PLAN_CENTS = 5000


def password_reset(records: Records, call: Call) -> Result:
    """Sends a link. Whether an address has an account is told to nobody who is not known."""
    address = call.said("email")
    customer = known(records, call)
    if customer is None and not address:
        return needs("email")
    if customer is not None:
        shown = "the e-mail address of the account"
    else:
        # A raw address would be personal data where none may be: it is not kept.
        shown = address if PLACEHOLDER.fullmatch(address) else "the address that you gave"
    records.put(
        PasswordReset(
            number=call.key, customer_id=call.customer_id, sent_to=shown, requested_at=call.now
        )
    )
    condition = "" if customer is not None else "if that address belongs to an account"
    return done(sent_to=shown, valid_for=RESET_VALID_FOR, condition=condition)


def card_block(records: Records, call: Call) -> Result:
    """Blocks a card at once; blocking a blocked card changes nothing and says so."""
    card = _card(records, call, lambda card: card.status is not CardStatus.BLOCKED)
    if isinstance(card, Result):
        return card
    if card.status is not CardStatus.BLOCKED:
        card = replace(
            card,
            status=CardStatus.BLOCKED,
            blocked_on=call.today,
            replacement_on=call.today + REPLACEMENT_DAYS,
        )
        records.put(card)
    return done(
        card_kind=card.kind,
        status=card.status.value,
        blocked_on=call.day(card.blocked_on),
        replacement_expected=call.day(card.replacement_on),
    )


def card_activate(records: Records, call: Call) -> Result:
    """Switches on a card; one that is on stays on."""
    card = _card(records, call, lambda card: card.status is CardStatus.NOT_ACTIVATED)
    if isinstance(card, Result):
        return card
    if card.status in (CardStatus.BLOCKED, CardStatus.EXPIRED):
        return refused(f"card_{card.status.value}", card_kind=card.kind, status=card.status.value)
    if card.status is CardStatus.NOT_ACTIVATED:
        records.put(replace(card, status=CardStatus.ACTIVE))
    return done(card_kind=card.kind, status=CardStatus.ACTIVE.value)


def bill_explain(records: Records, call: Call) -> Result:
    """What a bill consists of, and what is new in it."""
    bill = _bill(records, call)
    if isinstance(bill, Result):
        return bill
    difference = ""
    if bill.previous_cents is not None and bill.previous_cents != bill.amount_cents:
        more = bill.amount_cents - bill.previous_cents
        difference = f"{money(abs(more))} {'more' if more > 0 else 'less'}"
    return done(
        bill_number=bill.number,
        period=bill.period,
        amount=money(bill.amount_cents),
        lines=listing([f"{what} {money(cents)}" for what, cents in bill.lines]),
        previous_amount=money(bill.previous_cents) if bill.previous_cents is not None else "",
        difference=difference,
        why=bill.why,
        due=call.day(bill.due_on),
        status=bill.status.value,
        plan=f"{bill.plan_months} monthly parts" if bill.plan_months else "",
    )


def payment_plan(records: Records, call: Call) -> Result:
    """Splits an open bill into equal monthly parts; the last one takes the odd cents."""
    bill = _bill(records, call)
    if isinstance(bill, Result):
        return bill
    facts = {"bill_number": bill.number, "amount": money(bill.amount_cents)}
    if bill.status is BillStatus.PAID:
        return refused("already_paid", **facts)
    if bill.status is BillStatus.IN_PARTS:
        return refused("plan_exists", months=str(bill.plan_months), **facts)
    if bill.amount_cents < LEAST_PLAN_CENTS:
        return refused("amount_too_small", least_amount=money(LEAST_PLAN_CENTS), **facts)
    said = call.said("months")
    months = months_of(said) if said else USUAL_PLAN_MONTHS
    if months is None:
        return needs("months")
    if months not in PLAN_MONTHS:
        allowed = f"{PLAN_MONTHS[0]} to {PLAN_MONTHS[-1]}"
        return refused("months_not_allowed", months_allowed=allowed, **facts)
    monthly, rest = divmod(bill.amount_cents, months)
    first_due = max(bill.due_on, call.today + timedelta(days=7))
    records.put(
        replace(bill, status=BillStatus.IN_PARTS, plan_months=months, plan_first_due=first_due)
    )
    return done(
        months=str(months),
        monthly=money(monthly),
        last_part=money(monthly + rest) if rest else "",
        first_due=call.day(first_due),
        status=BillStatus.IN_PARTS.value,
        **facts,
    )


def _bill(records: Records, call: Call) -> Bill | Result:
    return one_of(
        records,
        call,
        Bill,
        "bill_number",
        lambda text: number_of(BILL, text),
        likely=lambda bill: bill.status is not BillStatus.PAID,
    )


def _card(records: Records, call: Call, likely: Callable[[Card], bool]) -> Card | Result:
    """The caller's card of the kind named, or the one that the action can only mean.

    A card is found by whose it is: its digits end at redaction and never come here.
    """
    customer = known(records, call)
    if customer is None:
        return not_found("customer")
    kind = card_kind_of(call.said("card_kind"))
    own = [
        card
        for card in records.where(Card, customer_id=customer.number)
        if kind in (None, card.kind)
    ]
    if not own:
        return not_found("card_kind", card_kind=kind or "")
    for candidates in ([card for card in own if likely(card)], own):
        if len(candidates) == 1:
            return candidates[0]
    return needs("card_kind")
