"""An in-memory broker for unit tests: partitions, groups, offsets, redelivery.

tests/contract/test_broker.py runs one suite on this and on Apache Kafka.
"""

import threading
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future

from services.common.broker import Headers
from services.common.events import Record
from services.common.failures import Transient

LARGEST_RECORD = 1024 * 1024


class InMemoryBroker:
    """Topics and consumer groups of one test."""

    def __init__(self, topics: dict[str, int]) -> None:
        """`topics` gives the partitions of each topic by name."""
        self.logs: dict[tuple[str, int], list[Record]] = {
            (name, partition): [] for name, count in topics.items() for partition in range(count)
        }
        self.changed = threading.Condition()
        self.committed: dict[tuple[str, str, int], int] = {}
        self.members: dict[str, list[InMemoryConsumer]] = {}

    def partitions(self, topic: str) -> list[int]:
        """Partitions of a topic; Transient when there is no such topic."""
        found = [partition for name, partition in self.logs if name == topic]
        if not found:
            raise Transient("unknown_topic")
        return found

    def records(self, topic: str) -> list[Record]:
        """Everything in a topic, by partition."""
        return [r for p in self.partitions(topic) for r in self.logs[topic, p]]

    def append(
        self, topic: str, key: bytes | None, value: bytes | None, headers: Headers
    ) -> Record:
        """Writes one record; equal keys go to the same partition."""
        if len(value or b"") > LARGEST_RECORD:
            raise Transient("MessageSizeTooLargeError")
        with self.changed:
            partitions = self.partitions(topic)
            partition = partitions[zlib.crc32(key or b"") % len(partitions)]
            log = self.logs[topic, partition]
            record = Record(topic, partition, len(log), key, value, tuple(headers))
            log.append(record)
            self.changed.notify_all()
            return record

    def rebalance(self, group: str) -> None:
        """Shares the partitions of each topic among the members that read it, by range."""
        members = self.members.get(group, [])
        for member in members:
            member.assign([])
        shares: dict[InMemoryConsumer, list[tuple[str, int]]] = {m: [] for m in members}
        for topic in {topic for member in members for topic in member.topics}:
            readers = [member for member in members if topic in member.topics]
            for index, partition in enumerate(partitions := self.partitions(topic)):
                shares[readers[index * len(readers) // len(partitions)]].append((topic, partition))
        for member, share in shares.items():
            member.assign(share)


class InMemoryProducer:
    """Acknowledges at once."""

    def __init__(self, broker: InMemoryBroker) -> None:
        self._broker = broker

    def send(
        self, topic: str, *, key: bytes | None, value: bytes | None, headers: Headers
    ) -> "Future[tuple[int, int]]":
        record = self._broker.append(topic, key, value, headers)
        future: Future[tuple[int, int]] = Future()
        future.set_result((record.partition, record.offset))
        return future

    def flush(self, timeout: float) -> None:
        """Everything is acknowledged already."""

    def close(self, timeout: float = 10.0) -> None:
        """Nothing is held."""


class InMemoryConsumer:
    """A member of a group."""

    def __init__(self, broker: InMemoryBroker, group: str, topics: Iterable[str]) -> None:
        self._broker = broker
        self._group = group
        self.topics = tuple(topics)
        self._positions: dict[tuple[str, int], int] = {}
        self._callback: Callable[[], None] = lambda: None
        self._polled = False
        with broker.changed:
            broker.members.setdefault(group, []).append(self)
            broker.rebalance(group)

    def assign(self, share: Sequence[tuple[str, int]]) -> None:
        """Takes a share of the partitions, each from the group's committed offset."""
        self._positions = {
            place: self._broker.committed.get((self._group, *place), 0) for place in share
        }
        self._callback()

    def poll(self, timeout: float, limit: int) -> list[Record]:
        deadline = time.monotonic() + timeout
        self._polled = True
        with self._broker.changed:
            while not (records := self._take(limit)):
                remaining = deadline - time.monotonic()
                if remaining <= 0 or not self._broker.changed.wait(remaining):
                    return self._take(limit)
            return records

    def _take(self, limit: int) -> list[Record]:
        records: list[Record] = []
        for place, position in list(self._positions.items()):
            taken = self._broker.logs[place][position : position + limit - len(records)]
            self._positions[place] = position + len(taken)
            records += taken
        return records

    def commit(self, records: Sequence[Record]) -> None:
        with self._broker.changed:
            for record in records:
                place = (record.topic, record.partition)
                if place not in self._positions:  # moved to another member meanwhile
                    continue
                self._broker.committed[(self._group, *place)] = record.offset + 1

    def on_reassigned(self, callback: Callable[[], None]) -> None:
        self._callback = callback

    def lag(self) -> dict[str, int]:
        lag: dict[str, int] = {}
        for place, position in self._positions.items():
            lag[place[0]] = lag.get(place[0], 0) + len(self._broker.logs[place]) - position
        return lag

    def joined(self) -> bool:
        return self._polled

    def close(self) -> None:
        with self._broker.changed:
            members = self._broker.members.get(self._group, [])
            if self in members:
                members.remove(self)
                self._positions = {}
                self._broker.rebalance(self._group)
