"""Postal addresses, American first: street lines, PO boxes, ZIP codes, and what follows
"my address is". The company's own stay: "our store at 200 Market Street"."""

import re

from services.redaction.entities import ASKED, CHECKED, LABELLED, SHAPED, Author, Found, Kind
from services.redaction.numbers import NUMBER_WORDS
from services.redaction.recognisers.address_parts import (
    STREET_PARTICLES,
    city_state_zip,
    end_of,
    skip,
    state_at,
    tail,
    unit_at,
)
from services.redaction.recognisers.address_words import (
    COMPANY_PLACES,
    ENDS,
    NEVER_IN_STREET,
    QUANTITIES,
    STREET_FIRST,
    SUFFIXES,
    UNITS,
)
from services.redaction.recognisers.streets import streets
from services.redaction.tokens import Token, word_set
from services.redaction.view import View

_PO_BOX = re.compile(r"\bp\.? ?o\.? ?box ?#? ?(?=[\w ])", re.IGNORECASE)


_LONGEST = 14  # words of an address that only a label or a question gives away


_COMPOUND = re.compile(r"\w+(?:stra(?:ß|ss)e|str|gatan|vägen|straat|laan|weg|gasse|allee|platz)\Z")


_BEFORE_ADDRESS = word_set(
    """
    is to the es it's its at same following from with for as my this card in on
    """
)
_BEFORE_SIGNS = frozenset(":,-?.\n#")


def find(view: View) -> list[Found]:
    found = (
        streets(view)
        + _boxes(view)
        + _military(view)
        + _before_unit(view)
        + _street_first(view)
        + _zips(view)
        + _units(view)
    )
    found.extend(_told(view))
    return [each for each in found if not company_own(view, each)]


def _boxes(view: View) -> list[Found]:
    found: list[Found] = []
    for match in _PO_BOX.finditer(view.text):
        at = view.token_at(match.end())
        tokens = view.tokens
        if at >= len(tokens) or not (tokens[at].digits or tokens[at].low in NUMBER_WORDS):
            continue
        last = at
        while last + 1 < len(tokens) and tokens[last + 1].low in NUMBER_WORDS:
            last += 1
        last = tail(view, last + 1, last)
        found.append(Found(match.start(), end_of(view, last), Kind.ADDRESS, CHECKED))
    return found


_MILITARY = re.compile(
    r"(?:(?:PSC|Unit|CMR)\s+\d{1,5},?\s+Box\s+\d{1,5}|(?:USNS|USS|USNV|USCGC)\s+[^\W\d_]{2,20})"
    r"[\s,]{1,3}(?:APO|FPO|DPO),?\s(?:AA|AE|AP),?\s\d{5}(?:-\d{4})?",
    re.IGNORECASE,
)


def _military(view: View) -> list[Found]:
    """Post of the armed forces: "PSC 4296, Box 4371, APO AA 03140"."""
    return [
        Found(match.start(), match.end(), Kind.ADDRESS, CHECKED + 0.01)
        for match in _MILITARY.finditer(view.text)
    ]


def _before_unit(view: View) -> list[Found]:
    """A street of no known kind that a unit gives away: "28 Slovenčeva 46 Apt. 715"."""
    tokens = view.tokens
    found: list[Found] = []
    for at, token in enumerate(tokens):
        if token.low not in {"apt", "apartment", "suite", "ste", "unit", "apto", "piso", "#"}:
            continue
        unit = unit_at(view, at)
        if unit is None:
            continue
        index = at - 1
        while index >= 0 and tokens[index].text in ",\n":
            index -= 1
        first: int | None = None
        digits = names = 0
        while index >= 0 and at - index <= 10:
            each = tokens[index]
            if each.digits and len(each.text) <= 6:
                digits += 1
                first = index
            elif each.word and (each.text[0].isupper() or each.low in STREET_PARTICLES):
                if each.low in ENDS or index in view.labelled_tokens:
                    break
                names += 1
                if each.text[0].isupper():
                    first = index
            elif each.text not in ".'-":
                break
            index -= 1
        if first is None or not digits or not names:
            continue
        if (
            not tokens[first].digits
            and not tokens[at - 1].digits
            and tokens[at - 1].text not in ",\n"
        ):
            continue
        last = city_state_zip(view, unit + 1, must=False) or unit
        found.append(Found(tokens[first].start, end_of(view, last), Kind.ADDRESS, LABELLED))
    return found


def _street_first(view: View) -> list[Found]:
    """Where the street comes before the number: "Calle Mayor 45, 3B, Madrid 28013"."""
    tokens = view.tokens
    found: list[Found] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        opens = token.low in STREET_FIRST and token.word
        compound = token.word and len(token.text) > 5 and _COMPOUND.match(token.low) is not None
        if not (opens or compound):
            at += 1
            continue
        index = at + 1
        words = 0
        while index < len(tokens) and words < 6 and (
            (tokens[index].word and tokens[index].low not in ENDS)
            or tokens[index].text in {".", "'"}
        ):  # fmt: skip
            words += tokens[index].word
            index += 1
        index = skip(tokens, index, ",#")
        if index < len(tokens) and tokens[index].low in {"número", "numero", "no", "núm", "num"}:
            index = skip(tokens, index + 1, ".")
        named = compound or words > 0
        numbered = index < len(tokens) and (
            tokens[index].digits or tokens[index].low in NUMBER_WORDS
        )
        if not named or not numbered:
            at += 1
            continue
        last = _pieces(view, index)
        first = at
        # A number in front as well: "38 73 Rue Ibn Al Khatib".
        while first and tokens[first - 1].digits and len(tokens[first - 1].text) <= 4:
            first -= 1
        found.append(Found(tokens[first].start, end_of(view, last), Kind.ADDRESS, ASKED + 0.02))
        at = last + 1
    return found


def _pieces(view: View, at: int) -> int:
    """Goes on over pieces of an address: numbers, units, capitalised words, commas."""
    tokens = view.tokens
    last = at
    index = at + 1
    while index < len(tokens):
        token = tokens[index]
        if token.digits or token.low in NUMBER_WORDS:
            last = index
        elif token.text in {",", "\n", "-", "º", "ª", "°", "#", "/"} or (
            token.text == "." and index + 1 < len(tokens) and len(tokens[index - 1].text) <= 4
        ):
            pass
        elif token.word and token.low not in ENDS and (
            token.text[0].isupper() or token.low in UNITS or _glued(tokens, index)
            or token.low in {"piso", "puerta", "de", "del", "la", "col", "colonia", "cp"}
        ):  # fmt: skip
            if token.text[0].isupper() or _glued(tokens, index) or token.low in UNITS:
                last = index
        else:
            break
        index += 1
    while tokens[last].low in {"de", "del", "la"} and last > at:
        last -= 1
    return last


def _glued(tokens: list[Token], index: int) -> bool:
    return tokens[index - 1].end == tokens[index].start and tokens[index - 1].digits


def _zips(view: View) -> list[Found]:
    """ZIP codes that are labelled or asked for, and "City, ST 12345"."""
    found: list[Found] = []
    zip_labels = any(
        view.tokens[label.first].low in {"zip", "zipcode", "postal", "postcode", "código", "codigo",
                                         "post"}
        for label in view.labels
    )  # fmt: skip
    for window in view.windows(5, 9):
        if len(window.digits) not in {5, 9}:
            continue
        verdict = view.verdict(window.first, window.last)
        asked = view.asked(Kind.ADDRESS) and not verdict.meanings and not view.asked_something_else
        city = _city_before(view, window.first)
        if city is not None and not view.denied(window.first, window.last):
            found.append(Found(view.tokens[city].start, window.end, Kind.ADDRESS, ASKED))
            continue
        labelled = zip_labels and Kind.ADDRESS in verdict.meanings and verdict.distance <= 5
        if labelled or asked:
            sure = LABELLED + 0.05 if labelled else ASKED - 0.05
            start = window.start if labelled else _city_alone(view, window.first)
            found.append(Found(start, window.end, Kind.ADDRESS, sure))
            continue
        bare = not window.spoken and len(window.digits) == 5 and not verdict.meanings
        if bare and _verifies(view):
            found.append(Found(window.start, window.end, Kind.ADDRESS, SHAPED - 0.2))
    return found


def _city_alone(view: View, code: int) -> int:
    """Where "chicago 60614" begins when nothing else stands before the code."""
    before = view.tokens[:code]
    city = [t for t in before if t.text != ","]
    named = all(t.word and t.low not in ENDS and t.low not in NEVER_IN_STREET for t in city)
    return (
        before[0].start
        if named and 0 < len(city) <= 3 and not view.labels
        else (view.tokens[code].start)
    )


def _verifies(view: View) -> bool:
    """A short customer's text with a date in it: name, birth date and ZIP, to be verified."""
    return (
        view.author is Author.CUSTOMER
        and view.words <= 4
        and not view.asked_something_else
        and re.search(r"\d{1,2}/\d{1,2}/(?:19|20)\d\d", view.text) is not None
    )


def _city_before(view: View, code: int) -> int | None:
    """Where "Tampa, FL" begins when it stands before a ZIP code; None when no state does."""
    tokens = view.tokens
    state = code - 1
    if state >= 1 and tokens[state].text == ",":
        state -= 1
    if state < 1 or not tokens[state].word or state_at(tokens, state) != state:
        return None
    index = state - 1
    if tokens[index].text == ",":
        index -= 1
    first: int | None = None
    while index >= 0 and state - index <= 5 and tokens[index].word:
        if not tokens[index].text[0].isupper() or tokens[index].low in ENDS:
            break
        first = index
        index -= 1
    if first is None and not tokens[state].text.isupper():
        # "three, oh oh nine": no Ohio without a city.
        before = tokens[state - 1]
        named = before.word and before.low not in NUMBER_WORDS and before.low not in ENDS
        return state - 1 if named and before.low not in NEVER_IN_STREET else None
    return first if first is not None else state


def _units(view: View) -> list[Found]:
    """ "Apt 4B" alone: a part of an address that was asked for, or of one in several lines."""
    found: list[Found] = []
    for at, token in enumerate(view.tokens):
        if token.low in {"apt", "apartment"} or (
            token.low in UNITS
            and (
                view.asked(Kind.ADDRESS)
                or Kind.ADDRESS in view.continuing
                or token.text in {"Suite", "Ste"}
            )
        ):
            last = unit_at(view, at)
            if last is not None:
                found.append(Found(token.start, end_of(view, last), Kind.ADDRESS, SHAPED))
    return found


def _told(view: View) -> list[Found]:
    """What follows "my address is" or answers the question for it, when it has a number."""
    found: list[Found] = []
    tokens = view.tokens
    for label in view.labels:
        if label.meaning is Kind.ADDRESS:
            at = label.last + 1
            while at < len(tokens) and (
                tokens[at].low in _BEFORE_ADDRESS or tokens[at].text in _BEFORE_SIGNS
            ):
                at += 1
            value = _from(view, at)
            if value is not None:
                linked = any(t.low in {":", "is"} for t in tokens[label.last + 1 : at])
                told = tokens[view.token_at(value.start)].digits and (linked or not label.weak)
                sure = ASKED + 0.01 if told else value.sure
                found.append(Found(value.start, value.end, value.kind, sure))
    if (
        view.asked(Kind.ADDRESS)
        and view.author is Author.CUSTOMER
        and not view.asked_something_else
    ):
        at = 0
        while at < len(tokens) and not (
            tokens[at].digits or tokens[at].low in NUMBER_WORDS or tokens[at].low in STREET_FIRST
        ):
            at += 1
        value = _from(view, at)
        if value is not None:
            found.append(Found(value.start, value.end, value.kind, SHAPED))
    return found


def _from(view: View, at: int) -> Found | None:
    """An address that begins at a token: has a number and a word that looks like a name."""
    tokens = view.tokens
    if at >= len(tokens) or at in view.labelled_tokens:
        return None
    begins = tokens[at].digits or tokens[at].low in NUMBER_WORDS
    if not begins and not (tokens[at].word and tokens[at].text[0].isupper()):
        return None
    behind = tokens[at + 1].low if at + 1 < len(tokens) else ""
    if behind in QUANTITIES | {"am", "mins", "min", "hrs"}:
        return None
    index = at
    last = at
    numbers, names, words = 0, 0, 0
    while index < len(tokens) and words < _LONGEST:
        token = tokens[index]
        if index in view.labelled_tokens and token.low not in UNITS | {"road"}:
            break
        if token.digits or token.low in NUMBER_WORDS:
            numbers += 1
            last = index
        elif token.word:
            if token.low in ENDS:
                break
            named = token.text[0].isupper() or token.low in SUFFIXES or token.low in UNITS
            if not named and token.low in NEVER_IN_STREET:
                break
            if named:
                names += 1
            words += 1
            last = index
        elif token.text in ",\n-#/'&":
            pass
        elif token.text == "." and index + 1 < len(tokens):
            abbreviation = len(tokens[index - 1].text) <= 4 and tokens[index - 1].word
            if not abbreviation:
                break
        else:
            break
        index += 1
    if not numbers or not names:
        return None
    if begins and numbers == 1 and not tokens[at].digits:
        return None
    return Found(tokens[at].start, end_of(view, last), Kind.ADDRESS, SHAPED + 0.02)


def company_own(view: View, value: Found) -> bool:
    """An address that the company, or the customer about it, gives as the company's."""
    first = view.token_at(value.start)
    behind = [token.low for token in view.tokens[view.token_at(value.end) :][:3]]
    if view.author is not Author.CUSTOMER and behind[:2] == [",", "our"]:
        return True
    before = [token.low for token in view.tokens[max(0, first - 8) : first]]
    if view.author is Author.CUSTOMER:
        near = before[-6:]
        owned = "your" in near and not {"my", "send", "ship"} & set(near)
        return bool(COMPANY_PLACES & set(near)) and (owned or "the" in near or "store" in near)
    if {"your", "you", "su", "tu", "file", "customer"} & set(before):
        return bool({"our", "us"} & set(before)) and "your" not in before[-4:]
    return bool(
        ({"our", "us", "nuestra", "visit", "return", "returns"} | COMPANY_PLACES) & set(before)
    )
