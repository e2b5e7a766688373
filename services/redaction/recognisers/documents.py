"""Numbers of documents that only a label or a question gives away: driver licence, passport,
medical record, health plan."""

import re

from services.redaction.codes import Code, find_codes
from services.redaction.entities import Found, Kind
from services.redaction.view import View

# Fewest and most letters and digits of a whole value, and how many words the label may be off.
_SIZES: dict[Kind, tuple[int, int]] = {
    Kind.DRIVER_LICENSE: (5, 20),
    Kind.PASSPORT: (6, 12),
    Kind.MEDICAL_RECORD: (4, 16),
    Kind.HEALTH_PLAN_ID: (5, 20),
}
# Medicare beneficiary identifier: eleven characters, its pattern published by CMS.
_MBI = re.compile(r"[1-9][A-Z][A-Z0-9]\d[A-Z][A-Z0-9]\d[A-Z]{2}\d{2}")
_NO_RENEWAL = frozenset({"on", "by", "in", "until", "since", "before"})


def find(view: View) -> list[Found]:
    wanted = [kind for kind in _SIZES if _is_talked_of(view, kind)]
    found: list[Found] = []
    codes = find_codes(view) if wanted or "-" in view.text else []
    for code in codes:
        if _MBI.fullmatch(code.value) and not view.denied(code.first, code.last):
            found.append(Found(code.start, code.end, Kind.HEALTH_PLAN_ID, 0.96))
            continue
        for kind in wanted:
            sure = _sure(view, code, kind)
            if sure is not None:
                found.append(Found(code.start, code.end, kind, sure))
    return found


def _is_talked_of(view: View, kind: Kind) -> bool:
    if view.asked(kind) or (kind is Kind.HEALTH_PLAN_ID and view.health):
        return True
    return any(label.meaning is kind for label in view.labels)


def _sure(view: View, code: Code, kind: Kind) -> float | None:
    fewest, most = _SIZES[kind]
    count = len(code.value)
    digits = sum(character.isdigit() for character in code.value)
    verdict = view.verdict(code.first, code.last)
    partial = kind in verdict.meanings and verdict.partial
    if count > most or (count < fewest and not (partial and count >= 3)) or digits < 2:
        return None
    if _is_date_or_year(view, code):
        return None
    sure = view.sure(kind, code.first, code.last)
    return sure + 0.01 if sure is not None else None


def _is_date_or_year(view: View, code: Code) -> bool:
    value = view.text[code.start : code.end]
    if (
        value.count("/") == 2
        or re.fullmatch(r"\d{1,2}/\d{2,4}", value)
        or re.fullmatch(r"(?:19|20)\d\d", value)
    ):
        return True
    before = view.tokens[code.first - 1].low if code.first else ""
    return before in _NO_RENEWAL and value.isdigit() and len(value) < 6
