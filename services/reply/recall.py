"""Finds what was said, or could have been, that answers a question back. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from services.reply.vocabulary import terms

ENOUGH = 0.5
_LEAST_WEIGHT = 3.0
# A word that no article knows says little about which of their sentences is meant.
_MOST_WEIGHT = 3.5
Weigh = Callable[[str], float]


@dataclass(frozen=True)
class Recalled:
    """One or two sentences of one origin that together cover enough of a question."""

    sentences: tuple[str, ...]
    origin: str


def recall(
    question: str, candidates: Iterable[tuple[str, str]], language: str, weigh: Weigh
) -> Recalled | None:
    """The candidates (sentence, origin) that cover most of a question, None when too little is.

    `weigh` says how telling a term is. "So we both come in with ID?" finds the sentence about ID.
    """
    weights = {term: min(_MOST_WEIGHT, weigh(term)) for term in terms(question, language)}
    total = sum(weights.values())
    shared = [
        (frozenset(terms(text, language)) & weights.keys(), text, origin)
        for text, origin in candidates
    ]
    if not shared:
        return None

    def weight(common: frozenset[str]) -> float:
        return sum(weights[term] for term in common)

    common, text, origin = max(shared, key=lambda item: weight(item[0]))
    chosen = [text]
    if weight(common) < ENOUGH * total:
        others = [item for item in shared if item[2] == origin and item[1] != text]
        more = max(others, key=lambda item: weight(item[0] | common), default=None)
        if more is not None and weight(more[0] | common) > weight(common):
            common, chosen = more[0] | common, [text, more[1]]
    if weight(common) < max(_LEAST_WEIGHT, ENOUGH * total):
        return None
    return Recalled(tuple(chosen), origin)
