"""Social security and taxpayer numbers, whole, in parts and spoken."""

import re

from stdnum.us import itin, ssn

from services.redaction.entities import CHECKED, SHAPED, Found, Kind
from services.redaction.numbers import Window
from services.redaction.view import View

_THEN = frozenset({"then", "and", ",", "next", "ends", "with", "last", ".", "-", "dash", "in"})
_SHAPES = frozenset({"3-2-4", "3 2 4", "3.2.4"})


def find(view: View) -> list[Found]:
    found: list[Found] = []
    for window in view.windows(9, 9):
        sure = view.sure(Kind.SSN, window.first, window.last)
        if sure is not None:
            found.append(Found(window.start, window.end, Kind.SSN, sure + 0.01))
        elif (
            (window.shape in _SHAPES or _spaced_out(view, window))
            and not view.denied(window.first, window.last)
            and is_social(window.digits)
        ):
            near = view.verdict(window.first, window.last)
            if not (near.meanings and near.near):
                found.append(Found(window.start, window.end, Kind.SSN, SHAPED + 0.05))
    if not view.speaks_of(Kind.SSN):
        return found
    for window in view.windows(3, 8):
        sure = _sure_of_part(view, len(window.digits), window.first, window.last)
        if sure is not None:
            found.append(Found(window.start, window.end, Kind.SSN, sure))
    return found + _told_on(view, found)


def is_social(digits: str) -> bool:
    """Nine digits that could have been given as a social security or taxpayer number."""
    return bool(ssn.is_valid(digits) or itin.is_valid(digits))


def _told_on(view: View, found: list[Found]) -> list[Found]:
    """ "social 219, then 09, then 9481": the pieces behind the first, up to nine digits."""
    if len(found) != 1:
        return []
    more: list[Found] = []
    end = found[0].end
    digits = sum(
        len(atom.digits)
        for run in view.runs
        for atom in run
        if found[0].start <= atom.start < found[0].end
    )
    for run in view.runs:
        if run[0].start < end:
            continue
        between = [t for t in view.tokens if end <= t.start < run[0].start]
        length = sum(len(atom.digits) for atom in run)
        if any(t.low not in _THEN for t in between) or digits + length > 9:
            break
        more.append(Found(run[0].start, run[-1].end, Kind.SSN, SHAPED + 0.1))
        digits += length
        end = run[-1].end
    return more if digits == 9 else []


def _spaced_out(view: View, window: Window) -> bool:
    """ "2 1 9-0 9-9 4 8 1": the hyphens of a social security number, and spaces besides."""
    text = view.text[window.start : window.end]
    return re.fullmatch(r"\d{3}[-.]\d{2}[-.]\d{4}", text.replace(" ", "")) is not None


def _sure_of_part(view: View, count: int, first: int, last: int) -> float | None:
    verdict = view.verdict(first, last)
    if Kind.SSN in verdict.meanings:
        if verdict.partial and 3 <= count <= 6:
            return CHECKED - 0.01 * verdict.distance
        closes = verdict.distance <= 1 and view.words <= 6
        if verdict.near and (count == 4 or not verdict.weak or closes):
            return SHAPED + 0.1
        return None
    if view.asked(Kind.SSN) and not view.asked_something_else and not verdict.meanings:
        partial = any(ask.partial for ask in view.asks if ask.meaning is Kind.SSN)
        return SHAPED + 0.22 if partial and count == 4 else SHAPED + 0.15
    return None
