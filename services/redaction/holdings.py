"""What redaction holds. The conversation's state comes first: who has it in hand is overtaken, and
writes nothing into the vault behind an erasure."""

from datetime import timedelta

from services.common.holdings import HANDLED, KEEP_EVENTS, OUTBOX, STATE, By, Holding

# A reveal has to be answered for longer than the value is there.
KEEP_REVEALS = timedelta(days=400)

VAULT = Holding(
    "vault",
    "values behind placeholders, encrypted",
    By.CUSTOMER,
    "stored_at",
    KEEP_EVENTS,
    said=True,
)
CUSTOMER_KEYS = Holding(
    "customer_keys",
    "the data key of each customer, wrapped",
    By.CUSTOMER,
    "made_at",
    2 * KEEP_EVENTS,
    # The key that makes pseudonyms has no tenant, and stays.
    only="tenant <> '' and not exists (select from redaction.vault as value where"
    " (value.tenant, value.customer_id) = (customer_keys.tenant, customer_keys.customer_id))",
)
REVEALS = Holding(
    "reveals",
    "who had what type of value revealed, and why; never a value",
    By.CONVERSATION,
    "revealed_at",
    KEEP_REVEALS,
    why_kept="the audit of who saw what",
)
HOLDINGS = (STATE, HANDLED, VAULT, CUSTOMER_KEYS, REVEALS, OUTBOX)
