"""Who may do what at the broker: derived from THE MAP, and from nothing else. Pure.

Each service has a user of its own name. The named writer alone may write to a topic, and its named
readers alone may read it; nobody has a right that this module does not name. Two things follow from
how Apache Kafka counts rights: to write, to read and to create include to describe, and a user that
may write to some topic may also be an idempotent producer. Nobody here uses transactions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from services.common.topics import KEPT_BY, TOPICS, Topic

Operation = Literal["READ", "WRITE", "CREATE"]
Kind = Literal["TOPIC", "GROUP"]


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """What one user may do with one topic or group; `prefixed`: with all whose names begin so."""

    user: str
    kind: Kind
    name: str
    operation: Operation
    prefixed: bool = False


def user_of(name: str) -> str:
    """The broker's user of a writer or reader on THE MAP: "other systems" are other-systems."""
    return name.replace(" ", "-")


def users(topics: Sequence[Topic] = TOPICS) -> list[str]:
    """Every user that THE MAP has something for, by name."""
    return sorted({right.user for right in rights(topics)})


def rights(topics: Sequence[Topic] = TOPICS) -> list[Right]:
    """Every right there is, in a stable order."""
    found = {right for topic in topics for right in _rights_on(topic)}
    for service, prefix in KEPT_BY.items():
        operations: tuple[Operation, ...] = ("READ", "WRITE", "CREATE")
        found |= {Right(service, "TOPIC", prefix, each, prefixed=True) for each in operations}
    return sorted(found)


def _rights_on(topic: Topic) -> Iterator[Right]:
    yield Right(user_of(topic.writer), "TOPIC", topic.name, "WRITE")
    for reader in topic.readers:
        yield Right(reader, "TOPIC", topic.name, "READ")
    for reader, dead_letters in topic.dead_letters().items():
        yield Right(reader, "TOPIC", dead_letters, "WRITE")
        # The group of its handler, and those of what else it runs: rapport.<service>.<what>.
        yield Right(reader, "GROUP", f"rapport.{reader}", "READ")
        yield Right(reader, "GROUP", f"rapport.{reader}.", "READ", prefixed=True)
