"""What people are shown of how the feeling moved."""

from io import StringIO

from rich.console import Console

from rapport.v1 import common_pb2, conversation_pb2
from services.cli.agent_desk import packet
from services.cli.chatting import course_in_words


def test_beside_a_reply_stands_what_the_last_one_changed() -> None:
    effect = {"reply_id": "r-1", "author": "bot", "strategy": "answer", "valence_change": 0.425}
    assert course_in_words({"negative_in_a_row": 3, "reply_effect": effect}) == [
        "3 negative turns in a row",
        "last reply: valence +0.42",
    ]


def test_a_first_turn_needs_no_line() -> None:
    assert course_in_words({}) == []
    assert course_in_words({"negative_in_a_row": 1, "reply_effect": None}) == []


def test_an_agent_is_told_how_long_it_has_gone_badly() -> None:
    assignment = conversation_pb2.Assignment(conversation_id="c-1")
    assignment.context.state = common_pb2.CARE_STATE_ANGRY
    assignment.context.trajectory.trend = common_pb2.TREND_ESCALATING
    assignment.context.trajectory.negative_in_a_row = 4
    shown = StringIO()
    Console(width=100, file=shown).print(packet(assignment))
    assert "feels: angry, escalating, 4 negative turns in a row" in shown.getvalue()
