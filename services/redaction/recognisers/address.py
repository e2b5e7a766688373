"""Postal addresses, American first: street lines, PO boxes, ZIP codes, and what follows
"my address is". The company's own stay: "our store at 200 Market Street"."""

import re

from services.redaction import lexicon
from services.redaction.entities import ASKED, CHECKED, LABELLED, SHAPED, Author, Found, Kind
from services.redaction.numbers import LOOSE, NUMBER_WORDS, Atom
from services.redaction.recognisers.address_words import (
    AMBIGUOUS_SUFFIXES,
    COMPANY_PLACES,
    DIRECTIONS,
    ENDS,
    NEVER_IN_STREET,
    QUANTITIES,
    STATE_CODES,
    STATE_NAMES,
    STREET_FIRST,
    SUFFIXES,
    UNITS,
)
from services.redaction.tokens import Token
from services.redaction.view import View

_PO_BOX = re.compile(r"\bp\.? ?o\.? ?box ?#? ?(?=[\w ])", re.IGNORECASE)
_UNIT_VALUE = re.compile(r"\d{1,5}[a-z]?|[a-z]\d{0,4}|[a-z]-?\d{1,4}|\d{1,4}-[a-z]", re.IGNORECASE)
_LONGEST = 14  # words of an address that only a label or a question gives away
_COMPOUND = re.compile(r"\w+(?:stra(?:ß|ss)e|str|gatan|vägen|straat|laan|weg|gasse|allee|platz)\Z")


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
    found.extend(_told(view, found))
    return [each for each in found if not company_own(view, each)]


def _last(view: View, token: int) -> int:
    return view.tokens[token].end


def _atoms_by_last(view: View) -> dict[int, tuple[tuple[Atom, ...], int]]:
    return {atom.last: (run, place) for run in view.runs for place, atom in enumerate(run)}


def _house_start(view: View, token: int) -> int | None:
    """The first token of the house number that ends at `token`; None when it is none."""
    entry = _atoms_by_last_cached(view).get(token)
    if entry is None:
        return None
    run, place = entry
    atom = run[place]
    if not atom.spoken:
        if len(atom.digits) > 6:
            return None
        before = view.text[max(0, atom.start - 1) : atom.start]
        if before in {"$", "€", "£", ".", ","} and place:
            return None
        if place and atom.gap == 0 and atom.sep in {"-", "/"} and not run[place - 1].coded:
            return run[place - 1].first
        return atom.first
    begin = place
    while begin and run[begin].gap != LOOSE and run[begin - 1].spoken:
        begin -= 1
    return run[begin].first


_CACHE = "_address_atoms"


def _atoms_by_last_cached(view: View) -> dict[int, tuple[tuple[Atom, ...], int]]:
    known: dict[int, tuple[tuple[Atom, ...], int]] | None = getattr(view, _CACHE, None)
    if known is None:
        known = _atoms_by_last(view)
        setattr(view, _CACHE, known)
    return known


def streets(view: View) -> list[Found]:
    """House number, one to five words, and a word for a street, with what belongs behind."""
    found: list[Found] = []
    covered = -1
    for at, token in enumerate(view.tokens):
        if at <= covered or not token.word or token.low not in SUFFIXES:
            continue
        first = _street_start(view, at)
        if first is None:
            continue
        last = _tail(view, at + 1, at)
        covered = last
        found.append(Found(view.tokens[first].start, _last(view, last), Kind.ADDRESS, CHECKED))
    return found


def _street_start(view: View, suffix: int) -> int | None:
    tokens = view.tokens
    names = 0
    capital = True
    at = suffix - 1
    while at >= 0 and suffix - at <= 8:
        token = tokens[at]
        if token.text == "." and at and tokens[at - 1].low in DIRECTIONS | {"st", "dr", "mt"}:
            at -= 1
            continue
        if token.text == "-" or token.text == "'":
            at -= 1
            continue
        if token.kind == "sign":
            return None
        if token.digits or token.low in NUMBER_WORDS:
            ordinal = token.digits and tokens[at + 1].low in {"st", "nd", "rd", "th"}
            if ordinal and tokens[at + 1].start == token.end and at + 1 < suffix:
                names += 1
                at -= 1
                continue
            if names == 0 and not _names_itself(tokens, suffix):
                # "12 5 street" is none, "five oak street" is one; "two way street" neither.
                return None
            start = _house_start(view, at)
            if start is None:
                return None
            plausible = capital or tokens[suffix].low not in AMBIGUOUS_SUFFIXES
            if not plausible:
                plausible = _expects_address(view, start) or _state_follows(view, suffix + 1)
            if tokens[at + 1].low in QUANTITIES or _money(view, start):
                return None
            return _with_building(view, start) if plausible else None
        if token.low in NEVER_IN_STREET:
            return None
        if (
            len(token.text) == 1
            and at
            and tokens[at - 1].digits
            and (tokens[at - 1].end == token.start)
        ):
            at -= 1
            start = _house_start(view, at)
            return start if names else None
        capital = capital and (token.text[0].isupper() or token.low in DIRECTIONS)
        names += 1
        if names > 5:
            return None
        at -= 1
    return None


def _with_building(view: View, start: int) -> int:
    """A small number right before the house number belongs to the address: "27 2711 Queens Sq"."""
    before = view.tokens[start - 1] if start else None
    if before is not None and before.digits and len(before.text) <= 2:
        if view.tokens[start].start - before.end == 1 and start - 1 not in view.labelled_tokens:
            return start - 1
    return start


_ROUTES = frozenset({"highway", "hwy", "route", "rd", "road", "interstate", "rt", "rte"})


def _names_itself(tokens: list[Token], suffix: int) -> bool:
    """A street without a name of its own: "301 Broadway", "2200 Highway 35"."""
    if tokens[suffix].low == "broadway":
        return True
    following = tokens[suffix + 1] if suffix + 1 < len(tokens) else None
    return tokens[suffix].low in _ROUTES and following is not None and following.digits


def _money(view: View, token: int) -> bool:
    return token > 0 and view.tokens[token - 1].text in {"$", "€", "£"}


def _expects_address(view: View, token: int) -> bool:
    verdict = view.left(token)
    return view.asked(Kind.ADDRESS) or Kind.ADDRESS in verdict.meanings


def _state_follows(view: View, at: int) -> bool:
    return _city_state_zip(view, at, must=True) is not None


def _skip(tokens: list[Token], at: int, signs: str) -> int:
    while at < len(tokens) and tokens[at].text in signs and tokens[at].text:
        at += 1
    return at


def _tail(view: View, at: int, last: int) -> int:
    """The last token of an address whose street ended at `last`."""
    tokens = view.tokens
    at = _skip(tokens, at, ".")
    if at < len(tokens) and tokens[last].low in _ROUTES and tokens[at].digits:
        if len(tokens[at].text) <= 4:
            last, at = at, at + 1
    if (
        at < len(tokens)
        and tokens[at].low in DIRECTIONS
        and (len(tokens[at].text) <= 2 or tokens[at].text[0].isupper())
    ):
        last = at
        at = _skip(tokens, at + 1, ".")
    unit = _unit_at(view, _skip(tokens, at, ",\n-"))
    if unit is not None:
        last = unit
        at = unit + 1
    end = _city_state_zip(view, at, must=False)
    return end if end is not None else last


def _unit_at(view: View, at: int) -> int | None:
    """The last token of "apt 4B", "# 12", "unit twelve", "2nd floor" at a token."""
    tokens = view.tokens
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.digits and at + 2 < len(tokens) and tokens[at + 2].low in {"floor", "fl", "piso"}:
        return at + 2
    if token.low not in UNITS and token.text != "#":
        return None
    index = _skip(tokens, at + 1, ".:#")
    if index < len(tokens) and tokens[index].low in {"number", "no"}:
        index = _skip(tokens, index + 1, ".")
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


def _city_state_zip(view: View, at: int, must: bool) -> int | None:
    """The last token of "[city][,] state [ZIP]" or "[city] ZIP" that begins at a token."""
    tokens = view.tokens
    begun = _skip(tokens, at, ",\n.-")
    separated = begun > at
    index = begun
    words = 0
    while index < len(tokens) and words <= 4:
        token = tokens[index]
        state = _state_at(tokens, index)
        if state is not None and (words or separated):
            behind = _zip_at(view, _skip(tokens, state + 1, ",\n.-"))
            if behind is None and must:
                return state
            end = behind if behind is not None else state
            return _country(tokens, end)
        code = _zip_at(view, index)
        if code is not None and (words or separated or must):
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
        begun = _skip(tokens, at, ",\n")
        if begun == at or begun >= len(tokens):
            break
        index = begun
        while index < len(tokens) and index - begun < 4 and tokens[index].word:
            if not tokens[index].text[0].isupper() and tokens[index].low not in _STREET_PARTICLES:
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
    index = _skip(tokens, last + 1, ",\n")
    if (
        index < len(tokens)
        and tokens[index].low in {"usa", "us", "canada", "uk"}
        and (tokens[index].text.isupper() or tokens[index].low in {"usa", "canada"})
    ):
        return index
    return last


def _state_at(tokens: list[Token], at: int) -> int | None:
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
    for run in view.runs:
        for place, atom in enumerate(run):
            if atom.first != at:
                continue
            digits = ""
            best: int | None = None
            for index in range(place, len(run)):
                if index > place and run[index].gap == LOOSE:
                    break
                digits += run[index].digits
                following = run[index + 1] if index + 1 < len(run) else None
                whole = following is None or following.gap != 0
                if len(digits) in {5, 9} and whole:
                    best = run[index].last
                if len(digits) >= 9:
                    break
            return best
    return None


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
        last = _tail(view, last + 1, last)
        found.append(Found(match.start(), _last(view, last), Kind.ADDRESS, CHECKED))
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
        unit = _unit_at(view, at)
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
            elif each.word and (each.text[0].isupper() or each.low in _STREET_PARTICLES):
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
        last = _city_state_zip(view, unit + 1, must=False) or unit
        found.append(Found(tokens[first].start, _last(view, last), Kind.ADDRESS, LABELLED))
    return found


_STREET_PARTICLES = frozenset({"de", "del", "la", "der", "van", "den", "of", "du", "da", "do", "u"})


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
        index = _skip(tokens, index, ",#")
        if index < len(tokens) and tokens[index].low in {"número", "numero", "no", "núm", "num"}:
            index = _skip(tokens, index + 1, ".")
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
        found.append(Found(tokens[first].start, _last(view, last), Kind.ADDRESS, LABELLED + 0.02))
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
            found.append(Found(window.start, window.end, Kind.ADDRESS, sure))
            continue
        if not window.spoken and len(window.digits) == 5 and _verifies(view):
            if not verdict.meanings:
                found.append(Found(window.start, window.end, Kind.ADDRESS, SHAPED - 0.2))
    return found


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
    if state < 1 or not tokens[state].word or _state_at(tokens, state) != state:
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
    return first if first is not None else state


def _units(view: View) -> list[Found]:
    """ "Apt 4B" alone: a part of an address that was asked for, or of one in several lines."""
    found: list[Found] = []
    for at, token in enumerate(view.tokens):
        if token.low in {"apt", "apartment"} or (
            token.low in UNITS and (view.asked(Kind.ADDRESS) or token.text in {"Suite", "Ste"})
        ):
            last = _unit_at(view, at)
            if last is not None:
                found.append(Found(token.start, _last(view, last), Kind.ADDRESS, SHAPED))
    return found


def _told(view: View, known: list[Found]) -> list[Found]:
    """What follows "my address is" or answers the question for it, when it has a number."""
    found: list[Found] = []
    tokens = view.tokens
    for label in view.labels:
        if label.meaning is Kind.ADDRESS:
            at = label.last + 1
            while at < len(tokens) and (
                tokens[at].low in {"is", "to", "the", "es", "it's", "its", "at", "same", "following",
                                   "from", "with", "for", "as", "my", "this", "card", "in", "on"}
                or tokens[at].text in {":", ",", "-", "?", ".", "\n", "#"}
            ):  # fmt: skip
                at += 1
            value = _from(view, at)
            if value is not None:
                found.append(value)
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
    return [
        each
        for each in found
        if not any(k.start <= each.start and each.end <= k.end for k in known)
    ]


def _from(view: View, at: int) -> Found | None:
    """An address that begins at a token: has a number and a word that looks like a name."""
    tokens = view.tokens
    if at >= len(tokens) or at in view.labelled_tokens:
        return None
    begins = tokens[at].digits or tokens[at].low in NUMBER_WORDS
    if not begins and not (tokens[at].word and tokens[at].text[0].isupper()):
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
    return Found(tokens[at].start, _last(view, last), Kind.ADDRESS, SHAPED + 0.02)


def company_own(view: View, value: Found) -> bool:
    """An address that the company, or the customer about it, gives as the company's."""
    first = view.token_at(value.start)
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
