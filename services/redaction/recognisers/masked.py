"""The digits that a mask leaves readable: "xxx-xx-9481", "account ******2291"."""

import re

from services.redaction.entities import CHECKED, Found, Kind
from services.redaction.label_words import Other
from services.redaction.view import View

_MASKED = re.compile(r"(?<!\w)([xX*#•])\1+(?:[- ]?\1{2,})*[- ]?(\d{2,6})(?!\w)")
_SOCIAL = re.compile(r"[xX*#•]{3}[- ]?[xX*#•]{2}[- ]?\d{4}")
_PHONE = re.compile(r"([xX*#•])\1{2}[-. ]\1{3}[-. ]\d{4}")
_COUNTED = (Kind.CREDIT_CARD, Kind.BANK_ACCOUNT, Kind.PHONE, Kind.SSN, Kind.ROUTING_NUMBER)


def find(view: View) -> list[Found]:
    found: list[Found] = []
    for match in _MASKED.finditer(view.text):
        told = view.left(view.token_at(match.start())).meanings
        kinds = [kind for kind in _COUNTED if kind in told]
        if kinds:
            kind = kinds[0]
        elif _PHONE.fullmatch(match.group()):
            kind = Kind.PHONE
        elif Other.LOOKALIKE in told or Other.MEMBER in told:
            continue
        elif _SOCIAL.fullmatch(match.group()):
            kind = Kind.SSN
        else:
            meaning = view.resolved(Other.LAST_FOUR)
            if not isinstance(meaning, Kind) or len(match.group(2)) != 4:
                continue
            kind = meaning
        found.append(Found(match.start(2), match.end(2), kind, CHECKED + 0.01))
    return found
