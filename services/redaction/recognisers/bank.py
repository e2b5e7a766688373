"""Bank accounts (IBAN by its check digits) and routing numbers (ABA checksum)."""

import re

from stdnum import iban
from stdnum.us import rtn

from services.redaction.entities import CHECKED, LABELLED, SHAPED, Found, Kind
from services.redaction.view import View

_IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{2,4}){3,8}(?:[ -]?[A-Za-z0-9]{1,3})?\b")
_LONGEST_IBAN = 34


def find(view: View) -> list[Found]:
    return _ibans(view) + _accounts(view) + _routing(view)


def _ibans(view: View) -> list[Found]:
    found: list[Found] = []
    for match in _IBAN.finditer(view.text):
        value = match.group()
        end = match.end()
        # The last group may be the first words of what follows: try shorter until it checks.
        while len(value) >= 15:
            bare = re.sub(r"[ -]", "", value)
            if len(bare) <= _LONGEST_IBAN and iban.is_valid(bare, check_country=False):
                found.append(Found(match.start(), end, Kind.BANK_ACCOUNT, CHECKED + 0.03))
                break
            cut = max(value.rfind(" "), value.rfind("-"))
            if cut < 0:
                break
            value = value[:cut]
            end = match.start() + cut
        else:
            continue
        if not found or found[-1].start != match.start():
            first = view.token_at(match.start())
            verdict = view.left(first)
            bare = re.sub(r"[ -]", "", match.group())
            long = len(bare) >= 15 and sum(character.isdigit() for character in bare) >= 10
            if long and verdict.near and Kind.BANK_ACCOUNT in verdict.meanings:
                found.append(Found(match.start(), match.end(), Kind.BANK_ACCOUNT, LABELLED))
    return found


def _accounts(view: View) -> list[Found]:
    found: list[Found] = []
    if not view.speaks_of(Kind.BANK_ACCOUNT):
        return found
    for window in view.windows(4, 17):
        count = len(window.digits)
        verdict = view.verdict(window.first, window.last)
        if count < 6 and not (
            (verdict.partial and Kind.BANK_ACCOUNT in verdict.meanings)
            or view.asked(Kind.BANK_ACCOUNT)
        ):
            continue
        sure = view.sure(Kind.BANK_ACCOUNT, window.first, window.last, whole=count >= 6)
        if sure is not None:
            found.append(
                Found(
                    window.start, window.end, Kind.BANK_ACCOUNT, sure - 0.02 + window.whole * 0.01
                )
            )
    return found


def _routing(view: View) -> list[Found]:
    found: list[Found] = []
    if not (view.speaks_of(Kind.ROUTING_NUMBER) or view.speaks_of(Kind.BANK_ACCOUNT)):
        return found
    for window in view.windows(4, 9):
        count = len(window.digits)
        sure = view.sure(Kind.ROUTING_NUMBER, window.first, window.last, whole=count in {6, 9})
        if sure is not None and (count == 9 or window.shape == "2-2-2" or count in {4, 5, 6}):
            checked = count == 9 and bool(rtn.is_valid(window.digits))
            found.append(
                Found(window.start, window.end, Kind.ROUTING_NUMBER,
                      min(0.99, sure + 0.02 * checked + 0.02 * (count == 9)))
            )  # fmt: skip
        elif (
            count == 9
            and rtn.is_valid(window.digits)
            and _talks_of_accounts(view)
            and view.unlabelled(window.first, window.last)
        ):
            found.append(Found(window.start, window.end, Kind.ROUTING_NUMBER, SHAPED))
    return found


def _talks_of_accounts(view: View) -> bool:
    wanted = {Kind.ROUTING_NUMBER, Kind.BANK_ACCOUNT}
    return any(label.meaning in wanted and not label.weak for label in view.labels)
