"""What each figure of an outcome means, from the events of a conversation."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.v1 import (
    common_pb2,
    conversation_pb2,
    message_pb2,
    outcome_pb2,
    reply_pb2,
)
from services.common.events import Event, derive_id
from services.common.failures import Unprocessable
from services.common.testing.handlers import event, run_handler
from services.common.topics import (
    CONVERSATION_CHANGED,
    FEEDBACK_GIVEN,
    HANDOVER_REQUESTED,
    MESSAGE_SCORED,
    REPLY_CREATED,
    Topic,
)
from services.insights.handler import InsightsHandler
from services.insights.outcomes import WORSENING, Record, Resolution, State, worse

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
ANGRY, CALM, GRATEFUL = (
    common_pb2.CARE_STATE_ANGRY,
    common_pb2.CARE_STATE_CALM,
    common_pb2.CARE_STATE_GRATEFUL,
)


class Story:
    """Writes the events of one conversation, second by second."""

    def __init__(self, conversation: str = "c1") -> None:
        self.conversation = conversation
        self.events: list[Event[Any]] = []
        self.version = 0
        self.state = 0

    def _add(self, topic: Topic, message: Any, second: float) -> None:
        at = START + timedelta(seconds=second)
        self.events.append(event(topic, self.conversation, str(uuid.uuid4()), message, at))

    def says(self, second: float, state: int = CALM, valence: float = 0.0, **more: Any) -> "Story":
        message = message_pb2.MessageScored(
            ref=message_pb2.MessageRef(
                message_id=str(uuid.uuid4()),
                conversation_id=self.conversation,
                author=common_pb2.AUTHOR_CUSTOMER,
            ),
            kind=more.pop("kind", message_pb2.MESSAGE_KIND_TEXT),
            reading=message_pb2.EmotionReading(state=state, valence=valence),  # type: ignore[arg-type]
            **more,
        )
        message.ref.received_at.FromDatetime(START + timedelta(seconds=second))
        self._add(MESSAGE_SCORED, message, second)
        return self

    def reply(self, second: float, to: float) -> "Story":
        message = reply_pb2.ReplyCreated(conversation_id=self.conversation)
        message.created_at.FromDatetime(START + timedelta(seconds=second))
        message.message_received_at.FromDatetime(START + timedelta(seconds=to))
        self._add(REPLY_CREATED, message, second)
        return self

    def moves(self, second: float, to: State, reason: int = 0, version: int = 0) -> "Story":
        self.version = version or self.version + 1
        message = conversation_pb2.ConversationChanged(
            conversation_id=self.conversation,
            tenant="default",
            to=int(to),  # type: ignore[arg-type]
            version=self.version,
            reason=reason,  # type: ignore[arg-type]
        )
        setattr(message, "from", self.state)
        self.state = int(to)
        message.changed_at.FromDatetime(START + timedelta(seconds=second))
        self._add(CONVERSATION_CHANGED, message, second)
        return self

    def asks(self, second: float, reason: int = common_pb2.HANDOVER_REASON_ASKED) -> "Story":
        message = reply_pb2.HandoverRequested(conversation_id=self.conversation, reason=reason)  # type: ignore[arg-type]
        self._add(HANDOVER_REQUESTED, message, second)
        return self

    def rates(self, second: float, score: float | None, kind: int = 1, about: int = 0) -> "Story":
        message = message_pb2.FeedbackGiven(
            about=about,  # type: ignore[arg-type]
            conversation_id=self.conversation,
            kind=kind,  # type: ignore[arg-type]
            score=score,
        )
        self._add(FEEDBACK_GIVEN, message, second)
        return self

    def outcomes(self) -> list[outcome_pb2.OutcomeMeasured]:
        _, outgoing = run_handler(InsightsHandler(), self.events)
        return [each.message for each in outgoing]  # type: ignore[misc]

    def record(self) -> Record:
        states, _ = run_handler(InsightsHandler(), self.events)
        return states[self.conversation]


def by_bot() -> Story:
    return (
        Story()
        .moves(0, State.BOT)
        .says(0, ANGRY, -0.75)
        .reply(0.25, to=0)
        .says(20, GRATEFUL, 0.5)
        .reply(20.5, to=20)
        .moves(60, State.CLOSED)
    )


def by_agent() -> Story:
    return (
        Story()
        .moves(0, State.BOT)
        .says(0, ANGRY, -0.5)
        .asks(1)
        .reply(1, to=0)
        .moves(1, State.QUEUED, common_pb2.HANDOVER_REASON_ASKED)
        .moves(5, State.OFFERED)
        .moves(25, State.QUEUED)
        .moves(26, State.OFFERED)
        .moves(31, State.AGENT)
        .moves(131, State.WRAP_UP)
        .moves(150, State.CLOSED)
    )


def test_a_conversation_that_the_bot_resolved() -> None:
    (outcome,) = by_bot().outcomes()
    assert outcome.outcome_id == derive_id("c1", "outcome.2")
    assert outcome.resolution == outcome_pb2.RESOLUTION_BY_BOT
    assert outcome.time_to_first_reply.ToTimedelta() == timedelta(seconds=0.25)
    assert outcome.time_with_bot.ToTimedelta() == timedelta(seconds=60)
    assert (outcome.customer_messages, outcome.replies) == (2, 2)
    assert not outcome.handed_over
    assert (outcome.state_at_start, outcome.state_worst, outcome.state_at_end) == (
        ANGRY,
        ANGRY,
        GRATEFUL,
    )
    assert outcome.valence_change == 1.25
    assert not outcome.HasField("csat")
    assert outcome.closed_at.ToDatetime(UTC) == START + timedelta(seconds=60)


def test_a_conversation_that_a_person_resolved() -> None:
    (outcome,) = by_agent().outcomes()
    assert outcome.resolution == outcome_pb2.RESOLUTION_BY_AGENT
    assert outcome.handed_over
    assert outcome.handover_reason == common_pb2.HANDOVER_REASON_ASKED
    assert outcome.time_with_bot.ToTimedelta() == timedelta(seconds=1)
    assert outcome.time_in_queue.ToTimedelta() == timedelta(seconds=30)
    # Wrapping up is the agent's time, not the customer's.
    assert outcome.time_with_agent.ToTimedelta() == timedelta(seconds=100)


def test_leaving_the_queue_is_abandoning() -> None:
    story = Story().moves(0, State.BOT).says(0).reply(1, to=0)
    story.moves(2, State.QUEUED, 1).moves(90, State.CLOSED)
    (outcome,) = story.outcomes()
    assert outcome.resolution == outcome_pb2.RESOLUTION_ABANDONED
    assert outcome.time_in_queue.ToTimedelta() == timedelta(seconds=88)


def test_leaving_when_the_agent_was_lost_and_one_waits_again_is_abandoning() -> None:
    story = by_agent()
    story.events, story.version = story.events[:-2], story.version - 2
    story.moves(140, State.QUEUED).moves(200, State.CLOSED)
    assert story.outcomes()[0].resolution == outcome_pb2.RESOLUTION_ABANDONED


def test_asking_for_a_person_and_leaving_before_the_queue_is_abandoning() -> None:
    story = Story().moves(0, State.BOT).says(0).reply(1, to=0).asks(1).moves(1, State.CLOSED)
    (outcome,) = story.outcomes()
    assert outcome.resolution == outcome_pb2.RESOLUTION_ABANDONED
    assert outcome.handed_over


def test_leaving_without_any_reply_is_abandoning() -> None:
    story = Story().moves(0, State.BOT).says(0).moves(1, State.CLOSED)
    (outcome,) = story.outcomes()
    assert outcome.resolution == outcome_pb2.RESOLUTION_ABANDONED
    assert not outcome.HasField("time_to_first_reply")


def test_a_conversation_handed_back_to_the_bot_is_still_the_agents() -> None:
    story = by_agent()
    story.events, story.version = story.events[:-2], story.version - 2
    story.moves(131, State.BOT).moves(200, State.CLOSED)
    (outcome,) = story.outcomes()
    assert outcome.resolution == outcome_pb2.RESOLUTION_BY_AGENT
    assert outcome.time_with_bot.ToTimedelta() == timedelta(seconds=70)


def test_the_first_reason_of_a_hand_over_is_the_one_that_counts() -> None:
    story = Story().moves(0, State.BOT).says(0).asks(1, common_pb2.HANDOVER_REASON_SENSITIVE)
    story.moves(1, State.QUEUED, common_pb2.HANDOVER_REASON_SENSITIVE)
    story.asks(5, common_pb2.HANDOVER_REASON_CRISIS).moves(9, State.CLOSED)
    assert story.outcomes()[0].handover_reason == common_pb2.HANDOVER_REASON_SENSITIVE


def test_each_closing_measures_its_own_episode() -> None:
    story = by_bot().moves(300, State.BOT).says(300, CALM, 0.0).reply(301, to=300)
    story.moves(310, State.CLOSED)
    first, second = story.outcomes()
    assert second.outcome_id == derive_id("c1", "outcome.4") != first.outcome_id
    assert (second.customer_messages, second.replies) == (1, 1)
    assert second.state_worst == CALM
    assert second.time_with_bot.ToTimedelta() == timedelta(seconds=10)
    assert second.valence_change == 0


def test_a_message_that_reopens_may_come_before_the_move_that_it_causes() -> None:
    story = by_bot().says(300, ANGRY, -1).moves(300, State.BOT).moves(310, State.CLOSED)
    first, second = story.outcomes()
    assert (first.customer_messages, second.customer_messages) == (2, 1)
    assert second.state_worst == ANGRY


def test_what_comes_after_the_closing_but_was_before_it_amends_the_closed_episode() -> None:
    record = by_bot().says(59, ANGRY, -0.25).reply(60.5, to=59).record()
    assert record.open is None
    assert record.closed is not None
    assert (record.closed.customer_messages, record.closed.replies) == (3, 3)
    assert record.closed.last_state == ANGRY


def test_csat_counts_before_and_after_the_closing() -> None:
    story = by_bot()
    story.events.insert(-1, Story().rates(50, 4).events[0])
    (outcome,) = story.outcomes()
    assert outcome.csat == 4
    after = by_bot().rates(90, 2).record()
    assert after.closed is not None
    assert after.closed.csat == 2
    # A conversation that was reopened but not written in yet is not what is rated.
    reopened = by_bot().moves(80, State.BOT).rates(90, 3).record()
    assert reopened.closed is not None
    assert (reopened.closed.csat, reopened.open and reopened.open.csat) == (3, None)


def test_the_rating_of_the_whole_stands_beside_that_of_a_hand_over() -> None:
    whole, part = message_pb2.FEEDBACK_SUBJECT_CONVERSATION, message_pb2.FEEDBACK_SUBJECT_HANDOVER
    for order in (((5, part), (2, whole)), ((2, whole), (5, part))):
        story = by_bot()
        for second, (score, about) in enumerate(order, 90):
            story.rates(second, score, about=about)
        closed = story.record().closed
        assert closed is not None
        assert closed.csat == 2


def test_other_feedback_is_no_csat() -> None:
    story = by_bot()
    thumb = Story().rates(50, 1, kind=message_pb2.FEEDBACK_KIND_THUMBS)
    story.events.insert(-1, thumb.events[0])
    assert not story.outcomes()[0].HasField("csat")


def test_a_withheld_text_counts_as_a_message_and_as_no_feeling() -> None:
    story = Story().moves(0, State.BOT).says(0, ANGRY, -1, withheld=True).moves(9, State.CLOSED)
    (outcome,) = story.outcomes()
    assert outcome.customer_messages == 1
    assert outcome.state_worst == 0


def test_a_button_is_no_message() -> None:
    pressed = message_pb2.MESSAGE_KIND_PERSON_REQUESTED
    story = Story().moves(0, State.BOT).says(0, 0, kind=pressed).moves(9, State.CLOSED)
    assert story.outcomes()[0].customer_messages == 0


def test_a_move_that_was_taken_in_is_not_taken_in_again() -> None:
    story = by_bot().moves(70, State.BOT, version=1)
    record = story.record()
    assert (record.version, record.open) == (2, None)


def test_a_closing_of_an_unknown_conversation_is_measured_all_the_same() -> None:
    (outcome,) = Story().moves(0, State.CLOSED, version=9).outcomes()
    assert outcome.resolution == outcome_pb2.RESOLUTION_ABANDONED
    assert outcome.time_with_bot.ToTimedelta() == timedelta(0)


def test_states_are_ordered_by_how_much_they_call_for_attention() -> None:
    assert set(WORSENING) == set(common_pb2.CareState.values()) - {0}
    assert worse(ANGRY, common_pb2.CARE_STATE_DISTRESSED) == common_pb2.CARE_STATE_DISTRESSED
    assert worse(0, GRATEFUL) == GRATEFUL
    assert worse(CALM, GRATEFUL) == CALM


def test_numbers_are_those_of_the_contract() -> None:
    for state in State:
        name = conversation_pb2.ConversationState.Name(int(state))  # type: ignore[arg-type]
        assert name == f"CONVERSATION_STATE_{state.name}"
    for resolution in Resolution:
        name = outcome_pb2.Resolution.Name(int(resolution))  # type: ignore[arg-type]
        assert name == f"RESOLUTION_{resolution.name}"


def broken(change: str) -> Event[Any]:
    story = by_bot()
    if change == "key":
        first = story.events[1]
        return event(first.topic, "other", first.id, first.message)
    if change == "agent":
        story.events[1].message.ref.author = common_pb2.AUTHOR_AGENT
        return story.events[1]
    if change == "no id":
        story.events[0].message.conversation_id = ""
        return story.events[0]
    if change == "state":
        story.events[0].message.to = 17
        return story.events[0]
    if change == "time":
        story.events[0].message.changed_at.seconds = 2**60
        return story.events[0]
    return (
        Story().rates(1, {"csat 0": 0, "csat 6": 6, "csat nan": float("nan")}.get(change)).events[0]
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("key", "key_is_not_conversation"),
        ("agent", "not_a_customer"),
        ("no id", "missing_conversation_id"),
        ("state", "unknown_state"),
        ("time", "bad_time"),
        ("csat 0", "csat_out_of_range"),
        ("csat 6", "csat_out_of_range"),
        ("csat nan", "csat_out_of_range"),
        ("csat none", "csat_out_of_range"),
    ],
)
def test_what_cannot_be_is_unprocessable(change: str, reason: str) -> None:
    with pytest.raises(Unprocessable, match=reason):
        InsightsHandler().handle(broken(change), None)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("says"), st.integers(0, 9), st.floats(-1, 1, width=32)),
        st.tuples(st.just("reply"), st.integers(0, 60), st.just(0)),
        st.tuples(st.just("moves"), st.sampled_from(State), st.integers(0, 6)),
        st.tuples(st.just("asks"), st.integers(0, 6), st.just(0)),
        st.tuples(st.just("rates"), st.floats(1, 5), st.just(0)),
    ),
    max_size=40,
)


def told(parts: Iterable[tuple[Any, ...]]) -> Story:
    story = Story()
    for second, (kind, one, other) in enumerate(parts):
        if kind == "says":
            story.says(second, one, other)
        elif kind == "reply":
            story.reply(second, to=second - one)
        elif kind == "moves":
            story.moves(second, one, other)
        elif kind == "asks":
            story.asks(second, one)
        else:
            story.rates(second, one)
    return story


@given(steps)
def test_whatever_happens_each_closing_is_measured_once_and_nothing_is_negative(
    parts: list[tuple[Any, ...]],
) -> None:
    story = told(parts)
    outcomes = story.outcomes()
    closings = [one for kind, one, _ in parts if kind == "moves" and one is State.CLOSED]
    assert len(outcomes) == len(closings) == len({o.outcome_id for o in outcomes})
    for outcome in outcomes:
        for name in ("time_to_first_reply", "time_with_bot", "time_in_queue", "time_with_agent"):
            assert getattr(outcome, name).ToTimedelta() >= timedelta(0)
        assert outcome.resolution != outcome_pb2.RESOLUTION_UNSPECIFIED
        assert worse(outcome.state_worst, outcome.state_at_end) == outcome.state_worst
        assert outcome.handed_over >= (outcome.handover_reason != 0)
    counted = sum(outcome.customer_messages for outcome in outcomes)
    record = story.record() if parts else Record()
    counted += record.open.customer_messages if record.open else 0
    assert counted == sum(kind == "says" for kind, *_ in parts)


@given(steps)
def test_the_same_events_give_the_same_outcomes(parts: list[tuple[Any, ...]]) -> None:
    story = told(parts)
    once = [outcome.SerializeToString(deterministic=True) for outcome in story.outcomes()]
    again = [outcome.SerializeToString(deterministic=True) for outcome in story.outcomes()]
    assert once == again
