"""What stands behind a street: unit, city, state, ZIP code, country."""

import re

from services.redaction import lexicon
from services.redaction.numbers import LOOSE, NUMBER_WORDS, TIGHT
from services.redaction.recognisers.address_words import (
    DIRECTIONS,
    ENDS,
    NEVER_IN_STREET,
    ROUTES,
    STATE_CODES,
    STATE_NAMES,
    UNITS,
)
from services.redaction.tokens import Token
from services.redaction.view import View

_UNIT_VALUE = re.compile(r"\d{1,5}[a-z]?|[a-z]\d{0,4}|[a-z]-?\d{1,4}|\d{1,4}-[a-z]", re.IGNORECASE)


def end_of(view: View, token: int) -> int:
    return view.tokens[token].end


def skip(tokens: list[Token], at: int, signs: str) -> int:
    while at < len(tokens) and tokens[at].text in signs and tokens[at].text:
        at += 1
    return at


def tail(view: View, at: int, last: int) -> int:
    """The last token of an address whose street ended at `last`."""
    tokens = view.tokens
    at = skip(tokens, at, ".")
    numbered = at < len(tokens) and tokens[at].digits and len(tokens[at].text) <= 4
    if numbered and tokens[last].low in ROUTES:
        last, at = at, at + 1
    if (
        at < len(tokens)
        and tokens[at].low in DIRECTIONS
        and (len(tokens[at].text) <= 2 or tokens[at].text[0].isupper())
    ):
        last = at
        at = skip(tokens, at + 1, ".")
    unit = unit_at(view, skip(tokens, at, ",\n-"))
    if unit is not None:
        last = unit
        at = unit + 1
    end = city_state_zip(view, at, must=False)
    return end if end is not None else last


def unit_at(view: View, at: int) -> int | None:
    """The last token of "apt 4B", "# 12", "unit twelve", "2nd floor" at a token."""
    tokens = view.tokens
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.digits and at + 2 < len(tokens) and tokens[at + 2].low in {"floor", "fl", "piso"}:
        return at + 2
    if token.low not in UNITS and token.text != "#":
        return None
    index = skip(tokens, at + 1, ".:#")
    if index < len(tokens) and tokens[index].low in {"number", "no"}:
        index = skip(tokens, index + 1, ".")
    if index >= len(tokens):
        return None
    end = index
    while (
        end + 1 < len(tokens)
        and tokens[end + 1].start == tokens[end].end
        and (tokens[end + 1].kind != "sign" or tokens[end + 1].text == "-")
    ):
        end += 1
    value = view.text[tokens[index].start : tokens[end].end]
    if _UNIT_VALUE.fullmatch(value):
        return end
    if tokens[index].low in NUMBER_WORDS:
        while index + 1 < len(tokens) and (
            tokens[index + 1].low in NUMBER_WORDS
            or (len(tokens[index + 1].text) == 1 and tokens[index + 1].word
                and tokens[index + 1].low not in {"i"})
        ):  # fmt: skip
            index += 1
        return index
    return None


def city_state_zip(view: View, at: int, must: bool) -> int | None:
    """The last token of "[city][,] state [ZIP]" or "[city] ZIP" that begins at a token."""
    tokens = view.tokens
    begun = skip(tokens, at, ",\n.-")
    separated = begun > at
    index = begun
    words = 0
    while index < len(tokens) and words <= 4:
        token = tokens[index]
        state = state_at(tokens, index)
        if state is not None and (words or separated):
            further = skip(tokens, state + 1, ",\n.-")
            twice = state_at(tokens, further) if further < len(tokens) else None
            if twice is not None:
                state = twice  # "New York, NY": the city has its state's name
            behind = _zip_at(view, skip(tokens, state + 1, ",\n.-"))
            if behind is None and must:
                return state
            end = behind if behind is not None else state
            return _country(tokens, end)
        code = _zip_at(view, index)
        named = separated or must or all(t.text[0].isupper() for t in tokens[begun:index])
        if code is not None and named:
            return _country(tokens, code)
        if token.text in {",", "\n"} and words:
            index += 1
            continue
        if not token.word or token.low in ENDS or token.low in NEVER_IN_STREET:
            break
        words += 1
        index += 1
    if must or not separated or not words:
        return None
    return _places_behind(tokens, at)


def _places_behind(tokens: list[Token], at: int) -> int | None:
    """Cities and countries written as names behind commas or on lines of their own."""
    last: int | None = None
    for _ in range(3):
        begun = skip(tokens, at, ",\n")
        if begun == at or begun >= len(tokens):
            break
        index = begun
        while index < len(tokens) and index - begun < 4 and tokens[index].word:
            if not tokens[index].text[0].isupper() and tokens[index].low not in STREET_PARTICLES:
                break
            if tokens[index].low in ENDS or tokens[index].low in NEVER_IN_STREET - {"of"}:
                break
            index += 1
        following = tokens[index] if index < len(tokens) else None
        closes = following is None or following.text in ".,?!\n;)" or following.digits
        own_line = tokens[at].text == "\n" and tokens[begun].text[0].isupper()
        if index == begun or not closes or not tokens[begun].text[0].isupper():
            break
        if own_line and lexicon.is_common_first_name(tokens[begun].low) and index - begun > 1:
            break
        last = index - 1
        at = index
        if following is not None and following.digits and len(following.text) >= 4:
            last, at = index, index + 1
    return last


def _country(tokens: list[Token], last: int) -> int:
    index = skip(tokens, last + 1, ",\n")
    if (
        index < len(tokens)
        and tokens[index].low in {"usa", "us", "canada", "uk"}
        and (tokens[index].text.isupper() or tokens[index].low in {"usa", "canada"})
    ):
        return index
    return last


def state_at(tokens: list[Token], at: int) -> int | None:
    """The last token of a state's name or code."""
    token = tokens[at]
    if not token.word:
        return None
    if token.low in STATE_CODES:
        ahead = tokens[at + 1] if at + 1 < len(tokens) else None
        numbered = ahead is not None and (ahead.digits or ahead.low in NUMBER_WORDS)
        if token.text.isupper() or numbered or token.low not in {
            "in", "or", "me", "hi", "ok", "oh", "de", "la", "pa", "ma", "al", "id", "mo", "co"
        }:  # fmt: skip
            return at
        return None
    if token.low in STATE_NAMES:
        return at
    if at + 1 < len(tokens) and f"{token.low} {tokens[at + 1].low}" in STATE_NAMES:
        return at + 1
    return None


def _zip_at(view: View, at: int) -> int | None:
    """The last token of a ZIP code (five digits, or nine) that begins at a token."""
    entry = view.atoms_by_first.get(at)
    if entry is None:
        return None
    run, place = entry
    digits = ""
    best: int | None = None
    for index in range(place, len(run)):
        if index > place and run[index].gap == LOOSE:
            break
        digits += run[index].digits
        following = run[index + 1] if index + 1 < len(run) else None
        if len(digits) in {5, 9} and (following is None or following.gap != TIGHT):
            best = run[index].last
        if len(digits) >= 9:
            break
    return best


STREET_PARTICLES = frozenset({"de", "del", "la", "der", "van", "den", "of", "du", "da", "do", "u"})
