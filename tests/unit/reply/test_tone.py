"""The first move of a reply by state, and by what was just used."""

import pytest

from services.reply.tone import choose
from services.reply.turn import State, Tone


@pytest.mark.parametrize(
    ("state", "tone"),
    [
        ("calm", "neutral"),
        ("satisfied", "celebrate"),
        ("grateful", "thank"),
        ("confused", "clarify"),
        ("anxious", "reassure"),
        ("disappointed", "acknowledge"),
        ("frustrated", "apologise"),
        ("angry", "apologise"),
        ("distressed", "acknowledge"),
    ],
)
def test_fits_the_state(state: State, tone: Tone) -> None:
    assert choose(state) == tone


def test_apologises_once_in_a_conversation() -> None:
    used: tuple[str, ...] = ()
    tones = []
    for _ in range(6):
        tone = choose("angry", used=used)
        tones.append(tone)
        used = (*used, tone)
    assert tones.count("apologise") == 1


def test_changes_the_move_from_turn_to_turn() -> None:
    assert choose("anxious", used=("reassure",)) == "acknowledge"
    assert choose("anxious", used=("reassure", "acknowledge")) == "reassure"


def test_a_question_back_clarifies_for_the_calm_and_still_acknowledges_the_upset() -> None:
    assert choose("calm", asking=True) == "clarify"
    assert choose("angry", asking=True) == "apologise"


def test_grief_is_acknowledged_whatever_the_reading_says() -> None:
    assert choose("calm", grief=True) == "acknowledge"
    assert choose("satisfied", grief=True) == "acknowledge"


def test_disappointment_that_grows_is_owed_an_apology() -> None:
    assert choose("disappointed", trend="escalating") == "apologise"
