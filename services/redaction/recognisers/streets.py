"""Street lines: "1842 Maple Ridge Drive", "twelve forty five north oak street"."""

from services.redaction.entities import CHECKED, Found, Kind
from services.redaction.numbers import LOOSE, NUMBER_WORDS
from services.redaction.recognisers.address_parts import city_state_zip, end_of, tail
from services.redaction.recognisers.address_words import (
    AMBIGUOUS_SUFFIXES,
    DIRECTIONS,
    NEVER_IN_STREET,
    QUANTITIES,
    ROUTES,
    SUFFIXES,
)
from services.redaction.tokens import Token
from services.redaction.view import View


def _house_start(view: View, token: int) -> int | None:
    """The first token of the house number that ends at `token`; None when it is none."""
    entry = view.atoms_by_last.get(token)
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
        last = tail(view, at + 1, at)
        covered = last
        found.append(Found(view.tokens[first].start, end_of(view, last), Kind.ADDRESS, CHECKED))
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
    if before is None or not before.digits or len(before.text) > 2:
        return start
    close = view.tokens[start].start - before.end == 1
    return start - 1 if close and start - 1 not in view.labelled_tokens else start


def _names_itself(tokens: list[Token], suffix: int) -> bool:
    """A street without a name of its own: "301 Broadway", "2200 Highway 35"."""
    if tokens[suffix].low == "broadway":
        return True
    following = tokens[suffix + 1] if suffix + 1 < len(tokens) else None
    return tokens[suffix].low in ROUTES and following is not None and following.digits


def _money(view: View, token: int) -> bool:
    return token > 0 and view.tokens[token - 1].text in {"$", "€", "£"}


def _expects_address(view: View, token: int) -> bool:
    verdict = view.left(token)
    return view.asked(Kind.ADDRESS) or Kind.ADDRESS in verdict.meanings


def _state_follows(view: View, at: int) -> bool:
    return city_state_zip(view, at, must=True) is not None
