"""Redacts a whole conversation at once: the filter `rapport redact` and the benchmark."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.redaction.allowed import Allowed
from services.redaction.conversation import read_turn
from services.redaction.entities import Author
from services.redaction.memory import Memory
from services.redaction.placeholders import number, replace_spans
from services.redaction.view import TooTangled

WITHHELD = "[WITHHELD]"


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open code points of the original text, with the type's name."""

    start: int
    end: int
    type: str


@dataclass(frozen=True, slots=True)
class RedactedTurn:
    text: str
    entities: tuple[Span, ...]


def redact_transcript(
    turns: Iterable[Mapping[str, str]], allowed: Allowed | None = None
) -> list[RedactedTurn]:
    """Redacts turns of `author` (customer, agent, bot; customer when missing) and `text`.

    Reads the turns in order, each with what those before it tell, just as the stream does.
    A text that cannot be read is WITHHELD. Raises ValueError for an unknown author.
    """
    own = allowed or Allowed()
    memory = Memory()
    redacted: list[RedactedTurn] = []
    for turn in turns:
        text = turn["text"]
        author = Author(turn.get("author") or "customer")
        try:
            reading = read_turn(text, author, memory, own, str)
        except TooTangled:
            redacted.append(RedactedTurn(WITHHELD, ()))
            continue
        # The memory does not leave this function, so that values need no fingerprint.
        numbered, memory = number(text, reading, fingerprint=str)
        spans = tuple(Span(n.found.start, n.found.end, str(n.found.kind)) for n in numbered)
        redacted.append(RedactedTurn(replace_spans(text, numbered)[0], spans))
    return redacted
