"""What redaction remembers of a conversation: bounded, and a value of its own.

Where it holds personal data (words of names, the digits of a value still to be completed), the
handler stores it sealed; nothing of it is stored in clear.
"""

from dataclasses import dataclass

from services.redaction.entities import Kind
from services.redaction.label_words import Meaning
from services.redaction.view import Ask, Pending

MOST_PEOPLE = 40
MOST_VALUES = 200
MOST_WORDS = 60
MOST_TOPICS = 24


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who was named: the number of their placeholder and the words of their name."""

    number: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A value met before: its kind, its key (a fingerprint in the stream), its number."""

    kind: Kind
    key: str
    number: int


@dataclass(frozen=True, slots=True)
class Memory:
    """`asked_*` are open questions by the side that has to answer them.

    `answered_asks` are those that the customer answered last, `continuing` the kinds of what
    closed the customer's last message, whose rest may follow in the next, `unclaimed` its last
    digits when nothing told what they are.
    """

    asked_customer: tuple[Ask, ...] = ()
    asked_agent: tuple[Ask, ...] = ()
    turns_since_ask: int = 0
    answered: bool = False
    answered_asks: tuple[Ask, ...] = ()
    continuing: tuple[Kind, ...] = ()
    pending: Pending | None = None
    pending_number: int = 0
    topics: tuple[Meaning, ...] = ()
    people: tuple[Person, ...] = ()
    values: tuple[Value, ...] = ()
    counts: tuple[tuple[Kind, int], ...] = ()
    not_people: tuple[str, ...] = ()
    company: tuple[str, ...] = ()
    unclaimed: str = ""
