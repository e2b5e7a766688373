"""Runs an action: checks what came, finds the function, and does it once for each key."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.backoffice import accounts, purchases, visits
from services.backoffice.catalogue import ACTIONS_BY_NAME, CATALOGUE, REFERENCE
from services.backoffice.lookup import Call
from services.backoffice.records import Records, Result, Store

DEFAULT_TENANT = "default"
MOST_PARAMETERS = 20
LONGEST_ID = 200
LONGEST_VALUE = 500

FUNCTIONS: dict[str, Callable[[Records, Call], Result]] = {
    "order_status": purchases.order_status,
    "refund_status": purchases.refund_status,
    "cancel_order": purchases.cancel_order,
    "start_return": purchases.start_return,
    "change_address": purchases.change_address,
    "password_reset": accounts.password_reset,
    "card_block": accounts.card_block,
    "card_activate": accounts.card_activate,
    "bill_explain": accounts.bill_explain,
    "payment_plan": accounts.payment_plan,
    "outage_status": visits.outage_status,
    "appointment": visits.appointment,
    "claim_status": visits.claim_status,
    "baggage_status": visits.baggage_status,
    "booking_status": visits.booking_status,
}
PARAMETERS = {name for d in CATALOGUE for name in (*d.required, *d.optional)} | {REFERENCE}


class Invalid(Exception):
    """The request is at fault. `field` is its name in RunRequest; `problem` holds no value."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Request:
    """What RunRequest carries. An empty tenant is the default one."""

    action: str
    customer_id: str = ""
    industry: str = ""
    tenant: str = ""
    key: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


def run(request: Request, store: Store, now: datetime) -> Result:
    """The result of an action, or the first result of its idempotency key.

    `now` is aware, in the time zone whose days and hours customers are told. Raises Invalid when
    the request is at fault, and Transient when the records cannot be reached.
    """
    check(request)
    work = FUNCTIONS[request.action]
    call = Call(
        action=request.action,
        industry=request.industry,
        customer_id=request.customer_id,
        parameters=request.parameters,
        key=request.key,
        now=now,
    )
    return store.run_once(
        request.tenant or DEFAULT_TENANT,
        request.key,
        fingerprint(request),
        changes=ACTIONS_BY_NAME[request.action].changes_something,
        now=now,
        customer_id=request.customer_id,
        work=lambda records: work(records, call),
    )


def check(request: Request) -> None:
    """Raises Invalid with the field that is at fault."""
    if request.action not in ACTIONS_BY_NAME:
        raise Invalid("action", "no such action; see ListActions")
    for name in ("tenant", "industry", "customer_id", "key"):
        shown = "idempotency_key" if name == "key" else name
        _check_text(shown, getattr(request, name), LONGEST_ID)
    if len(request.parameters) > MOST_PARAMETERS:
        raise Invalid("parameters", f"more than {MOST_PARAMETERS}")
    for name, value in request.parameters.items():
        if name not in PARAMETERS:
            raise Invalid("parameters", "one has a name that no action knows")
        _check_text(f"parameters.{name}", value, LONGEST_VALUE)
    if ACTIONS_BY_NAME[request.action].changes_something and not request.key:
        raise Invalid("idempotency_key", "needed, because the action changes something")


def fingerprint(request: Request) -> str:
    """SHA-256 of what is asked for; the same for the same content, whatever the map's order."""
    content = [
        request.action,
        request.customer_id,
        request.industry,
        sorted(request.parameters.items()),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _check_text(name: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise Invalid(name, f"longer than {longest} characters")
    # PostgreSQL keeps no NUL, and no other control character belongs in a parameter.
    if any(ord(character) < 32 or 0xD800 <= ord(character) < 0xE000 for character in text):
        raise Invalid(name, "holds a control character")
