"""Identifiers that are personal data themselves: an e-mail address or a phone number as an id."""

import re

from services.redaction.recognisers.card import is_card

_E_MAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}")
_PHONE = re.compile(r"\+\d[\d\s().-]{6,20}|1[2-9]\d{2}[2-9]\d{6}|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}")
_SSN = re.compile(r"\d{3}-\d{2}-\d{4}")


def is_personal(identifier: str) -> bool:
    """Whether an id is plainly personal. Bare digits of other lengths are a system's own ids."""
    value = identifier.strip().removeprefix("tel:").removeprefix("mailto:")
    if any(pattern.fullmatch(value) for pattern in (_E_MAIL, _PHONE, _SSN)):
        return True
    digits = value.replace("-", "").replace(" ", "")
    return digits.isascii() and digits.isdecimal() and is_card(digits)
