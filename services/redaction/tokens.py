"""Cuts a text into words, digits and signs, each with its code points."""

import re
from dataclasses import dataclass

# Each branch consumes at least one character and none overlap, so the time is linear.
_TOKEN = re.compile(
    r"(?:[^\W\d_][\u0300-\u036f]*)+(?:['’ʼ](?:[^\W\d_][\u0300-\u036f]*)+)*"
    r"|\d+"
    r"|\n|\S"
)


def word_set(text: str) -> frozenset[str]:
    """The words of a text, for the tables of words that the recognisers go by."""
    return frozenset(text.split())


INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f")


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is "word", "digits" or "sign"; a line break is a sign."""

    text: str
    low: str
    start: int
    end: int
    kind: str

    @property
    def word(self) -> bool:
        return self.kind == "word"

    @property
    def digits(self) -> bool:
        return self.kind == "digits"


def tokenise(text: str) -> list[Token]:
    """Tokens in order of place; characters that cannot be seen are left out."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        piece = match.group()
        first = piece[0]
        if first in INVISIBLE:
            continue
        kind = "word" if first.isalpha() else "digits" if first.isdecimal() else "sign"
        tokens.append(
            Token(piece, piece.lower().replace("’", "'"), match.start(), match.end(), kind)
        )
    return tokens
