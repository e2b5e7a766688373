"""Finds the sentence that was said, or could have been, which answers a question back. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from services.reply.vocabulary import terms

ENOUGH = 0.5
_LEAST_WEIGHT = 5.0
Weigh = Callable[[str], float]


@dataclass(frozen=True)
class Recalled:
    """A sentence with the share of the question that it covers, 0 to 1."""

    text: str
    origin: str
    covered: float


def recall(
    question: str, candidates: Iterable[tuple[str, str]], language: str, weigh: Weigh
) -> Recalled | None:
    """The candidate (text, origin) that covers most of a question, or None when none does enough.

    `weigh` says how telling a term is. "So we both come in with ID?" finds the sentence about ID.
    """
    wanted = frozenset(terms(question, language))
    total = sum(weigh(term) for term in wanted)
    best: Recalled | None = None
    for text, origin in candidates:
        both = sum(weigh(term) for term in wanted & frozenset(terms(text, language)))
        if both < _LEAST_WEIGHT or both < ENOUGH * total:
            continue
        if best is None or both / total > best.covered:
            best = Recalled(text, origin, both / total)
    return best
