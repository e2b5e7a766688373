"""Amounts, dates and lists in the words that a customer reads (American English)."""

from collections.abc import Sequence
from datetime import date, datetime

FAR_AWAY_DAYS = 300


def money(cents: int) -> str:
    """6420 -> "$64.20"."""
    sign = "-" if cents < 0 else ""
    dollars, rest = divmod(abs(cents), 100)
    return f"{sign}${dollars:,}.{rest:02d}"


def day(value: date, today: date) -> str:
    """ "Friday, November 27"; with its year when it is most of a year away from `today`."""
    words = f"{value:%A}, {value:%B} {value.day}"
    return f"{words}, {value.year}" if abs((value - today).days) > FAR_AWAY_DAYS else words


def clock(value: datetime) -> str:
    """ "7:40 a.m.", "6 p.m.", "noon"."""
    if value.minute == 0 and value.hour in (0, 12):
        return "noon" if value.hour else "midnight"
    hour = value.hour % 12 or 12
    half = "a.m." if value.hour < 12 else "p.m."
    return f"{hour}:{value.minute:02d} {half}" if value.minute else f"{hour} {half}"


def moment(value: datetime, now: datetime) -> str:
    """ "Friday, November 27, at 7:40 a.m.", on the clock of `now`'s time zone."""
    local = value.astimezone(now.tzinfo)
    return f"{day(local.date(), now.date())}, at {clock(local)}"


def listing(parts: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
