"""What a tenant says is its own and stays readable: phones, e-mails, streets, brands, staff."""

from dataclasses import dataclass
from typing import Self

from services.redaction.entities import Kind


def _digits(text: str) -> str:
    found = "".join(character for character in text if character.isdigit())
    return found[1:] if len(found) == 11 and found[0] == "1" else found


def _folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


@dataclass(frozen=True, slots=True)
class Allowed:
    """Values that are the company's own, compared without case, spaces and punctuation."""

    digits: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    @classmethod
    def of(cls, values: list[str]) -> Self:
        """From values as a tenant writes them: "1-800-555-0100", "help@acme.example", "Ava"."""
        return cls(
            digits=frozenset(d for d in map(_digits, values) if len(d) >= 7),
            words=frozenset(filter(None, map(_folded, values))),
        )

    def covers(self, text: str, kind: Kind) -> bool:
        if not self.words:
            return False
        if kind is Kind.PHONE and _digits(text) in self.digits:
            return True
        return _folded(text) in self.words
