"""Reads numbers as people type and speak them, and keeps where each digit stood.

"four one five, double five", "5 5 5", "forty-two", "dos cero ocho" and "(415) 555" all become
atoms: a few digits with the code points that they came from. Atoms that follow one another
form a run; a recogniser takes the window of a run that fits its own value.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.redaction.tokens import Token, word_set

UNITS = {
    "zero": 0, "oh": 0, "o": 0, "nought": 0, "one": 1, "two": 2, "three": 3, "four": 4,
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "niner": 9, "fife": 5,
    "cero": 0, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6,
    "siete": 7, "ocho": 8, "nueve": 9,
}  # fmt: skip
TEENS = {
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "diez": 10, "doce": 12,
    "trece": 13, "catorce": 14, "quince": 15, "dieciséis": 16, "diecisiete": 17,
    "dieciocho": 18, "diecinueve": 19, "veintiuno": 21, "veintidós": 22, "veintitrés": 23,
    "veinticuatro": 24, "veinticinco": 25, "veintiséis": 26, "veintisiete": 27,
    "veintiocho": 28, "veintinueve": 29,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90, "veinte": 20, "treinta": 30, "cuarenta": 40,
    "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90,
}  # fmt: skip
REPEATS = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4, "doble": 2}
JOINERS = frozenset({"dash", "hyphen", "minus", "slash", "dot", "point", "guion", "guión", "punto"})
FILLERS = word_set(
    """
    um uh er erm uhm mm hmm ah eh and then y este luego después like ok okay so space
    """
)
NUMBER_WORDS = frozenset(UNITS) | frozenset(TEENS) | frozenset(TENS) | frozenset(REPEATS)
TIGHT, SPACED, LOOSE = 0, 1, 2
_APART = frozenset({"and", "y", "then"})
_MOST_FILLERS = 3


@dataclass(frozen=True, slots=True)
class Atom:
    """Digits with the tokens [first, last] and code points [start, end) they came from.

    `gap` says what lies before: TIGHT ("-", ".", "/"), SPACED, or LOOSE (comma, filler, line
    break); `sep` is that text. `coded` digits touch letters, as in "UA1549".
    """

    digits: str
    first: int
    last: int
    start: int
    end: int
    gap: int
    sep: str
    spoken: bool
    coded: bool


@dataclass(frozen=True, slots=True)
class Window:
    """Atoms that stand next to one another and may be one value."""

    atoms: tuple[Atom, ...]
    whole: bool

    @property
    def digits(self) -> str:
        return "".join(atom.digits for atom in self.atoms)

    @property
    def start(self) -> int:
        return self.atoms[0].start

    @property
    def end(self) -> int:
        return self.atoms[-1].end

    @property
    def first(self) -> int:
        return self.atoms[0].first

    @property
    def last(self) -> int:
        return self.atoms[-1].last

    @property
    def spoken(self) -> bool:
        return any(atom.spoken for atom in self.atoms)

    @property
    def shape(self) -> str:
        """Lengths of the atoms with what separates them: "3-3-4" for 415-555-0132."""
        pieces = [str(len(self.atoms[0].digits))]
        for atom in self.atoms[1:]:
            pieces.append((_DOUBLED.sub(r"\1", atom.sep.strip()) or " ") + str(len(atom.digits)))
        return "".join(pieces)


_DOUBLED = re.compile(r"([-./])\1+")
Run = tuple[Atom, ...]


def plain_digits(text: str) -> str:
    """ASCII digits of a token in any script."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(character)) for character in text)


def _spoken_number(tokens: list[Token], at: int, within: bool) -> tuple[str, int] | None:
    """Digits of the number word at `at` and the index after it. `within` a run, "o" is zero."""
    low = tokens[at].low
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if low in REPEATS:
        if following is not None and following.low in UNITS:
            return str(UNITS[following.low]) * REPEATS[low], at + 2
        if following is not None and following.digits and len(following.text) == 1:
            return plain_digits(following.text) * REPEATS[low], at + 2
        return None
    if low in {"o", "oh"} and not within:
        if following is None or not (following.digits or following.low in NUMBER_WORDS):
            return None
        return "0", at + 1
    if low in UNITS:
        return _hundreds(tokens, at + 1, UNITS[low])
    if low in TEENS:
        return _hundreds(tokens, at + 1, TEENS[low])
    if low in TENS:
        value = TENS[low]
        after = at + 1
        if after < len(tokens) and tokens[after].text in {"-", "y"} and after + 1 < len(tokens):
            after += 1
        if after < len(tokens):
            unit = UNITS.get(tokens[after].low, 0)
            if unit and tokens[after].low not in {"o", "oh"}:
                return str(value + unit), after + 1
        return str(value), at + 1
    return None


def _hundreds(tokens: list[Token], after: int, value: int) -> tuple[str, int]:
    """Takes "hundred" and "thousand" behind a number: "two thousand five" is 2005."""
    if after < len(tokens) and tokens[after].low in {"hundred", "thousand", "mil"}:
        factor = 100 if tokens[after].low == "hundred" else 1000
        value *= factor
        after += 1
        if after < len(tokens) and tokens[after].low == "and":
            rest = _below_hundred(tokens, after + 1)
        else:
            rest = _below_hundred(tokens, after)
        if rest is not None and rest[0] < factor:
            return str(value + rest[0]), rest[1]
    return str(value), after


def _below_hundred(tokens: list[Token], at: int) -> tuple[int, int] | None:
    if at >= len(tokens):
        return None
    low = tokens[at].low
    if low in TENS:
        unit = UNITS.get(tokens[at + 1].low, 0) if at + 1 < len(tokens) else 0
        return (TENS[low] + unit, at + 2) if unit else (TENS[low], at + 1)
    if low in TEENS:
        return TEENS[low], at + 1
    if low in UNITS and low not in {"o", "oh"}:
        return UNITS[low], at + 1
    return None


_SMALL_CODE = re.compile(r"[A-Z]+|[^\W\d_]{1,3}")


_AS_DIGITS = {"o": "0", "l": "1"}


def _lettered(tokens: list[Token]) -> frozenset[int]:
    """Words of "o" and "l" that stand for digits inside a number: "2o2-555-o143", "l88l"."""
    found: set[int] = set()
    for at, token in enumerate(tokens):
        if not token.word or len(token.low) > 3 or not set(token.low) <= set(_AS_DIGITS):
            continue
        first = last = at
        while (
            first
            and tokens[first - 1].end == tokens[first].start
            and _digit_like(tokens[first - 1])
        ):
            first -= 1
        while (
            last + 1 < len(tokens)
            and tokens[last + 1].start == tokens[last].end
            and _digit_like(tokens[last + 1])
        ):
            last += 1
        length = tokens[last].end - tokens[first].start
        digits = sum(len(t.text) for t in tokens[first : last + 1] if t.digits)
        before, after = tokens[first - 1] if first else None, None
        if last + 1 < len(tokens):
            after = tokens[last + 1]
        joined = any(
            side is not None and (side.text in "-._" or side.digits) for side in (before, after)
        )
        if 3 <= length <= 16 and 2 * digits >= length and joined:
            found.add(at)
    return frozenset(found)


def _digit_like(token: Token) -> bool:
    return token.digits or (
        token.word and len(token.low) <= 3 and set(token.low) <= set(_AS_DIGITS)
    )


def _coded(text: str, tokens: list[Token], first: int, last: int, lettered: frozenset[int]) -> bool:
    """Whether typed digits touch letters, directly or by a hyphen ("CLM-44", "UA1549")."""
    before = tokens[first - 1] if first and first - 1 not in lettered else None
    if before is not None and before.end == tokens[first].start:
        joined = before.text == "_" and first > 1 and tokens[first - 2].digits
        if (before.word and before.low not in NUMBER_WORDS) or (before.text == "_" and not joined):
            return True
        two = tokens[first - 2] if first > 1 else None
        if (
            before.text == "-"
            and two is not None
            and two.end == before.start
            and two.word
            and two.low not in NUMBER_WORDS
            and _SMALL_CODE.fullmatch(two.text)
        ):
            return True
    following = last + 1 < len(tokens) and last + 1 not in lettered
    after = tokens[last + 1] if following else None
    if after is not None and after.start == tokens[last].end:
        if (
            after.word
            and after.low not in {"x", "ext", "and", "y", "th", "st", "nd", "rd"}
            and after.low not in NUMBER_WORDS
        ):
            return True
        two = tokens[last + 2] if last + 2 < len(tokens) else None
        if (
            after.text == "-"
            and two is not None
            and two.start == after.end
            and two.word
            and two.low not in NUMBER_WORDS
            and _SMALL_CODE.fullmatch(two.text)
        ):
            return True
    return False


def _gap(text: str, tokens: list[Token], last: int, at: int) -> int | None:
    """What lies between two atoms (tokens last and at), or None when they do not belong."""
    between = tokens[last + 1 : at]
    raw = text[tokens[last].end : tokens[at].start]
    if not between:
        return SPACED if raw.strip("".join(("\u200b", "\u200c", "\u200d", "\u2060"))) else TIGHT
    loose = 0
    joined = False
    for token in between:
        if (
            token.text in {"-", "/", ".", "(", ")", "+", "–", "—", "_", "*", "‑", "·", "‐", "−"}
            or token.low in JOINERS
        ):
            joined = True
        elif token.text in {",", ";", "\n"} or token.low in FILLERS or token.text == "…":
            loose += 1
        else:
            return None
    if tokens[last].digits and tokens[at].digits and any(t.low in _APART for t in between):
        return None  # "98109 and 7715" are two numbers
    if loose > _MOST_FILLERS or len(between) > _MOST_FILLERS + 3:
        return None
    if loose or (raw.count(".") > 1) or raw.startswith(". "):
        return LOOSE
    spaced = raw[0].isspace() or raw[-1].isspace()
    if joined and spaced and all(token.kind == "sign" for token in between):
        return SPACED
    return TIGHT


def read_runs(text: str, tokens: list[Token], taken: frozenset[int]) -> list[Run]:
    """All runs of a text. Tokens in `taken` (the 4 of "last 4") are no numbers."""
    runs: list[Run] = []
    current: list[Atom] = []
    lettered = _lettered(tokens)
    at = 0
    while at < len(tokens):
        token = tokens[at]
        gap: int | None = None
        if current and (token.digits or token.low in NUMBER_WORDS or at in lettered):
            gap = _gap(text, tokens, current[-1].last, at)
        read: tuple[str, int] | None = None
        if at in taken:
            read = None
        elif token.digits:
            read = (plain_digits(token.text), at + 1)
        elif at in lettered:
            read = ("".join(_AS_DIGITS[letter] for letter in token.low), at + 1)
        elif token.word and token.low in NUMBER_WORDS:
            read = _spoken_number(tokens, at, within=gap is not None)
        if read is None:
            at += 1
            continue
        digits, after = read
        if gap is None and current:
            runs.append(tuple(current))
            current = []
        if gap == TIGHT and token.start == current[-1].end and (
            at in lettered or current[-1].last in lettered
        ):  # fmt: skip
            # "4l5": one group of digits.
            last = current[-1]
            grown = replace(last, digits=last.digits + digits, last=after - 1,
                            end=tokens[after - 1].end,
                            coded=last.coded
                            or _coded(text, tokens, at, after - 1, lettered))  # fmt: skip
            current[-1] = grown
            at = after
            continue
        start = token.start
        before = tokens[at - 1] if at else None
        # An opening bracket or a plus sign belongs to the number that it opens.
        if (
            before is not None
            and before.text in {"(", "+"}
            and before.end == token.start
            and not (current and gap == TIGHT)
        ):
            start = before.start
            two = tokens[at - 2] if at > 1 else None
            if two is not None and two.text in {"(", "+"} and two.end == before.start:
                start = two.start
        end = tokens[after - 1].end
        sep = text[current[-1].end : start] if current else ""
        current.append(
            Atom(
                digits=digits,
                first=at,
                last=after - 1,
                start=start,
                end=end,
                gap=gap if gap is not None else LOOSE,
                sep=sep,
                spoken=token.word and at not in lettered,
                coded=(token.digits or at in lettered)
                and _coded(text, tokens, at, after - 1, lettered),
            )
        )
        at = after
    if current:
        runs.append(tuple(current))
    return runs


def windows(run: Run, fewest: int, most: int) -> Iterator[Window]:
    """Windows with between `fewest` and `most` digits that break no tight joint, longest first.

    Typed digits that touch letters belong to a code and are left to `codes`.
    """
    count = len(run)
    for i in range(count):
        if i and run[i].gap == TIGHT:
            continue
        if run[i].coded:
            continue
        length = 0
        ends: list[int] = []
        for j in range(i, count):
            length += len(run[j].digits)
            if length > most or run[j].coded:
                break
            if length >= fewest and (j + 1 == count or run[j + 1].gap != TIGHT):
                ends.append(j + 1)
        for j in reversed(ends):
            yield Window(run[i:j], whole=(i == 0 and j == count))
