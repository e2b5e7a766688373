"""A message that is a value and nothing else: the answer to a question, or the rest of a value
whose beginning closed the message before ("D412", then "5589", then "0017")."""

import re

from services.redaction import lexicon
from services.redaction.entities import GUESSED, Author, Found, Kind
from services.redaction.label_words import Other
from services.redaction.numbers import FILLERS, JOINERS, NUMBER_WORDS, UNITS
from services.redaction.recognisers.address_parts import state_at
from services.redaction.recognisers.address_words import NEVER_IN_STREET
from services.redaction.recognisers.dates import MONTHS, full_year
from services.redaction.tokens import word_set
from services.redaction.view import View

SURE = GUESSED + 0.1
_AROUND = FILLERS | word_set(
    """
    letters letter capital caps it it's its is the that's thats first second third last next
    middle part rest half starts begins ends with yes yep yeah sure sorry hmm mm number my lol
    please plz ma'am sir oops wait final digits remaining finally es el la los número i think
    here comes goes now but more
    """
)
_NUMBERED = (
    Kind.SSN, Kind.PHONE, Kind.CREDIT_CARD, Kind.BANK_ACCOUNT, Kind.ROUTING_NUMBER,
    Kind.DRIVER_LICENSE, Kind.PASSPORT, Kind.MEDICAL_RECORD, Kind.HEALTH_PLAN_ID,
    Kind.VEHICLE_ID, Kind.PASSWORD, Kind.CVV, Kind.CARD_EXPIRY,
)  # fmt: skip
_LETTERED = (
    Kind.DRIVER_LICENSE, Kind.PASSPORT, Kind.MEDICAL_RECORD, Kind.HEALTH_PLAN_ID,
    Kind.VEHICLE_ID, Kind.PASSWORD, Kind.USERNAME, Kind.BANK_ACCOUNT,
)  # fmt: skip
_MOST_WORDS = 8
_MOST_LETTERS = 5  # of a piece without digits
_SIGNS = frozenset({"-", ".", "/", "*", "–", "#", ",", "(", ")", "_"})


def find(view: View) -> list[Found]:
    if view.author is not Author.CUSTOMER or view.words > _MOST_WORDS:
        return []
    goes_on = view.continuing
    asked = (
        ()
        if view.asked_something_else or goes_on
        else tuple(ask.meaning for ask in view.asks if isinstance(ask.meaning, Kind))
    )
    wanted = (*goes_on, *asked)
    if not wanted or _says_otherwise(view, wanted):
        return []
    edges = _edges(view)
    if edges is None:
        return []
    first, last = edges
    behind = view.tokens[last + 1].low if last + 1 < len(view.tokens) else ""
    if view.tokens[first].low == "one" and first == last and behind:
        return []  # "one second", "one more"
    for kind in wanted:
        if _fits(view, kind, first, last, kind in goes_on):
            return [Found(view.tokens[first].start, view.tokens[last].end, kind, SURE)]
    return []


def _says_otherwise(view: View, wanted: tuple[Kind, ...]) -> bool:
    return any(
        label.meaning not in wanted and label.meaning is not Other.LAST_FOUR
        for label in view.labels
    )


def _edges(view: View) -> tuple[int, int] | None:
    """The first and last token of what is no filler."""
    tokens = view.tokens
    first, last = 0, len(tokens) - 1
    while first <= last and (
        tokens[first].low in _AROUND
        or first in view.labelled_tokens
        or (tokens[first].kind == "sign" and tokens[first].text not in "@.")
    ):
        first += 1
    while last >= first and (
        tokens[last].low in _AROUND
        or last in view.labelled_tokens
        or (tokens[last].kind == "sign" and tokens[last].text not in "!@#$%&*")
    ):
        last -= 1
    return (first, last) if first <= last else None


def _fits(view: View, kind: Kind, first: int, last: int, goes_on: bool) -> bool:
    tokens = view.tokens[first : last + 1]
    text = view.text[tokens[0].start : tokens[-1].end]
    if kind in {Kind.PASSWORD, Kind.USERNAME} and goes_on:
        return " " not in text
    if kind is Kind.PERSON:
        return goes_on and _is_surname(view, first, last)
    if kind is Kind.EMAIL:
        return goes_on and " " not in text and "." in text and text[-1].isalnum()
    digits = all(
        t.digits or t.low in NUMBER_WORDS or t.text in _SIGNS or t.low in FILLERS | JOINERS
        for t in tokens
    )
    if kind is Kind.DATE_OF_BIRTH:
        begun = re.fullmatch(r"\d{1,2}[/-]\d{1,2}", text) is not None
        return begun or (goes_on and _is_part_of_date(view, first, last))
    if kind is Kind.ADDRESS:
        stated = any(state_at(view.tokens, i) is not None for i in range(first, last + 1))
        return (goes_on or stated) and _is_place(view, first, last)
    if digits:
        short = kind not in {Kind.CVV, Kind.CARD_EXPIRY} or len(text) < 24
        return kind in _NUMBERED and short
    return kind in _LETTERED and _is_code(view, first, last)


def _is_surname(view: View, first: int, last: int) -> bool:
    """ "Vasquez-Lund" behind "my name is Theodora"."""
    words = [token for token in view.tokens[first : last + 1] if token.text not in "-'"]
    return 0 < len(words) <= 2 and all(
        token.word and len(token.text) > 2 and not lexicon.is_ordinary(token.low) for token in words
    )


def _is_part_of_date(view: View, first: int, last: int) -> bool:
    tokens = view.tokens[first : last + 1]
    if len(tokens) == 1 and tokens[0].digits:
        return len(tokens[0].text) <= 2 or full_year(tokens[0].text) > 0
    spoken = all(t.low in NUMBER_WORDS or t.low in {"hundred", "thousand"} for t in tokens)
    return spoken or (len(tokens) == 1 and tokens[0].low in MONTHS)


def _is_place(view: View, first: int, last: int) -> bool:
    """A city, a state, a ZIP code: what comes behind a street in a message of its own."""
    tokens = view.tokens
    code = last if tokens[last].digits and len(tokens[last].text) == 5 else None
    end = last if code is None else last - 1
    names = [i for i in range(first, end + 1) if tokens[i].text != ","]
    if len(names) > 4 or not all(tokens[i].word for i in names):
        return False
    if not names:
        return code is not None
    if state_at(tokens, names[-1]) is not None or code is not None:
        return not any(tokens[i].low in NEVER_IN_STREET for i in names[:-1])
    return len(names) <= 3 and not any(lexicon.is_frequent(tokens[i].low) for i in names)


def _is_code(view: View, first: int, last: int) -> bool:
    """Letters and digits of one code, spelled or typed."""
    if first == last and view.tokens[first].text.isupper() and view.tokens[first].word:
        return 3 <= len(view.tokens[first].text) <= _MOST_LETTERS
    digits = 0
    for token in view.tokens[first : last + 1]:
        if token.digits or token.low in NUMBER_WORDS:
            digits += 1
        elif token.word:
            short = len(token.text) <= _MOST_LETTERS and token.text.isupper()
            if not (short or len(token.text) == 1):
                return False
        elif token.text not in _SIGNS:
            return False
    return digits > 0 and view.tokens[first].low not in UNITS.keys() & {"o"}
