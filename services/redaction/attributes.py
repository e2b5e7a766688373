"""Attributes that a sender puts beside a message: their values are redacted as texts are."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from services.redaction.allowed import Allowed
from services.redaction.conversation import read_turn
from services.redaction.entities import Author
from services.redaction.memory import Memory
from services.redaction.placeholders import Numbered, number, replace_spans


def redact_attributes(
    attributes: Mapping[str, str],
    memory: Memory,
    allowed: Allowed,
    fingerprint: Callable[[str], str],
) -> tuple[dict[str, str], tuple[Numbered, ...], Memory]:
    """Values with placeholders, what was replaced, and the memory with their numbers.

    A name ("customer_phone") is read as a label of its value; one that holds personal data
    itself is left out with its value. Questions and unfinished values of the conversation are
    neither used nor changed.
    """
    safe: dict[str, str] = {}
    values: list[Numbered] = []
    numbers = memory
    for name in sorted(attributes):
        label = name.replace("_", " ").replace("-", " ") + ": "
        line = label + attributes[name]
        start = Memory(people=numbers.people, values=numbers.values, counts=numbers.counts)
        reading = read_turn(line, Author.CUSTOMER, start, allowed, fingerprint)
        numbered, after = number(line, reading, fingerprint)
        numbers = Memory(people=after.people, values=after.values, counts=after.counts)
        values.extend(numbered)
        if any(each.found.start < len(label) for each in numbered):
            continue
        safe[name] = replace_spans(line, numbered)[0][len(label) :]
    kept = replace(memory, people=numbers.people, values=numbers.values, counts=numbers.counts)
    return safe, tuple(values), kept
