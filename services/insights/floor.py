"""Counts of the floor by the minute: keys, bounded queue names, sums. Pure.

A cell counts one thing of one queue within one partition and one minute. The partition is part of
the cell because each partition's count lives in that partition's changelog: two partitions that
share a cell would overwrite each other when it is read back.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from rapport.v1 import common_pb2

MINUTE = 60.0
WITH_BOT = "bot"
OTHER = "other"
MOST_QUEUES = 50


class Kind(StrEnum):
    """What is counted."""

    MESSAGE = "message"
    STATE = "state"
    HANDOVER = "handover"


@dataclass(frozen=True)
class Cell:
    """`detail` is the care state's name for STATE, and empty otherwise."""

    partition: int
    kind: Kind
    queue: str
    detail: str = ""

    def key(self) -> str:
        """The cell as one string, as tables keep it."""
        return f"{self.partition}|{self.kind}|{self.queue}|{self.detail}"

    @classmethod
    def parse(cls, key: str) -> "Cell":
        """Inverse of `key`."""
        partition, kind, queue, detail = key.split("|")
        return cls(int(partition), Kind(kind), queue, detail)


class QueueNames:
    """Keeps the number of queue names bounded: they are labels of metrics."""

    def __init__(self, most: int = MOST_QUEUES) -> None:
        self._most = most
        self._known = {WITH_BOT, OTHER}

    def bounded(self, name: str) -> str:
        """The name, or "other" once there are too many; "bot" where there is no queue."""
        if not name:
            return WITH_BOT
        if name in self._known:
            return name
        if len(self._known) >= self._most or "|" in name:
            return OTHER
        self._known.add(name)
        return name


def state_name(state: int) -> str:
    """Lower-case name of a care state; empty for none or an unknown one."""
    known = {int(value): name for name, value in common_pb2.CareState.items()}
    name = known.get(state, "") if state else ""
    return name.removeprefix("CARE_STATE_").lower()


def last_full_minute(now: float) -> float:
    """Beginning of the last minute that is over, in seconds since 1970."""
    return now // MINUTE * MINUTE - MINUTE


def summed(
    counts: Iterable[tuple[tuple[str, tuple[float, float]], int]],
    minute: float,
    partitions: Collection[int],
) -> dict[tuple[Kind, str, str], int]:
    """Counts of one minute by (kind, queue, detail) over the partitions given.

    `counts` are pairs of (cell key, (begin, end) of its window) and count. Partitions that moved
    to another replica may still be among them; that replica counts them.
    """
    sums: dict[tuple[Kind, str, str], int] = {}
    for (key, window), count in counts:
        if window[0] != minute:
            continue
        cell = Cell.parse(key)
        if cell.partition in partitions:
            place = (cell.kind, cell.queue, cell.detail)
            sums[place] = sums.get(place, 0) + count
    return sums
