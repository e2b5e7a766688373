"""The last look at a reply."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reply import phrases, phrases_handover, phrases_openings, phrases_spanish
from services.reply.guard import LONGEST, Context, check, ungrounded


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("word " * LONGEST, "too_long"),
        ("It arrives in 4 days.", "ungrounded_figure"),
        ("It costs $12.95.", "ungrounded_figure"),
        ("It should be there on Thursday.", "ungrounded_figure"),
        ("It takes three weeks.", "ungrounded_figure"),
        ("You get 20% off.", "ungrounded_figure"),
        ("I'm a real person, don't worry.", "claims_to_be_human"),
        ("My name is Julia and I'm here for you.", "claims_to_be_human"),
        ("I'm not a bot.", "claims_to_be_human"),
        ("Write to jane.doe@example.com.", "personal_data"),
        ("Call 415-555-0134 for that.", "personal_data"),
        ("Your number is 078-05-1120.", "personal_data"),
        ("Hello [PERSON_1].", "unknown_placeholder"),
        ("Please calm down.", "never_said"),
        ("As an AI I have no feelings.", "never_said"),
        ("I promise it will work.", "promise"),
    ],
)
def test_refuses(text: str, rule: str) -> None:
    assert rule in check(text, Context())


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("It takes 5 to 7 business days.", "shows up within 5 to 7 business days"),
        ("You pay $71.26 a month.", "$71.26"),
        ("You said 60, so it is $60.", "i can do like 60 now"),
        ("It is on Friday, November 27, at 7:40 a.m.", "Friday, November 27, at 7:40 a.m."),
        ("Hello [PERSON_1].", "I am [PERSON_1]"),
        ("Call 988 or 911 at any hour.", ""),
        ("The hotline is 1-800-799-7233.", ""),
        ("1. Open it.\n2. Close it.", ""),
        ("I'm a virtual assistant, not a person.", ""),
    ],
)
def test_lets_pass_what_has_a_source(text: str, source: str) -> None:
    assert check(text, Context((source,))) == ()


def test_allows_no_exclamation_mark_after_a_death_or_in_anger() -> None:
    assert check("That's great!", Context()) == ()
    assert check("That's great!", Context(grief=True)) == ("exclamation",)
    assert check("That's great!", Context(hot=True)) == ("exclamation",)


def _phrases() -> list[str]:
    found: list[str] = []

    def collect(value: object) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, tuple):
            for part in value:
                collect(part)
        elif isinstance(value, dict):
            for part in value.values():
                collect(part)

    for book in (phrases, phrases_openings, phrases_handover, phrases_spanish):
        for name, value in vars(book).items():
            if name.isupper():
                collect(value)
    return found


@pytest.mark.parametrize("phrase", sorted(set(_phrases())))
def test_every_phrase_passes_the_guard_by_itself(phrase: str) -> None:
    slots = dict.fromkeys(("issue", "what", "first", "second", "new_address"), "your order")
    assert check(phrase.format(months="monthly parts", **slots), Context()) == ()


@given(st.integers(min_value=0, max_value=10**7), st.text(max_size=40))
def test_a_number_passes_only_with_a_source(number: int, noise: str) -> None:
    text = f"The total is {number}."
    if str(number) not in ("988", "911"):
        assert ungrounded(text, ())
    assert not ungrounded(text, (f"{noise} {number} {noise}",))


@given(st.text(max_size=300), st.text(max_size=300))
def test_looks_at_any_text_without_failing(text: str, source: str) -> None:
    assert check(text, Context((source,))) == check(text, Context((source,)))


@given(st.text(alphabet="abc 123.", min_size=1, max_size=80))
def test_what_the_source_says_word_for_word_is_grounded(text: str) -> None:
    assert not ungrounded(text, (text,))
