"""Reads texts with their personal data marked: "call {PHONE|415-555-0132}"."""

import re

from services.redaction.transcript import redact_transcript

_MARK = re.compile(r"\{([A-Z_]+)\|([^{}]*)\}")
Values = list[tuple[str, str]]


def unmark(marked: str) -> tuple[str, Values]:
    """The plain text, and (type, value) of each mark in order."""
    values = [(match[1], match[2]) for match in _MARK.finditer(marked)]
    return _MARK.sub(lambda match: match[2], marked), values


def found_in(*turns: tuple[str, str]) -> list[Values]:
    """(type, value) of what is found in each (author, text)."""
    redacted = redact_transcript([{"author": author, "text": text} for author, text in turns])
    return [
        [(span.type, text[span.start : span.end]) for span in done.entities]
        for (_, text), done in zip(turns, redacted, strict=True)
    ]


def check(*marked: str) -> None:
    """Asserts that exactly what is marked is found. Turns begin with "b: " (bot), "a: " (agent)
    or "c: " (customer)."""
    authors = {"a": "agent", "b": "bot", "c": "customer"}
    turns, wanted = [], []
    for line in marked:
        text, values = unmark(line[3:])
        turns.append((authors[line[0]], text))
        wanted.append(values)
    assert found_in(*turns) == wanted
