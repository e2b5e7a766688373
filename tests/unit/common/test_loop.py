"""The one consumer loop, on the in-memory broker."""

import threading
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.v1 import message_pb2, reply_pb2
from services.common.broker import Headers
from services.common.events import Event, Outgoing, derive_id, encode
from services.common.failures import BreakerTripped, Transient
from services.common.handling import Result
from services.common.loop import Loop
from services.common.testing.broker import InMemoryBroker, InMemoryConsumer, InMemoryProducer
from services.common.topics import MESSAGE_REDACTED, MESSAGE_SCORED, REPLY_CREATED, Topic

DEAD = MESSAGE_REDACTED.dead_letters_of("emotion")
TOPICS = {MESSAGE_REDACTED.name: 2, MESSAGE_SCORED.name: 2, DEAD: 1}


class Echo:
    """Answers each event with one; fails as the text says."""

    service = "emotion"
    reads: tuple[Topic, ...] = (MESSAGE_REDACTED,)

    def __init__(self) -> None:
        self.outages = 0
        self.seen: list[str] = []

    def process(self, events: Sequence[Event[Any]]) -> list[Result]:
        if self.outages:
            self.outages -= 1
            raise Transient("peer_away")
        results = []
        for event in events:
            self.seen.append(event.message.text)
            if event.message.text == "bad":
                results.append(Result(failure="bad_text"))
                continue
            answer = message_pb2.MessageScored(ref=event.message.ref, text=event.message.text)
            out = Outgoing(MESSAGE_SCORED, event.key, answer, derive_id(event.id, "scored"))
            results.append(Result((out,)))
        return results

    def forget(self) -> None:
        pass

    def purge(self) -> None:
        pass


class BrokenProducer(InMemoryProducer):
    def send(self, topic: str, *, key: bytes | None, value: bytes | None, headers: Headers) -> Any:
        raise Transient("broker_away")


def publish(broker: InMemoryBroker, text: str, key: str = "c1") -> None:
    message_id = str(uuid.uuid4())
    message = message_pb2.MessageRedacted(
        ref=message_pb2.MessageRef(message_id=message_id, conversation_id=key), text=text
    )
    out = Outgoing(MESSAGE_REDACTED, key, message, message_id, datetime.now(UTC))
    headers = encode(out, source="redaction")
    broker.append(MESSAGE_REDACTED.name, key.encode(), message.SerializeToString(), headers)


def loop(broker: InMemoryBroker, echo: Echo, **options: Any) -> Loop:
    consumer = InMemoryConsumer(broker, "rapport.emotion", [MESSAGE_REDACTED.name])
    producer = options.pop("producer", InMemoryProducer(broker))
    return Loop(echo, consumer, producer, **{"commit_seconds": 0.0} | options)


def answers(broker: InMemoryBroker) -> list[str]:
    return [
        message_pb2.MessageScored.FromString(r.value or b"").text
        for r in broker.records(MESSAGE_SCORED.name)
    ]


def test_each_event_is_answered_and_committed() -> None:
    broker, echo = InMemoryBroker(TOPICS), Echo()
    for text in "abc":
        publish(broker, text)
    assert loop(broker, echo).step(0) == 3
    assert answers(broker) == ["a", "b", "c"]
    assert sum(broker.committed.values()) == 3


def test_bytes_that_are_no_event_go_to_the_dead_letters_and_the_rest_goes_on() -> None:
    broker, echo = InMemoryBroker(TOPICS), Echo()
    publish(broker, "a")
    broker.append(MESSAGE_REDACTED.name, b"c1", b"\xff\xffjunk", [("ce_id", b"x")])
    publish(broker, "bad")
    publish(broker, "b")
    loop(broker, echo).step(0)
    assert answers(broker) == ["a", "b"]
    letters = broker.records(DEAD)
    assert [dict(r.headers)["rapport_error_class"] for r in letters] == [b"bad_id", b"bad_text"]
    assert letters[0].value == b"\xff\xffjunk"  # as it came, to be replayed
    headers = dict(letters[0].headers)
    assert headers["rapport_origin_topic"] == MESSAGE_REDACTED.name.encode()
    assert headers["rapport_origin_offset"] == b"1"
    assert not any(b"junk" in value for value in headers.values())
    assert sum(broker.committed.values()) == 4


def test_an_outage_is_retried_and_no_dead_letter() -> None:
    broker, echo = InMemoryBroker(TOPICS), Echo()
    echo.outages = 2
    publish(broker, "a")
    loop(broker, echo).step(0)
    assert answers(broker) == ["a"]
    assert not broker.records(DEAD)


def test_an_outage_that_lasts_ends_the_loop_without_a_commit() -> None:
    broker, echo = InMemoryBroker(TOPICS), Echo()
    echo.outages = 1_000
    publish(broker, "a")
    with pytest.raises(Transient):
        loop(broker, echo, retry_seconds=0.2).run()
    assert not broker.committed
    assert loop(broker, Echo()).step(0) == 1  # the next one begins with the same record
    assert answers(broker) == ["a"]


def test_what_was_not_sent_is_not_committed() -> None:
    broker, echo = InMemoryBroker(TOPICS), Echo()
    publish(broker, "a")
    with pytest.raises(Transient):
        loop(broker, echo, producer=BrokenProducer(broker)).run()
    assert not broker.committed


def test_a_run_of_dead_letters_trips_the_breaker_before_they_are_sent() -> None:
    broker, echo = InMemoryBroker(TOPICS), Echo()
    for _ in range(6):
        publish(broker, "bad")
    with pytest.raises(BreakerTripped):
        loop(broker, echo, dead_letter_run=5).run()
    assert not broker.records(DEAD)
    assert not broker.committed


def test_dead_letters_between_good_events_trip_nothing() -> None:
    broker, echo = InMemoryBroker(TOPICS), Echo()
    for _ in range(10):
        publish(broker, "bad")
        publish(broker, "good")
    assert loop(broker, echo, dead_letter_run=3).step(0) == 20
    assert len(broker.records(DEAD)) == 10


def test_commits_wait_a_moment_and_stopping_commits_the_rest() -> None:
    broker, echo = InMemoryBroker(TOPICS), Echo()
    publish(broker, "a")
    running = loop(broker, echo, commit_seconds=3_600)
    running.step(0)
    publish(broker, "b")
    running.step(0)
    assert sum(broker.committed.values()) == 1
    running.stop()
    running.run()
    assert sum(broker.committed.values()) == 2


def test_an_idle_poll_commits_what_is_done() -> None:
    broker, echo = InMemoryBroker(TOPICS), Echo()
    running = loop(broker, echo, commit_seconds=3_600)
    for text in "ab":
        publish(broker, text)
        running.step(0)
    running.step(0)
    assert sum(broker.committed.values()) == 2


def test_stop_ends_the_loop_and_leaves_the_group() -> None:
    broker, echo = InMemoryBroker(TOPICS), Echo()
    running = loop(broker, echo)
    thread = threading.Thread(target=running.run)
    thread.start()
    running.stop()
    thread.join(timeout=5)
    assert not thread.is_alive()
    assert broker.members["rapport.emotion"] == []


@given(
    junk=st.lists(
        st.tuples(st.none() | st.binary(max_size=8), st.none() | st.binary(max_size=40)),
        max_size=20,
    )
)
def test_any_junk_is_buried_and_nothing_else_is_lost(
    junk: list[tuple[bytes | None, bytes | None]],
) -> None:
    broker, echo = InMemoryBroker(TOPICS), Echo()
    publish(broker, "first")
    for key, value in junk:
        broker.append(MESSAGE_REDACTED.name, key, value, [])
    publish(broker, "last")
    loop(broker, echo).step(0)
    assert sorted(answers(broker)) == ["first", "last"]
    assert len(broker.records(DEAD)) == len(junk)


class Listening:
    """Notes what it is given, batch by batch."""

    service = "emotion"
    reads: tuple[Topic, ...] = (MESSAGE_REDACTED, REPLY_CREATED)

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def process(self, events: Sequence[Event[Any]]) -> list[Result]:
        self.batches.append([event.message.text for event in events])
        return [Result() for _ in events]

    def forget(self) -> None:
        pass

    def purge(self) -> None:
        pass


def answer(broker: InMemoryBroker, text: str, key: str) -> None:
    reply_id = str(uuid.uuid4())
    reply = reply_pb2.ReplyCreated(reply_id=reply_id, conversation_id=key, text=text)
    out = Outgoing(REPLY_CREATED, key, reply, reply_id, datetime.now(UTC))
    broker.append(
        REPLY_CREATED.name, key.encode(), reply.SerializeToString(), encode(out, source="reply")
    )


@pytest.fixture
def patient() -> tuple[InMemoryBroker, Listening, Callable[..., Loop]]:
    broker, listening = (
        InMemoryBroker({MESSAGE_REDACTED.name: 2, REPLY_CREATED.name: 2}),
        Listening(),
    )

    def start(patience_seconds: float = 60.0) -> Loop:
        topics = [MESSAGE_REDACTED.name, REPLY_CREATED.name]
        return Loop(
            listening,
            InMemoryConsumer(broker, "rapport.emotion", topics),
            InMemoryProducer(broker),
            commit_seconds=0.0,
            patient=[REPLY_CREATED],
            patience_seconds=patience_seconds,
        )

    return broker, listening, start


Patient = tuple[InMemoryBroker, Listening, Callable[..., Loop]]


def test_a_patient_topic_keeps_nobody_waiting(patient: Patient) -> None:
    broker, listening, start = patient
    loop = start()
    answer(broker, "reply to b", "b")
    publish(broker, "from a", "a")
    loop.step(0)
    assert listening.batches == [["from a"]]
    publish(broker, "from b", "b")
    loop.step(0)
    assert listening.batches[1:] == [["reply to b", "from b"]]


def test_patience_ends(patient: Patient) -> None:
    broker, listening, start = patient
    loop = start(0.05)
    answer(broker, "first", "a")
    assert loop.step(0) == 0
    answer(broker, "second", "b")
    time.sleep(0.06)
    assert loop.step(0) == 2
    assert sorted(listening.batches[0]) == ["first", "second"]


def test_what_waits_is_not_committed(patient: Patient) -> None:
    broker, listening, start = patient
    answer(broker, "waits", "b")
    publish(broker, "handled", "a")
    loop = start()
    loop.step(0)
    loop.stop()
    loop.run()  # ends at once, and leaves the group
    again = start(0.0)
    again.step(0)
    again.step(0)
    assert listening.batches == [["handled"], ["waits"]]
