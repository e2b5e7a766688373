"""The routine tasks that can be carried out: what each needs, and what it is about. Pure data."""

from dataclasses import dataclass

from services.reply.turn import Language


@dataclass(frozen=True)
class Task:
    """One action of the back office, as the conversation sees it.

    `parameters` are those that it may take from the conversation, the one to ask for first.
    `changes` needs a yes before it is run. `issue` names it to the customer.
    """

    name: str
    industries: tuple[str, ...]
    parameters: tuple[str, ...]
    changes: bool
    issue: dict[Language, str]


_SHOPS = ("retail", "telecom", "health", "software")
_BILLERS = ("bank", "telecom", "insurance", "utilities", "health", "software")
_ALL = (
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

TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        Task(
            "order_status",
            _SHOPS,
            ("order_number",),
            False,
            {"en": "your order", "es": "su pedido"},
        ),
        Task(
            "refund_status",
            (*_SHOPS, "airline", "travel", "bank"),
            ("order_number", "refund_number", "booking_reference"),
            False,
            {"en": "your refund", "es": "su reembolso"},
        ),
        Task(
            "cancel_order",
            _SHOPS,
            ("order_number",),
            True,
            {"en": "the cancellation of your order", "es": "la cancelación de su pedido"},
        ),
        Task(
            "start_return",
            ("retail", "telecom"),
            ("order_number",),
            True,
            {"en": "your return", "es": "su devolución"},
        ),
        Task(
            "change_address",
            _ALL,
            ("new_address", "order_number"),
            True,
            {"en": "your change of address", "es": "su cambio de dirección"},
        ),
        Task(
            "password_reset",
            _ALL,
            ("email",),
            False,
            {"en": "your sign-in", "es": "su contraseña"},
        ),
        Task(
            "card_block", ("bank",), ("card_kind",), True, {"en": "your card", "es": "su tarjeta"}
        ),
        Task(
            "card_activate",
            ("bank",),
            ("card_kind",),
            True,
            {"en": "your new card", "es": "su tarjeta nueva"},
        ),
        Task(
            "bill_explain",
            _BILLERS,
            ("bill_number",),
            False,
            {"en": "your bill", "es": "su factura"},
        ),
        Task(
            "payment_plan",
            _BILLERS,
            ("bill_number", "months"),
            True,
            {"en": "your payment", "es": "el pago en partes"},
        ),
        Task(
            "outage_status",
            ("utilities", "telecom", "software"),
            ("area", "outage_number"),
            False,
            {"en": "the outage", "es": "el corte"},
        ),
        Task(
            "appointment",
            _ALL,
            ("appointment_number",),
            False,
            {"en": "your appointment", "es": "su cita"},
        ),
        Task(
            "claim_status",
            ("insurance", "health", "travel"),
            ("claim_number",),
            False,
            {"en": "your claim", "es": "su reclamo"},
        ),
        Task(
            "baggage_status",
            ("airline", "travel"),
            ("bag_number",),
            False,
            {"en": "your bag", "es": "su maleta"},
        ),
        Task(
            "booking_status",
            ("airline", "travel"),
            ("booking_reference",),
            False,
            {"en": "your booking", "es": "su reserva"},
        ),
    )
}

# What a number alone asks for: someone who types only "CLM-73310" wants to know how it stands.
BY_REFERENCE = {
    "order_number": "order_status",
    "refund_number": "refund_status",
    "bill_number": "bill_explain",
    "claim_number": "claim_status",
    "bag_number": "baggage_status",
    "appointment_number": "appointment",
    "booking_reference": "booking_status",
    "outage_number": "outage_status",
}


def task_for(name: str, industry: str) -> Task | None:
    """The task of a name when the industry offers it; an unknown industry offers all."""
    task = TASKS.get(name)
    if task is None or (industry and industry not in task.industries):
        return None
    return task
