"""The broker and the database that `rapport up` starts: crashes, restarts, several nodes."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from services.cli import dead_letters
from services.cli.cluster import apply, connection_of, read_all, sizes
from services.cli.local_kafka import LocalKafka
from services.cli.local_postgres import LocalPostgres
from services.cli.plan import kafka_jars
from services.cli.ports import free_port
from services.common.events import Record
from services.common.kafka import Connection, Producer
from services.common.loop import dead_letter_headers
from services.common.topics import MESSAGE_SCORED, TOPICS

pytestmark = pytest.mark.integration
PATIENCE = 60.0


@contextmanager
def cluster(folder: Path, nodes: int) -> Iterator[LocalKafka]:
    ports: list[int] = []
    for _ in range(2 * nodes):
        ports.append(free_port(ports))
    kafka = LocalKafka(folder / "kafka", jars=kafka_jars(), ports=ports, logs=folder / "logs")
    try:
        kafka.start()
        kafka.wait_ready(PATIENCE)
        yield kafka
    finally:
        kafka.stop()


def write(connection: Connection, topic: str, *values: bytes) -> None:
    producer = Producer(connection, "test")
    for value in values:
        producer.send(topic, key=b"c-1", value=value, headers=()).result(PATIENCE)
    producer.close(5)


def test_the_broker_keeps_what_was_acknowledged_over_a_kill_and_a_restart(tmp_path: Path) -> None:
    with cluster(tmp_path, 1) as kafka:
        connection = connection_of({}, kafka.bootstrap_servers)
        assert set(apply(connection).values()) == {"created"}
        assert set(apply(connection).values()) == {"unchanged"}
        write(connection, MESSAGE_SCORED.name, b"one")
        kafka.kill_node(1)
        assert kafka.exited() == {1: -9}
        kafka.start_node(1)
        kafka.wait_ready(PATIENCE)
        write(connection, MESSAGE_SCORED.name, b"two")
        kafka.stop()
        kafka.start()
        kafka.wait_ready(PATIENCE)
        values = [record.value for record in read_all(connection, [MESSAGE_SCORED.name])]
        assert values == [b"one", b"two"]
        found = sizes(connection, [MESSAGE_SCORED.name, "no.such.topic"])
        assert found["no.such.topic"] is None
        size = found[MESSAGE_SCORED.name]
        assert size is not None
        assert (size.partitions, size.records) == (MESSAGE_SCORED.partitions, 2)


def test_three_nodes_go_on_when_one_is_killed(tmp_path: Path) -> None:
    with cluster(tmp_path, 3) as kafka:
        connection = connection_of({}, kafka.bootstrap_servers)
        apply(connection)
        write(connection, MESSAGE_SCORED.name, b"before")
        kafka.kill_node(2)
        write(connection, MESSAGE_SCORED.name, b"while")
        values = [record.value for record in read_all(connection, [MESSAGE_SCORED.name])]
        assert values == [b"before", b"while"]


def test_dead_letters_go_back_once_with_the_headers_that_they_had(kafka: str) -> None:
    connection = connection_of({}, kafka)
    topic = MESSAGE_SCORED.dead_letters_of("insights")
    headers = (("ce_id", os.urandom(8).hex().encode()),)
    original = Record(MESSAGE_SCORED.name, 0, 7, b"c-1", b"no message", headers)
    producer = Producer(connection, "test")
    added = dead_letter_headers(original, "undecodable", "insights")
    producer.send(topic, key=b"c-1", value=b"no message", headers=[*headers, *added]).result(30)
    producer.close(5)
    (waiting,) = [each for each in dead_letters.waiting(connection) if each.topic == topic]
    assert (waiting.records, waiting.waiting) == (1, 1)
    assert dead_letters.replay(connection, topic) == 1
    assert dead_letters.replay(connection, topic) == 0
    assert dead_letters.replay(connection, topic, again=True) == 1
    back = [
        record
        for record in read_all(connection, [MESSAGE_SCORED.name])
        if record.headers == headers
    ]
    assert [(record.key, record.value) for record in back] == [(b"c-1", b"no message")] * 2


def test_an_empty_topic_has_an_end(kafka: str) -> None:
    names = [name for topic in TOPICS for name in topic.dead_letters().values()]
    assert list(read_all(connection_of({}, kafka), names[:1])) == []


@contextmanager
def server(folder: Path) -> Iterator[LocalPostgres]:
    database = LocalPostgres(folder, log=folder / "log", durable=False)
    try:
        database.start()
        database.wait_ready(PATIENCE)
        yield database
    finally:
        database.stop()


def rows(database: LocalPostgres) -> list[int]:
    with psycopg.connect(database.url) as connection:
        return [row[0] for row in connection.execute("select a from t order by a")]


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_database_keeps_what_was_committed_over_a_kill_and_a_restart(tmp_path: Path) -> None:
    with server(tmp_path / "database") as database:
        with psycopg.connect(database.url) as connection:
            connection.execute("create table t (a int)")
            connection.execute("insert into t values (1)")
        database.kill()
        until(lambda: database.exited() is not None)
        database.start()
        database.wait_ready(PATIENCE)
        assert rows(database) == [1]
    with server(tmp_path / "database") as database:
        assert rows(database) == [1]


def test_the_database_starts_in_a_folder_whose_name_is_too_long_for_a_socket(
    tmp_path: Path,
) -> None:
    folder = tmp_path / ("a-rather-long-name-" * 6)
    folder.mkdir()
    with server(folder / "database") as database, psycopg.connect(database.url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_the_databases_log_holds_no_row(tmp_path: Path) -> None:
    with server(tmp_path / "database") as database:
        with psycopg.connect(database.url) as connection:
            connection.execute("create table t (a text primary key)")
            connection.execute("insert into t values (%s)", ("canary-4111",))
        with (
            pytest.raises(psycopg.errors.UniqueViolation),
            psycopg.connect(database.url) as connection,
        ):
            connection.execute("insert into t values (%s)", ("canary-4111",))
        log = (tmp_path / "database" / "log").read_text()
        assert "duplicate key" in log
        assert "canary" not in log
