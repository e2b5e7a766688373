"""Scripted conversations: what is done in each turn, and when a person is called.

`state` is what the emotion service would read. A turn may state `action`, `handover` (a reason,
"any", or null for none), `priority`, `says`, `tone_not` and `intent_not`.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from services.reply.composer import opening_of
from services.reply.engine import Engine
from services.reply.memory import Memory
from services.reply.turn import CustomerTurn

FILE = Path(__file__).parent / "dialogues.jsonl"
DIALOGUES = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: str(dialogue["id"]))
def test_plays(dialogue: dict[str, Any], engine: Engine) -> None:
    memory, openings = Memory(), []
    for number, expected in enumerate(dialogue["turns"]):
        turn = CustomerTurn(
            conversation_id=dialogue["id"],
            message_id=f"{dialogue['id']}/{number}",
            text=expected["text"],
            state=expected["state"],
            industry=dialogue["industry"],
            customer_id=dialogue.get("customer_id", ""),
        )
        answer, memory = engine.respond(turn, memory)
        _check(expected, answer)
        openings.append(opening_of(answer.text))
    assert len(set(openings)) == len(openings)


def _check(expected: dict[str, Any], answer: Any) -> None:
    reason = answer.handover.reason if answer.handover else None
    assert answer.text
    assert answer.guard_trips == ()
    wanted = expected.get("handover")
    if wanted == "any":
        assert reason is not None
    elif wanted is not None or "handover" in expected or "action" in expected:
        assert reason == wanted
    if expected.get("action", "any") != "any":
        assert answer.action == expected["action"]
    if "priority" in expected:
        assert answer.handover.priority == expected["priority"]
    assert expected.get("says", "") in answer.text
    assert answer.tone != expected.get("tone_not")
    assert answer.intent != expected.get("intent_not")


def test_has_enough_of_them() -> None:
    assert len(DIALOGUES) >= 30
