"""Members of a consumer group on Apache Kafka: when they are ready, and what a kill costs."""

import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator

import pytest
from kafka import KafkaAdminClient

from services.common.failures import Transient
from services.common.kafka import Connection, Consumer, Producer
from tests.harness import eventually

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]
SESSION_SECONDS = 30
Join = Callable[..., Consumer]


@pytest.fixture
def topic() -> str:
    return f"group-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def join(kafka: str, topic: str) -> Iterator[Join]:
    members: list[Consumer] = []

    def joined(instance: str | None = None) -> Consumer:
        member = Consumer(
            Connection(kafka), topic, [topic], session_seconds=SESSION_SECONDS, instance=instance
        )
        members.append(member)
        return member

    yield joined
    for member in members:
        member.close()


def create(kafka: str, topic: str, partitions: int) -> None:
    admin = KafkaAdminClient(**Connection(kafka).arguments("test"))
    admin.create_topics({topic: {"num_partitions": partitions, "replication_factor": 1}})
    admin.close()


def polled(*members: Consumer) -> bool:
    """Polls each once; whether all have joined by now."""
    for member in members:
        member.poll(0.2, 10)
    return all(member.joined() for member in members)


def test_a_member_that_never_polled_has_not_joined(kafka: str, topic: str, join: Join) -> None:
    create(kafka, topic, 1)
    member = join()
    assert not member.joined()
    eventually(lambda: polled(member), 30, "it joins")


def test_a_member_whose_topic_is_not_there_yet_is_not_ready_and_then_is(
    kafka: str, topic: str, join: Join
) -> None:
    member = join()
    until = time.monotonic() + 5
    while time.monotonic() < until:
        assert not polled(member), "there is nothing that it could read"
    create(kafka, topic, 1)
    eventually(lambda: polled(member), 60, "it joins once there is a topic")


def test_a_member_for_whom_no_partition_is_left_is_ready(
    kafka: str, topic: str, join: Join
) -> None:
    create(kafka, topic, 1)
    first, second = join(), join()

    def shared() -> bool:
        held = sorted(len(member._consumer.assignment()) for member in (first, second))
        return polled(first, second) and held == [0, 1]

    eventually(shared, 60, "both have joined, one of them without a partition")


JOIN = """
import sys, time
from services.common.kafka import Connection, Consumer
servers, topic, instance, session = sys.argv[1:]
member = Consumer(Connection(servers), topic, [topic], session_seconds=int(session),
                  instance=instance)
while not member.joined():
    member.poll(0.2, 10)
print("joined", flush=True)
while True:
    member.poll(0.2, 10)
"""


def test_a_killed_member_has_its_partitions_back_before_its_session_ends(
    kafka: str, topic: str, join: Join
) -> None:
    create(kafka, topic, 3)
    arguments = [kafka, topic, "replica-1", str(SESSION_SECONDS)]
    with subprocess.Popen(
        [sys.executable, "-c", JOIN, *arguments], stdout=subprocess.PIPE
    ) as victim:
        assert victim.stdout is not None
        assert victim.stdout.readline() == b"joined\n"
        victim.kill()
    killed = time.monotonic()
    again = join("replica-1")
    eventually(lambda: polled(again), SESSION_SECONDS / 2, "it has its partitions back")
    print(f"partitions back {time.monotonic() - killed:.1f} s after the kill")
    assert len(again._consumer.assignment()) == 3


def test_a_member_that_stops_leaves_its_partitions_to_the_others(
    kafka: str, topic: str, join: Join
) -> None:
    create(kafka, topic, 3)
    first, second = join("replica-1"), join("replica-2")
    eventually(lambda: polled(first, second), 60, "both have joined")
    first.close()
    eventually(
        lambda: polled(second) and len(second._consumer.assignment()) == 3,
        SESSION_SECONDS / 2,
        "the other one has all",
    )


def test_of_two_members_with_one_name_the_older_one_commits_nothing_more(
    kafka: str, topic: str, join: Join
) -> None:
    create(kafka, topic, 1)
    older, newer = join("replica-1"), join("replica-1")
    eventually(lambda: polled(older), 30, "the older joins")
    producer = Producer(Connection(kafka), "test")
    producer.send(topic, key=b"c1", value=b"a", headers=[]).result(10)
    producer.close()
    records = eventually(lambda: older.poll(0.2, 10), 30, "the older reads")
    eventually(lambda: polled(newer), 30, "the newer joins")
    with pytest.raises(Transient, match="FencedInstanceId"):
        older.commit(records)
    older.close()
    assert polled(newer), "the older one did no harm when it left"
