"""Gives each value its placeholder: typed, numbered, the same for the same value within a
conversation. Two people never share one; "Maria Lopez" and then "Maria" do."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from services.redaction.conversation import Reading
from services.redaction.entities import Found, Kind
from services.redaction.memory import MOST_PEOPLE, MOST_VALUES, Memory, Person, Value
from services.redaction.values import digits_of, name_words, value_key

PLACEHOLDER = re.compile(r"\[(" + "|".join(Kind) + r")_([1-9]\d{0,8})\]")
# What may not be kept, nor anything from which it could be worked out.
UNKEPT = frozenset({Kind.CVV, Kind.PASSWORD})


@dataclass(frozen=True, slots=True)
class Numbered:
    """A finding with its number and its whole value: the parts put together where it came in
    parts."""

    found: Found
    number: int
    value: str

    @property
    def placeholder(self) -> str:
        return f"[{self.found.kind}_{self.number}]"


def number(
    text: str, reading: Reading, fingerprint: Callable[[str], str]
) -> tuple[tuple[Numbered, ...], Memory]:
    """Numbers the findings of a turn. `fingerprint` turns a value into the key kept of it."""
    memory = reading.memory
    numbered: list[Numbered] = []
    before = reading.before
    for index, found in enumerate(reading.found):
        value = text[found.start : found.end]
        if index == reading.continues and before.pending is not None and before.pending_number:
            value = before.pending.digits + digits_of(value)
            numbered.append(Numbered(found, before.pending_number, value))
            memory = _kept(memory, found.kind, fingerprint(value_key(found.kind, value)),
                           before.pending_number)  # fmt: skip
            continue
        if found.kind is Kind.PERSON:
            given, memory = _person(memory, name_words(value))
        else:
            given, memory = _value(memory, found.kind, value, fingerprint)
        numbered.append(Numbered(found, given, value))
    pending_number = 0
    if memory.pending is not None:
        same = [n.number for n in numbered if n.found.kind is memory.pending.kind]
        pending_number = same[-1] if same else before.pending_number
    return tuple(numbered), replace(memory, pending_number=pending_number)


def _next_number(memory: Memory, kind: Kind) -> tuple[int, Memory]:
    counts = dict(memory.counts)
    counts[kind] = counts.get(kind, 0) + 1
    return counts[kind], replace(memory, counts=tuple(sorted(counts.items())))


def _person(memory: Memory, words: tuple[str, ...]) -> tuple[int, Memory]:
    wanted = set(words)
    exact = [each for each in memory.people if set(each.words) == wanted]
    part = [each for each in memory.people if wanted < set(each.words)]
    longer = [each for each in memory.people if set(each.words) < wanted]
    if exact:
        return exact[0].number, memory
    if len(part) == 1 and not longer:
        return part[0].number, memory
    if len(longer) == 1 and not part:
        # "Maria", and later "Maria Lopez": the fuller name is kept.
        grown = Person(longer[0].number, words)
        people = tuple(grown if each is longer[0] else each for each in memory.people)
        return grown.number, replace(memory, people=people)
    given, memory = _next_number(memory, Kind.PERSON)
    people = (*memory.people, Person(given, words))[-MOST_PEOPLE:]
    return given, replace(memory, people=people)


def _value(
    memory: Memory, kind: Kind, value: str, fingerprint: Callable[[str], str]
) -> tuple[int, Memory]:
    if kind in UNKEPT:
        return _next_number(memory, kind)
    key = fingerprint(value_key(kind, value))
    for known in memory.values:
        if known.kind is kind and known.key == key:
            return known.number, memory
    given, memory = _next_number(memory, kind)
    return given, _kept(memory, kind, key, given)


def _kept(memory: Memory, kind: Kind, key: str, given: int) -> Memory:
    if any(known.kind is kind and known.key == key for known in memory.values):
        return memory
    values = (*memory.values, Value(kind, key, given))[-MOST_VALUES:]
    return replace(memory, values=values)


def replace_spans(text: str, numbered: tuple[Numbered, ...]) -> tuple[str, list[tuple[int, int]]]:
    """The text with placeholders, and where each placeholder stands in it."""
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    done = length = 0
    for each in numbered:
        kept = text[done : each.found.start]
        pieces.extend((kept, each.placeholder))
        begun = length + len(kept)
        length = begun + len(each.placeholder)
        places.append((begun, length))
        done = each.found.end
    pieces.append(text[done:])
    return "".join(pieces), places
