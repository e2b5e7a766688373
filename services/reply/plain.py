"""Brings what people type to a plain form that patterns can rely on. Pure."""

import re
import unicodedata
from functools import lru_cache

from services.reply.words import word_map, word_set

PLACEHOLDER = re.compile(r"\[[A-Z][A-Z_]*_[0-9]+\]", re.IGNORECASE)

_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "—": " - "})
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"(?<![\w\['-])[a-z']+(?![\w-])")
_SHORT = word_map("short_forms")
_DIGIT_WORDS = {
    "zero": "0", "oh": "0", "o": "0", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "cero": "0", "uno": "1",
    "dos": "2", "tres": "3", "cuatro": "4", "cinco": "5", "seis": "6", "siete": "7",
    "ocho": "8", "nueve": "9",
}  # fmt: skip
# Four spoken digits or more are a number being read out; fewer may be a count.
_SPOKEN = re.compile(
    rf"\b(?:{'|'.join(_DIGIT_WORDS)})(?:[\s,-]+(?:{'|'.join(_DIGIT_WORDS)})){{3,}}\b"
)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+|(?<=[a-z])\s+-\s+(?=[a-z])")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Lower case, no accents, straight quotes, common short forms spelled out, one space apart.

    Placeholders keep their brackets ("[person_1]"); digits read out become digits.
    """
    lowered = unicodedata.normalize("NFKD", text.translate(_QUOTES).lower())
    lowered = "".join(c for c in lowered if not unicodedata.combining(c))
    lowered = _STRETCHED.sub(r"\1", lowered).replace("e-mail", "email").replace("wi-fi", "wifi")
    lowered = _WORD.sub(lambda m: _SHORT.get(m.group(), m.group()), lowered)
    lowered = _SPOKEN.sub(_digits, lowered)
    return _SPACE.sub(" ", lowered).strip()


def _digits(match: re.Match[str]) -> str:
    return "".join(_DIGIT_WORDS[word] for word in re.findall(r"[a-z]+", match.group()))


def sentences(text: str) -> list[str]:
    """The sentences of a plain text, in order, without empty ones."""
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]


def without_placeholders(text: str) -> str:
    """The text with its placeholders taken out."""
    return _SPACE.sub(" ", PLACEHOLDER.sub(" ", text)).strip()


def prepared(text: str) -> str:
    """A text in the form that is encoded: plain and without placeholders."""
    return without_placeholders(plain(text))


_SPANISH, _ENGLISH = word_set("marks_es"), word_set("marks_en")


def language_of(text: str, stated: str, before: str) -> str:
    """ "es" or "en": what the words say, else what the sender stated, else what it was before.

    `stated` is BCP 47 or empty, `before` the conversation's language so far or empty.
    """
    words = re.findall(r"[a-z]+", plain(text))
    spanish = sum(word in _SPANISH for word in words)
    english = sum(word in _ENGLISH for word in words)
    marks = sum(text.count(mark) for mark in "¿¡ñ")
    spanish += 2 * marks
    if spanish > english and spanish >= 2:
        return "es"
    if english > spanish and (english >= 2 or not before):
        return "en"
    if before:
        return before
    if spanish and not english:
        return "es"
    return "es" if stated.lower().startswith("es") else "en"
