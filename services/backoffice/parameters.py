"""Reads parameters as customers give them: "ORD-48213", "#48213", "four eight two one three"."""

import re
from dataclasses import dataclass

# Digits of a number that has another length than this kind's: looked up, and not found.
ODD_LENGTHS = range(4, 13)
PLACEHOLDER = re.compile(r"\[[A-Z][A-Z_]*_[0-9]+\]")
SPOKEN = {
    "zero": 0, "oh": 0, "o": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "cero": 0, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4,
    "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9,
}  # fmt: skip
SMALL_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4,
    "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "once": 11, "doce": 12,
}  # fmt: skip
_SPOKEN_RUN = re.compile(
    rf"\b(?:{'|'.join(SPOKEN)})(?:[\s,-]+(?:{'|'.join(SPOKEN)}))+\b", re.IGNORECASE
)
_GROUPS = re.compile(r"[0-9]+(?:[ -][0-9]+)*")
_SIX_CHARACTERS = re.compile(r"(?<![A-Z0-9-])[A-Z0-9]{6}(?![A-Z0-9-])")


@dataclass(frozen=True, slots=True)
class Form:
    """How the numbers of one kind of record are written: "RF-2041" has prefix "RF", 4 digits."""

    prefix: str
    digits: tuple[int, ...]
    prefix_is_kept: bool = True

    def written(self, digits: str) -> str:
        """The number as the records hold it."""
        return f"{self.prefix}-{digits}" if self.prefix_is_kept else digits


ORDER = Form("ORD", (5,), prefix_is_kept=False)
REFUND = Form("RF", (4, 5))
BILL = Form("INV", (5,))
OUTAGE = Form("OUT", (3,))
APPOINTMENT = Form("APPT", (4,))
CLAIM = Form("CLM", (5,))
BAG = Form("BAG", (5,))
STAY = Form("TRV", (5,))
FORMS = (ORDER, REFUND, BILL, OUTAGE, APPOINTMENT, CLAIM, BAG, STAY)


def number_of(form: Form, text: str) -> str | None:
    """The one number of this form that `text` names, as the records hold it.

    None when it names none, or two between which nobody but the customer can choose.
    """
    plain = _spoken_as_digits(_without_placeholders(text)).upper()
    prefix = re.compile(rf"(?<![A-Z0-9]){form.prefix}[\s#:-]*({_GROUPS.pattern})")
    prefixed = [match.group(1) for match in prefix.finditer(plain)]
    groups = [match.group() for match in _GROUPS.finditer(plain)]
    # "48213" beside "2 days" is one number; "48 213" alone is one number as well.
    single = [run for group in groups for run in re.findall("[0-9]+", group)]
    for candidates in (
        _fitting(form, [group.split()[0] for group in prefixed]),
        _fitting(form, prefixed),
        _fitting(form, single),
        _fitting(form, groups),
        {_joined(group) for group in prefixed or groups if len(_joined(group)) in ODD_LENGTHS},
    ):
        if len(candidates) == 1:
            (digits,) = candidates
            return form.written(digits)
        if candidates:
            return None
    return None


def booking_of(text: str) -> str | None:
    """A booking's reference: "TRV-30418", or an airline's six letters and digits ("K7QX2M")."""
    plain = _without_placeholders(text).upper()
    codes = {
        code
        for code in (match.group() for match in _SIX_CHARACTERS.finditer(plain))
        if not code.isdigit() and (any(c.isdigit() for c in code) or code == plain.strip())
    }
    if len(codes) == 1:
        return codes.pop()
    return None if codes else number_of(STAY, text)


def area_of(text: str) -> str:
    """The key of a place: "Maple  Grove, please" and "maple grove" are the same."""
    words = re.findall(r"[^\W\d_]+", _without_placeholders(text).casefold())
    return " ".join(word for word in words if word not in ("in", "the", "please", "area", "en"))


def months_of(text: str) -> int | None:
    """Number of months in "3", "three months" or "seis"; None when there is no one number."""
    plain = _without_placeholders(text).casefold()
    named = {SMALL_NUMBERS[word] for word in re.findall(r"[a-z]+", plain) if word in SMALL_NUMBERS}
    found = {int(digits) for digits in re.findall(r"[0-9]{1,4}", plain)} | named
    return found.pop() if len(found) == 1 else None


def card_kind_of(text: str) -> str | None:
    """ "credit" or "debit", in English or Spanish; None when it says neither or both."""
    plain = _without_placeholders(text).casefold()
    said = {
        kind
        for kind, words in (
            ("credit", ("credit", "crédito", "credito")),
            ("debit", ("debit", "débito", "debito")),
        )
        if any(word in plain for word in words)
    }
    return said.pop() if len(said) == 1 else None


def _without_placeholders(text: str) -> str:
    """What redaction left: "[CREDIT_CARD_1]" is no credit card, and names no number."""
    return PLACEHOLDER.sub(" ", text)


def _fitting(form: Form, written: list[str]) -> set[str]:
    numbers = {_joined(text) for text in written}
    return {digits for digits in numbers if len(digits) in form.digits}


def _joined(digits: str) -> str:
    return re.sub(r"[^0-9]", "", digits)


def _spoken_as_digits(text: str) -> str:
    def digits(match: re.Match[str]) -> str:
        words = re.findall(r"[a-z]+", match.group().casefold())
        return "".join(str(SPOKEN[word]) for word in words)

    return _SPOKEN_RUN.sub(digits, text)
