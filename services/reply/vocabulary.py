"""Turns text into the terms that search works on: stems, with synonyms brought together. Pure."""

import re
from functools import lru_cache

import Stemmer

from services.reply.plain import plain, without_placeholders
from services.reply.words import word_map, word_set

_STEMMERS = {"en": Stemmer.Stemmer("english"), "es": Stemmer.Stemmer("spanish")}
_STOP = {"en": word_set("stop_en"), "es": word_set("stop_es")}
_SYNONYMS = {"en": word_map("synonyms_en"), "es": word_map("synonyms_es")}
_WORD = re.compile(r"[a-z][a-z0-9']*|[#$]{2,}|[0-9]g")


@lru_cache(maxsize=8192)
def terms(text: str, language: str = "en") -> tuple[str, ...]:
    """Stemmed content words of a text, in order, repeats kept; placeholders are left out."""
    stop, synonyms = _STOP[language], _SYNONYMS[language]
    stem = _STEMMERS[language].stemWord
    found = []
    for word in _WORD.findall(without_placeholders(plain(text))):
        word = word.removesuffix("'s").strip("'")
        if word and word not in stop:
            found.append(stem(synonyms.get(word, word)))
    return tuple(found)


# Stems that say little about what is asked: people, places, work and other scenery of a story.
WEAK: frozenset[str] = frozenset(stem for word in word_set("weak") for stem in terms(word))
