"""Finds the article that answers a question, or says that there is none. Pure.

Hybrid: the words in common, weighted by how telling they are (inverse document frequency, BM25's
by Robertson & Zaragoza 2009, over a `bm25s` index), and the closeness of sentence vectors
(Sentence-BERT, Reimers & Gurevych 2019) to the questions that each article says it answers.
A question that is close to none of them is out of scope.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import bm25s
import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from services.reply.knowledge import GENERAL, Article
from services.reply.plain import plain, sentences, without_placeholders
from services.reply.vocabulary import WEAK, terms

Embed = Callable[[str], NDArray[np.float32]]

# Calibrated on questions in and out of scope: tests/unit/reply/test_search.py.
GOOD = 0.50
FAIR = 0.42

_REPEATS = (("title", 2), ("issue", 1), ("keywords", 2), ("questions", 2), ("answer", 1))
# How telling a term is that no article says.
UNKNOWN = 5.0
_WEAK = 0.35
_MOST_CLAUSES = 2
_MOST_WEIGHED = 16
_WORDS_LIKELY = 0.8
_UNLIKELY = 0.05
_PART = 0.75
_OWN_INDUSTRY = 0.05
# Words alone score lower than words and meaning do for the same fit.
_WORDS_ALONE = 1.2


@dataclass(frozen=True)
class Match:
    """An article with how well it answers, 0 to 1, and the two scores that this came from."""

    article: Article
    score: float
    meaning: float
    words: float


@dataclass(frozen=True)
class _Entry:
    article: Article
    strong: frozenset[str]
    body: frozenset[str]
    questions: tuple[frozenset[str], ...]


class _Index:
    """The articles of one language."""

    def __init__(self, articles: Sequence[Article], language: str, embed: Embed | None) -> None:
        self.language = language
        self.entries = [_entry(article, language) for article in articles]
        corpus = [_document(article, language) for article in articles]
        self._bm25 = bm25s.BM25(k1=1.2, b=0.5)
        self._bm25.index(corpus, show_progress=False)
        self._idf = _idf(corpus)
        self._by_letter: dict[str, list[str]] = {}
        for word in sorted(self._idf):
            if len(word) >= 4:
                self._by_letter.setdefault(word[0], []).append(word)
        self._corrections: dict[str, str] = {}
        asked = [_asked(article) for article in articles]
        self._starts = np.cumsum([0, *(len(texts) for texts in asked[:-1])])
        vectors = [embed(text) for texts in asked for text in texts] if embed else []
        self._vectors = np.stack(vectors) if vectors else None

    def weight(self, term: str) -> float:
        """How telling a term is."""
        return self._idf.get(term, UNKNOWN) * (_WEAK if term in WEAK else 1.0)

    def knows(self, term: str) -> bool:
        """Whether any article says the term."""
        return term in self._idf

    def bm25(self, query: Sequence[str]) -> NDArray[np.float32]:
        """BM25 of each entry, scaled to at most one."""
        known = [term for term in query if term in self._idf]
        if not known:
            return np.zeros(len(self.entries), dtype=np.float32)
        scores: NDArray[np.float32] = self._bm25.get_scores(known)
        best = float(scores.max())
        return scores / best if best > 0 else scores

    def meaning(self, vector: NDArray[np.float32] | None) -> NDArray[np.float32]:
        """Cosine of each entry's closest question; zeros without an encoder."""
        if self._vectors is None or vector is None:
            return np.zeros(len(self.entries), dtype=np.float32)
        # Not by BLAS: its threads cost more than they give for so small a product.
        cosines = np.einsum("ij,j->i", self._vectors, vector)
        closest: NDArray[np.float32] = np.maximum.reduceat(cosines, self._starts)
        return closest

    def corrected(self, query: Sequence[str]) -> tuple[str, ...]:
        """Unknown terms replaced by a known one that is a single slip of the finger away."""
        return tuple(term if term in self._idf else self._correct(term) for term in query)

    def _correct(self, term: str) -> str:
        if len(term) < 5:
            return term
        if term not in self._corrections:
            found = process.extractOne(
                term,
                self._by_letter.get(term[0], []),
                scorer=DamerauLevenshtein.distance,
                score_cutoff=1,
            )
            if len(self._corrections) > 10_000:
                self._corrections.clear()
            self._corrections[term] = found[0] if found else term
        return self._corrections[term]


class Search:
    """Search over the articles of all languages and industries."""

    def __init__(self, articles: Iterable[Article], embed: Embed | None = None) -> None:
        """`embed` gives sentence vectors of length one; without it words alone decide."""
        articles = tuple(articles)
        self.articles = {article.id: article for article in articles}
        self.embed = embed
        self._indexes = {
            # The encoder knows English only.
            language: _Index(
                [a for a in articles if a.language == language],
                language,
                embed if language == "en" else None,
            )
            for language in sorted({article.language for article in articles})
        }

    def find(self, text: str, *, industry: str = "", language: str = "en") -> list[Match]:
        """The best matches, best first, at most five, from the industry and the general ones."""
        index = self._indexes.get(language)
        if index is None:
            return []
        whole, parts = _clauses(text, index)
        best = {match.article.id: match for match in self._matches(index, whole, industry)}
        if parts:
            # A sentence may say it all, yet one that fits only by itself is worth less.
            overall = {name: match.score for name, match in best.items()}
            for part in parts:
                for match in self._matches(index, part, industry):
                    score = _PART * match.score + (1 - _PART) * overall.get(match.article.id, 0.0)
                    known = best.get(match.article.id)
                    if known is None or score > known.score:
                        best[match.article.id] = replace(match, score=score)
        return sorted(best.values(), key=lambda m: (-m.score, m.article.id))[:5]

    def weigher(self, language: str) -> Callable[[str], float]:
        """How telling a term is, in a language."""
        index = self._indexes.get(language)
        return index.weight if index is not None else lambda _: 1.0

    def _matches(self, index: _Index, clause: str, industry: str) -> list[Match]:
        query = index.corrected(terms(clause, index.language))
        semantic = self.embed is not None and index.language == "en" and bool(clause)
        if not query and not semantic:
            return []
        meaning = index.meaning(self.embed(clause) if semantic and self.embed else None)
        bm25 = index.bm25(query)
        likely = np.maximum(meaning, bm25 * _WORDS_LIKELY)
        allowed = [
            i
            for i in np.argsort(-likely, kind="stable").tolist()
            if likely[i] > _UNLIKELY and index.entries[i].article.industry in (industry, GENERAL)
        ]
        found = []
        for i in allowed[:_MOST_WEIGHED]:
            entry = index.entries[i]
            words = _words(index, entry, query)
            score = 0.7 * float(meaning[i]) + 0.3 * words + 0.05 * float(bm25[i])
            if not semantic:
                score = min(1.0, words * _WORDS_ALONE)
            if entry.article.industry == industry:
                score += _OWN_INDUSTRY
            found.append(Match(entry.article, min(1.0, score), float(meaning[i]), words))
        return found


def texts_to_encode(articles: Iterable[Article]) -> list[str]:
    """The texts whose vectors a Search needs."""
    return [text for a in articles if a.language == "en" for text in _asked(a)]


def _asked(article: Article) -> list[str]:
    return [plain(text) for text in (article.title, *article.questions)]


def _clauses(text: str, index: _Index) -> tuple[str, list[str]]:
    """The whole text without placeholders, and its most telling sentences when it has several."""
    whole = without_placeholders(plain(text))
    parts = sentences(whole)
    if len(parts) < 2:
        return whole, []

    def telling(part: str) -> float:
        known = (term for term in terms(part, index.language) if index.knows(term))
        return -sum(index.weight(term) for term in known)

    return whole, sorted(parts, key=telling)[:_MOST_CLAUSES]


def _words(index: _Index, entry: _Entry, query: Sequence[str]) -> float:
    wanted = frozenset(query)
    total = sum(index.weight(term) for term in wanted)
    strong = sum(index.weight(term) for term in wanted & entry.strong)
    body = sum(index.weight(term) for term in (wanted & entry.body) - entry.strong)
    covered = (strong + 0.6 * body) / total if total else 0.0
    alike = max((_alike(index, wanted, question) for question in entry.questions), default=0.0)
    # One common word covers a question of one word; it takes weight to be sure.
    sure = min(1.0, (strong + 0.5 * body) / 4.0)
    return (0.5 * covered + 0.5 * alike) * (0.55 + 0.45 * sure)


def _alike(index: _Index, wanted: frozenset[str], question: frozenset[str]) -> float:
    """Overlap of two questions by weight (Dice), 0 to 1."""
    both = 2 * sum(index.weight(term) for term in wanted & question)
    total = sum(map(index.weight, wanted)) + sum(map(index.weight, question))
    return both / total if total else 0.0


def _entry(article: Article, language: str) -> _Entry:
    strong = (article.title, article.issue, *article.keywords, *article.questions)
    body = (sentence for passage in article.passages() for sentence in passage)
    return _Entry(
        article,
        frozenset(term for part in strong for term in terms(part, language)),
        frozenset(term for part in body for term in terms(part, language)),
        tuple(frozenset(terms(question, language)) for question in article.questions),
    )


def _document(article: Article, language: str) -> list[str]:
    document: list[str] = []
    for field, times in _REPEATS:
        value = getattr(article, field)
        for part in (value,) if isinstance(value, str) else value:
            document += list(terms(part, language)) * times
    return document


def _idf(corpus: Sequence[Sequence[str]]) -> dict[str, float]:
    counts: dict[str, int] = {}
    for document in corpus:
        for term in set(document):
            counts[term] = counts.get(term, 0) + 1
    size = len(corpus)
    return {term: float(np.log(1 + (size - n + 0.5) / (n + 0.5))) for term, n in counts.items()}
