"""What the back office holds. Orders, bills and claims are the business's own records: what a
customer may have erased of them is decided in the system that they come from."""

from datetime import timedelta

from services.common.holdings import HANDLED, OUTBOX, STATE, By, Holding

WHY_KEPT = "the business's own records: erased in the system that they come from"


def _record(table: str, aged_by: str, holds: str) -> Holding:
    return Holding(table, holds, By.CUSTOMER, aged_by, None, why_kept=WHY_KEPT)


HOLDINGS = (
    Holding(
        "results",
        "what came of actions that the bot ran",
        By.CUSTOMER,
        "run_at",
        timedelta(days=30),
    ),
    Holding(
        "password_resets",
        "links that the bot had sent",
        By.CUSTOMER,
        "requested_at",
        timedelta(days=90),
    ),
    Holding("customers", "the customer", By.NUMBER, "null", None, why_kept=WHY_KEPT),
    _record("orders", "ordered_on", "orders"),
    _record("refunds", "sent_on", "refunds"),
    _record("bills", "due_on", "bills"),
    _record("cards", "blocked_on", "cards by their last four digits"),
    _record("appointments", "starts_at", "appointments"),
    _record("claims", "decision_on", "claims"),
    _record("bags", "delivery_on", "delayed bags"),
    _record("bookings", "starts_at", "bookings"),
    Holding("areas", "areas that are served", By.NOBODY, "null", None),
    Holding("outages", "outages by area", By.NOBODY, "since", None),
    Holding("demo_loads", "the day of the demo data", By.NOBODY, "made_for", None),
    Holding(HANDLED.table, "ids of handled events", By.NOBODY, HANDLED.aged_by, HANDLED.keep),
    Holding(STATE.table, "nothing", By.NOBODY, STATE.aged_by, STATE.keep),
    OUTBOX,
)
