"""Apache Kafka behind `broker.Producer` and `broker.Consumer`, by kafka-python."""

import contextlib
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import MemberToRemove
from kafka.consumer.subscription_state import ConsumerRebalanceListener
from kafka.coordinator.assignors.range import RangePartitionAssignor
from kafka.errors import (
    CommitFailedError,
    KafkaError,
    RebalanceInProgressError,
    TopicAlreadyExistsError,
)
from kafka.structs import OffsetAndMetadata

from services.common.broker import Headers
from services.common.events import Record
from services.common.failures import Transient
from services.common.topics import TOPICS, dead_letter_topics

GATHERED_BYTES = 256 * 1024


@dataclass(frozen=True)
class Connection:
    """How to reach the cluster: plaintext, TLS, SASL or both."""

    bootstrap_servers: str
    security_protocol: str = "PLAINTEXT"
    sasl_mechanism: str | None = None
    sasl_username: str | None = None
    sasl_password: str | None = None
    ssl_cafile: str | None = None
    ssl_certfile: str | None = None
    ssl_keyfile: str | None = None

    def arguments(self, client_id: str) -> dict[str, Any]:
        """Keyword arguments that every client of kafka-python takes."""
        return {
            "bootstrap_servers": self.bootstrap_servers.split(","),
            "client_id": f"rapport-{client_id}",
            "security_protocol": self.security_protocol,
            "sasl_mechanism": self.sasl_mechanism,
            "sasl_plain_username": self.sasl_username,
            "sasl_plain_password": self.sasl_password,
            "ssl_cafile": self.ssl_cafile,
            "ssl_certfile": self.ssl_certfile,
            "ssl_keyfile": self.ssl_keyfile,
            "reconnect_backoff_max_ms": 2_000,
        }


class Producer:
    """Idempotent, acknowledged by all in-sync replicas, sent at once (linger 0)."""

    def __init__(
        self, connection: Connection, client_id: str, *, delivery_seconds: float = 30
    ) -> None:
        try:
            self._producer = KafkaProducer(
                **connection.arguments(client_id),
                acks="all",
                enable_idempotence=True,
                linger_ms=0,
                request_timeout_ms=int(delivery_seconds * 1000),
                delivery_timeout_ms=int(delivery_seconds * 1000) + 1,
                max_block_ms=int(delivery_seconds * 1000),
                metrics_enabled=False,
                allow_auto_create_topics=False,
            )
        except KafkaError as error:
            raise Transient("broker_unreachable") from error

    def send(
        self, topic: str, *, key: bytes | None, value: bytes | None, headers: Headers
    ) -> "Future[tuple[int, int]]":
        result: Future[tuple[int, int]] = Future()
        try:
            sent = self._producer.send(topic, key=key, value=value, headers=list(headers))
        except KafkaError as error:
            raise Transient(type(error).__name__) from error
        sent.add_callback(lambda metadata: result.set_result((metadata.partition, metadata.offset)))
        sent.add_errback(lambda error: result.set_exception(Transient(type(error).__name__)))
        return result

    def flush(self, timeout: float) -> None:
        try:
            self._producer.flush(timeout=timeout)
        except KafkaError as error:
            raise Transient(type(error).__name__) from error

    def close(self, timeout: float = 10.0) -> None:
        self._producer.close(timeout=timeout)


class _Rebalances(ConsumerRebalanceListener):  # type: ignore[misc]  # kafka-python is untyped
    def __init__(self) -> None:
        self.callback: Callable[[], None] = lambda: None
        self.assigned = False

    def on_partitions_revoked(self, revoked: Any) -> None:
        self.assigned = False
        self.callback()

    def on_partitions_assigned(self, assigned: Any) -> None:
        self.assigned = True
        self.callback()


class Consumer:
    """One member of a group. Range assignment: equal keys of two topics meet in one member.

    With an `instance` the group keeps the member's place for it: started again under the same name
    within `session_seconds`, after a kill say, it has its partitions back at once. No two members
    of a group may have the same: the newer one puts the older one out.

    `gather_seconds`: where nobody waits, so long may the broker gather records before it answers.
    """

    def __init__(
        self,
        connection: Connection,
        group: str,
        topics: Iterable[str],
        *,
        session_seconds: float = 10,
        instance: str | None = None,
        gather_seconds: float = 0.0,
    ) -> None:
        self._connection = connection
        self._topics = tuple(topics)
        self._joined = False
        self._rebalances = _Rebalances()
        try:
            self._consumer = KafkaConsumer(
                **connection.arguments(group),
                group_id=group,
                group_instance_id=instance,
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                partition_assignment_strategy=[RangePartitionAssignor],
                session_timeout_ms=int(session_seconds * 1000),
                heartbeat_interval_ms=int(session_seconds * 1000 / 4),
                max_poll_interval_ms=300_000,
                fetch_max_wait_ms=int(gather_seconds * 1000) or 500,
                fetch_min_bytes=GATHERED_BYTES if gather_seconds else 1,
                metrics_enabled=False,
                allow_auto_create_topics=False,
            )
        except KafkaError as error:
            raise Transient("broker_unreachable") from error
        self._consumer.subscribe(topics=list(self._topics), listener=self._rebalances)

    def poll(self, timeout: float, limit: int) -> list[Record]:
        try:
            fetched = self._consumer.poll(timeout_ms=int(timeout * 1000), max_records=limit)
        except KafkaError as error:
            raise Transient(type(error).__name__) from error
        self._joined = self._rebalances.assigned and self._has_place()
        return _records(fetched)

    def commit(self, records: Sequence[Record]) -> None:
        offsets: dict[TopicPartition, OffsetAndMetadata] = {}
        for record in records:
            place = TopicPartition(record.topic, record.partition)
            offsets[place] = OffsetAndMetadata(record.offset + 1, "", -1)
        try:
            self._consumer.commit(offsets, timeout_ms=10_000)
        except (CommitFailedError, RebalanceInProgressError):
            # The partitions moved: their new owner sees the records again and drops them by id.
            self._rebalances.callback()
        except KafkaError as error:
            raise Transient(type(error).__name__) from error

    def on_reassigned(self, callback: Callable[[], None]) -> None:
        self._rebalances.callback = callback

    def joined(self) -> bool:
        return self._joined

    def _has_place(self) -> bool:
        """Whether the assignment counts: with no partitions, when there were any to give."""
        if self._consumer.assignment():
            return True
        return all(self._consumer.partitions_for_topic(topic) for topic in self._topics)

    def lag(self) -> dict[str, int]:
        lag: dict[str, int] = {}
        for place in self._consumer.assignment():
            end = self._consumer.highwater(place)
            if end is not None:
                behind = end - self._consumer.position(place)
                lag[place.topic] = lag.get(place.topic, 0) + max(0, behind)
        return lag

    def close(self) -> None:
        member = self._consumer.group_metadata()
        self._consumer.close(autocommit=False, timeout_ms=5_000)
        if member.group_instance_id is not None:
            self._give_up_place(member)

    def _give_up_place(self, member: Any) -> None:
        """Leaves a place that the group would keep: kafka-python does it for others alone."""
        # By its member id too, so that a member that was put out does no harm to the one after it.
        leaving = MemberToRemove(member.member_id, member.group_instance_id)
        # If it cannot be told, the session runs out.
        with contextlib.suppress(KafkaError):
            admin = KafkaAdminClient(**self._connection.arguments("leaving"))
            try:
                admin.remove_group_members(member.group_id, [leaving])
            finally:
                admin.close()


class Follower:
    """Reads all of a topic from its beginning, as a member of no group: each replica for itself."""

    def __init__(self, connection: Connection, topic: str, client_id: str) -> None:
        self._topic = topic
        self._ends: dict[TopicPartition, int] | None = None
        try:
            self._consumer = KafkaConsumer(
                **connection.arguments(client_id),
                group_id=None,
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                metrics_enabled=False,
                allow_auto_create_topics=False,
            )
        except KafkaError as error:
            raise Transient("broker_unreachable") from error

    def poll(self, timeout: float) -> list[Record]:
        """Next records, waiting at most `timeout` seconds; none while there is no such topic."""
        try:
            if self._ends is None and not self._begin():
                time.sleep(timeout)
                return []
            fetched = self._consumer.poll(timeout_ms=int(timeout * 1000))
        except KafkaError as error:
            raise Transient(type(error).__name__) from error
        return _records(fetched)

    def caught_up(self) -> bool:
        """Whether everything was read that was there at the beginning. No topic holds nothing."""
        try:
            if self._ends is None and not self._begin():
                return True
            ends = self._ends or {}
            return all(self._consumer.position(place) >= end for place, end in ends.items())
        except KafkaError as error:
            raise Transient(type(error).__name__) from error

    def close(self) -> None:
        self._consumer.close(autocommit=False, timeout_ms=5_000)

    def _begin(self) -> bool:
        partitions = self._consumer.partitions_for_topic(self._topic)
        if not partitions:
            return False
        places = [TopicPartition(self._topic, partition) for partition in sorted(partitions)]
        self._consumer.assign(places)
        self._consumer.seek_to_beginning(*places)
        self._ends = self._consumer.end_offsets(places)
        return True


def _records(fetched: Any) -> list[Record]:
    return [
        Record(
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            key=record.key,
            value=record.value,
            headers=tuple(record.headers or ()),
        )
        for records in fetched.values()
        for record in records
    ]


def apply_topics(connection: Connection, *, replication: int = 1) -> dict[str, str]:
    """Creates the topics of THE MAP that are missing, and adds partitions where there are too few.

    Returns what was done by topic name: "created", "partitions added", "unchanged".
    Nothing is ever deleted, and partitions are never taken away.
    """
    wanted: dict[str, tuple[int, dict[str, str]]] = {
        topic.name: (topic.partitions, topic.broker_settings()) for topic in TOPICS
    }
    for name, origin in dead_letter_topics().items():
        wanted[name] = (1, origin.broker_settings() | {"cleanup.policy": "delete"})
    admin = KafkaAdminClient(**connection.arguments("admin"))
    try:
        names = sorted(set(admin.list_topics()) & set(wanted))
        existing = {
            topic["name"]: len(topic["partitions"])
            for topic in (admin.describe_topics(names) if names else ())
        }
        missing = {
            name: {
                "num_partitions": partitions,
                "replication_factor": replication,
                "configs": settings,
            }
            for name, (partitions, settings) in wanted.items()
            if name not in existing
        }
        if missing:
            with contextlib.suppress(TopicAlreadyExistsError):  # another replica was quicker
                admin.create_topics(missing)
        grow = {n: wanted[n][0] for n, partitions in existing.items() if partitions < wanted[n][0]}
        if grow:
            admin.create_partitions(grow)
    finally:
        admin.close()
    done = dict.fromkeys(existing, "unchanged")
    done |= dict.fromkeys(missing, "created") | dict.fromkeys(grow, "partitions added")
    return dict(sorted(done.items()))
