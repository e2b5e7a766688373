"""A text as the pure readers see it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.emotion.wording import LONGEST, clauses, folded, plain, spoken


def test_names_placeholders_as_the_network_knows_them() -> None:
    assert plain("Thanks [PERSON_1], call [PHONE_2]") == "Thanks [NAME], call the number"


def test_drops_invisible_and_bidirectional_characters() -> None:
    assert plain("h\u200bel\u202ep\x00 me\ufeff") == "help me"


def test_reads_curly_quotes_as_straight_ones() -> None:
    assert folded(plain("I don’t WANT it")) == "i don't want it"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("soooooo bad", "soo bad"),
        ("h3lp me", "help me"),
        ("20gb for 30 dollars", "20gb for 30 dollars"),
        ("st0p", "stop"),
        ("b4 the 2nd", "b4 the 2nd"),
    ],
)
def test_folds_drawn_out_words_and_leetspeak(written: str, read: str) -> None:
    assert folded(written) == read


def test_takes_the_fillers_and_stutters_out_of_speech() -> None:
    assert spoken("can i can i uh talk to um a person") == "can i talk to a person"


def test_divides_at_signs_but_not_at_hyphens() -> None:
    assert clauses("no. person, now - please, check-in") == [
        "no",
        "person",
        "now",
        "please",
        "check-in",
    ]


@given(st.text())
def test_any_text_becomes_plain_and_stays_bounded(text: str) -> None:
    assert len(plain(text)) <= LONGEST
    folded(plain(text))


def test_a_megabyte_is_cut_to_its_two_ends_at_once() -> None:
    began = time.perf_counter()
    read = plain("begin " + "x" * 1_000_000 + " end")
    assert read.startswith("begin")
    assert read.endswith("end")
    assert time.perf_counter() - began < 0.5
