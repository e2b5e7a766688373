"""Codes of letters and digits: typed ("D529-4418"), spelled ("w 4 8 2") and spoken ("d as in
delta one two"). Which of them are personal, a recogniser says by the label beside them."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.redaction.numbers import (
    FILLERS,
    JOINERS,
    NUMBER_WORDS,
    REPEATS,
    TEENS,
    TENS,
    UNITS,
    plain_digits,
)
from services.redaction.tokens import Token, word_set
from services.redaction.view import View

_JOINT_SIGNS = frozenset({"-", "/", ".", "–", "‑", "*", "·"})
_SPELLERS = frozenset({"in", "like", "for", "de"})
_LETTER_WORDS = frozenset({"a", "i", "o", "y"})
_LONGEST = 40
_NEVER = word_set(
    """
    is it my the to on at of or no me we he so do if be by an as in up us am pm and for you was
    but not his her its our are can did has had get got how who why new old one yes out off all
    any day may now see two ten ok st nd rd th de el la es mi su un id vin plate lic from said
    says with then that this have will your they them who been were what when i'm it's id's exp
    cvv
    """
)
_NATO = word_set(
    """
    alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike
    november oscar papa quebec romeo sierra tango uniform victor whiskey xray yankee zulu
    """
)
_LEADS = frozenset({"capital", "letter", "letters", "mayúscula"})


@dataclass(frozen=True, slots=True)
class Code:
    """A code over tokens [first, last]; `value` holds its letters (upper case) and digits."""

    first: int
    last: int
    start: int
    end: int
    value: str

    @property
    def mixed(self) -> bool:
        return any(c.isalpha() for c in self.value) and any(c.isdigit() for c in self.value)


def find_codes(view: View) -> list[Code]:
    """All codes of a text that have a digit and three characters or more."""
    return list(_codes(view))


def _codes(view: View) -> Iterator[Code]:
    tokens = view.tokens
    at = 0
    while at < len(tokens):
        code = code_at(view, at)
        if code is None:
            at += 1
            continue
        if len(code.value) >= 3 and any(c.isdigit() for c in code.value):
            yield code
        at = code.last + 1


def code_at(view: View, at: int) -> Code | None:
    """The code that begins at a token, as long as it goes on; None when none begins there."""
    tokens = view.tokens
    value: list[str] = []
    index = at
    last = at
    spoken = False
    while index < len(tokens) and len(value) < _LONGEST:
        if index in view.labelled_tokens:
            break
        token = tokens[index]
        piece = _piece(tokens, index)
        if piece is None:
            gap = _gap(tokens, index, spoken, bool(value))
            if gap is None:
                break
            index = gap
            continue
        text, after, said = piece
        glued = index > at and tokens[index - 1].end == token.start
        if token.word and not said and not glued and not _stands_with(tokens, index, after, at):
            break
        value.append(text)
        spoken = spoken or said
        last = after - 1
        index = after
    if not value:
        return None
    joined = "".join(value)
    return Code(at, last, tokens[at].start, tokens[last].end, joined)


def _piece(tokens: list[Token], index: int) -> tuple[str, int, bool] | None:
    """What a token adds to a code, the index after it, and whether it was spoken."""
    token = tokens[index]
    if token.digits:
        return plain_digits(token.text), index + 1, False
    if not token.word:
        return None
    low = token.low
    if low in _LEADS and index + 1 < len(tokens) and len(tokens[index + 1].text) == 1:
        following = _piece(tokens, index + 1)
        return (following[0], following[1], True) if following is not None else None
    if low in REPEATS and index + 1 < len(tokens):
        repeated = tokens[index + 1]
        if repeated.low in UNITS:
            return str(UNITS[repeated.low]) * REPEATS[low], index + 2, True
        if len(repeated.text) == 1:
            return repeated.text.upper() * REPEATS[low], index + 2, True
        return None
    if low in _NATO and _among_spelled(tokens, index):
        return low[0].upper(), index + 1, True
    if low in NUMBER_WORDS and len(low) > 1:
        number = UNITS.get(low, TEENS.get(low, TENS.get(low, 0)))
        if low in TENS and index + 1 < len(tokens) and 0 < UNITS.get(tokens[index + 1].low, 0) < 10:
            return str(number + UNITS[tokens[index + 1].low]), index + 2, True
        return str(number), index + 1, True
    if len(token.text) == 1:
        after = index + 1
        told = tokens[after].low if after < len(tokens) else ""
        if told == "as" and after + 2 < len(tokens) and tokens[after + 1].low == "in":
            return token.text.upper(), after + 3, True
        behind = tokens[after + 1] if after + 1 < len(tokens) else None
        if told in _SPELLERS and behind is not None and behind.word and len(behind.text) > 2:
            return token.text.upper(), after + 2, True
        return token.text.upper(), index + 1, False
    glued = (index and tokens[index - 1].end == token.start and tokens[index - 1].digits) or (
        index + 1 < len(tokens)
        and tokens[index + 1].start == token.end
        and (tokens[index + 1].digits or tokens[index + 1].text == "-")
    )
    hyphened = index and tokens[index - 1].text == "-" and tokens[index - 1].end == token.start
    if glued or hyphened:
        return token.text.upper(), index + 1, False
    if low in _NEVER:
        return None
    ahead = tokens[index + 1] if index + 1 < len(tokens) else None
    if token.text.isupper() and 5 <= len(token.text) <= 6 and ahead is not None and ahead.digits:
        return token.text, index + 1, False
    if len(token.text) <= 4 and (token.text.isupper() or len(token.text) <= 3):
        return token.text.upper(), index + 1, False
    return None


def _among_spelled(tokens: list[Token], index: int) -> bool:
    """Whether a word of the spelling alphabet stands among others, or beside a number."""
    around = [tokens[i] for i in (index - 1, index + 1) if 0 <= i < len(tokens)]
    return any(t.digits or t.low in NUMBER_WORDS or t.low in _NATO for t in around)


def _gap(tokens: list[Token], index: int, spoken: bool, begun: bool) -> int | None:
    """The next token when the one at `index` may stand inside a code."""
    if not begun or index + 1 >= len(tokens):
        return None
    token = tokens[index]
    following = tokens[index + 1]
    if token.text in _JOINT_SIGNS:
        close = token.start == tokens[index - 1].end and token.end == following.start
        apart = token.text in "-–" and following.kind != "sign"
        return index + 1 if (close or apart) and following.kind != "sign" else None
    if token.low in JOINERS:
        return index + 1
    if spoken and (token.text == "," or token.low in FILLERS):
        return index + 1
    return None


def _stands_with(tokens: list[Token], index: int, after: int, begun: int) -> bool:
    """Whether letters set apart by spaces go on with digits, or with more letters of a code."""
    token = tokens[index]
    ahead = tokens[after] if after < len(tokens) else None
    if len(token.text) == 1:
        if token.low in {"a", "i"} and token.text not in {"A"} and index == begun:
            return ahead is not None and (ahead.digits or (len(ahead.text) == 1 and ahead.word))
        return ahead is None or ahead.kind != "word" or len(ahead.text) <= 4 or index > begun
    if index > begun:
        return token.text.isupper() or (ahead is not None and ahead.digits)
    if ahead is None:
        return False
    return (
        ahead.digits
        or (ahead.low in NUMBER_WORDS)
        or ahead.text == "-"
        or (len(ahead.text) <= 3 and ahead.word and token.text.isupper() and ahead.text.isupper())
    )
