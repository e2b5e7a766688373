"""Numbers as people type and speak them."""

import pytest

from services.redaction.values import digits_of
from services.redaction.view import View


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("four one five", "415"),
        ("double seven", "77"),
        ("triple oh nine", "0009"),
        ("forty two eighteen", "4218"),
        ("forty-two", "42"),
        ("nineteen eighty two", "1982"),
        ("two thousand five", "2005"),
        ("four hundred and twelve", "412"),
        ("one oh five", "105"),
        ("dos cero ocho", "208"),
        ("treinta y cinco", "35"),
        ("4 one five", "415"),
        ("(415) 555-0132", "4155550132"),
        ("4 1 5 . 5 5 5", "415555"),
        ("４１５", "415"),
        ("4\u200b15", "415"),
        ("six um six uh oh two", "6602"),
        ("no numbers here", ""),
    ],
)
def test_reads_digits(text: str, digits: str) -> None:
    assert digits_of(text) == digits


def test_keeps_where_a_spoken_number_stood() -> None:
    text = "so it's four one five, double five five ok?"
    (window,) = (w for w in View(text).windows(6, 6) if w.whole)
    assert text[window.start : window.end] == "four one five, double five five"


def test_digits_in_a_code_are_no_number() -> None:
    assert not list(View("flight UA1549 and claim CLM-4410293").windows(1, 19))
