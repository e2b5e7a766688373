"""Identifiers and attributes pass on unredacted, so the door keeps plain personal data out of them.

This is a guard against a customer's e-mail address or phone number used as an id, not a
recogniser of personal data: free text goes through redaction.
"""

import re

_E_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]+")
_PHONE = re.compile(r"\+\d(?:[\s().-]*\d){7,14}(?!\d)|\(\d{3}\)\s?\d{3}-\d{4}")
_SSN = re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)")
# Bare runs of digits are order numbers far more often than cards; grouped ones are not.
_CARD = re.compile(
    r"(?<!\d)\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}(?!\d)|(?<!\d)\d{4}([ -])\d{6}\2\d{5}(?!\d)"
)

_KINDS = (
    ("an e-mail address", _E_MAIL),
    ("a social security number", _SSN),
    ("a card number", _CARD),
    ("a phone number", _PHONE),
)


def personal_data_in(value: str) -> str | None:
    """Kind of personal data that `value` plainly holds ("an e-mail address"), or None."""
    for kind, pattern in _KINDS:
        if pattern.search(value):
            return kind
    return None
