"""The law of hand-over as tables: each reason with what only looks like it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reply.policy import PRIORITIES, RULES, Situation, decide, skills_for

CALM = Situation(wants_something=True, grounded=True, replies=2)

HANDED_OVER: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("gas in the kitchen", {"crisis": "gas"}, "crisis", "urgent", "crisis"),
    ("danger while asking for a person", {"crisis": "violence", "asked": True}, "crisis", "urgent",
     "crisis"),
    ("a request for a person", {"asked": True}, "asked", "normal", "asked"),
    ("an angry request for a person", {"asked": True, "hot": True}, "asked", "high", "asked"),
    ("a request in the first message", {"asked": True, "replies": 0}, "asked", "normal", "asked"),
    ("someone is draining the account", {"fraud": True}, "sensitive", "high", "live_fraud"),
    ("a death", {"bereavement": True}, "sensitive", "high", "bereavement"),
    ("violence at home", {"abuse": True}, "sensitive", "high", "abuse"),
    ("a threat with a lawyer", {"legal": True}, "sensitive", "high", "legal_threat"),
    ("no insulin left", {"medical": True}, "sensitive", "high", "medical_distress"),
    ("a burned hand", {"injury": True}, "sensitive", "high", "injury"),
    ("a slur at the door", {"mistreated": True}, "sensitive", "high", "mistreated"),
    ("I already told you", {"already_told": True}, "repeated_failure", "high", "already_told"),
    ("a second wrong answer", {"wrong_answer": True, "wrong": 1}, "repeated_failure", "high",
     "wrong_again"),
    ("anger that two answers did not turn", {"hot": True, "state": "angry", "hot_attempts": 2},
     "escalating_emotion", "high", "anger_not_turned"),
    ("despair that two answers did not turn",
     {"hot": True, "state": "distressed", "hot_attempts": 2},
     "escalating_emotion", "high", "anger_not_turned"),
    ("frustration that only grows",
     {"state": "frustrated", "escalating": True, "negative_attempts": 4},
     "escalating_emotion", "high", "worn_out"),
    ("a useless answer and nothing better", {"wrong_answer": True, "grounded": False},
     "repeated_failure", "high", "useless_answer"),
    ("the fifth call about it", {"already_told": True, "replies": 0, "state": "frustrated",
     "idle": True}, "repeated_failure", "high", "sent_around"),
    ("a diagnosis read out in public", {"breach": True}, "sensitive", "high", "privacy_breach"),
    ("a driver who swore", {"staff": True}, "cannot_help", "normal", "complaint_about_staff"),
    ("a letter for the landlord", {"paper": True}, "cannot_help", "normal", "needs_paper"),
    ("one failed try and no more advice",
     {"failed": 1, "grounded": False, "more_to_say": False}, "cannot_help", "normal",
     "tried_everything"),
    ("a question back to the upset",
     {"state": "frustrated", "negative_attempts": 2, "grounded": False}, "cannot_help", "normal",
     "nothing_for_the_upset"),
    ("a third unhappy message that asks nothing",
     {"state": "frustrated", "negative_attempts": 2, "wants_something": False},
     "escalating_emotion", "high", "worn_out"),
    ("the same question in other words", {"grounded": False, "asked_again": True}, "cannot_help",
     "normal", "nothing_found_again"),
    ("a fee to waive", {"decision": True}, "cannot_help", "normal", "needs_a_decision"),
    ("then who can", {"challenged": True, "unanswered": 1}, "cannot_help", "normal",
     "cannot_then_who"),
    ("more than the article says", {"person_next": True, "grounded": False}, "cannot_help",
     "normal", "beyond_the_bot"),
    ("all advice tried", {"failed": 2, "grounded": False, "more_to_say": False}, "cannot_help",
     "normal", "tried_everything"),
    ("a second question without an answer", {"grounded": False, "unanswered": 1}, "cannot_help",
     "normal", "nothing_found_again"),
]  # fmt: skip

NOT_HANDED_OVER: list[tuple[str, dict[str, Any]]] = [
    ("a calm routine question", {}),
    ("a calm question for the fifth time", {"replies": 20, "negative_attempts": 0}),
    ("I already told you, said to us for the first time", {"already_told": True, "replies": 0}),
    ("a first wrong answer", {"wrong_answer": True, "wrong": 0}),
    ("anger at once", {"hot": True, "state": "angry", "hot_attempts": 0}),
    ("anger after one answer", {"hot": True, "state": "angry", "hot_attempts": 1}),
    ("calm after two answers to anger", {"state": "calm", "hot_attempts": 2}),
    ("frustration that does not grow", {"state": "frustrated", "negative_attempts": 9}),
    ("a first question without an answer", {"grounded": False}),
    ("a question back to who is upset for the first time",
     {"state": "frustrated", "negative_attempts": 1, "grounded": False}),
    ("a doubtful question", {"grounded": False, "doubtful": True}),
    ("small talk twice", {"off_topic": True, "grounded": False, "unanswered": 3}),
    ("a fee that one who wants no person asks to waive", {"decision": True, "declined": True}),
    ("anger of one who wants no person",
     {"hot": True, "state": "angry", "hot_attempts": 3, "declined": True}),
    ("who can, before anything was said", {"challenged": True, "replies": 0, "unanswered": 1}),
    ("one failed try with advice left", {"failed": 1, "grounded": True}),
    ("the fifth call about what can be answered",
     {"already_told": True, "replies": 0, "state": "frustrated"}),
    ("the fifth call, said calmly", {"already_told": True, "replies": 0}),
    ("who was only misread", {"wrong_answer": True, "misread": True, "grounded": False}),
    ("a useless answer but a better one at hand", {"wrong_answer": True, "grounded": True}),
    ("a third unhappy message with an answerable question",
     {"state": "frustrated", "negative_attempts": 2}),
    ("failed tries with advice left", {"failed": 3, "grounded": True, "more_to_say": True}),
    ("thanks after the end of the bot's part", {"person_next": True, "wants_something": False}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("situation", "reason", "priority", "rule"),
    [pytest.param(replace(CALM, **s), r, p, rule, id=name) for name, s, r, p, rule in HANDED_OVER],
)
def test_hands_over(situation: Situation, reason: str, priority: str, rule: str) -> None:
    decision = decide(situation)
    assert (decision.choice, decision.reason) == ("handover", reason)
    assert (decision.priority, decision.rule) == (priority, rule)


@pytest.mark.parametrize(
    "situation", [pytest.param(replace(CALM, **s), id=name) for name, s in NOT_HANDED_OVER]
)
def test_does_not_hand_over(situation: Situation) -> None:
    assert decide(situation).choice in ("reply", "ask")


def test_every_rule_is_in_the_table() -> None:
    assert {rule.name for rule in RULES} == {rule for *_, rule in HANDED_OVER}


def test_asks_once_when_nothing_is_found() -> None:
    assert decide(replace(CALM, grounded=False)).rule == "nothing_found"
    assert decide(replace(CALM, grounded=False, doubtful=True)).rule == "which_of_these"


@pytest.mark.parametrize("reason", ["crisis", "asked", "abuse", "fraud"])
def test_hands_over_despite_an_earlier_no_where_it_must_be(reason: str) -> None:
    asked: dict[str, Any] = {reason: "gas" if reason == "crisis" else True}
    assert decide(replace(CALM, declined=True, **asked)).choice == "handover"


def test_acknowledges_those_who_wait_and_raises_only_what_is_graver() -> None:
    waits = replace(CALM, owner="queued", waiting_for="asked", waiting_priority="normal")
    assert decide(waits).choice == "queued"
    assert decide(replace(waits, asked=True)).choice == "queued"
    assert decide(replace(waits, decision=True)).choice == "queued"
    assert decide(replace(waits, hot=True, hot_attempts=5)).choice == "queued"
    raised = decide(replace(waits, crisis="self_harm"))
    assert (raised.choice, raised.priority) == ("handover", "urgent")
    assert decide(replace(waits, fraud=True)).priority == "high"


def test_does_not_raise_a_crisis_twice() -> None:
    waits = replace(CALM, owner="queued", waiting_for="crisis", waiting_priority="urgent")
    assert decide(replace(waits, crisis="self_harm")).choice == "queued"
    assert decide(replace(waits, fraud=True)).choice == "queued"


situations = st.builds(
    Situation,
    owner=st.sampled_from(["bot", "queued", "agent", "closed"]),
    waiting_for=st.sampled_from([None, "asked", "crisis", "sensitive"]),
    waiting_priority=st.sampled_from([None, *PRIORITIES]),
    crisis=st.sampled_from(["", "gas", "self_harm"]),
    state=st.sampled_from(["calm", "angry", "distressed", "frustrated", "grateful"]),
    replies=st.integers(0, 30),
    hot_attempts=st.integers(0, 5),
    negative_attempts=st.integers(0, 8),
    unanswered=st.integers(0, 3),
    wrong=st.integers(0, 3),
    failed=st.integers(0, 4),
)


@given(situations)
def test_is_silent_exactly_while_a_person_has_the_conversation(situation: Situation) -> None:
    assert (decide(situation).choice == "silent") == (situation.owner == "agent")


@given(situations)
def test_danger_is_never_left_to_the_bot(situation: Situation) -> None:
    decision = decide(replace(situation, crisis="self_harm", owner="bot"))
    assert (decision.reason, decision.priority) == ("crisis", "urgent")


@given(situations)
def test_never_lowers_the_priority_of_someone_who_waits(situation: Situation) -> None:
    decision = decide(replace(situation, owner="queued"))
    if decision.priority is not None and situation.waiting_priority is not None:
        before, after = situation.waiting_priority, decision.priority
        assert PRIORITIES.index(after) > PRIORITIES.index(before)


@given(situations)
def test_a_calm_routine_question_is_never_handed_over(situation: Situation) -> None:
    routine = replace(
        situation,
        owner="bot",
        crisis="",
        state="calm",
        grounded=True,
        wants_something=True,
        failed=0,
    )
    assert decide(routine).choice == "reply"


def test_names_the_skills_that_the_person_needs() -> None:
    assert skills_for("live_fraud", "bank", "en") == ("bank", "fraud")
    assert skills_for("asked", "", "es") == ("general", "language_es")
