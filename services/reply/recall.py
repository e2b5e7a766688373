"""Finds what was said, or could have been, that answers a question back. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from services.reply.search import UNKNOWN
from services.reply.vocabulary import terms

ENOUGH = 0.5
_LEAST_WEIGHT = 3.0
# What a short question about "it" asks for, and how a sentence looks that tells it.
_KINDS = (
    (
        re.compile(
            r"\bhow (?:long|soon|fast|many (?:days|hours|weeks))\b|\bcuanto (?:tarda|tiempo)\b"
        ),
        re.compile(
            r"\d.{0,20}\b(?:days?|hours?|minutes?|weeks?|months?|dias?|horas?|semanas?)\b", re.I
        ),
    ),
    (
        re.compile(r"\bhow much\b|\bcosts?\b|\bprice\b|\bcuanto (?:cuesta|es|vale)\b"),
        re.compile(
            r"\$\d|\bprices?\b|\bfree\b|\bno (?:extra )?(?:fee|charge|cost)\b|\bgratis\b", re.I
        ),
    ),
    (
        re.compile(
            r"\b(?:get|bring|make|keep) (?:it|that|this) (?:down|lower|cheaper)\b|\bpay less\b"
        ),
        re.compile(r"\b(?:down|lower|cheaper|less)\b", re.I),
    ),
)
# Tells what takes its time or costs, rather than what the reader may do.
_TELLS = re.compile(
    r"\b(?:takes?|comes?|arrives?|shows? up|answers?|ready|costs?|is|brings?)\b", re.I
)
_POINTS_BACK = re.compile(r"\b(?:that|it|this|they|those|these|one|eso|esto)\b|^\W*(?:and|y)\b")
_SHORT = 9
# A word that no article knows says little about which of their sentences is meant.
_MOST_WEIGHT = 3.5
_UNKNOWN_WEIGHT = 1.5
Weigh = Callable[[str], float]


def _weight(telling: float) -> float:
    return _UNKNOWN_WEIGHT if telling >= UNKNOWN else min(_MOST_WEIGHT, telling)


@dataclass(frozen=True)
class Recalled:
    """One or two sentences of one origin that together cover enough of a question."""

    sentences: tuple[str, ...]
    origin: str


def of_kind(
    question: str, candidates: Iterable[tuple[str, str]], *, anyway: bool = False
) -> Recalled | None:
    """The sentence that tells how long or how much, for a short plain question about "it".

    `anyway` takes the question as one about it although it does not say so.
    """
    if len(question.split()) > _SHORT or not (anyway or _POINTS_BACK.search(question)):
        return None
    wanted = next((told for asked, told in _KINDS if asked.search(question)), None)
    if wanted is None:
        return None
    found = [(text, origin) for text, origin in candidates if wanted.search(text)]
    if not found:
        return None
    text, origin = max(found, key=lambda item: _TELLS.search(item[0]) is not None)
    return Recalled((text,), origin)


def recall(
    question: str,
    candidates: Iterable[tuple[str, str]],
    language: str,
    weigh: Weigh,
    *,
    enough: float = ENOUGH,
) -> Recalled | None:
    """The candidates (sentence, origin) that cover most of a question, None when too little is.

    `weigh` says how telling a term is. "So we both come in with ID?" finds the sentence about ID.
    """
    weights = {term: _weight(weigh(term)) for term in terms(question, language)}
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
    if weight(common) < enough * total:
        others = [item for item in shared if item[2] == origin and item[1] != text]
        more = max(others, key=lambda item: weight(item[0] | common), default=None)
        if more is not None and weight(more[0] | common) > weight(common):
            common, chosen = more[0] | common, [text, more[1]]
    if weight(common) < max(_LEAST_WEIGHT, enough * total):
        return None
    return Recalled(tuple(chosen), origin)
