"""What makes two values the same, however each was written or spoken."""

import re

from services.redaction.entities import Kind
from services.redaction.numbers import NUMBER_WORDS
from services.redaction.recognisers.dates import find_dates
from services.redaction.recognisers.person_tokens import core
from services.redaction.tokens import tokenise
from services.redaction.view import View

_LETTER_AS_IN = re.compile(r"\b([^\W\d_]) (?:as in|for|like) [^\W\d_]+", re.IGNORECASE)
_DIGITS_ONLY = frozenset(
    {Kind.PHONE, Kind.SSN, Kind.CREDIT_CARD, Kind.CARD_EXPIRY, Kind.ROUTING_NUMBER}
)
_SPOKEN_SIGNS = {
    "dot": ".", "punto": ".", "period": ".", "point": ".", "at": "@", "arroba": "@",
    "underscore": "_", "dash": "-", "hyphen": "-", "minus": "-", "plus": "+",
}  # fmt: skip


def digits_of(text: str) -> str:
    """The digits of a value however it was written or spoken."""
    return "".join(atom.digits for run in View(text).runs for atom in run)


def name_words(value: str) -> tuple[str, ...]:
    """The words of a name in lower case; a spelled one is put together."""
    words = [core(token) for token in tokenise(_LETTER_AS_IN.sub(r"\1", value)) if token.word]
    if len(words) >= 3 and all(len(word) == 1 for word in words):
        return ("".join(words),)
    return tuple(word for word in words if len(word) > 1) or tuple(words)


def value_key(kind: Kind, value: str) -> str:
    """The value as it is compared: digits alone, or without case, spaces and punctuation."""
    if kind in _DIGITS_ONLY:
        digits = digits_of(value) if not value.isdecimal() else value
        if kind is Kind.PHONE and len(digits) == 11 and digits[0] == "1":
            digits = digits[1:]
        if digits:
            return f"{kind}:{digits}"
    if kind is Kind.DATE_OF_BIRTH:
        dates = find_dates(View(value))
        if dates and dates[0].year:
            return f"{kind}:{dates[0].year}-{dates[0].month}-{dates[0].day}"
    if kind is Kind.EMAIL:
        return f"{kind}:{_written_email(value)}"
    tokens = tokenise(value)
    if any(token.low in NUMBER_WORDS for token in tokens) and kind is not Kind.ADDRESS:
        digits = digits_of(value)
        letters = "".join(
            token.low for token in tokens if token.word and token.low not in NUMBER_WORDS
        )
        return f"{kind}:{letters}{digits}"
    return f"{kind}:{''.join(c for c in value.casefold() if c.isalnum())}"


def _written_email(value: str) -> str:
    """A spoken address as typed: "j dot smith at gmail dot com" is j.smith@gmail.com."""
    pieces: list[str] = []
    for token in tokenise(value):
        if token.low in _SPOKEN_SIGNS:
            pieces.append(_SPOKEN_SIGNS[token.low])
        elif token.low in NUMBER_WORDS:
            pieces.append(digits_of(token.text) or token.low)
        elif token.text not in "()[]{}":
            pieces.append(token.low)
    return "".join(pieces)
