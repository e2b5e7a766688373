"""Passwords that no label stands right before: made-up words where the talk is of logging in
("it locks me out when I enter Garnet-404"), and phrases of several words."""

import re

from services.redaction.entities import ASKED, LABELLED, SHAPED, Found, Kind
from services.redaction.label_words import Other
from services.redaction.tokens import word_set
from services.redaction.view import View

CHUNK = re.compile(r"\S+")
QUOTES = "\"'“”‘’`«»"
_TRAILING = ".,;:)]}>"
# Verbs right before what is typed, within two words.
_TYPED = word_set(
    """
    enter entering entered type typing typed accept accepts accepting accepted tried try trying
    use using used with to be was is into as and or put set changed reset update
    """
)
_LOGIN = re.compile(
    r"\b(?:log(?:ged|ging)? ?(?:me )?(?:in|on|into)|sign(?:ed|ing)? ?in|login|pass\w*|pw|pwd|"
    r"lock(?:s|ed)? (?:me )?out|"
    r"(?:re)?set (?:it|mine|my\w*) (?:to|as)|chang(?:e|ed|ing) (?:it|mine) (?:to|from)|"
    r"(?:won.?t|doesn.?t|not|never|keeps?) (?:accept|let|take|reject)\w*|get in with|"
    r"reject(?:s|ed|ing)?|not valid|isn.?t valid|guessed (?:it|my)|"
    r"(?:says?|said) (?:it.?s )?(?:incorrect|wrong|invalid)|contraseña|clave)\b",
    re.IGNORECASE,
)
# What has digits or signs in it and is no password all the same.
_ORDINARY = re.compile(
    r"\d+(?:st|nd|rd|th|am|pm|[a-z]{1,3})|\W*\d[\d.,:/%$-]*\W*|\$.*|#\d+|\d+-\w+|"
    r"(?:windows|iphone|ipad|ios|android|office|galaxy|chrome|pixel|ps|xbox|mp|usb|wifi|error|"
    r"http|https|www|err)[-_.:]?\S*|\S+\.(?:com|net|org|io|gov|edu|example)\S*|"
    r"[A-Za-z]+(?:['’]\w+)?[!?.,;:]+|[A-Za-z]+/[A-Za-z]+|\w+-\w+-to-\w+|[A-Z]{2,4}\d{2,}|"
    r"[^\W\d_]+(?:-[^\W\d_]+)+|@\w+",
    re.IGNORECASE,
)
_ABOUT = word_set(
    """
    reset link email e-mail text sms help agent person locked wrong incorrect expired page screen
    app site website login account code box field change changed forgot forgotten lost remember
    idea clue sure working work works support team support, number order today now yet
    """
)


def bare(text: str, start: int, end: int, keep_signs: bool) -> tuple[int, int]:
    """Without quotes around and punctuation behind; a password keeps its own signs."""
    while start < end and text[start] in QUOTES + "([{<":
        start += 1
    while end > start and text[end - 1] in QUOTES + _TRAILING:
        end -= 1
    if not keep_signs:
        while end > start and text[end - 1] in "!?":
            end -= 1
    elif text[end - 1 : end] == "?":
        end -= 1
    return start, end


def telling(value: str) -> bool:
    """Looks made up: digits or signs among letters, or capitals inside."""
    plain = value.strip("*_?.")
    if plain.isalpha() and plain.islower():
        return False  # "*that*", "not??"
    inner = value[1:]
    return (
        any(c.isdigit() for c in value)
        or any(not c.isalnum() and c not in "'’-" for c in value[:-1])
        or (any(c.isupper() for c in inner) and any(c.islower() for c in value))
    )


def _made_up(value: str) -> int:
    """How much a word looks made up for a password: 0 not, 1 letters with digits, 2 signs too."""
    if len(value) < 5 or len(value) > 40 or ("@" in value[1:-1] and "." in value):
        return 0
    if _ORDINARY.fullmatch(value) or not (value[0].isalnum() or value[0] in "!@$%&"):
        return 0
    letters = any(c.isalpha() for c in value)
    digits = any(c.isdigit() for c in value)
    signs = any(not c.isalnum() for c in value)
    hard = any(c in "!@#$%^&*+?=~_" for c in value)
    if letters and digits and (hard or (signs and any(c.islower() for c in value))):
        return 2
    lower = sum(c.islower() for c in value)
    if letters and digits and lower >= 2:
        return 1
    return 1 if letters and hard and "_" not in value else 0


def telling_secrets(view: View) -> list[Found]:
    """Made-up words in a text that talks of a password or of logging in."""
    labelled = any(
        label.meaning is Kind.PASSWORD
        and (not label.weak or view.tokens[label.first].low == "pass")
        for label in view.labels
    )
    logging_in = _LOGIN.search(view.text) is not None
    talked = labelled or view.asked(Kind.PASSWORD)
    if not talked and not logging_in and Kind.PASSWORD not in view.topics:
        return []
    found: list[Found] = []
    for match in CHUNK.finditer(view.text):
        start, end = bare(view.text, match.start(), match.end(), keep_signs=True)
        made_up = _made_up(view.text[start:end])
        if not made_up:
            continue
        first = view.token_at(start)
        verdict = view.left(first)
        if verdict.meanings and Kind.PASSWORD not in verdict.meanings and verdict.distance <= 2:
            continue
        if Other.LOOKALIKE in verdict.meanings and not talked:
            continue
        typed = any(view.tokens[i].low in _TYPED for i in range(max(0, first - 2), first))
        if talked or (logging_in and (typed or made_up == 2)) or (typed and made_up == 2):
            asked = view.asked(Kind.PASSWORD)
            sure = ASKED + 0.02 if asked else LABELLED if talked else SHAPED + 0.1
            found.append(Found(start, end, Kind.PASSWORD, sure))
    return found


def phrase(view: View, start: int, never: frozenset[str]) -> int | None:
    """Where a phrase of two to four plain words that begins at a code point ends.

    It has to close its sentence, and none of its words may be of those that tell of a password
    (`never`) or hold a sentence together. None when there is none.
    """
    words = 0
    end = start
    for match in CHUNK.finditer(view.text, start):
        chunk = match.group()
        word = chunk.strip(QUOTES + _TRAILING + "!?")
        low = word.lower()
        if (
            not word.replace("'", "").isalpha()
            or low in never
            or low in _ABOUT
            or low.endswith("n't")
        ):
            return None
        words += 1
        end = match.start() + chunk.index(word) + len(word)
        closes = chunk[-1] in '.,;!?)"”'
        if closes or "\n" in view.text[match.end() : match.end() + 1]:
            break
        if words > 4:
            return None
    return end if 2 <= words <= 4 else None
