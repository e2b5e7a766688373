"""The filter's conversation: one line a turn, whatever happens in it."""

from collections.abc import Sequence

from services.reply.dialogue import Reading, answers, as_line
from services.reply.engine import Engine
from services.reply.search import Search
from services.reply.turn import PastTurn
from tests.unit.reply.conftest import DemoActions

KEYS = {"turn", "reply", "handover", "state", "tone", "strategy", "sources"}


def test_answers_every_turn_and_goes_on_after_a_hand_over(search: Search) -> None:
    seen: list[int] = []

    def read(text: str, before: Sequence[PastTurn]) -> Reading:
        seen.append(len(before))
        return Reading(state="angry" if "human" in text else "calm")

    def redact(texts: Sequence[str]) -> list[str]:
        return [text.replace("Jane", "[PERSON_1]") for text in texts]

    said = ["where is order 48213? Jane here", "get me a human", "hello?"]
    given = answers(Engine(search, DemoActions()), "retail", said, read, redact)
    replies = [as_line(turn, answer) for turn, answer in enumerate(given)]
    assert [set(reply) for reply in replies] == [KEYS] * 3
    assert [reply["turn"] for reply in replies] == [0, 1, 2]
    assert replies[0]["sources"] == ["action:order_status"]
    assert replies[0]["handover"] is None
    assert replies[1]["handover"] == {"reason": "asked", "priority": "high", "skills": ["retail"]}
    assert replies[1]["state"] == "angry"
    assert replies[2]["handover"] is None
    assert all(reply["reply"] for reply in replies)
    assert seen == [0, 2, 4]


def test_needs_no_actions(search: Search) -> None:
    (answer,) = answers(Engine(search), "", ["hi"], lambda *_: Reading(), list)
    assert answer.text
