"""What routing holds."""

from datetime import timedelta

from services.common.holdings import HANDLED, KEEP_EVENTS, OUTBOX, STATE, By, Holding

KEEP_CLOSED = timedelta(days=90)

CONVERSATIONS = Holding(
    "conversations",
    "who has each conversation, and what the agent has to know",
    By.CONVERSATION,
    "changed_at",
    KEEP_CLOSED,
    only="state = 6",
)
ERASED = Holding(
    "erased",
    "ids of erased conversations, so that none comes back",
    By.NOBODY,
    "erased_at",
    KEEP_EVENTS,
)
AGENTS = Holding("agents", "agents who are or were there", By.NOBODY, "last_seen", None)
HOLDINGS = (
    CONVERSATIONS,
    ERASED,
    AGENTS,
    Holding(HANDLED.table, "ids of handled events", By.NOBODY, HANDLED.aged_by, HANDLED.keep),
    Holding(
        STATE.table, "nothing: conversations are a table", By.NOBODY, STATE.aged_by, STATE.keep
    ),
    OUTBOX,
)
