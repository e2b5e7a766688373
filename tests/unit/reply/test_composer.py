"""Words: varied, never the same opening twice, shorter for anger, quiet after a death."""

import string
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reply import phrases, phrases_handover, phrases_spanish
from services.reply.actions import ActionResult
from services.reply.composer import Text, Voice, open_with, opening_of, render
from services.reply.results import _DONE, tell
from services.reply.tasks import TASKS

STATES = ("calm", "angry", "anxious", "disappointed", "distressed", "confused")


def voice(turn: int = 0, heard: tuple[str, ...] = ()) -> Voice:
    return Voice("en", "conversation-7", turn, heard)


def test_the_same_turn_is_worded_the_same() -> None:
    said = {open_with(voice(), "acknowledge", "angry", "your order") for _ in range(5)}
    assert len(said) == 1


def test_conversations_are_worded_differently() -> None:
    said = {
        open_with(Voice("en", f"c-{i}", 0), "apologise", "angry", "your order") for i in range(40)
    }
    assert len(said) >= 3


@pytest.mark.parametrize("tone", ["acknowledge", "reassure", "clarify", "celebrate", "thank"])
def test_no_opening_is_repeated_in_a_conversation(tone: str) -> None:
    heard: tuple[str, ...] = ()
    openings = []
    for turn in range(6):
        speaker = voice(turn, heard)
        text = open_with(speaker, tone, "frustrated", "your order")  # type: ignore[arg-type]
        openings.append(opening_of(text))
        heard = (*heard, *speaker.said)
    assert len(set(openings)) == len(openings)


def test_a_phrase_with_a_slot_is_left_out_where_nothing_fills_it() -> None:
    assert voice().pick(("About {issue}.", "All right."), "x", issue="") == "All right."
    assert voice().pick(("About {issue}.",), "x", issue="") == ""


def test_when_all_were_heard_the_one_heard_longest_ago_comes_again() -> None:
    options = ("First of all this.", "Second comes that one.")
    heard = (opening_of(options[1]), opening_of(options[0]))
    assert voice(3, heard).pick(options, "x") == options[1]
    assert voice(3, heard).unheard(options, "x") == ""


def test_anger_gets_two_sentences_and_confusion_the_steps() -> None:
    text = Text(("One.", "Two.", "Three."), steps=("Open it.", "Press it."))
    assert render(text, state="angry") == "One. Two."
    assert render(text, state="calm") == "One. Two. Three."
    assert render(text, state="confused") == "One.\n1. Open it.\n2. Press it."


def test_a_text_to_be_said_whole_is_not_cut() -> None:
    assert render(Text(("One.", "Two.", "Three."), whole=True), state="angry") == "One. Two. Three."


def test_nothing_is_exclaimed_after_a_death() -> None:
    assert render(Text(("¡Claro!", "Good!")), grief=True) == "Claro. Good."


def _slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _leaves(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [leaf for part in value for leaf in _leaves(part)]
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in _leaves(part)]
    return []


@pytest.mark.parametrize("english", [phrases, phrases_handover])
def test_spanish_has_a_phrase_wherever_english_has_one(english: ModuleType) -> None:
    for name, value in vars(english).items():
        if not name.isupper():
            continue
        spanish = getattr(phrases_spanish, name)
        if isinstance(value, dict):
            missing = set(value) - set(spanish)
            assert not missing or name == "WITHOUT_ISSUE", (name, missing)
        assert name == "WITHOUT_ISSUE" or _leaves(spanish), name


def test_every_slot_is_one_that_the_composer_fills() -> None:
    known = {"issue", "what", "first", "second", "months", "new_address"}
    for book in (phrases, phrases_handover, phrases_spanish):
        for value in vars(book).values():
            for text in _leaves(value):
                assert _slots(text) <= known


def test_every_task_can_be_told_asked_and_offered_in_both_languages() -> None:
    for name, task in TASKS.items():
        assert name in _DONE
        for language in ("en", "es"):
            assert tell(name, ActionResult("done", {"status": "booked"}), language)
            speaker = Voice(language, "c", 0)
            assert speaker.table("OFFER_TASK", name)
            assert speaker.table("CONFIRM", name) or not task.changes
            for parameter in task.parameters:
                asked = speaker.table("ASK_PARAMETER", parameter)
                assert asked or parameter == "outage_number"


@given(
    body=st.lists(st.text(min_size=1, max_size=40), max_size=6),
    state=st.sampled_from(STATES),
    grief=st.booleans(),
)
def test_renders_anything(body: list[str], state: str, grief: bool) -> None:
    text = render(Text(tuple(body)), opening="Hello.", state=state, grief=grief)  # type: ignore[arg-type]
    assert text.startswith("Hello.")
    assert not (grief and "!" in text)
