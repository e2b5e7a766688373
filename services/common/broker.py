"""What a broker does for us, whichever it is: Apache Kafka, or the in-memory one of unit tests.

tests/contract/test_broker.py holds both implementations to the same behaviour.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import Protocol

from services.common.events import Record

Headers = Iterable[tuple[str, bytes]]


class Producer(Protocol):
    """Writes records. One producer keeps the order of its sends within a partition."""

    def send(
        self, topic: str, *, key: bytes | None, value: bytes | None, headers: Headers
    ) -> "Future[tuple[int, int]]":
        """Hands a record over; the future gives (partition, offset) once it is acknowledged
        by all in-sync replicas, or raises Transient."""

    def flush(self, timeout: float) -> None:
        """Waits until all sends are acknowledged; Transient when `timeout` seconds pass."""

    def close(self, timeout: float = 10.0) -> None: ...


class Consumer(Protocol):
    """A member of a group. Partitions move between members; offsets move by `commit` alone."""

    def poll(self, timeout: float, limit: int) -> list[Record]:
        """Next records, at most `limit`, waiting at most `timeout` seconds; in order within a
        partition. Raises Transient when the broker is away for longer than its patience."""

    def commit(self, records: Sequence[Record]) -> None:
        """Marks these records and all before them in their partitions as done."""

    def on_reassigned(self, callback: Callable[[], None]) -> None:
        """`callback` runs before the first poll that sees another set of partitions."""

    def lag(self) -> dict[str, int]:
        """Records not yet read, by topic, as of the last fetch."""

    def joined(self) -> bool:
        """Whether the last poll found this member in its group, with the partitions that it has
        to read; none where the other members have all of them."""

    def close(self) -> None:
        """Leaves the group without committing anything more."""
