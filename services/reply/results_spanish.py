"""The result of an action in Spanish. Dates and states come from the records as they are."""

import re
from collections.abc import Mapping

from services.reply.actions import ActionResult

_STATES = {
    "being prepared": "en preparación",
    "packed": "empaquetado",
    "shipped": "en camino",
    "out for delivery": "en reparto",
    "delayed": "retrasado",
    "delivered": "entregado",
    "cancelled": "cancelado",
    "lost in transit": "perdido en el camino",
    "return started": "en devolución",
    "returned": "devuelto",
    "approved": "aprobado",
    "under review": "en revisión",
    "denied": "rechazado",
    "confirmed": "confirmado",
    "moved": "cambiado de hora",
    "on time": "a tiempo",
    "repair in progress": "en reparación",
    "a crew is repairing it": "en reparación",
    "a crew is on its way": "con una cuadrilla en camino",
    "under investigation": "en investigación",
    "planned work": "por trabajos previstos",
    "processed": "procesado",
    "sent": "enviado",
    "paid": "pagado",
}
_DAYS = {
    "Monday": "lunes", "Tuesday": "martes", "Wednesday": "miércoles", "Thursday": "jueves",
    "Friday": "viernes", "Saturday": "sábado", "Sunday": "domingo",
}  # fmt: skip
_MONTHS = {
    "January": "enero", "February": "febrero", "March": "marzo", "April": "abril", "May": "mayo",
    "June": "junio", "July": "julio", "August": "agosto", "September": "septiembre",
    "October": "octubre", "November": "noviembre", "December": "diciembre",
}  # fmt: skip
_NUMBER = re.compile(r"[A-Z0-9-]{3,12}", re.IGNORECASE)
_DATE = re.compile(
    rf"(?:\b({'|'.join(_DAYS.values())}),? )?\b({'|'.join(_MONTHS.values())}) (\d{{1,2}})\b"
)
_SERVICES = {
    "water": "agua",
    "power": "luz",
    "gas": "gas",
    "internet": "internet",
    "phone": "teléfono",
}
_CARDS = {"debit": "débito", "credit": "crédito"}
_REFUSED = {
    "already_shipped": "El pedido {order_number} ya salió y no se puede cambiar ni cancelar.",
    "already_delivered": "El pedido {order_number} ya fue entregado.",
    "already_cancelled": "El pedido {order_number} ya está cancelado.",
    "return_time_over": "El plazo para devolver el pedido {order_number} ya terminó.",
    "already_paid": "La factura {bill_number} ya está pagada.",
    "plan_exists": "La factura {bill_number} ya se paga en partes.",
}


def tell_spanish(action: str, result: ActionResult) -> tuple[str, ...]:
    """Sentences that tell a result in Spanish."""
    facts = {name: spanish_date(value) for name, value in result.facts.items()}
    if result.outcome == "not_found":
        number = facts.get(result.detail, "")
        # Only what looks like a number is said back; a customer may have typed anything.
        named = f" con el número {number}" if _NUMBER.fullmatch(number) else ""
        return (f"No encuentro nada{named}.", "¿Puede revisarlo una vez más?")
    if result.outcome == "refused":
        template = _REFUSED.get(result.detail, "El sistema no lo permite en este caso.")
        return (template.format(**({"order_number": "", "bill_number": ""} | facts)),)
    if result.outcome != "done":
        return ()
    return tuple(said.replace(". m..", ". m.") for said in _done(action, facts) if said)


def _done(action: str, f: Mapping[str, str]) -> tuple[str, ...]:
    state = _STATES.get(f.get("status", ""), "")
    is_state = f" está {state}" if state else " está en curso"
    if action == "order_status":
        when = f"Se espera el {f['expected']}." if f.get("expected") else ""
        if f.get("delivered_on"):
            when = f"Se entregó el {f['delivered_on']}."
        return (f"Su pedido {f.get('order_number', '')}{is_state}.", when)
    if action == "refund_status":
        amount = f" de {f['amount']}" if f.get("amount") else ""
        when = f"Debería llegar el {f['expected']}." if f.get("expected") else ""
        return (f"Su reembolso{amount}{is_state}.", when)
    if action == "cancel_order":
        money = f"Se le devuelven {f['refund_amount']}." if f.get("refund_amount") else ""
        return (f"El pedido {f.get('order_number', '')} está cancelado.", money)
    if action == "start_return":
        by = f"Entregue el paquete antes del {f['drop_off_by']}." if f.get("drop_off_by") else ""
        return ("La devolución está abierta y la etiqueta va en camino.", by)
    if action == "change_address":
        return ("La dirección está cambiada.",)
    if action == "password_reset":
        valid = f.get("valid_for", "").replace("minutes", "minutos")
        works = f"Sirve durante {valid}." if valid else ""
        return ("El enlace para una contraseña nueva va en camino a su correo.", works)
    if action in ("card_block", "card_activate"):
        kind = _CARDS.get(f.get("card_kind", ""), "")
        card = f"tarjeta de {kind}" if kind else "tarjeta"
        if action == "card_activate":
            return (f"Su {card} está activada y lista para usar.",)
        new = f.get("replacement_expected", "")
        arrives = f"La nueva ya está pedida y debería llegarle el {new}." if new else ""
        return (f"Su {card} está bloqueada y nadie puede usarla.", arrives)
    if action == "bill_explain":
        due = f"Vence el {f['due']}." if f.get("due") and f.get("status") != "paid" else ""
        before = f.get("previous_amount", "")
        more = f"La anterior fue de {before}." if before else ""
        return (f"La factura {f.get('bill_number', '')} es de {f.get('amount', '')}.", more, due)
    if action == "payment_plan":
        first = f"La primera vence el {f['first_due']}." if f.get("first_due") else ""
        parts = f"{f.get('months', '')} partes mensuales de {f.get('monthly', '')}"
        return (f"Listo: la factura queda en {parts}.", first)
    if action == "outage_status":
        return _outage(f, state)
    if action == "appointment":
        place = f", {f['place']}" if f.get("place") else ""
        return (f"Su cita es el {f.get('when', '')}{place}.",)
    if action == "claim_status":
        date = f.get("decision_expected", "")
        when = f"La decisión se espera el {date}." if date else ""
        return (f"Su reclamo {f.get('claim_number', '')}{is_state}.", when)
    if action == "baggage_status":
        when = f"La entrega está prevista para el {f['delivery']}." if f.get("delivery") else ""
        seen = f"Se vio por última vez en {f['seen_at']}." if f.get("seen_at") else ""
        return (f"Tengo noticias de su maleta {f.get('bag_number', '')}.", seen, when)
    if action == "booking_status":
        return _booking(f)
    return ()


_BOOKINGS = {
    "confirmed": "está confirmada",
    "on time": "está a tiempo",
    "moved": "tiene un horario nuevo",
    "cancelled": "está cancelada",
    "cancelled by weather and rebooked": "fue cancelada por el clima y ya tiene otro lugar",
}


def _booking(f: Mapping[str, str]) -> tuple[str, ...]:
    state = _BOOKINGS.get(f.get("status", ""), "está en nuestros registros")
    flies = f.get("what", "").startswith("flight")
    begins = "sale" if flies else "empieza"
    before = f.get("started_before_the_change", "")
    instead = f", en lugar del {before}" if before else ""
    starts = f"Ahora {begins} el {f['starts']}{instead}." if f.get("starts") else ""
    place = f"El lugar es {f['place']}." if f.get("place") else ""
    return (f"Su reserva {f.get('booking_reference', '')} {state}.", starts, place)


def _outage(f: Mapping[str, str], state: str) -> tuple[str, ...]:
    area = f.get("area", "")
    if f.get("status") == "no known outage":
        return (f"Ahora mismo no hay ningún corte conocido en {area}.",)
    service = _SERVICES.get(f.get("service", ""), "servicio")
    now = f", {state}" if state else ""
    back = "Todavía no hay una hora prevista."
    if f.get("expected_back"):
        back = f"Debería terminar el {f['expected_back']}."
    return (f"Hay un corte de {service} conocido en {area}{now}.", back)


def _day_first(match: re.Match[str]) -> str:
    weekday, month, day = match.groups()
    return f"{weekday + ' ' if weekday else ''}{day} de {month}"


def spanish_date(text: str) -> str:
    """ "Friday, November 27, at 6 p.m." to "viernes 27 de noviembre, a las 6 p. m."."""
    for names in (_DAYS, _MONTHS):
        for english, spanish in names.items():
            text = text.replace(english, spanish)
    text = _DATE.sub(_day_first, text)
    if any(day in text for day in _DAYS.values()):
        text = text.replace(", at ", ", a las ").replace("a.m.", "a. m.").replace("p.m.", "p. m.")
    return text
