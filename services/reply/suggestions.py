"""Drafts for an agent: what the articles say to the customer's last message. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.reply.plain import language_of
from services.reply.search import FAIR, Search
from services.reply.turn import Source
from services.reply.understanding import industry_of

MOST = 3


@dataclass(frozen=True)
class Draft:
    """One text that an agent may send as it is, change, or ignore."""

    text: str
    sources: tuple[Source, ...]


def suggest(search: Search, texts: Sequence[str], industry: str) -> tuple[Draft, ...]:
    """At most three drafts, the best first; `texts` are the customer's, redacted, oldest first.

    A last message that says little by itself ("yes, that one") is read with the one before.
    """
    said = [text for text in texts if text.strip()]
    if not said:
        return ()
    language = language_of(said[-1], "", "")
    drafts: list[Draft] = []
    for query in (said[-1], " ".join(said[-2:])):
        matches = search.find(query, industry=industry_of(industry), language=language)
        for match in matches:
            article = match.article
            source = Source(f"article:{article.id}", article.title)
            draft = Draft(" ".join(article.answer), (source,))
            if match.score >= FAIR and draft not in drafts:
                drafts.append(draft)
        if drafts:
            break
    return tuple(drafts[:MOST])
