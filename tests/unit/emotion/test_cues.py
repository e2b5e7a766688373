"""Cues: what a text shows beside the feeling of its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.emotion.cues import Turn, find_cues, heat, is_sarcastic
from services.emotion.wording import folded, plain


def names(text: str, *context: Turn) -> set[str]:
    return {cue.name for cue in find_cues(text, context)}


@pytest.mark.parametrize(
    "text",
    [
        "Great, another hour on hold. Fantastic service.",
        "Oh wonderful, the app crashed again.",
        "Thanks for nothing.",
        "Love how the refund got lost twice.",
        "Wow, so helpful. Still no internet.",
        "Sure you will. Just like last week.",
    ],
)
def test_hears_mockery(text: str) -> None:
    assert is_sarcastic(folded(plain(text)))


@pytest.mark.parametrize(
    "text",
    [
        "Great service, thank you!",
        "Wonderful, it works now.",
        "The new router is fantastic.",
        "What time do you open?",
    ],
)
def test_takes_honest_praise_at_its_word(text: str) -> None:
    assert not is_sarcastic(folded(plain(text)))


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("I have called four times", "attempts"),
        ("This is the third time I ask", "attempts"),
        ("Still no answer from you", "attempts"),
        ("ya les dije tres veces", "attempts"),
        ("You are thieves", "hostile"),
        ("You will hear from my lawyer", "hostile"),
        ("I'm worried about my account", "worry"),
        ("I don't understand this bill", "lost"),
        ("no entiendo este cargo", "lost"),
        ("I expected better from you", "let_down"),
        ("I can't cope any more, I can't stop crying", "overwhelmed"),
        ("I WANT MY REFUND NOW", "demand"),
        ("Thank you so much, you're an angel", "warm_thanks"),
        ("It works perfectly, very happy with it", "pleased"),
        ("ok thanks, bye", "closing"),
        ("Thanks, could you also check my bill?", "thanks_in_request"),
        ("THIS IS NOT WHAT I ORDERED!!!", "loud"),
        ("Could you tell me the opening hours?", "plain_request"),
        ("\U0001f600", "wordless"),
    ],
)
def test_finds_a_cue(text: str, cue: str) -> None:
    assert cue in names(text)


def test_a_polite_thanks_that_closes_is_not_warm() -> None:
    assert "warm_thanks" not in names("ok thank you, that's all")


def test_a_bot_that_repeats_itself_frustrates() -> None:
    again = Turn("bot", "Please restart the device.")
    assert "bot_repeats_itself" in names("ok", again, Turn("customer", "did that"), again)


def test_asking_back_a_word_of_the_bot_is_confusion() -> None:
    assert "asks_back" in names("grandfathered??", Turn("bot", "Your plan is grandfathered."))


def test_oh_after_bad_news_is_disappointment() -> None:
    assert "resigned" in names("oh. okay.", Turn("bot", "Unfortunately the offer has ended."))


def test_heat_grows_with_capitals_and_exclamation_marks() -> None:
    assert heat("where is my order") == 0
    assert heat("where is my order!!!") > 0
    assert heat("WHERE IS MY ORDER!!!") > heat("where is my order!!!")
    assert heat("OK") == 0


@given(
    st.text(), st.lists(st.builds(Turn, st.sampled_from(["customer", "bot", "agent"]), st.text()))
)
def test_any_text_in_any_context_is_read(text: str, context: list[Turn]) -> None:
    find_cues(text, context)
    assert 0 <= heat(text) <= 1
