"""The patterns of signs/*.yaml say what their examples say, and nothing more."""

import pytest

from services.reply.plain import plain
from services.reply.signs import ACTS, CRISES, SIGNS, TASKS, acts_in, signs_in, tasks_in

ALL = SIGNS | ACTS | TASKS
SAYS = [(name, text) for name, sign in ALL.items() for text in sign.says]
NEAR_MISSES = [(name, text) for name, sign in ALL.items() for text in sign.near_misses]


def found_in(text: str) -> frozenset[str]:
    written = plain(text)
    return signs_in(written) | acts_in(written) | frozenset(tasks_in(written))


@pytest.mark.parametrize(("name", "text"), SAYS)
def test_finds_a_sign_in_each_of_its_examples(name: str, text: str) -> None:
    assert name in found_in(text)


@pytest.mark.parametrize(("name", "text"), NEAR_MISSES)
def test_finds_no_sign_in_its_near_misses(name: str, text: str) -> None:
    assert name not in found_in(text)


def test_a_near_miss_in_one_sentence_does_not_hide_a_sign_in_the_next() -> None:
    assert "bereavement" in signs_in(plain("My phone died. My mother died last week."))
    assert "fraud" in signs_in(plain("Is this text a scam? Someone used my card today."))


def test_every_sign_has_examples_of_both() -> None:
    assert set(CRISES) <= set(SIGNS)
    for sign in ALL.values():
        assert len(sign.says) >= 2
        assert len(sign.near_misses) >= 2
