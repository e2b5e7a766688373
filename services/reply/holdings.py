"""What reply holds."""

from services.common.holdings import HANDLED, OUTBOX, STATE

HOLDINGS = (STATE, HANDLED, OUTBOX)
