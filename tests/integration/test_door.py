"""The door as a process, over Apache Kafka and PostgreSQL: outages, kills, and a clean end."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson
import pytest

from rapport.v1 import message_pb2
from services.cli.cluster import apply, connection_of, read_all
from services.cli.local_kafka import LocalKafka
from services.cli.plan import kafka_jars
from services.cli.ports import free_port
from services.common.kafka import Producer
from services.common.migrations import migrate
from services.common.topics import INBOUND, MESSAGE_RECEIVED, dead_letter_name

pytestmark = pytest.mark.integration
PATIENCE = 60.0


@dataclass
class Door:
    """The process, which may be started again on the same ports."""

    kafka: LocalKafka
    environment: dict[str, str]
    address: str
    admin: str
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "services.ingestion"], env=self.environment
        )
        deadline = time.monotonic() + PATIENCE
        while True:
            assert self.process.poll() is None
            try:
                if httpx.get(f"{self.admin}/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            assert time.monotonic() < deadline, "the door was not ready in time"
            time.sleep(0.1)

    def end(self, number: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def post(self, document: dict[str, Any]) -> httpx.Response:
        return httpx.post(
            f"{self.address}/v1/events",
            content=orjson.dumps(document),
            headers={"content-type": "application/cloudevents+json"},
            timeout=30,
        )

    def post_until_accepted(self, document: dict[str, Any]) -> dict[str, Any]:
        """As a good sender does: the same event again until it is in."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                response = self.post(document)
            except httpx.TransportError:
                pass
            else:
                assert response.status_code in (202, 503), response.text
                if response.status_code == 202:
                    accepted: dict[str, Any] = response.json()
                    return accepted
            assert time.monotonic() < deadline, "not accepted in time"
            time.sleep(0.1)

    def received(self) -> dict[str, list[tuple[str, int, str]]]:
        """(id, sequence, text) by conversation as the topic has them, repeats dropped by id."""
        seen: set[str] = set()
        found: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
        connection = connection_of({}, self.kafka.bootstrap_servers)
        for record in read_all(connection, [MESSAGE_RECEIVED.name]):
            message = message_pb2.MessageReceived.FromString(record.value or b"")
            if message.ref.message_id not in seen:
                seen.add(message.ref.message_id)
                entry = (message.ref.message_id, message.ref.sequence, message.text)
                found[message.ref.conversation_id].append(entry)
        return found


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalKafka]:
    """A broker that these tests may kill."""
    folder = tmp_path_factory.mktemp("door")
    ports = [free_port([])]
    ports.append(free_port(ports))
    kafka = LocalKafka(folder / "kafka", jars=kafka_jars(), ports=ports, logs=folder / "logs")
    try:
        kafka.start()
        kafka.wait_ready(PATIENCE)
        apply(connection_of({}, kafka.bootstrap_servers))
        yield kafka
    finally:
        kafka.stop()


@pytest.fixture
def door(kafka: LocalKafka, database_url: str) -> Iterator[Door]:
    migrate("ingestion", database_url)
    ports: list[int] = []
    for _ in range(3):
        ports.append(free_port(ports))
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
        "RAPPORT_INGESTION_HTTP_PORT": str(ports[0]),
        "RAPPORT_INGESTION_GRPC_PORT": str(ports[1]),
        "RAPPORT_INGESTION_ADMIN_PORT": str(ports[2]),
        "RAPPORT_INGESTION_PATIENCE_SECONDS": "3",
    }
    addresses = [f"http://127.0.0.1:{port}" for port in ports]
    door = Door(kafka, environment, addresses[0], addresses[2])
    door.start()
    yield door
    if door.process is not None and door.process.poll() is None:
        door.end(signal.SIGKILL)


def sent(conversation_id: str, number: int) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": str(number),
        "source": conversation_id,
        "type": "rapport.message.sent.v1",
        "data": {
            "conversation_id": conversation_id,
            "customer_id": "customer-7",
            "channel": "chat",
            "author": "customer",
            "text": f"{number}",
            "sent_at": datetime.now(UTC).isoformat(),
        },
    }


def test_an_outage_of_the_broker_is_said_soon_and_a_retry_completes(door: Door) -> None:
    assert door.post(sent("outage", 0)).status_code == 202
    door.kafka.kill_node(1)
    for number in (1, 2):
        began = time.monotonic()
        response = door.post(sent("outage", number))
        assert response.status_code == 503
        assert response.headers["content-type"] == "application/problem+json"
        assert int(response.headers["retry-after"]) > 0
        assert time.monotonic() - began < 6
    door.kafka.start_node(1)
    door.kafka.wait_ready(PATIENCE)
    for number in (1, 2, 3):
        door.post_until_accepted(sent("outage", number))
    received = door.received()["outage"]
    assert sorted(text for _, _, text in received) == ["0", "1", "2", "3"]
    assert len({sequence for _, sequence, _ in received}) == 4


def test_kills_in_mid_stream_lose_nothing_and_keep_the_order(door: Door) -> None:
    killing = threading.Event()

    def kill_and_start() -> None:
        for _ in range(2):
            killing.wait(PATIENCE)
            killing.clear()
            door.end(signal.SIGKILL)
            door.start()

    killer = threading.Thread(target=kill_and_start)
    killer.start()
    accepted: list[str] = []
    for number in range(60):
        if number in (20, 40):
            killing.set()
        accepted.append(door.post_until_accepted(sent("kill", number))["id"])
    killer.join(PATIENCE)
    received = door.received()["kill"]
    assert [text for _, _, text in received] == [f"{number}" for number in range(60)]
    assert [event_id for event_id, _, _ in received] == accepted
    sequences = [sequence for _, sequence, _ in received]
    assert sequences == sorted(set(sequences))


def test_the_inbound_topic_comes_through_over_a_kill_in_order(door: Door) -> None:
    connection = connection_of({}, door.kafka.bootstrap_servers)
    producer = Producer(connection, "test")
    for number in range(200):
        value = orjson.dumps(sent("inbound", number)) if number % 10 else b"\xff no JSON"
        producer.send(INBOUND.name, key=b"inbound", value=value, headers=()).result(PATIENCE)
    door.end(signal.SIGKILL)
    door.start()
    wanted = [f"{number}" for number in range(200) if number % 10]
    deadline = time.monotonic() + PATIENCE
    while len(received := door.received()["inbound"]) < len(wanted):
        assert time.monotonic() < deadline, f"{len(received)} of {len(wanted)} in time"
        time.sleep(0.2)
    assert [text for _, _, text in received] == wanted
    dead = list(read_all(connection, [dead_letter_name(INBOUND, "ingestion")]))
    origins = {
        (headers["rapport_origin_partition"], headers["rapport_origin_offset"])
        for headers in (dict(record.headers) for record in dead)
        if headers["rapport_error_class"] == b"invalid_event"
    }
    assert len(origins) == 20
    producer.close(5)


def test_a_clean_end_is_quick_though_customers_listen(door: Door) -> None:
    path = f"{door.address}/v1/conversations/listening/events"
    with httpx.stream("GET", path, timeout=30) as response:
        lines = response.iter_lines()
        assert next(lines).startswith("retry:")
        began = time.monotonic()
        assert door.end(signal.SIGTERM) == 0
        assert time.monotonic() - began < 10
        assert [line for line in lines if line.startswith("data:")] == []
