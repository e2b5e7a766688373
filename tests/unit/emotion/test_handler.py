"""Redacted messages in, scored messages out: customers' alone."""

import uuid
from typing import Any

import pytest

from rapport.v1 import common_pb2, message_pb2
from services.common.events import Event
from services.common.failures import Unprocessable
from services.common.testing.handlers import event, run_handler
from services.common.topics import MESSAGE_REDACTED
from services.emotion.handler import EmotionHandler
from services.emotion.scorer import Scorer


@pytest.fixture(scope="module")
def handler() -> EmotionHandler:
    return EmotionHandler(Scorer.load())


def said(text: str, author: int = common_pb2.AUTHOR_CUSTOMER, **fields: Any) -> Event[Any]:
    message_id = str(uuid.uuid4())
    ref = message_pb2.MessageRef(message_id=message_id, conversation_id="c1", author=author)  # type: ignore[arg-type]
    fields.setdefault("kind", message_pb2.MESSAGE_KIND_TEXT)
    message = message_pb2.MessageRedacted(ref=ref, text=text, **fields)
    return event(MESSAGE_REDACTED, "c1", message_id, message)


def test_the_trajectory_follows_the_customers_turns(handler: EmotionHandler) -> None:
    texts = ("Hi, where is my order?", "That is wrong!", "This is the THIRD time, I am furious!!!")
    _, outgoing = run_handler(handler, map(said, texts))
    turns = [o.message.trajectory.customer_turns for o in outgoing]
    assert turns == [1, 2, 3]
    assert outgoing[-1].message.trajectory.negative_in_a_row >= 1
    assert outgoing[-1].message.trajectory.trend == common_pb2.TREND_ESCALATING


def test_agents_are_not_scored(handler: EmotionHandler) -> None:
    _, outgoing = run_handler(handler, [said("I am so angry", common_pb2.AUTHOR_AGENT)])
    assert outgoing == []


def test_a_withheld_message_passes_without_a_reading(handler: EmotionHandler) -> None:
    _, (outgoing,) = run_handler(handler, [said("", withheld=True)])
    assert outgoing.message.withheld
    assert not outgoing.message.HasField("reading")


def test_the_button_asks_for_a_person(handler: EmotionHandler) -> None:
    pressed = said("", kind=message_pb2.MESSAGE_KIND_PERSON_REQUESTED)
    _, (outgoing,) = run_handler(handler, [pressed])
    assert outgoing.message.reading.signals.asks_for_person


def test_the_end_of_a_conversation_is_not_scored(handler: EmotionHandler) -> None:
    ended = said("", kind=message_pb2.MESSAGE_KIND_CONVERSATION_ENDED)
    assert run_handler(handler, [ended])[1] == []


def test_a_message_without_an_id_is_unprocessable(handler: EmotionHandler) -> None:
    nobody = event(MESSAGE_REDACTED, "c1", str(uuid.uuid4()), message_pb2.MessageRedacted(text="x"))
    with pytest.raises(Unprocessable):
        handler.handle(nobody, None)
