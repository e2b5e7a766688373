"""Whether the record shows each message answered exactly once."""

import pytest
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st

from rapport.v1 import common_pb2, message_pb2, reply_pb2
from services.cli.record import RecordCheck, Verdict, percentile
from services.common.events import Record
from services.common.topics import (
    HANDOVER_REQUESTED,
    MESSAGE_RECEIVED,
    MESSAGE_REDACTED,
    MESSAGE_SCORED,
    REPLY_CREATED,
    Topic,
)

CONVERSATION = "conversation-1"


def record(topic: Topic, message: Message, key: str = CONVERSATION) -> Record:
    return Record(topic.name, 0, 0, key.encode(), message.SerializeToString())


def received(
    message_id: str,
    author: common_pb2.Author = common_pb2.AUTHOR_CUSTOMER,
    kind: message_pb2.MessageKind = message_pb2.MESSAGE_KIND_TEXT,
    key: str = CONVERSATION,
) -> Record:
    ref = message_pb2.MessageRef(message_id=message_id, author=author)
    return record(MESSAGE_RECEIVED, message_pb2.MessageReceived(ref=ref, kind=kind), key)


def reply(
    message_id: str,
    reply_id: str = "",
    action: reply_pb2.ReplyAction = reply_pb2.REPLY_ACTION_ANSWER,
) -> Record:
    made = reply_pb2.ReplyCreated(
        reply_id=reply_id or f"reply-{message_id}", in_reply_to=message_id, action=action
    )
    return record(REPLY_CREATED, made)


def announcement(message_id: str) -> Record:
    return reply(message_id, action=reply_pb2.REPLY_ACTION_HANDOVER)


def handover(message_id: str, handover_id: str = "") -> Record:
    made = reply_pb2.HandoverRequested(
        handover_id=handover_id or f"handover-{message_id}", caused_by=message_id
    )
    return record(HANDOVER_REQUESTED, made)


def by_agent(message_id: str, own_id: str = "") -> Record:
    ref = message_pb2.MessageRef(
        message_id=own_id or f"agent-{message_id}",
        author=common_pb2.AUTHOR_AGENT,
        in_reply_to=message_id,
    )
    return record(MESSAGE_REDACTED, message_pb2.MessageRedacted(ref=ref))


def scored(message_id: str, state: common_pb2.CareState) -> Record:
    message = message_pb2.MessageScored(
        ref=message_pb2.MessageRef(message_id=message_id),
        reading=message_pb2.EmotionReading(state=state),
    )
    return record(MESSAGE_SCORED, message)


def verdict(*records: Record, accepted: tuple[str, ...] = ()) -> Verdict:
    check = RecordCheck([CONVERSATION])
    for each in records:
        check.add(each)
    return check.verdict(accepted)


def test_a_message_with_one_reply_is_whole() -> None:
    result = verdict(received("a"), reply("a"))
    assert result.whole
    assert (result.messages, result.replies, result.by_bot, result.handovers) == (1, 1, 1, 0)


def test_a_handover_and_the_reply_that_tells_of_it_are_one_answer() -> None:
    result = verdict(received("a"), announcement("a"), handover("a"))
    assert result.whole
    assert (result.replies, result.handovers) == (0, 1)


def test_a_handover_that_is_told_but_never_requested_is_no_answer() -> None:
    result = verdict(received("a"), announcement("a"))
    assert result.unanswered == ("a",)


def test_an_agents_message_answers_the_one_that_it_names() -> None:
    result = verdict(received("a"), by_agent("a"))
    assert result.whole
    assert (result.replies, result.by_agent) == (1, 1)


def test_a_message_without_an_answer_is_found() -> None:
    result = verdict(received("a"), received("b"), reply("a"))
    assert not result.whole
    assert result.unanswered == ("b",)


def test_an_accepted_message_that_never_reached_the_record_is_found() -> None:
    result = verdict(received("a"), reply("a"), accepted=("a", "lost"))
    assert result.unanswered == ("lost",)


@pytest.mark.parametrize(
    "second",
    [reply("a", "another"), by_agent("a"), handover("a", "another")],
    ids=["bot", "agent", "handover"],
)
def test_a_second_answer_is_found(second: Record) -> None:
    first = handover("a") if second.topic == HANDOVER_REQUESTED.name else reply("a")
    result = verdict(received("a"), first, second)
    assert not result.whole
    assert (result.duplicates, result.duplicated) == (1, ("a",))


@pytest.mark.parametrize(
    "by_bot",
    [[reply("a", action=reply_pb2.REPLY_ACTION_QUEUED)], [announcement("a"), handover("a")]],
    ids=["queued", "handover"],
)
def test_an_agents_answer_to_what_the_bot_answered_is_a_second_one(by_bot: list[Record]) -> None:
    assert verdict(received("a"), *by_bot, by_agent("a")).duplicates == 1


def test_the_same_event_written_twice_is_one_answer() -> None:
    assert verdict(received("a"), reply("a"), reply("a")).whole


def test_agents_messages_and_endings_ask_for_no_answer() -> None:
    result = verdict(
        received("a", author=common_pb2.AUTHOR_AGENT),
        received("b", kind=message_pb2.MESSAGE_KIND_CONVERSATION_ENDED),
    )
    assert (result.messages, result.whole) == (0, True)


def test_a_press_of_the_button_asks_for_an_answer() -> None:
    pressed = received("a", kind=message_pb2.MESSAGE_KIND_PERSON_REQUESTED)
    assert verdict(pressed).unanswered == ("a",)


def test_other_conversations_are_passed_over() -> None:
    assert verdict(received("a", key="somebody-elses")).messages == 0


def test_care_states_are_counted_once_for_each_message() -> None:
    result = verdict(
        received("a"),
        received("b"),
        scored("a", common_pb2.CARE_STATE_ANGRY),
        scored("a", common_pb2.CARE_STATE_ANGRY),
        scored("b", common_pb2.CARE_STATE_CALM),
    )
    assert result.states == {"angry": 1, "calm": 1}


answers = st.lists(st.sampled_from(["reply", "other reply", "agent", "handover"]), max_size=3)


@given(st.dictionaries(st.sampled_from("abcdef"), answers), st.randoms())
def test_the_order_of_the_record_does_not_matter(
    messages: dict[str, list[str]], random: st.DataObject
) -> None:
    make = {
        "reply": reply,
        "other reply": lambda message: reply(message, f"other-{message}"),
        "agent": by_agent,
        "handover": handover,
    }
    records = [received(message) for message in messages]
    records += [make[kind](message) for message, kinds in messages.items() for kind in kinds]
    shuffled = records.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert verdict(*shuffled) == verdict(*records)
    result = verdict(*records)
    assert set(result.unanswered) == {m for m, kinds in messages.items() if not kinds}
    assert result.replies + result.handovers + len(result.unanswered) == result.messages


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(n) for n in range(100, 0, -1)]
    assert percentile(values, 0.50) == 50
    assert percentile(values, 0.95) == 95
    assert percentile(values, 0.99) == 99
    assert percentile([7.0], 0.99) == 7
    assert percentile([], 0.5) is None
