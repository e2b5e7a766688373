"""Fictitious records for development, tests and `rapport reply`: written by hand, no real person.

Dates are counted from the day the data is made, so that an order that is on its way stays so.
"""

from datetime import datetime

from services.backoffice.demo.accounts import account_records
from services.backoffice.demo.calendar import Calendar
from services.backoffice.demo.claims import claim_records
from services.backoffice.demo.purchases import purchase_records
from services.backoffice.demo.trips import trip_records
from services.backoffice.demo.visits import visit_records
from services.backoffice.records import Record

__all__ = ["demo_records"]


def demo_records(now: datetime) -> tuple[Record, ...]:
    """All demo records as of `now`, an aware time in the zone that customers live in."""
    calendar = Calendar(now)
    return (
        *account_records(calendar),
        *purchase_records(calendar),
        *visit_records(calendar),
        *claim_records(calendar),
        *trip_records(calendar),
    )
