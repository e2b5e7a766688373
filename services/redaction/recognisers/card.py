"""Payment cards: number (Luhn), security code, expiry."""

import re
from itertools import pairwise

from stdnum import luhn

from services.redaction.entities import (
    ASKED,
    CHECKED,
    GUESSED,
    LABELLED,
    SHAPED,
    Author,
    Found,
    Kind,
)
from services.redaction.label_words import Other
from services.redaction.numbers import LOOSE, TIGHT, Window
from services.redaction.recognisers.dates import MONTHS
from services.redaction.tokens import word_set
from services.redaction.view import View

_BY_FIRST = {"3": (14, 15), "4": (13, 16, 19), "5": (16,), "2": (16,), "6": (16, 19)}
_WHOLE_SHAPES = frozenset({"4 4 4 4", "4-4-4-4", "4 6 5", "4-6-5", "4.4.4.4"})
_PART_SHAPES = frozenset({"4 4", "4-4", "4 4 4", "4-4-4"})
FEWEST, MOST = 12, 19
_HALVES = frozenset({8, 12})
_ISSUED = re.compile(r"4|5[1-5]|3[47]|6(?:011|4[4-9]|5)|2[2-7]")
_BEFORE_CARD = word_set(
    """
    pay paying paid with using charge charged put on to another different other my card please
    instead can want i'd like it is it's its here goes the this ok okay so sure well number
    first half and then one new use try i'll give you read uh um es el la número
    """
)
_FEW_WORDS = 6  # in a text this short, half a card number may stand without a label


def is_card(digits: str) -> bool:
    """A number that an issuer could have given: length by its first digit, and Luhn."""
    return len(digits) in _BY_FIRST.get(digits[:1], ()) and bool(luhn.is_valid(digits))


def find_numbers(view: View) -> list[Found]:
    found: list[Found] = []
    for window in view.windows(FEWEST, MOST):
        sure = _sure_of_whole(view, window)
        if sure is not None:
            found.append(Found(window.start, window.end, Kind.CREDIT_CARD, sure))
    if not (view.speaks_of(Kind.CREDIT_CARD) or view.words <= _FEW_WORDS):
        return found
    paying = all(view.tokens[label.last].low in _BEFORE_CARD for label in view.labels)
    if paying and not view.asks and not view.orders:
        found.extend(_unannounced(view))
    whole = any(each.sure >= ASKED for each in found)
    for window in view.windows(3, FEWEST - 1):
        sure = _sure_of_part(view, window)
        # Beside a whole number, a part of one needs a label of its own.
        if sure is not None and not (whole and view.unlabelled(window.first, window.last)):
            found.append(Found(window.start, window.end, Kind.CREDIT_CARD, sure))
    return found


def _unannounced(view: View) -> list[Found]:
    """ "It is 45395787" when nothing was asked: as long as half a card, and begun as one is."""
    if view.author is not Author.CUSTOMER or len(view.runs) != 1 or view.pending is not None:
        return []
    run = view.runs[0]
    digits = "".join(atom.digits for atom in run)
    if len(digits) not in _HALVES or not _ISSUED.match(digits) or any(a.coded for a in run):
        return []
    rest = any(c.isalnum() for c in view.text[run[-1].end :])
    others = [t for t in view.tokens[: run[0].first] if t.word and t.low not in _BEFORE_CARD]
    if rest or others or not any(_four(a.digits) for a in run):
        return []
    return [Found(run[0].start, run[-1].end, Kind.CREDIT_CARD, GUESSED)]


def _four(digits: str) -> bool:
    return len(digits) % 4 == 0


def _sure_of_whole(view: View, window: Window) -> float | None:
    verdict = view.verdict(window.first, window.last)
    if is_card(window.digits):
        return None if view.denied(window.first, window.last) and verdict.near else CHECKED + 0.02
    sure = view.sure(Kind.CREDIT_CARD, window.first, window.last)
    if sure is not None and window.whole:
        return sure
    if sure is not None and len(window.digits) in {15, 16}:
        return sure - 0.01
    if window.shape in _WHOLE_SHAPES and not verdict.meanings and not view.asked_something_else:
        return SHAPED
    return None


def _sure_of_part(view: View, window: Window) -> float | None:
    count = len(window.digits)
    if count < 3 or (view.asked(Kind.CVV) and count <= 4):
        return None
    verdict = view.verdict(window.first, window.last)
    few = any(ask.partial for ask in view.asks if ask.meaning is Kind.CREDIT_CARD)
    if few and count > 4 and not verdict.meanings:
        return None  # the last four were asked for
    if Kind.CREDIT_CARD in verdict.meanings:
        if verdict.partial and count <= 8:
            return CHECKED - 0.01 * verdict.distance
        # "the card 4821 was declined", "card number is 4539 1488" with the rest to come.
        if verdict.distance <= 2 and (count == 4 or (count > 4 and not verdict.weak)):
            return LABELLED
        if window.digits[0] in "3456" and count >= 4 and verdict.near and not window.spoken:
            return LABELLED
    sure = view.sure(Kind.CREDIT_CARD, window.first, window.last, whole=False)
    if sure is not None:
        return sure
    if (
        (
            not verdict.meanings
            and window.whole
            and window.shape in _PART_SHAPES
            and window.digits[0] in "3456"
        )
        and view.words <= _FEW_WORDS
        and not view.asked_something_else
    ):
        return GUESSED
    return None


_MONTH_YEAR = re.compile(r"(0?[1-9]|1[0-2])(\d{2}|20\d{2})")


def _is_expiry(digits: str, shape: str) -> bool:
    if shape in {"2/2", "1/2", "2/4", "1/4", "2-2", "2-4", "2 2", "1 2", "2 4", "2.2", "2 / 2",
                 "4", "2.4", "1 1 1 1", "1 1 2", "1 4", "1-2", "1 1 1"}:  # fmt: skip
        match = _MONTH_YEAR.fullmatch(digits)
        return match is not None and 20 <= int(match.group(2)[-2:]) <= 45
    return False


def find_expiries(view: View) -> list[Found]:
    found: list[Found] = []
    asked = view.asked(Kind.CARD_EXPIRY)
    card_here = _talks_of_card(view)
    if not (card_here or view.speaks_of(Kind.CARD_EXPIRY)):
        return found
    for window in view.windows(3, 6):
        if not _is_expiry(window.digits, window.shape):
            continue
        verdict = view.verdict(window.first, window.last)
        slashed = "/" in window.shape
        if Kind.CARD_EXPIRY in verdict.meanings and verdict.distance <= 6:
            if not verdict.weak or card_here or asked:
                found.append(Found(window.start, window.end, Kind.CARD_EXPIRY, CHECKED))
        elif asked and not (verdict.meanings and verdict.near):
            found.append(Found(window.start, window.end, Kind.CARD_EXPIRY, ASKED + slashed * 0.01))
        elif slashed and card_here and not view.denied(window.first, window.last):
            found.append(Found(window.start, window.end, Kind.CARD_EXPIRY, LABELLED))
    found.extend(_named_months(view, card_here or asked))
    return found


def _named_months(view: View, card_here: bool) -> list[Found]:
    """ "september 2027", "sept of twenty seven" where the talk is of a card's expiry."""
    found: list[Found] = []
    labelled = any(label.meaning is Kind.CARD_EXPIRY for label in view.labels)
    if not (card_here and (labelled or view.asked(Kind.CARD_EXPIRY))):
        return found
    found.extend(_numbered_months(view))
    for run in view.runs:
        first = run[0].first
        back = first - 1
        if back >= 0 and view.tokens[back].low in {"of", "de", ","}:
            back -= 1
        if back < 0 or view.tokens[back].low not in MONTHS:
            continue
        digits = ""
        for place, atom in enumerate(run):
            if place and atom.gap == LOOSE:
                break
            digits += atom.digits
            if re.fullmatch(r"(?:20)?[2-4]\d", digits) and (len(digits) == 4 or digits != "20"):
                after = run[place + 1] if place + 1 < len(run) else None
                if after is None or after.gap != TIGHT:
                    found.append(Found(view.tokens[back].start, atom.end, Kind.CARD_EXPIRY, ASKED))
                    break
    return found


def _numbered_months(view: View) -> list[Found]:
    """ "oh four of twenty nine", "4 of 2029"."""
    found: list[Found] = []
    for month, year in pairwise(view.runs):
        between = view.tokens[month[-1].last + 1 : year[0].first]
        first = "".join(atom.digits for atom in month[-2:]).lstrip("0")
        begun = month[-2:][0].start if len(month) > 1 else month[0].start
        last = "".join(atom.digits for atom in year)
        if [token.low for token in between] != ["of"] or not first or int(first) > 12:
            continue
        if re.fullmatch(r"(?:20)?[2-4]\d", last):
            found.append(Found(begun, year[-1].end, Kind.CARD_EXPIRY, ASKED))
    return found


def _talks_of_card(view: View) -> bool:
    if Kind.CREDIT_CARD in view.topics or view.asked(Kind.CREDIT_CARD):
        return True
    if any(label.meaning is Kind.CREDIT_CARD for label in view.labels):
        return True
    return any(is_card(window.digits) for window in view.windows(13, 19))


def find_codes(view: View, expiries: list[Found]) -> list[Found]:
    """Security codes: labelled, asked for, or right behind an expiry."""
    found: list[Found] = []
    ends = {expiry.end for expiry in expiries}
    amex = any(w.digits[0] == "3" and is_card(w.digits) for w in view.windows(15, 15))
    card_here = _talks_of_card(view)
    if not (card_here or view.speaks_of(Kind.CVV)):
        return found
    for window in view.windows(3, 4):
        verdict = view.verdict(window.first, window.last)
        if Kind.CVV in verdict.meanings and verdict.distance <= 8:
            found.append(Found(window.start, window.end, Kind.CVV, CHECKED + 0.02))
            continue
        code = Other.LOOKALIKE in verdict.meanings and view.tokens[window.first - 1].low == "code"
        if code and card_here and expiries:
            found.append(Found(window.start, window.end, Kind.CVV, LABELLED))
            continue
        if view.asked(Kind.CVV) and not (verdict.meanings and verdict.near):
            sure = ASKED if view.asked(Kind.CARD_EXPIRY) else ASKED + 0.03
            found.append(Found(window.start, window.end, Kind.CVV, sure))
            continue
        before = window.start
        while before and view.text[before - 1] in " ,;\n":
            before -= 1
        if before in ends and len(window.digits) == 3 + amex:
            found.append(Found(window.start, window.end, Kind.CVV, LABELLED))
    return found


def find(view: View) -> list[Found]:
    if not view.runs:
        return []
    expiries = find_expiries(view)
    numbers = find_numbers(view)
    # "4539578763621486 331": with nothing else said, the code stands right behind the number.
    whole = [n for n in numbers if n.sure >= CHECKED + 0.02] if view.words <= _FEW_WORDS else []
    return numbers + expiries + find_codes(view, expiries + whole)
