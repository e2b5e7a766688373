"""Redacted messages in, scored messages out: customers' alone."""

import uuid
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from rapport.v1 import common_pb2, message_pb2
from services.common.events import Event, derive_id
from services.common.failures import Unprocessable
from services.common.testing.handlers import event, run_handler
from services.common.topics import MESSAGE_REDACTED
from services.emotion.handler import LONGEST_TURN, EmotionHandler, EmotionState
from services.emotion.scorer import CONTEXT_TURNS, Scorer
from services.emotion.serving import Serving

NOON = 1_772_452_800


@pytest.fixture(scope="module")
def handler() -> EmotionHandler:
    return EmotionHandler(Serving(Scorer.load()))


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


def sent(text: str, sequence: int, seconds: int, late: int = 0, author: int = 1) -> Event[Any]:
    """Written `seconds` after noon, received `late` seconds after that."""
    message = said(text, author)
    ref = message.message.ref
    ref.sequence = sequence
    ref.sent_at.FromSeconds(NOON + seconds)
    ref.received_at.FromSeconds(NOON + seconds + late)
    return message


def test_a_message_that_comes_late_takes_the_place_at_which_it_was_written(
    handler: EmotionHandler,
) -> None:
    hello, angry = sent("Hi there", 1, 0), sent("Nobody helps me, I am so angry with you!!!", 2, 60)
    thanks = sent("Great, it works now, thank you so much", 3, 120)
    happy = sent("Wonderful, you made my day!", 4, 180)
    _, in_order = run_handler(handler, [hello, angry, thanks, happy])
    _, mixed = run_handler(handler, [hello, thanks, happy, angry])
    last, late = in_order[-1].message.trajectory, mixed[-1].message.trajectory
    assert late.trend == last.trend == common_pb2.TREND_RECOVERING
    assert late.negative_in_a_row == 0
    assert late.peak.message_id == last.peak.message_id == angry.message.ref.message_id
    assert late.peak.sent_at.seconds == NOON + 60


def test_a_message_that_took_longer_than_a_day_is_placed_at_its_arrival(
    handler: EmotionHandler,
) -> None:
    hello, wrong_clock = sent("Hi there", 1, 0), sent("I am furious!!!", 2, -9_000_000, 9_000_060)
    _, outgoing = run_handler(handler, [hello, wrong_clock])
    assert outgoing[-1].message.trajectory.customer_turns == 2
    assert outgoing[-1].message.trajectory.peak.sent_at.seconds == NOON + 60


def test_what_an_agents_reply_changed_is_told_with_its_id(handler: EmotionHandler) -> None:
    answer = sent("Your money is on its way.", 2, 30, author=common_pb2.AUTHOR_AGENT)
    _, outgoing = run_handler(
        handler,
        [sent("Nobody helps me, I am FURIOUS!!!", 1, 0), answer, sent("Thank you so much!", 3, 60)],
    )
    assert not outgoing[0].message.trajectory.HasField("reply_effect")
    effect = outgoing[1].message.trajectory.reply_effect
    assert effect.reply_id == answer.message.ref.message_id
    assert effect.author == common_pb2.AUTHOR_AGENT
    before, after = (o.message.reading.valence for o in outgoing)
    assert effect.valence_change == pytest.approx(after - before, abs=1e-6)
    assert effect.valence_change > 0.5


def after(message: Event[Any], to: Event[Any], text: str, strategy: str) -> Event[Any]:
    """`message`, before which the bot answered `to`."""
    reply = message.message.last_reply
    reply.reply_id, reply.in_reply_to = derive_id(to.id, "reply"), to.message.ref.message_id
    reply.text, reply.strategy = text, strategy
    return message


def test_what_the_bots_reply_changed_is_told_with_its_strategy(handler: EmotionHandler) -> None:
    question = sent("Where is my order? I am losing patience with you.", 1, 0)
    thanks = sent("Oh great, thank you!", 2, 60)
    after(thanks, question, "It is at your door now.", "acknowledge_then_answer")
    _, outgoing = run_handler(handler, [question, thanks])
    effect = outgoing[1].message.trajectory.reply_effect
    assert (effect.reply_id, effect.strategy) == (
        derive_id(question.id, "reply"),
        "acknowledge_then_answer",
    )
    assert effect.author == common_pb2.AUTHOR_BOT
    assert effect.valence_change > 0.5


def test_a_reply_that_the_customer_had_overtaken_has_no_effect(handler: EmotionHandler) -> None:
    first, second = sent("Hi", 1, 0), sent("Hello? Anybody?", 2, 30)
    overtaken = after(sent("At last", 3, 60), first, "Welcome!", "answer")
    _, outgoing = run_handler(handler, [first, second, overtaken])
    assert not outgoing[-1].message.trajectory.HasField("reply_effect")


def test_yes_to_an_offer_that_the_bot_made_asks_for_a_person(handler: EmotionHandler) -> None:
    question = sent("hm", 1, 0)
    yes = after(sent("yes please", 2, 30), question, "Shall I connect you with an agent?", "ask")
    _, outgoing = run_handler(handler, [question, yes])
    assert outgoing[-1].message.reading.signals.asks_for_person


def test_a_reply_is_remembered_once(handler: EmotionHandler) -> None:
    question = sent("hm", 1, 0)
    more = [
        after(sent(text, place, 30 * place), question, "Which order?", "clarify")
        for place, text in ((2, "the last one"), (3, "from Monday"))
    ]
    states, _ = run_handler(handler, [question, *more])
    authors = [author for author, _ in states["c1"].turns]
    assert authors == ["customer", "bot", "customer", "customer"]


def test_a_state_of_an_earlier_version_is_read_and_its_trajectory_begins_anew(
    handler: EmotionHandler,
) -> None:
    stored = b"""{"trajectory":{"valence":-0.8,"slow_valence":-0.5,"arousal":0.7,
        "slow_arousal":0.5,"last_valence":-0.8,"lowest_valence":-0.8,"change":0.0,
        "negative_in_a_row":1,"customer_turns":1,"trend":"steady"},
        "turns":[["customer","I am furious"]]}"""
    state = TypeAdapter(EmotionState).validate_json(stored)
    assert state.turns == (("customer", "I am furious"),)
    handled = handler.handle(said("hello"), state)
    assert handled.outgoing[0].message.trajectory.customer_turns == 1


def test_agents_are_not_scored(handler: EmotionHandler) -> None:
    _, outgoing = run_handler(handler, [said("I am so angry", common_pb2.AUTHOR_AGENT)])
    assert outgoing == []


def test_a_note_for_colleagues_is_no_answer_and_no_context(handler: EmotionHandler) -> None:
    note = said("They are upset", common_pb2.AUTHOR_AGENT, kind=message_pb2.MESSAGE_KIND_NOTE)
    state, outgoing = run_handler(handler, [said("Where is my order?"), note])
    assert [author for author, _ in state["c1"].turns] == ["customer"]
    assert len(outgoing) == 1


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


def test_what_an_agent_says_is_context_and_moves_no_trajectory(handler: EmotionHandler) -> None:
    state, outgoing = run_handler(
        handler,
        [
            said("Where is my parcel?"),
            said("I am FURIOUS about your tone!!!", common_pb2.AUTHOR_AGENT),
        ],
    )
    assert len(outgoing) == 1
    kept = state["c1"]
    trajectory = kept.course.trajectory()
    assert trajectory is not None
    assert trajectory.customer_turns == 1
    assert kept.turns[-1][0] == "agent"


def test_yes_to_an_offer_of_a_person_asks_for_one(handler: EmotionHandler) -> None:
    offer = said("Shall I connect you with an agent?", common_pb2.AUTHOR_BOT)
    _, outgoing = run_handler(handler, [said("hm"), offer, said("yes please")])
    assert outgoing[-1].message.reading.signals.asks_for_person


def test_the_same_events_give_the_same_bytes(handler: EmotionHandler) -> None:
    events = [said(text) for text in ("Hello", "It is still broken!", "I give up")]
    first = [
        o.message.SerializeToString(deterministic=True) for o in run_handler(handler, events)[1]
    ]
    again = EmotionHandler(Serving(Scorer.load()))
    second = [
        o.message.SerializeToString(deterministic=True) for o in run_handler(again, events)[1]
    ]
    assert first == second


def test_what_is_remembered_of_a_conversation_is_bounded(handler: EmotionHandler) -> None:
    state, _ = run_handler(handler, [said("word " * 5_000) for _ in range(30)])
    assert sum(len(text) for _, text in state["c1"].turns) <= CONTEXT_TURNS * LONGEST_TURN


@settings(max_examples=40, deadline=None)
@given(
    text=st.text(max_size=200),
    author=st.sampled_from([1, 2, 3]),
    kind=st.sampled_from([0, 1, 2, 3]),
    withheld=st.booleans(),
)
def test_any_message_is_scored_or_passed_by(
    handler: EmotionHandler, text: str, author: int, kind: int, withheld: bool
) -> None:
    _, outgoing = run_handler(handler, [said(text, author, kind=kind, withheld=withheld)])
    assert len(outgoing) == int(author == common_pb2.AUTHOR_CUSTOMER and kind != 3)
