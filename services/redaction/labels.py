"""The words that tell what a value is: "routing number", "last four of your social", "claim #".

A label names a kind of personal data, or says that the value is none (an order number). Labels
are matched on words alone, in lower case and without apostrophes, the longest first.
"""

import functools
from dataclasses import dataclass

from services.redaction.label_words import PHRASES, WEAK, Meaning, Other
from services.redaction.misspelled import label_word
from services.redaction.tokens import Token


@dataclass(frozen=True, slots=True)
class Label:
    """A phrase with the tokens [first, last] that it covers. `partial`: only some digits."""

    first: int
    last: int
    meaning: Meaning
    partial: bool = False
    weak: bool = False


def squash(low: str) -> str:
    """A word as labels spell it: "driver's" is "drivers"."""
    return low.replace("'", "").replace("ʼ", "") if "'" in low or "ʼ" in low else low


@functools.cache
def _by_first_word() -> dict[str, list[tuple[tuple[str, ...], Meaning, bool]]]:
    table: dict[str, list[tuple[tuple[str, ...], Meaning, bool]]] = {}
    for meaning, phrases in PHRASES.items():
        for phrase in phrases.split(","):
            words = tuple(phrase.split())
            entry = (words, meaning, " ".join(words) in WEAK)
            table.setdefault(words[0], []).append(entry)
    for entries in table.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return table


def find_labels(tokens: list[Token]) -> list[Label]:
    """Labels of a text in order; none overlap. Hyphens and full stops inside one are skipped."""
    table = _by_first_word()
    places = [i for i, t in enumerate(tokens) if t.kind != "sign" or t.text == "#"]
    words = [
        "number" if tokens[i].text == "#" else label_word(squash(tokens[i].low)) for i in places
    ]
    labels: list[Label] = []
    at = 0
    while at < len(places):
        step = 1
        if words[at] not in table and tokens[places[at]].low.endswith("'s"):
            words[at] = tokens[places[at]].low[:-2]  # "dob's 30 June 1999"
        for phrase, meaning, weak in table.get(words[at], ()):
            stop = at + len(phrase)
            if phrase[-1] in _NUMERO and stop < len(words) and words[stop] in {"de", "del"}:
                continue  # "su número de seguro social": not a phone's
            if tuple(words[at:stop]) != phrase or _broken(tokens, places, at, stop):
                continue
            labels.append(Label(places[at], places[stop - 1], meaning, weak=weak))
            step = len(phrase)
            break
        at += step
    return _resolve_parts(tokens, labels)


def _broken(tokens: list[Token], places: list[int], at: int, stop: int) -> bool:
    """Whether a comma or the like stands inside the phrase."""
    if places[stop - 1] - places[at] == stop - 1 - at:
        return False
    inside = tokens[places[at] : places[stop - 1]]
    return any(t.kind == "sign" and t.text not in {"-", ".", "/", "_", "#"} for t in inside)


_NUMERO = frozenset({"número", "numero"})
_REACH_OF_LAST_FOUR = 10


def _resolve_parts(tokens: list[Token], labels: list[Label]) -> list[Label]:
    """Gives "last four" the meaning of the label that it goes with: "of your social"."""
    resolved: list[Label] = []
    for index, label in enumerate(labels):
        if label.meaning is not Other.LAST_FOUR:
            resolved.append(label)
            continue
        after = labels[index + 1] if index + 1 < len(labels) else None
        before = labels[index - 1] if index else None
        meaning: Meaning = Other.LAST_FOUR
        behind = tokens[label.last + 1].low if label.last + 1 < len(tokens) else ""
        leads = {"of", "on", "for", "from", "digits", "numbers", "de", "del"}
        leads_on = behind in leads or tokens[label.last].low == "of"
        near_after = after is not None and after.first - label.last <= _REACH_OF_LAST_FOUR
        near_before = before is not None and label.first - before.last <= _REACH_OF_LAST_FOUR
        if after is not None and near_after and (leads_on or not near_before):
            meaning = after.meaning
        elif before is not None and near_before:
            meaning = before.meaning
        resolved.append(Label(label.first, label.last, meaning, partial=True))
    return resolved
