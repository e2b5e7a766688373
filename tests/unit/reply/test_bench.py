"""The bench of scripted customers: its scripts are whole, and its rubric sees what is wrong."""

from collections import Counter
from pathlib import Path

import pytest

from tests.bench.reply import rubric
from tests.bench.reply.play import Played
from tests.bench.reply.scripts import INDUSTRIES, REASONS, BadScript, Script, Turn, read_scripts

SCRIPTS = read_scripts()


def test_has_enough_scripts_and_keeps_a_third_apart() -> None:
    parts = Counter(script.part for script in SCRIPTS)
    assert len(SCRIPTS) >= 120
    assert parts["test"] >= len(SCRIPTS) / 3 - 1
    assert {script.industry for script in SCRIPTS} == INDUSTRIES


@pytest.mark.parametrize("part", ["dev", "test"])
def test_each_part_has_every_reason(part: str) -> None:
    due = {r for s in SCRIPTS if s.part == part for turn in s.turns for r in turn.handover}
    assert due == set(REASONS)


def test_no_text_is_in_both_parts() -> None:
    said = {p: {t.text for s in SCRIPTS if s.part == p for t in s.turns} for p in ("dev", "test")}
    longer = {text for text in said["dev"] & said["test"] if len(text.split()) > 3}
    assert not longer


def test_refuses_a_script_with_an_unknown_expectation(tmp_path: Path) -> None:
    (tmp_path / "dev").mkdir()
    line = '{"id": "a", "industry": "bank", "mood": "calm", "turns": [{"text": "hi", "say": "x"}]}'
    (tmp_path / "dev" / "bank.jsonl").write_text(line)
    with pytest.raises(BadScript, match="say"):
        read_scripts(tmp_path)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "silent turn"),
        ("Please calm down.", "orders a feeling"),
        ("As I said, it is late.", "points at repetition"),
        ("That is our policy.", "hides behind policy"),
        ("It comes soon {issue}.", "left-over of a template"),
        ("I'm so glad!", "exclamation mark to someone unwell or cross"),
        ("This is the the answer.", "slip of the pen"),
        ("word " * 100, "too long"),
        ("El pedido está en camino y la fecha es para el lunes.", "another language"),
    ],
)
def test_the_rubric_sees_a_fault(text: str, fault: str) -> None:
    asked = "where is my order and what is the status of it"
    assert fault in rubric.faults(text, asked, state="angry", first=False, reason="")


def test_the_rubric_wants_a_bot_that_says_so_and_advice_in_a_crisis() -> None:
    found = rubric.faults("Hello.", "hi", state="calm", first=True, reason="crisis")
    assert found == ["does not say that it is a bot", "crisis without emergency advice"]
    said = "I'm the virtual assistant. Call 911."
    assert rubric.faults(said, "hi", state="calm", first=True, reason="crisis") == []


def test_a_figure_without_a_source_is_ungrounded() -> None:
    said = "You have 30 days, until Friday, and call 911."
    assert rubric.ungrounded(said, ["within 30 days"]) == ["friday"]
    assert rubric.ungrounded(said, ["30 days, by el viernes"]) == []


def _played(handed: int | None, reason: str = "cannot_help") -> Played:
    turns = (Turn("a"), Turn("b", may=("repeated_failure",)), Turn("c", handover=("cannot_help",)))
    script = Script("x", "dev", "bank", "calm", "", turns)
    return Played(script, handed=handed, reason=reason)


def test_a_hand_over_counts_from_the_turn_in_which_it_may_be() -> None:
    assert [_played(n).found for n in (None, 0, 1, 2)] == [False, False, True, True]
    assert [_played(n).undue for n in (None, 0, 1, 2)] == [False, True, False, False]
    assert _played(1, "repeated_failure").reason_fits
    assert not _played(2, "sensitive").reason_fits
