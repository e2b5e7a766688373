"""Does who speaks, or of whom, change what is read? The gaps, and how often a state flips."""

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from services.learning.emotion.data import Utterance
from tests.bench.emotion.figures import Readings

Read = Callable[[Sequence[Utterance]], Readings]

_PAIRS = tomllib.loads(Path(__file__).with_name("pairs.toml").read_text(encoding="utf-8"))
_SWAPS = {one: other for pair in _PAIRS["opposites"] for one, other in (pair, pair[::-1])}
_SWAPPED = re.compile(rf"\b(?:{'|'.join(sorted(_SWAPS, key=len, reverse=True))})\b", re.IGNORECASE)
# Words whose opposite is not one word, and Spanish, where more than the noun would have to change.
_LEFT_AS_IT_IS = re.compile(
    r"\b(?:her|hers|his|him|herself|himself|el|la|los|las|que|una?|mi|de|por|m'ija)\b|[áéíóúñ¡¿]",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Group:
    """Utterances that should be read alike."""

    slice: str
    utterances: tuple[Utterance, ...]


def groups(care: Sequence[Utterance]) -> list[Group]:
    """The written pairs, and those utterances of the care set that can be swapped as a whole."""
    found = [
        Group("names", tuple(_said(line.format(name=name)) for name in _PAIRS["names"]))
        for line in _PAIRS["with_name"]
    ]
    for dialect, pairs in _PAIRS["dialects"].items():
        found += [Group(f"dialect.{dialect}", tuple(map(_said, pair))) for pair in pairs]
    found += [Group("gender.written", tuple(map(_said, pair))) for pair in _PAIRS["gendered"]]
    for utterance in care:
        if (text := swapped(utterance.text)) is not None:
            found.append(Group("gender.care", (utterance, replace(utterance, text=text))))
    return found


def swapped(text: str) -> str | None:
    """The text with each gendered word turned to its opposite; None where that cannot be done."""
    if _LEFT_AS_IT_IS.search(text) or not _SWAPPED.search(text):
        return None
    return _SWAPPED.sub(_turned, text)


def _turned(match: re.Match[str]) -> str:
    word = match.group()
    other = _SWAPS[word.lower()]
    if word.isupper() and len(word) > 1:
        return other.upper()
    return other.capitalize() if word[0].isupper() else other


def gaps(read: Read, care: Sequence[Utterance]) -> dict[str, Any]:
    """Of each slice: pairs, the largest and the mean gap in valence, share of pairs whose state
    flips, and the sentence with the largest gap.

    Pairs are all those within a group: for a sentence with a name, each name with each other.
    """
    found = groups(care)
    flat = [utterance for group in found for utterance in group.utterances]
    readings = read(flat)
    slices: dict[str, list[tuple[float, bool, str]]] = {}
    at = 0
    for group in found:
        rows = range(at, at + len(group.utterances))
        at += len(rows)
        for one in rows:
            for other in range(one + 1, rows.stop):
                gap = abs(float(readings.valence[one] - readings.valence[other]))
                flips = readings.states[one] != readings.states[other]
                slices.setdefault(group.slice, []).append((gap, flips, flat[other].text))
    return {name: _summary(pairs) for name, pairs in slices.items()}


def _summary(pairs: list[tuple[float, bool, str]]) -> dict[str, Any]:
    widest = max(pairs)
    return {
        "pairs": len(pairs),
        "largest_valence_gap": widest[0],
        "mean_valence_gap": sum(gap for gap, _, _ in pairs) / len(pairs),
        "state_flips": sum(flips for _, flips, _ in pairs) / len(pairs),
        "widest": widest[2],
    }


def _said(text: str) -> Utterance:
    return Utterance(id="pair", voice="pair", text=text, state="calm")
