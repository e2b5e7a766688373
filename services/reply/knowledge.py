"""Knowledge articles: Markdown with YAML front matter, checked when they are loaded. Pure.

    knowledge/<industry>/<name>.md

The first paragraph is the answer (one to four sentences that a good agent would say), further
paragraphs are what to add when the customer asks on, and a section "## Steps" holds a numbered
list for those who are confused.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import frontmatter
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

FOLDER = Path(__file__).parent / "knowledge"
GENERAL = "general"
INDUSTRIES = (
    "retail",
    "airline",
    "bank",
    "telecom",
    "insurance",
    "utilities",
    "health",
    "travel",
    "software",
)

_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?<!a\.m\.)(?<!p\.m\.)(?<!a\. m\.)(?<!p\. m\.)\s+(?=[A-Z¿¡\"])"
)
_STEP = re.compile(r"^\d+\.\s+")
_Words = Annotated[str, Field(min_length=2, max_length=120)]


class KnowledgeError(ValueError):
    """An article that cannot be used; the message names its file and field."""


class _FrontMatter(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: _Words
    industry: Literal[
        "general",
        "retail",
        "airline",
        "bank",
        "telecom",
        "insurance",
        "utilities",
        "health",
        "travel",
        "software",
    ]
    language: Literal["en", "es"] = "en"
    issue: _Words
    intents: tuple[_Words, ...] = ()
    keywords: tuple[_Words, ...] = Field(min_length=1)
    questions: tuple[_Words, ...] = Field(min_length=1)
    person_next: bool = False


@dataclass(frozen=True)
class Article:
    """One article. `answer` and each of `more` are tuples of sentences.

    `issue` names in the second person what it is about ("your refund"). After an article with
    `person_next`, a question that it does not answer is for a person at once.
    """

    id: str
    title: str
    industry: str
    language: str
    issue: str
    intents: tuple[str, ...]
    keywords: tuple[str, ...]
    questions: tuple[str, ...]
    person_next: bool
    answer: tuple[str, ...]
    more: tuple[tuple[str, ...], ...]
    steps: tuple[str, ...]

    def passages(self) -> tuple[tuple[str, ...], ...]:
        """The answer and what may be added, in order."""
        return (self.answer, *self.more)


def load(folder: Path = FOLDER) -> tuple[Article, ...]:
    """All articles of a folder by path; KnowledgeError for the first that is wrong."""
    paths = sorted(folder.glob("*/*.md"))
    if not paths:
        raise KnowledgeError(f"{folder}: no articles")
    articles = tuple(_read(path, path.relative_to(folder).as_posix()) for path in paths)
    _check_unique(articles)
    return articles


def _read(path: Path, name: str) -> Article:
    try:
        post = frontmatter.loads(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{name}: front matter: {type(error).__name__}") from error
    try:
        head = _FrontMatter.model_validate(post.metadata)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "front matter"
        raise KnowledgeError(f"{name}: {field}: {first['msg']}") from error
    if head.industry != path.parent.name:
        raise KnowledgeError(f"{name}: industry: is {head.industry}, the folder says otherwise")
    answer, more, steps = _body(post.content, name)
    return Article(**head.model_dump(), answer=answer, more=more, steps=steps)


def _body(
    text: str, name: str
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[str, ...]]:
    prose, heading, listed = text.partition("## Steps")
    paragraphs = tuple(split_sentences(part) for part in prose.split("\n\n") if part.strip())
    if not paragraphs:
        raise KnowledgeError(f"{name}: answer: is empty")
    if len(paragraphs[0]) > 4:
        raise KnowledgeError(f"{name}: answer: has {len(paragraphs[0])} sentences, at most 4")
    lines = [line.strip() for line in listed.splitlines() if line.strip()]
    if heading and len(lines) < 2:
        raise KnowledgeError(f"{name}: steps: needs at least two")
    if not all(_STEP.match(line) for line in lines):
        raise KnowledgeError(f"{name}: steps: each line begins with its number")
    return paragraphs[0], paragraphs[1:], tuple(_STEP.sub("", line) for line in lines)


def split_sentences(text: str) -> tuple[str, ...]:
    """The sentences of one paragraph; "9 a.m. Eastern" is not split."""
    return tuple(_SENTENCE_END.split(" ".join(text.split())))


def _check_unique(articles: Iterable[Article]) -> None:
    seen: set[str] = set()
    for article in articles:
        if article.id in seen:
            raise KnowledgeError(f"{article.industry}: id: {article.id} is used twice")
        seen.add(article.id)
