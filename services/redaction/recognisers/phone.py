"""Phone numbers, typed, spoken or in parts; not the company's own."""

import re

import phonenumbers

from services.redaction.entities import CHECKED, GUESSED, LABELLED, SHAPED, Author, Found, Kind
from services.redaction.numbers import Window
from services.redaction.tokens import word_set
from services.redaction.view import View

_NANP = re.compile(r"1?[2-9]\d{2}[2-9]\d{6}")
_TOLL_FREE = re.compile(r"1?8(?:00|33|44|55|66|77|88)\d{7}")
_FORMATTED = frozenset({"3-3-4", "3.3.4", "3 3-4", "3)3-4", "3-4-3"})
_EXTENSION = re.compile(r"(?:x|[ ,]{1,2}(?:x|ext\.?|extension) ?)\d{1,6}\b", re.IGNORECASE)
_PLUS = re.compile(r"\+|00")
_OURS = word_set(
    """
    us our ours hotline helpline support branch store office clinic pharmacy desk department
    dept line headquarters center centre website site webpage receipt
    """
)
_THEIRS = word_set("your you my mine his her their file account customer mi su tu")


def find(view: View) -> list[Found]:
    found: list[Found] = []
    for window in view.windows(7, 15):
        if window.shape == "2.2.2.2" or _is_quantity(view, window):
            continue
        sure = _sure_of_whole(view, window)
        if sure is not None and not company_own(view, window):
            found.append(Found(window.start, _end(view, window), Kind.PHONE, sure))
    if not view.speaks_of(Kind.PHONE):
        return found
    for window in view.windows(2, 6):
        sure = _sure_of_part(view, window)
        if sure is not None and not _is_quantity(view, window):
            found.append(Found(window.start, _end(view, window), Kind.PHONE, sure))
    return found


def _end(view: View, window: Window) -> int:
    """With an extension, and with the bracket that closes a bare area code."""
    match = _EXTENSION.match(view.text, window.end)
    if match is not None and len(window.digits) >= 7:
        return match.end()
    value = view.text[window.start : window.end]
    if "(" in value and ")" not in value and view.text[window.end : window.end + 1] == ")":
        return window.end + 1
    return window.end


def _is_quantity(view: View, window: Window) -> bool:
    """Money, or a decimal."""
    before = view.text[max(0, window.start - 2) : window.start].strip()
    return before.endswith(("$", "€", "£"))


def _sure_of_whole(view: View, window: Window) -> float | None:
    digits = window.digits
    labelled = view.sure(Kind.PHONE, window.first, window.last)
    if labelled is not None:
        if _NANP.fullmatch(digits) or _international(view, window):
            return labelled + (0.01 if window.whole else 0.0)
        if window.whole and len(digits) <= 13:
            return labelled + 0.005
        return labelled - 0.02 if len(digits) in {7, 10} else None
    verdict = view.verdict(window.first, window.last)
    if verdict.meanings and verdict.near:
        return None
    if view.text[window.start] == "+" and _international(view, window):
        return CHECKED
    if view.denied(window.first, window.last):
        return None
    if not _NANP.fullmatch(digits):
        return None
    shape = window.shape.replace("1-", "", 1) if digits[0] == "1" else window.shape
    opened = view.text[window.start] in "(+"
    if any(shape == known for known in _FORMATTED) or (opened and len(digits) >= 10):
        return SHAPED
    if shape in {"3 3 4", "3 3 2 2"}:
        return SHAPED - 0.05
    if window.spoken and window.whole and not verdict.meanings:
        return SHAPED - 0.1
    alone = view.words <= 6 or _reachable(view, window)
    if len(digits) == 10 and alone and window.whole and not view.asked_something_else:
        return GUESSED
    return None


def _international(view: View, window: Window) -> bool:
    """Written with its country code, and possible there."""
    if not _PLUS.match(view.text, window.start):
        return False
    digits = window.digits.removeprefix("00") if view.text[window.start] == "0" else window.digits
    try:
        parsed = phonenumbers.parse("+" + digits, None)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(parsed)


def _reachable(view: View, window: Window) -> bool:
    """ "at" right before it, in a text that asks to be called."""
    return view.left(window.first).meanings == {Kind.PHONE}


def _sure_of_part(view: View, window: Window) -> float | None:
    count = len(window.digits)
    verdict = view.verdict(window.first, window.last)
    if Kind.PHONE in verdict.meanings and verdict.partial and count <= 6:
        return CHECKED - 0.01 * verdict.distance
    if count < 3:
        return None
    if view.pending is not None and view.pending.kind is Kind.PHONE:
        return None
    if view.asked(Kind.PHONE) and not view.asked_something_else:
        if any(ask.partial for ask in view.asks if ask.meaning is Kind.PHONE):
            return LABELLED
        short = view.words <= 8 and not verdict.meanings
        return LABELLED if short and (count in {3, 6} or "(" in view.text) else None
    bare = verdict.distance <= 1 and view.words <= 3
    if Kind.PHONE in verdict.meanings and verdict.near and (bare or not verdict.weak):
        ends = view.text[window.end :].strip(" .…-") == ""
        return LABELLED if count in {3, 6} and ends else None
    return None


def company_own(view: View, window: Window) -> bool:
    """A toll-free number, or one that the company gives as its own ("call us at")."""
    first = max(0, window.first - (9 if view.author is Author.CUSTOMER else 16))
    around = {token.low for token in view.tokens[first : window.first]}
    if _TOLL_FREE.fullmatch(window.digits):
        return not ("my" in around or (view.asked(Kind.PHONE) and view.author is Author.CUSTOMER))
    if view.author is Author.CUSTOMER:
        return bool({"your"} & around) and bool(around & (_OURS - {"us", "our", "office"}))
    for token in reversed(view.tokens[first : window.first]):
        # The nearer word says whose it is: "you can reach us at", "we call you at".
        if token.low in _OURS | _THEIRS:
            return token.low in _OURS
    return False
