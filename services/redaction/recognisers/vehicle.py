"""Vehicles: the identification number (its check digit) and the plate."""

import re

from services.redaction.codes import code_at, find_codes
from services.redaction.entities import ASKED, CHECKED, LABELLED, SHAPED, Found, Kind
from services.redaction.label_words import Other
from services.redaction.recognisers.dates import MONTHS
from services.redaction.tokens import word_set
from services.redaction.view import View

_VIN = re.compile(r"(?<![A-Za-z0-9])[A-HJ-NPR-Za-hj-npr-z0-9]{17}(?![A-Za-z0-9])")
# ISO 3779 and 49 CFR 565: letters stand for digits, the ninth place checks the others.
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
_CONNECT = word_set(
    """
    is its it's number no my the : # are says reads uh um es de la on car sure ok yes plate vin
    - it
    """
)


def has_vin_check(value: str) -> bool:
    """Whether the ninth character of a 17-character number checks the others."""
    upper = value.upper()
    total = sum(
        int(_VALUES.get(character, character)) * weight
        for character, weight in zip(upper, _WEIGHTS, strict=True)
    )
    return upper[8] == "0123456789X"[total % 11]


def find(view: View) -> list[Found]:
    found: list[Found] = []
    for match in _VIN.finditer(view.text):
        value = match.group()
        if value.isdigit() or value.isalpha():
            continue
        first = view.token_at(match.start())
        verdict = view.left(first)
        if Kind.VEHICLE_ID in verdict.meanings or view.asked(Kind.VEHICLE_ID):
            found.append(Found(match.start(), match.end(), Kind.VEHICLE_ID, CHECKED + 0.03))
        elif has_vin_check(value) and not (Other.LOOKALIKE in verdict.meanings and verdict.near):
            found.append(Found(match.start(), match.end(), Kind.VEHICLE_ID, CHECKED + 0.02))
    labelled = [label for label in view.labels if label.meaning is Kind.VEHICLE_ID]
    if not labelled and not view.asked(Kind.VEHICLE_ID):
        return found
    for code in find_codes(view):
        if view.tokens[code.first].low in MONTHS:
            continue
        verdict = view.verdict(code.first, code.last)
        fewest = 3 if verdict.partial else 4
        if not fewest <= len(code.value) <= 17:
            continue
        if Kind.VEHICLE_ID in verdict.meanings and (verdict.near or code.mixed):
            found.append(Found(code.start, code.end, Kind.VEHICLE_ID, LABELLED + 0.08))
        elif view.asked(Kind.VEHICLE_ID) and not verdict.meanings:
            found.append(Found(code.start, code.end, Kind.VEHICLE_ID, ASKED + 0.01))
    for label in labelled:
        letters = _letters_only(view, label.last + 1)
        if letters is not None:
            found.append(letters)
    return found


def _letters_only(view: View, at: int) -> Found | None:
    """A plate of letters alone ("plate GOTRIBE"), in capitals."""
    tokens = view.tokens
    while at < len(tokens) and tokens[at].low in _CONNECT:
        at += 1
    if at >= len(tokens) or not tokens[at].word:
        return None
    token = tokens[at]
    if token.text.isupper() and 4 <= len(token.text) <= 8 and code_at(view, at) is None:
        return Found(token.start, token.end, Kind.VEHICLE_ID, SHAPED)
    return None
