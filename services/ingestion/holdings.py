"""What the door holds."""

from datetime import timedelta

from services.common.holdings import HANDLED, KEEP_EVENTS, OUTBOX, STATE, By, Holding

# As long as insights keeps outcomes: an erasure finds the customer's conversations here.
KEEP_CONVERSATIONS = timedelta(days=400)
# Requests of consumers and the answers to them are kept for 24 months (11 CCR § 7101).
KEEP_PROOF = timedelta(days=731)

CONVERSATIONS = Holding(
    "conversations",
    "whose each conversation is, and by which channel",
    By.CONVERSATION,
    "last_at",
    KEEP_CONVERSATIONS,
)
ACCEPTED = Holding(
    "accepted",
    "ids and keyed digests of accepted events",
    By.CONVERSATION,
    "accepted_at",
    KEEP_EVENTS,
)
DELIVERIES = Holding(
    "deliveries", "what was said, redacted", By.CONVERSATION, "at", KEEP_EVENTS, said=True
)
RECORDS = Holding(
    "records", "the newest move of each conversation", By.CONVERSATION, "last_at", KEEP_EVENTS
)
CONSENTS = Holding(
    "consents",
    "what customers agree to, and what not",
    By.CUSTOMER,
    "changed_at",
    None,
    why_kept="a refusal is honoured after an erasure too",
)
CLOSINGS = Holding(
    "closings",
    "when conversations closed that are still on record",
    By.CONVERSATION,
    "closed_at",
    KEEP_EVENTS,
)
ERASURES = Holding(
    "erasures",
    "requests for erasure",
    By.CUSTOMER,
    "requested_at",
    KEEP_PROOF,
    why_kept="proof that the request was met",
)
ANSWERS = Holding("erasure_answers", "lines of receipts", By.NOBODY, "answered_at", KEEP_PROOF)

WEBHOOK_EVENTS = Holding(
    "webhook_events",
    "what receivers are told, redacted",
    By.CONVERSATION,
    "at",
    KEEP_EVENTS,
    said=True,
)
WEBHOOK_LINES = Holding(
    "webhook_lines",
    "conversations on their way to receivers",
    By.CONVERSATION,
    "next_at",
    KEEP_EVENTS,
)

ERASED_AT_THE_DOOR = (
    CONVERSATIONS,
    ACCEPTED,
    DELIVERIES,
    RECORDS,
    WEBHOOK_EVENTS,
    WEBHOOK_LINES,
    CLOSINGS,
)
HOLDINGS = (
    *ERASED_AT_THE_DOOR,
    CONSENTS,
    ERASURES,
    ANSWERS,
    Holding(HANDLED.table, "ids of handled events", By.NOBODY, HANDLED.aged_by, HANDLED.keep),
    Holding(STATE.table, "nothing: the record is in tables", By.NOBODY, STATE.aged_by, STATE.keep),
    Holding("api_keys", "digests of API keys", By.NOBODY, "created_at", None),
    Holding("subscriptions", "receivers of webhooks", By.NOBODY, "created_at", None),
    Holding("adapter_connections", "foreign systems of tenants", By.NOBODY, "created_at", None),
    Holding("tenant_limits", "limits of tenants", By.NOBODY, "refilled_at", None),
    Holding("digest_key", "the key of the digests", By.NOBODY, "null", None),
    OUTBOX,
)
