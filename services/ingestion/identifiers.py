"""Identifiers and attributes pass on unredacted, so the door keeps plain personal data out of them.

This is a guard against a customer's e-mail address or phone number used as an id, not a
recogniser of personal data: free text goes through redaction.
"""

import re

# Standing alone: within a longer id ("01234567-1234-4567-8901-234567abcdef") digits mean nothing.
_START, _END = r"(?<![0-9A-Za-z-])", r"(?![0-9A-Za-z-])"
_E_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]+")
_PHONE = re.compile(rf"{_START}(?:\+\d(?:[\s().-]*\d){{7,14}}|\(\d{{3}}\)\s?\d{{3}}-\d{{4}}){_END}")
_SSN = re.compile(rf"{_START}\d{{3}}-\d{{2}}-\d{{4}}{_END}")
# Bare runs of digits are order numbers far more often than cards; grouped ones are not.
_CARD = re.compile(
    rf"{_START}(?:\d{{4}}([ -])\d{{4}}\1\d{{4}}\1\d{{1,7}}|\d{{4}}([ -])\d{{6}}\2\d{{5}}){_END}"
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
