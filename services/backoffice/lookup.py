"""Finds the one record that a call is about, or says what is missing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from services.backoffice import words
from services.backoffice.catalogue import REFERENCE
from services.backoffice.records import Customer, Outcome, Owned, Records, Result

OwnedRecord = TypeVar("OwnedRecord", bound=Owned)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an action. `now` is aware, on the clock that customers live by."""

    action: str
    industry: str
    customer_id: str
    parameters: Mapping[str, str]
    key: str
    now: datetime

    @property
    def today(self) -> date:
        return self.now.date()

    def day(self, value: date | None) -> str:
        """A date in words; empty when there is none."""
        return words.day(value, self.today) if value is not None else ""

    def moment(self, value: datetime | None) -> str:
        """A time in words; empty when there is none."""
        return words.moment(value, self.now) if value is not None else ""

    def said(self, parameter: str) -> str:
        """What was given for `parameter`, without blanks around it."""
        return self.parameters.get(parameter, "").strip()


def done(**facts: str) -> Result:
    """The action was carried out. Empty facts are left out."""
    return Result(Outcome.DONE, told(facts))


def refused(detail: str, **facts: str) -> Result:
    """The records forbid it; `detail` is a code that says why."""
    return Result(Outcome.REFUSED, told(facts), detail)


def needs(parameter: str) -> Result:
    """The customer has to be asked for `parameter`."""
    return Result(Outcome.NEEDS_PARAMETER, {}, parameter)


def not_found(parameter: str, **facts: str) -> Result:
    """Nothing in the records goes by what was given for `parameter`."""
    return Result(Outcome.NOT_FOUND, told(facts), parameter)


def told(facts: Mapping[str, str]) -> dict[str, str]:
    """The facts that say something."""
    return {name: value for name, value in facts.items() if value}


def known(records: Records, call: Call) -> Customer | None:
    """The customer who calls, when the records know them."""
    return records.find(Customer, call.customer_id) if call.customer_id else None


def one_of(
    records: Records,
    call: Call,
    kind: type[OwnedRecord],
    parameter: str,
    read: Callable[[str], str | None],
    likely: Callable[[OwnedRecord], bool] = lambda record: True,
) -> OwnedRecord | Result:
    """The record that a call names in `parameter` or in "reference", or the caller's own.

    Nobody who is known hears of another customer's record. Without a number, the caller's own
    single record is meant; among several, the single `likely` one.
    """
    number = read(call.said(parameter)) or read(call.said(REFERENCE))
    customer = known(records, call)
    if number is not None:
        record = records.find(kind, number)
        if record is None or (customer is not None and record.customer_id != customer.number):
            return not_found(parameter, **{parameter: number})
        return record
    own = records.where(kind, customer_id=customer.number) if customer is not None else []
    for candidates in ([record for record in own if likely(record)], own):
        if len(candidates) == 1:
            return candidates[0]
    return needs(parameter)
