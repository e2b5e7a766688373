"""Amounts, dates and times are told in words."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.backoffice.words import clock, day, listing, moment, money

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("cents", "words"),
    [(6420, "$64.20"), (0, "$0.00"), (5, "$0.05"), (112000, "$1,120.00"), (-2900, "-$29.00")],
)
def test_money(cents: int, words: str) -> None:
    assert money(cents) == words


@given(st.integers(-(10**12), 10**12))
def test_no_cent_is_lost_in_words(cents: int) -> None:
    plain = money(cents).replace("$", "").replace(",", "")
    whole, _, rest = plain.partition(".")
    sign = -1 if plain.startswith("-") else 1
    assert sign * (abs(int(whole)) * 100 + int(rest)) == cents


def test_a_day_near_today_has_no_year_and_a_far_one_has() -> None:
    assert day(date(2026, 11, 27), TODAY) == "Friday, November 27"
    assert day(date(2028, 1, 3), TODAY) == "Monday, January 3, 2028"


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (7, 40, "7:40 a.m."),
        (18, 0, "6 p.m."),
        (12, 0, "noon"),
        (0, 0, "midnight"),
        (0, 5, "12:05 a.m."),
    ],
)
def test_clock(hour: int, minute: int, words: str) -> None:
    assert clock(datetime(2026, 11, 24, hour, minute, tzinfo=UTC)) == words


def test_a_moment_is_told_on_the_customers_clock() -> None:
    now = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("America/New_York"))
    stored = datetime(2026, 11, 28, 2, 30, tzinfo=UTC)
    assert moment(stored, now) == "Friday, November 27, at 9:30 p.m."


def test_listing() -> None:
    assert listing([]) == ""
    assert listing(["a"]) == "a"
    assert listing(["a", "b"]) == "a and b"
    assert listing(["a", "b", "c"]) == "a, b and c"
