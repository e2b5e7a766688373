"""Numbers and names of things in a customer's message, as action parameters. Pure.

Personal data never comes this far: an address or an e-mail is a placeholder and stays one.
"""

import re

from services.reply.plain import plain
from services.reply.words import word_set

SHOPS = frozenset({"retail", "telecom", "health", "software", ""})

_PREFIXES = {
    "ORD": "order_number", "INV": "bill_number", "CLM": "claim_number", "RF": "refund_number",
    "BAG": "bag_number", "APT": "appointment_number", "APPT": "appointment_number",
    "TRV": "booking_reference",
    "OUT": "outage_number",
}  # fmt: skip
_PREFIXED = re.compile(
    r"\b(ORD|INV|CLM|RF|BAG|APPT|APT|TRV|OUT)[\s#:-]{0,2}(\d{3,6})\b", re.IGNORECASE
)
_NAMED = (
    ("order_number", r"(?:order|purchase|pedido|compra|orden)"),
    ("bill_number", r"(?:bill|invoice|statement|factura|recibo)"),
    ("claim_number", r"(?:claim|reclamo|siniestro)"),
    ("bag_number", r"(?:bag|baggage|luggage|maleta)"),
    ("appointment_number", r"(?:appointment|visit|cita)"),
    ("booking_reference", r"(?:booking|reservation|trip|reserva)"),
    ("refund_number", r"(?:refund|reembolso)"),
)
_AFTER_NAME = r"\s*(?:number|numbers|no\.?|num|nr|id|numero|ref(?:erence)?)?\s*(?:is|es|:|#)?\s*"
_BOOKING_CODE = re.compile(
    r"(?<![A-Za-z0-9-])(?=[A-Z0-9]*[A-Z])(?=[A-Z0-9]*\d)[A-Z0-9]{6}(?![A-Za-z0-9-])"
)
_BARE = re.compile(r"(?<![\w$.,/-])#?(\d{5})(?![\w/%]|[.,:]\d|-\d)")
_ADDRESS = re.compile(r"\[ADDRESS_\d+\]", re.IGNORECASE)
_EMAIL = re.compile(r"\[EMAIL_\d+\]", re.IGNORECASE)
_CARD_KINDS = (("credit", r"\bcredit\b|\bcredito\b"), ("debit", r"\bdebit\b|\bdebito\b"))
_PARTS = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "twelve": "12", "dos": "2", "tres": "3", "cuatro": "4",
    "cinco": "5", "seis": "6", "diez": "10", "doce": "12", "half": "2", "halves": "2",
}  # fmt: skip
_MONTHS = re.compile(
    rf"\b(\d{{1,2}}|{'|'.join(_PARTS)})\s*(?:monthly |equal )?(?:parts?|months?|pieces|payments|"
    r"installments?|times|meses|partes|cuotas|pagos)\b"
)
_AREA = re.compile(
    r"\b(?:in|at|around|near|for|en|de)\s+((?:[A-Z][a-zA-Z']+)(?:\s+[A-Z][a-zA-Z']+){0,2})"
)
_AREA_PLAIN = re.compile(
    r"\b(?:in|around|near|en)\s+(?!the\b|my\b|our\b|a\b|an\b|this\b|that\b|here\b|la\b|mi\b|el\b|"
    r"one\b|two\b|pieces\b|casa\b|ten\b)([a-z]{3,}(?:\s+(?:[a-z]{4,}))?)\b"
)
_NOT_AREAS = word_set("not_areas")


def references_in(text: str, industry: str) -> dict[str, str]:
    """Parameters that a redacted text names: {"order_number": "48213"}. The last of a kind wins.

    A bare number of five digits is an order's where the industry ships things; elsewhere it is
    left under "number" for whatever was asked.
    """
    found: dict[str, str] = {}
    written = plain(text)
    for kind, name in _NAMED:
        pattern = rf"\b{name}s?{_AFTER_NAME}(\d{{4,6}})\b"
        for match in re.finditer(pattern, written):
            found[kind] = match.group(1)
    for match in _PREFIXED.finditer(text):
        prefix, digits = match.group(1).upper(), match.group(2)
        kind = _PREFIXES[prefix]
        found[kind] = digits if prefix == "ORD" else f"{prefix}-{digits}"
    if industry in ("airline", "travel", ""):
        for match in _BOOKING_CODE.finditer(text):
            found["booking_reference"] = match.group()
    _bare_number(found, text, written, industry)
    if address := _ADDRESS.findall(text):
        found["new_address"] = address[-1].upper()
    if email := _EMAIL.findall(text):
        found["email"] = email[-1].upper()
    kinds = [kind for kind, pattern in _CARD_KINDS if re.search(pattern, written)]
    if len(kinds) == 1:
        found["card_kind"] = kinds[0]
    if months := _MONTHS.search(written):
        found["months"] = _PARTS.get(months.group(1), months.group(1))
    if area := area_in(text):
        found["area"] = area
    return found


def _bare_number(found: dict[str, str], text: str, written: str, industry: str) -> None:
    taken = " ".join(found.values())
    bare = [n for n in _BARE.findall(text) or _BARE.findall(written) if n not in taken]
    if not bare:
        return
    if industry in SHOPS and "order_number" not in found and not found:
        found["order_number"] = bare[-1]
    else:
        found["number"] = bare[-1]


def number_in(written: str) -> str:
    """The small number that a plain text names, in digits or as a word, or ""."""
    found = re.search(rf"\b(?:(\d{{1,2}})|({'|'.join(_PARTS)}))\b", written)
    if found is None:
        return ""
    return found.group(1) or _PARTS[found.group(2)]


def area_in(text: str) -> str:
    """The place that a text names after "in", "near" and the like, or ""."""
    if match := _AREA.search(text):
        words = [word for word in match.group(1).split() if word.lower() not in _NOT_AREAS]
        if words:
            return " ".join(words)
    if match := _AREA_PLAIN.search(plain(text)):
        words = [word for word in match.group(1).split() if word not in _NOT_AREAS]
        return " ".join(words)
    return ""
