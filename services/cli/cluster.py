"""The broker as the command line needs it: topics applied, listed and read to their end."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition

from services.common.events import Record
from services.common.kafka import Connection, apply_topics


def connection_of(environment: Mapping[str, str], bootstrap_servers: str) -> Connection:
    """How to reach the cluster, with TLS and SASL as the environment's KAFKA_* names say."""

    def setting(name: str) -> str | None:
        return environment.get(f"KAFKA_{name}") or None

    return Connection(
        bootstrap_servers=bootstrap_servers,
        security_protocol=setting("SECURITY_PROTOCOL") or "PLAINTEXT",
        sasl_mechanism=setting("SASL_MECHANISM"),
        sasl_username=setting("SASL_USERNAME"),
        sasl_password=setting("SASL_PASSWORD"),
        ssl_cafile=setting("SSL_CAFILE"),
        ssl_certfile=setting("SSL_CERTFILE"),
        ssl_keyfile=setting("SSL_KEYFILE"),
    )


def apply(connection: Connection) -> dict[str, str]:
    """Brings the topics to what THE MAP declares, on as many brokers as there are, up to three."""
    admin = KafkaAdminClient(**connection.arguments("admin"))
    try:
        brokers = len(admin.describe_cluster()["brokers"])
    finally:
        admin.close()
    return apply_topics(connection, replication=min(3, brokers))


@dataclass(frozen=True)
class TopicSize:
    """What a topic holds now."""

    partitions: int
    records: int


def sizes(connection: Connection, names: Iterable[str]) -> dict[str, TopicSize | None]:
    """Partitions and records kept of each named topic; None where it does not exist."""
    consumer = KafkaConsumer(**connection.arguments("sizes"), enable_auto_commit=False)
    try:
        existing = consumer.topics()
        result: dict[str, TopicSize | None] = {}
        for name in names:
            if name not in existing:
                result[name] = None
                continue
            places = _places(consumer, name)
            first, last = consumer.beginning_offsets(places), consumer.end_offsets(places)
            records = sum(last[place] - first[place] for place in places)
            result[name] = TopicSize(len(places), records)
        return result
    finally:
        consumer.close()


def oldest(connection: Connection, names: Iterable[str]) -> dict[str, tuple[int, datetime | None]]:
    """Of each named topic that exists: how many records, and the time of the oldest."""
    consumer = KafkaConsumer(
        **connection.arguments("oldest"), enable_auto_commit=False, max_poll_records=10
    )
    found: dict[str, tuple[int, datetime | None]] = {}
    try:
        existing = consumer.topics()
        for name in names:
            if name not in existing:
                continue
            places = _places(consumer, name)
            first, last = consumer.beginning_offsets(places), consumer.end_offsets(places)
            records = sum(last[place] - first[place] for place in places)
            # The first record that is no older than the beginning of time.
            firsts = consumer.offsets_for_times(dict.fromkeys(places, 0)).values()
            stamps = [each.timestamp for each in firsts if each is not None and each.timestamp >= 0]
            at = datetime.fromtimestamp(min(stamps) / 1000, UTC) if records and stamps else None
            found[name] = (records, at)
        return found
    finally:
        consumer.close()


def read_all(connection: Connection, names: Iterable[str]) -> Iterator[Record]:
    """Every record kept of the named topics, from the beginning to where they end now.

    Reads by assignment, in no group, and commits nothing.
    """
    consumer = KafkaConsumer(
        **connection.arguments("reader"), enable_auto_commit=False, auto_offset_reset="earliest"
    )
    try:
        existing = consumer.topics()
        places = [place for name in names if name in existing for place in _places(consumer, name)]
        ends = consumer.end_offsets(places) if places else {}
        starts = consumer.beginning_offsets(places) if places else {}
        left = {place for place in places if ends[place] > starts[place]}
        if not left:
            return
        consumer.assign(sorted(left))
        for place in left:
            consumer.seek(place, starts[place])
        while left:
            for place, records in consumer.poll(timeout_ms=500).items():
                for record in records:
                    if record.offset < ends[place]:
                        yield _record(record)
            left = {place for place in left if consumer.position(place) < ends[place]}
    finally:
        consumer.close()


def _places(consumer: Any, name: str) -> list[Any]:
    numbers: Any = consumer.partitions_for_topic(name) or ()
    return [TopicPartition(name, number) for number in sorted(numbers)]


def _record(record: Any) -> Record:
    return Record(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        value=record.value,
        headers=tuple(record.headers or ()),
    )
