"""Which words carried the state: each is left out in turn, and what its absence changes is its weight.

Occlusion (Zeiler & Fergus, ECCV 2014; of words: Li, Monroe & Jurafsky, arXiv 1612.08220). It asks
the very reader that is explained, cues and rules included, and needs nothing of the network. What it
cannot see: two words of which either would do have little weight each. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

MOST_WORDS, SPANS = 48, 16
"""So many words are left out one by one; a longer text, of which each reading takes longer too, is
cut into so many spans of several words."""

# Scripts that are written without spaces are taken sign by sign.
_WORD = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u0e00-\u0e7f]|[^\\s\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u0e00-\u0e7f]+"
)


class Read(Protocol):
    """A reading, as far as it is explained."""

    @property
    def state(self) -> str: ...

    @property
    def states(self) -> Mapping[str, float]: ...


@dataclass(frozen=True, slots=True)
class Span:
    """Words of the text from code point `start` to `end`; `weight` from -1 to 1."""

    text: str
    start: int
    end: int
    weight: float


def explain(text: str, reading: Read, read: Callable[[str], Read]) -> list[Span]:
    """Weights of the words of `text` for the state of its `reading`, in their order.

    `read` is called at most MOST_WORDS times. A text without words has no explanation.
    """
    spans = []
    for start, end in _places(text):
        without = read(text[:start] + text[end:])
        weight = reading.states[reading.state] - without.states[reading.state]
        spans.append(Span(text[start:end], start, end, weight))
    return spans


def _places(text: str) -> list[tuple[int, int]]:
    words = [found.span() for found in _WORD.finditer(text)]
    size = 1 if len(words) <= MOST_WORDS else -(-len(words) // SPANS)
    groups = [words[first : first + size] for first in range(0, len(words), size)]
    return [(group[0][0], group[-1][1]) for group in groups]
