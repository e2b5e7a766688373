"""Dates of birth: a date is one only where the talk is of birth. Delivery dates stay."""

from services.redaction.entities import ASKED, CHECKED, GUESSED, Author, Found, Kind
from services.redaction.numbers import UNITS
from services.redaction.recognisers.dates import MONTHS, Date, find_dates, full_year
from services.redaction.view import View

_OLDEST, _YOUNGEST = 1905, 2012


def find(view: View) -> list[Found]:
    asked = view.asked(Kind.DATE_OF_BIRTH)
    labelled = any(label.meaning is Kind.DATE_OF_BIRTH for label in view.labels)
    if not (asked or labelled or view.runs):
        return []
    found: list[Found] = []
    governed: set[int] = set()
    for date in find_dates(view):
        sure = _sure(view, date, asked)
        if sure is not None:
            # "born 4/12/2017, appointment 11/30/2026": a label tells of the date next to it.
            left = view.left(date.first)
            label = view.label_before(date.first)
            if left.meanings and label in governed and not _alternative(view, date):
                continue
            governed.add(label)
            found.append(Found(date.start, date.end, Kind.DATE_OF_BIRTH, sure))
    if asked or labelled:
        found.extend(_years(view))
        found.extend(_six_digits(view))
    return found


def _alternative(view: View, date: Date) -> bool:
    """ "... or 1968": a second go at the same date."""
    return date.first > 0 and view.tokens[date.first - 1].low in {"or", "not", "maybe", "no", "o"}


def _sure(view: View, date: Date, asked: bool) -> float | None:
    verdict = view.verdict(date.first, date.last)
    complete = bool(date.year) or bool(date.day)
    if Kind.DATE_OF_BIRTH in verdict.meanings and verdict.distance <= 9 and complete:
        return CHECKED + 0.01
    other = verdict.near and bool(verdict.meanings - {Kind.DATE_OF_BIRTH})
    if other and (not asked or view.denied(date.first, date.last)):
        return None
    if asked and complete:
        return ASKED + 0.02
    if (
        date.year
        and date.day
        and _OLDEST <= date.year <= _YOUNGEST
        and view.author is Author.CUSTOMER
        and view.words <= 8
        and not verdict.meanings
        and not view.asked_something_else
    ):
        # "Nadia Rahman 02/17/1990 30309": what a caller gives to be verified.
        return GUESSED
    return None


def _six_digits(view: View) -> list[Found]:
    """ "dob 030482", told or asked for as a date of birth."""
    found: list[Found] = []
    for window in view.windows(6, 6):
        month, day = int(window.digits[:2]), int(window.digits[2:4])
        if len(window.atoms) > 1 or not (1 <= month <= 12 and 1 <= day <= 31):
            continue
        sure = view.sure(Kind.DATE_OF_BIRTH, window.first, window.last)
        if sure is not None:
            found.append(Found(window.start, window.end, Kind.DATE_OF_BIRTH, sure))
    return found


def _years(view: View) -> list[Found]:
    """A year or a month alone that answers, or follows "born in"."""
    found: list[Found] = []
    for window in view.windows(2, 4):
        if len(window.digits) == 3:
            continue
        year = full_year(window.digits)
        short = len(window.digits) == 2
        if not year or not _OLDEST <= year <= _YOUNGEST + 12:
            continue
        if len(window.atoms) > 1 and not window.spoken:
            continue
        sure = view.sure(Kind.DATE_OF_BIRTH, window.first, window.last, whole=not short)
        if sure is not None:
            found.append(Found(window.start, window.end, Kind.DATE_OF_BIRTH, sure - 0.1))
    if view.asked(Kind.DATE_OF_BIRTH) and view.words <= 4:
        for token in view.tokens:
            if token.low in MONTHS and token.low not in UNITS:
                found.append(Found(token.start, token.end, Kind.DATE_OF_BIRTH, ASKED - 0.2))
    return found
