"""One suite for both brokers: what unit tests rely on is what Apache Kafka does."""

import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from kafka import KafkaAdminClient

from services.common.broker import Consumer, Producer
from services.common.events import Record
from services.common.failures import Transient
from services.common.kafka import Connection
from services.common.kafka import Consumer as KafkaConsumer
from services.common.kafka import Producer as KafkaProducer
from services.common.testing.broker import InMemoryBroker, InMemoryConsumer, InMemoryProducer

PARTITIONS = 3


@dataclass
class World:
    """A broker with one topic of its own, and how to reach it."""

    topic: str
    producer: Producer
    join: Callable[[str], Consumer]
    members: list[Consumer] = field(default_factory=list)

    def consumer(self, group: str = "g") -> Consumer:
        member = self.join(f"{group}-{self.topic}")
        self.members.append(member)
        return member

    def publish(self, *texts: str, key: str = "c1") -> list[tuple[int, int]]:
        futures = [
            self.producer.send(
                self.topic, key=key.encode(), value=text.encode(), headers=[("ce_id", b"\x00\xff")]
            )
            for text in texts
        ]
        return [future.result(timeout=10) for future in futures]


@pytest.fixture(params=["memory", pytest.param("kafka", marks=pytest.mark.integration)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    topic = f"contract-{uuid.uuid4().hex[:8]}"
    if request.param == "memory":
        broker = InMemoryBroker({topic: PARTITIONS})
        here = World(
            topic,
            InMemoryProducer(broker),
            lambda group: InMemoryConsumer(broker, group, [topic]),
        )
    else:
        connection = Connection(request.getfixturevalue("kafka"))
        admin = KafkaAdminClient(**connection.arguments("test"))
        admin.create_topics({topic: {"num_partitions": PARTITIONS, "replication_factor": 1}})
        admin.close()
        here = World(
            topic,
            KafkaProducer(connection, "test", delivery_seconds=10),
            lambda group: KafkaConsumer(connection, group, [topic], session_seconds=6),
        )
    yield here
    for member in here.members:
        member.close()
    here.producer.close()


def take(consumer: Consumer, count: int, seconds: float = 20) -> list[Record]:
    """Polls until `count` records came or the deadline passed."""
    records: list[Record] = []
    deadline = time.monotonic() + seconds
    while len(records) < count and time.monotonic() < deadline:
        records += consumer.poll(0.5, 100)
    return records


def values(records: list[Record]) -> list[str]:
    return [(record.value or b"").decode() for record in records]


def test_equal_keys_keep_their_order_in_one_partition(world: World) -> None:
    places = world.publish(*"abcdef", key="c1")
    assert len({partition for partition, _ in places}) == 1
    assert [offset for _, offset in places] == list(range(6))
    assert values(take(world.consumer(), 6)) == list("abcdef")


def test_keys_spread_over_partitions(world: World) -> None:
    places = [world.publish("x", key=f"conversation-{n}")[0] for n in range(40)]
    assert {partition for partition, _ in places} == set(range(PARTITIONS))


def test_a_record_arrives_as_it_was_sent(world: World) -> None:
    world.producer.send(
        world.topic, key=None, value=b"\x00\xff", headers=[("a", b""), ("a", b"\xfe")]
    ).result(10)
    (record,) = take(world.consumer(), 1)
    assert (record.key, record.value) == (None, b"\x00\xff")
    assert record.headers == (("a", b""), ("a", b"\xfe"))


def test_what_was_not_committed_comes_again(world: World) -> None:
    world.publish("a", "b", "c")
    first = world.consumer()
    records = take(first, 3)
    first.commit(records[:1])
    first.close()
    assert values(take(world.consumer(), 2)) == ["b", "c"]


def test_what_was_committed_does_not_come_again(world: World) -> None:
    world.publish("a", "b")
    first = world.consumer()
    first.commit(take(first, 2))
    first.close()
    world.publish("c")
    assert values(take(world.consumer(), 1)) == ["c"]


def test_closing_commits_nothing(world: World) -> None:
    world.publish("a")
    first = world.consumer()
    take(first, 1)
    first.close()
    assert values(take(world.consumer(), 1)) == ["a"]


def test_groups_read_independently(world: World) -> None:
    world.publish("a")
    assert values(take(world.consumer("one"), 1)) == ["a"]
    assert values(take(world.consumer("two"), 1)) == ["a"]


def test_a_second_member_takes_over_some_partitions_and_is_told(world: World) -> None:
    told: list[str] = []
    first = world.consumer()
    first.on_reassigned(lambda: told.append("first"))
    first.poll(0.1, 10)
    second = world.consumer()
    for n in range(30):
        world.publish(str(n), key=f"k{n}")
    seen: dict[str, set[str]] = {"first": set(), "second": set()}
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not (
        len(seen["first"] | seen["second"]) == 30 and seen["first"] and seen["second"]
    ):
        for name, member in (("first", first), ("second", second)):
            records = member.poll(0.3, 100)
            seen[name] |= set(values(records))
            if records:
                member.commit(records)
        for n in range(30):  # for every partition, so that whoever owns one sees something
            world.publish(str(n), key=f"k{n}")
    assert seen["first"] | seen["second"] == {str(n) for n in range(30)}
    assert seen["first"], "the first member kept nothing"
    assert seen["second"], "the second member got nothing"
    assert told


def test_poll_gives_at_most_its_limit_and_loses_nothing(world: World) -> None:
    world.publish(*map(str, range(10)))
    consumer = world.consumer()
    batches: list[list[str]] = []
    deadline = time.monotonic() + 20
    while sum(map(len, batches)) < 10 and time.monotonic() < deadline:
        batches.append(values(consumer.poll(0.5, 4)))
    assert all(len(batch) <= 4 for batch in batches)
    assert [text for batch in batches for text in batch] == list(map(str, range(10)))


def test_poll_returns_when_nothing_comes(world: World) -> None:
    assert world.consumer().poll(0.2, 10) == []


def test_a_member_has_joined_once_it_has_polled(world: World) -> None:
    consumer = world.consumer()
    assert not consumer.joined()
    deadline = time.monotonic() + 20
    while not consumer.joined() and time.monotonic() < deadline:
        consumer.poll(0.2, 10)
    assert consumer.joined()


def test_lag_counts_what_was_not_read(world: World) -> None:
    consumer = world.consumer()
    world.publish(*"abcde")
    records: list[Record] = []
    deadline = time.monotonic() + 20
    while not records and time.monotonic() < deadline:
        records = consumer.poll(0.5, 2)
    assert consumer.lag() == {world.topic: 5 - len(records)}


def test_an_unknown_topic_is_an_error_not_a_new_topic(world: World) -> None:
    with pytest.raises(Transient):
        world.producer.send("no-such-topic", key=b"k", value=b"v", headers=[]).result(30)


def test_a_record_that_is_too_large_is_refused(world: World) -> None:
    future: Any = None
    with pytest.raises(Transient):
        future = world.producer.send(
            world.topic, key=b"k", value=b"x" * (2 * 1024 * 1024), headers=[]
        )
        future.result(30)
