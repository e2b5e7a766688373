"""What emotion holds."""

from services.common.holdings import HANDLED, OUTBOX, STATE

HOLDINGS = (STATE, HANDLED, OUTBOX)
