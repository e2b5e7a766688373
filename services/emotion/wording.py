"""A customer's text as the pure readers see it: bounded, plain, one way of writing each sign."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 3000
"""Characters that are read; of a longer text, this many in two halves, from its two ends."""

_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff]"
)
_PLACEHOLDER = re.compile(r"\[([A-Z][A-Z_]{1,30})_\d{1,4}\]")
_SPOKEN = {
    "PERSON": "[NAME]",
    "EMAIL": "my email",
    "PHONE": "the number",
    "ADDRESS": "the address",
    "PASSWORD": "the password",
    "DATE_OF_BIRTH": "the date",
}
_SIGNS = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "…": "...", "—": " - ", "–": "-"}
)
_SPACES = re.compile(r"[ \t\r\f\v]+")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"}
)
_LEET_WORD = re.compile(r"\b(?=\w*[a-z])(?=[\w$@]*[013457$@])[a-z013457$@]{3,20}\b")
_FILLER = re.compile(r"\b(?:u+h+|u+m+|e+r+m*|h+m+)\b[, ]*", re.IGNORECASE)
_STUTTER = re.compile(r"\b(\w+(?: \w+)?)(?: \1\b)+", re.IGNORECASE)


def plain(text: str) -> str:
    """The text in NFKC without invisible characters, placeholders named, at most LONGEST long.

    Never fails; an empty or invisible text gives "". Capitals and punctuation are kept.
    """
    if len(text) > LONGEST:
        half = LONGEST // 2
        text = f"{text[: half - 1]} {text[-half:]}"
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text.replace("\x00", " ")))
    text = text[:LONGEST].translate(_SIGNS)
    text = _PLACEHOLDER.sub(lambda found: _SPOKEN.get(found[1], "the number"), text)
    return _SPACES.sub(" ", text).strip()


def folded(text: str) -> str:
    """`plain` text as the patterns read it: lower case, "soooo" as "soo", "st0p" as "stop"."""
    low = _DRAWN_OUT.sub(r"\1\1", text.lower())
    return _LEET_WORD.sub(lambda word: _unleet(word[0]), low)


def spoken(text: str) -> str:
    """`folded` text without the fillers and repeats of speech: "i i just uh i" is "i just i"."""
    return _STUTTER.sub(r"\1", _FILLER.sub("", text)).strip()


def clauses(text: str) -> list[str]:
    """Pieces between full stops, commas, dashes and line ends, without their signs."""
    return [piece for raw in re.split(r"[.!?,;:\n]+| - ", text) if (piece := raw.strip(" \"'()*-"))]


def _unleet(word: str) -> str:
    """Reads digits as letters only where letters prevail: "h3lp" but not "20gb" or "b4"."""
    digits = sum(sign in "013457" for sign in word)
    letters = sum(sign.isalpha() for sign in word)
    ordinal = re.fullmatch(r"\d+[a-z]{1,4}|[a-z]{1,4}\d+", word)
    return word if ordinal or letters <= digits else word.translate(_LEET)
