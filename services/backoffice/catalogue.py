"""What the back office can do, as data: the actions, what they need and what they tell.

The reply service lists these over `ActionService.ListActions`. `required` names what the customer
is asked for when the records do not say it: a customer whom the records know, and who has one
order under way, need not name its number. An outcome NEEDS_PARAMETER has the last word.
"""

from dataclasses import dataclass

INDUSTRIES = (
    "retail",
    "airline",
    "bank",
    "telecom",
    "insurance",
    "utilities",
    "health",
    "travel",
    "software",
)
SHOPS = ("retail", "telecom", "health", "software")
BILLERS = ("bank", "telecom", "insurance", "utilities", "health", "software")

# Accepted by every action that looks up one record, in place of its own parameter.
REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class ActionDefinition:
    """One action. `facts` are the names that a result may tell; not every result has them all."""

    name: str
    description: str
    industries: tuple[str, ...]
    required: tuple[str, ...]
    optional: tuple[str, ...]
    facts: tuple[str, ...]
    changes_something: bool = False


CATALOGUE = (
    ActionDefinition(
        "order_status",
        "Where an order is and when it arrives",
        SHOPS,
        required=("order_number",),
        optional=(),
        facts=(
            "order_number",
            "item",
            "status",
            "total",
            "ordered_on",
            "carrier",
            "tracking_number",
            "expected",
            "delivered_on",
            "left_at",
            "reason",
            "return_by",
            "return_time",
        ),
    ),
    ActionDefinition(
        "refund_status",
        "How far a refund is, by its own number or by the order or booking it belongs to",
        (*SHOPS, "airline", "travel", "bank"),
        required=("order_number",),
        optional=("refund_number", "booking_reference"),
        facts=(
            "refund_number",
            "order_number",
            "booking_reference",
            "amount",
            "status",
            "paid_to",
            "sent_on",
            "expected",
            "reason",
        ),
    ),
    ActionDefinition(
        "cancel_order",
        "Cancels an order that has not been shipped and refunds it",
        SHOPS,
        required=("order_number",),
        optional=(),
        facts=(
            "order_number",
            "item",
            "status",
            "refund_number",
            "refund_amount",
            "refund_expected",
        ),
        changes_something=True,
    ),
    ActionDefinition(
        "start_return",
        "Opens the return of a delivered order; the label goes to the address of the account",
        ("retail", "telecom"),
        required=("order_number",),
        optional=("reason",),
        facts=(
            "order_number",
            "item",
            "status",
            "return_number",
            "drop_off_by",
            "refund_amount",
            "return_by",
        ),
        changes_something=True,
    ),
    ActionDefinition(
        "change_address",
        "Sends an order elsewhere before it is shipped, or changes the address of the account",
        INDUSTRIES,
        required=("new_address",),
        optional=("order_number",),
        facts=("new_address", "applies_to", "order_number", "item", "status"),
        changes_something=True,
    ),
    ActionDefinition(
        "password_reset",
        "Sends a link for a new password to the e-mail address of the account",
        INDUSTRIES,
        required=("email",),
        optional=(),
        facts=("sent_to", "valid_for", "condition"),
        changes_something=True,
    ),
    ActionDefinition(
        "card_block",
        "Blocks a lost or stolen card at once and orders a new one",
        ("bank",),
        required=("card_kind",),
        optional=(),
        facts=("card_kind", "status", "blocked_on", "replacement_expected"),
        changes_something=True,
    ),
    ActionDefinition(
        "card_activate",
        "Switches on a card that arrived by mail",
        ("bank",),
        required=("card_kind",),
        optional=(),
        facts=("card_kind", "status"),
        changes_something=True,
    ),
    ActionDefinition(
        "bill_explain",
        "What a bill consists of, and why it differs from the one before",
        BILLERS,
        required=("bill_number",),
        optional=(),
        facts=(
            "bill_number",
            "period",
            "amount",
            "lines",
            "previous_amount",
            "difference",
            "why",
            "due",
            "status",
            "plan",
        ),
    ),
    ActionDefinition(
        "payment_plan",
        "Splits an open bill into 2 to 12 monthly parts",
        BILLERS,
        required=("bill_number",),
        optional=("months",),
        facts=(
            "bill_number",
            "amount",
            "months",
            "monthly",
            "last_part",
            "first_due",
            "status",
            "least_amount",
            "months_allowed",
        ),
        changes_something=True,
    ),
    ActionDefinition(
        "outage_status",
        "Whether a place has a known outage, its cause and when it should be over",
        ("utilities", "telecom", "software"),
        required=("area",),
        optional=("outage_number", "service"),
        facts=(
            "outage_number",
            "area",
            "service",
            "status",
            "cause",
            "since",
            "expected_back",
            "estimate_passed",
            "advice",
        ),
    ),
    ActionDefinition(
        "appointment",
        "When and where an appointment is, how to prepare, and the next free one",
        INDUSTRIES,
        required=("appointment_number",),
        optional=(),
        facts=("appointment_number", "what", "when", "place", "status", "preparation", "next_free"),
    ),
    ActionDefinition(
        "claim_status",
        "How far a claim is, what it paid and what comes next",
        ("insurance", "health", "travel"),
        required=("claim_number",),
        optional=(),
        facts=(
            "claim_number",
            "what",
            "status",
            "amount",
            "paid_on",
            "decision_expected",
            "reason",
            "next_step",
        ),
    ),
    ActionDefinition(
        "baggage_status",
        "Where a late or damaged bag is and when it is delivered",
        ("airline", "travel"),
        required=("bag_number",),
        optional=(),
        facts=("bag_number", "status", "seen_at", "delivery", "next_step"),
    ),
    ActionDefinition(
        "booking_status",
        "What a booking of a flight or a stay consists of, and whether it changed",
        ("airline", "travel"),
        required=("booking_reference",),
        optional=(),
        facts=(
            "booking_reference",
            "what",
            "status",
            "starts",
            "started_before_the_change",
            "ends",
            "place",
            "includes",
            "refund_if_cancelled",
            "note",
        ),
    ),
)
ACTIONS_BY_NAME = {definition.name: definition for definition in CATALOGUE}


def offered_in(industry: str) -> tuple[ActionDefinition, ...]:
    """Actions of one industry, in the catalogue's order; all of them when `industry` is empty."""
    return tuple(d for d in CATALOGUE if not industry or industry in d.industries)
