"""What insights holds."""

from datetime import timedelta

from services.common.holdings import HANDLED, OUTBOX, STATE, By, Holding

OUTCOMES = Holding(
    "outcomes",
    "how each conversation went, in numbers",
    By.CONVERSATION,
    "closed_at",
    timedelta(days=400),
)
HOLDINGS = (STATE, HANDLED, OUTCOMES, OUTBOX)
