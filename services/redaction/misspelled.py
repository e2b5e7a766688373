"""Reads slips of the finger in the words of labels: "passowrd", "accuont numbr", "soical"."""

import functools
from collections.abc import Iterator

from services.redaction import lexicon
from services.redaction.label_words import PHRASES

_SHORTEST = 5  # letters; in shorter words only two letters that changed places are forgiven
_LONGEST = 20
_TWO_SLIPS = 8  # letters from which on two slips are forgiven


@functools.cache
def _vocabulary() -> frozenset[str]:
    """All words of label phrases."""
    return frozenset(
        word for text in PHRASES.values() for phrase in text.split(",") for word in phrase.split()
    )


def _shortened(word: str, slips: int) -> set[str]:
    """The word with up to that many letters left out."""
    forms = {word}
    for _ in range(slips):
        forms |= {form[:i] + form[i + 1 :] for form in forms for i in range(len(form))}
    return forms


@functools.cache
def _by_shortened() -> dict[str, tuple[str, ...]]:
    """Label words by what is left of them when letters are left out (SymSpell, Garbe 2012)."""
    table: dict[str, list[str]] = {}
    for word in sorted(_vocabulary()):
        if len(word) < _SHORTEST or not word.isalpha():
            continue
        for form in _shortened(word, 2 if len(word) >= _TWO_SLIPS else 1):
            table.setdefault(form, []).append(word)
    return {form: tuple(words) for form, words in table.items()}


def _distance(a: str, b: str) -> int:
    """Optimal string alignment: letters left out, put in, mistaken or swapped with the next."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i in range(1, len(a) + 1):
        before, last, row = row, before, [i] + [0] * len(b)
        for j in range(1, len(b) + 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                row[j] = min(row[j], last[j - 2] + 1)
    return row[-1]


def _swapped(word: str) -> Iterator[str]:
    return (
        word[:i] + word[i + 1] + word[i] + word[i + 2 :]
        for i in range(1, len(word) - 1)
        if word[i] != word[i + 1]
    )


@functools.lru_cache(maxsize=20_000)
def label_word(low: str) -> str:
    """The label word that a lower-case word was meant to be; the word itself when it is none."""
    if (
        low in _vocabulary()
        or not 4 <= len(low) <= _LONGEST
        or not low.isalpha()
        or lexicon.is_ordinary(low)
        or lexicon.is_first_name(low)
    ):
        return low
    for swapped in _swapped(low):
        if swapped in _vocabulary():
            return swapped
    if len(low) < _SHORTEST or lexicon.is_surname(low):
        return low
    nearest = low
    least = 3
    for form in _shortened(low, 2 if len(low) >= _TWO_SLIPS - 1 else 1):
        for word in _by_shortened().get(form, ()):
            distance = _distance(low, word)
            allowed = 2 if min(len(low) + 1, len(word)) >= _TWO_SLIPS else 1
            # The first letter is hardly ever the one that slips.
            if distance <= allowed and distance < least and word[0] == low[0]:
                nearest, least = word, distance
    return nearest
