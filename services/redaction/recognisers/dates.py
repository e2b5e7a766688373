"""Reads dates as people write and speak them. Which dates are personal is said in `birth`."""

from dataclasses import dataclass

from services.redaction.numbers import LOOSE, TEENS, TENS, UNITS, Atom, Run
from services.redaction.tokens import Token
from services.redaction.view import View

MONTHS = {
    "january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "mar": 3, "april": 4, "apr": 4,
    "may": 5, "june": 6, "jun": 6, "july": 7, "jul": 7, "august": 8, "aug": 8, "september": 9,
    "sep": 9, "sept": 9, "october": 10, "oct": 10, "november": 11, "nov": 11, "december": 12,
    "dec": 12, "enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6,
    "julio": 7, "agosto": 8, "septiembre": 9, "setiembre": 9, "octubre": 10, "noviembre": 11,
    "diciembre": 12, "janurary": 1, "febuary": 2, "ene": 1, "abr": 4, "ago": 8, "dic": 12,
}  # fmt: skip
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13,
    "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18,
    "nineteenth": 19, "twentieth": 20, "thirtieth": 30, "primero": 1,
}  # fmt: skip
_SUFFIXES = frozenset({"st", "nd", "rd", "th"})
_GLUE = frozenset({",", "of", "de", "del", "the", "/", "-", ".", "el", "in"})


@dataclass(frozen=True, slots=True)
class Date:
    """Tokens [first, last] of a date; `year` 0 when not said; `named` with a month's name."""

    first: int
    last: int
    start: int
    end: int
    year: int
    month: int
    day: int
    named: bool


def full_year(digits: str) -> int:
    """Two digits stand for 1930 to 2029; 0 when this is no year."""
    if len(digits) == 4 and 1900 <= int(digits) <= 2099:
        return int(digits)
    if len(digits) == 2:
        value = int(digits)
        return 2000 + value if value < 30 else 1900 + value
    return 0


def _day_at(tokens: list[Token], at: int) -> tuple[int, int] | None:
    """A day of the month in digits or words, and the index after it."""
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.digits and len(token.text) <= 2 and 1 <= int(token.text) <= 31:
        after = at + 1
        if (
            after < len(tokens)
            and tokens[after].low in _SUFFIXES
            and tokens[after].start == token.end
        ):
            after += 1
        return int(token.text), after
    if token.low in _ORDINALS:
        return _ORDINALS[token.low], at + 1
    if token.low in TENS:
        step = at + 1
        if step < len(tokens) and tokens[step].text == "-":
            step += 1
        if step < len(tokens):
            unit = _ORDINALS.get(tokens[step].low, 0) or UNITS.get(tokens[step].low, 0)
            if 0 < unit < 10 and TENS[token.low] + unit <= 31:
                return TENS[token.low] + unit, step + 1
        return (TENS[token.low], at + 1) if TENS[token.low] <= 30 else None
    value = UNITS.get(token.low) or TEENS.get(token.low)
    return (value, at + 1) if value and value <= 31 else None


def _year_at(tokens: list[Token], at: int) -> tuple[int, int] | None:
    """A year in digits or words ("nineteen eighty two", "two thousand five", "'82")."""
    while at < len(tokens) and tokens[at].low in {",", "of", "de", "del", "'", "’", ".", "in", "-",
                                                  "/"}:  # fmt: skip
        at += 1
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.digits:
        year = full_year(token.text)
        return (year, at + 1) if year else None
    if token.low in {"nineteen", "twenty"} and at + 1 < len(tokens):
        century = 1900 if token.low == "nineteen" else 2000
        step = at + 1
        if tokens[step].low == "hundred" and step + 1 < len(tokens):
            step += 1
        two = _two_digits(tokens, step)
        if two is not None:
            return century + two[0], two[1]
    if token.low == "two" and at + 1 < len(tokens) and tokens[at + 1].low == "thousand":
        step = at + 2
        if step < len(tokens) and tokens[step].low == "and":
            step += 1
        two = _two_digits(tokens, step)
        return (2000 + two[0], two[1]) if two is not None else (2000, at + 2)
    two = _two_digits(tokens, at)
    if two is not None and two[0] >= 20:
        return full_year(f"{two[0]:02d}"), two[1]
    return _spelled_year(tokens, at)


def _two_digits(tokens: list[Token], at: int) -> tuple[int, int] | None:
    if at >= len(tokens):
        return None
    low = tokens[at].low
    if low in TENS:
        step = at + 1
        if step + 1 < len(tokens) and tokens[step].text == "-":
            step += 1
        unit = UNITS.get(tokens[step].low, 0) if step < len(tokens) else 0
        return (TENS[low] + unit, step + 1) if unit else (TENS[low], at + 1)
    if low in TEENS:
        return TEENS[low], at + 1
    if low in {"oh", "o", "zero"} and at + 1 < len(tokens) and tokens[at + 1].low in UNITS:
        return UNITS[tokens[at + 1].low], at + 2
    if low in UNITS and low not in {"oh", "o"}:
        return UNITS[low], at + 1
    return None


def _spelled_year(tokens: list[Token], at: int) -> tuple[int, int] | None:
    """Four digits one by one: "one nine eight two"."""
    four = tokens[at : at + 4]
    if len(four) == 4 and all(t.low in UNITS or (len(t.text) == 1 and t.digits) for t in four):
        digits = "".join(t.text if t.digits else str(UNITS[t.low]) for t in four)
        year = full_year(digits)
        return (year, at + 4) if year else None
    return None


def find_dates(view: View) -> list[Date]:
    """Dates in order of place: with a month's name, or in digits ("3/14/82", "03 14 1982")."""
    found = _named(view) + _numeric(view)
    return sorted(found, key=lambda date: date.start)


def _named(view: View) -> list[Date]:
    tokens = view.tokens
    found: list[Date] = []
    for at, token in enumerate(tokens):
        month = MONTHS.get(token.low) if token.word else None
        if month is None:
            continue
        first, day, after = at, 0, at + 1
        if after < len(tokens) and tokens[after].text == "." and token.low not in {"may"}:
            after += 1
        step = after
        while step < len(tokens) and tokens[step].low in {"the", "-", "/"}:
            step += 1
        behind = _day_at(tokens, step)
        before = _day_before(tokens, at)
        year: tuple[int, int] | None = None
        if before is not None:
            first, day = before
            year = _year_at(tokens, after)
        elif behind is not None and not _is_year(tokens, step, behind[1]):
            day, after = behind
            year = _year_at(tokens, after)
        else:
            year = _year_at(tokens, after)
        last = year[1] - 1 if year else after - 1
        while last > first and tokens[last].text in ".,":
            last -= 1
        if day or year:
            found.append(
                Date(first, last, tokens[first].start, tokens[last].end,
                     year[0] if year else 0, month, day, named=True)
            )  # fmt: skip
    return found


def _is_year(tokens: list[Token], at: int, after: int) -> bool:
    """ "march nineteen eighty two": nineteen is no day when the rest makes it a year."""
    if tokens[at].low not in {"nineteen", "twenty"} or after - at > 1:
        return False
    two = _two_digits(tokens, after)
    if two is None or two[0] < 10:
        return False
    return _year_at(tokens, two[1]) is None


def _day_before(tokens: list[Token], at: int) -> tuple[int, int] | None:
    """The token where "the 3rd of" or "3 de" begins before a month's name, and the day."""
    back = at - 1
    while back >= 0 and tokens[back].low in {"of", "de", "-", "/", "."}:
        back -= 1
    for begin in range(max(0, back - 2), back + 1):
        day = _day_at(tokens, begin)
        if day is not None and day[1] == back + 1:
            return begin, day[0]
    return None


def _numeric(view: View) -> list[Date]:
    found: list[Date] = []
    for run in view.runs:
        at = 0
        while at < len(run):
            date, at = _numeric_at(run, at)
            if date is not None:
                found.append(date)
    return found


def _order(parts: list[str]) -> tuple[int, int, int] | None:
    """Year, month, day of three numbers in ISO, American or European order."""
    a, b, c = (int(part) for part in parts)
    if len(parts[0]) == 4:
        year, month, day = full_year(parts[0]), b, c
    else:
        year, month, day = full_year(parts[2]), a, b
        if month > 12 >= day:
            month, day = day, month
    return (year, month, day) if year and 1 <= month <= 12 and 1 <= day <= 31 else None


def _date(run: tuple[Atom, ...], parsed: tuple[int, int, int]) -> Date:
    return Date(run[0].first, run[-1].last, run[0].start, run[-1].end, *parsed, named=False)


def _numeric_at(run: Run, at: int) -> tuple[Date | None, int]:
    """The date that begins with an atom of a run, and where to go on."""
    atoms = run[at : at + 3]
    if len(atoms) == 3 and atoms[1].gap != LOOSE and atoms[2].gap != LOOSE:
        parts = [atom.digits for atom in atoms]
        lengths = [len(part) for part in parts]
        if max(lengths[:2]) <= 4 and lengths[1] <= 2 and lengths[2] in {1, 2, 4}:
            # "three fourteen eighty two", "03 14 19 82": the year in one or two pieces.
            four = run[at + 3] if at + 3 < len(run) else None
            if (
                four is not None
                and four.gap != LOOSE
                and lengths[2] == 2
                and parts[2] in {"19", "20"}
                and len(four.digits) == 2
            ):
                parsed = _order([parts[0], parts[1], parts[2] + four.digits])
                if parsed is not None:
                    return _date(run[at : at + 4], parsed), at + 4
            parsed = _order(parts) if lengths[2] != 1 or lengths[0] == 4 else None
            if parsed is not None and (at == 0 or run[at].gap != 0):
                return _date(atoms, parsed), at + 3
    only = run[at]
    if len(only.digits) == 8 and only.gap != 0:
        for parts in (
            [only.digits[:2], only.digits[2:4], only.digits[4:]],
            [only.digits[:4], only.digits[4:6], only.digits[6:]],
        ):
            parsed = _order(parts)
            if parsed is not None:
                return _date((only,), parsed), at + 1
    return None, at + 1
