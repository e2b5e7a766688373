"""Insights is killed in mid-stream: outcomes lose nothing, windows tell what they lost.

The test plays the writers of the topics (emotion, reply, routing) and kills the one process that
is tested. What the windows counted is read from their changelog, as a restart would read it.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from google.protobuf.message import Message

from rapport.v1 import common_pb2, conversation_pb2, message_pb2, outcome_pb2, reply_pb2
from services.cli.ports import free_port
from services.common.database import connect
from services.common.events import Outgoing, derive_id, encode
from services.common.kafka import Connection, Producer
from services.common.migrations import migrate
from services.common.topics import (
    CONVERSATION_CHANGED,
    MESSAGE_SCORED,
    OUTCOME_MEASURED,
    REPLY_CREATED,
    Topic,
)
from services.insights.floor import Cell, Kind, state_name
from tests.harness import eventually, read_topic

pytestmark = [pytest.mark.chaos, pytest.mark.integration, pytest.mark.timeout(240)]

COUNTS = "rapport.insights.windows-counts-changelog"
CONVERSATIONS = 60
MESSAGES = 12
PER_SECOND = 50
BY_STATE = 25
"""Messages in a row with the same care state: each run of them is a cell of its own, so that a
loss in one is not hidden by what was counted twice in another."""

Cells = Counter[tuple[int, str]]


@dataclass
class Insights:
    """The process under test."""

    environment: dict[str, str]
    admin_port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "services.insights"], env=os.environ | self.environment
        )

    def stop(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)
        self.process.wait(30)

    def metric(self, name: str, **labels: str) -> float:
        """Sum of a metric's samples with these labels; 0 while it is away."""
        wanted = [f'{key}="{value}"' for key, value in labels.items()]
        try:
            text = httpx.get(f"http://127.0.0.1:{self.admin_port}/metrics").text
        except httpx.HTTPError:
            return 0.0
        return sum(
            float(line.rsplit(" ", 1)[1])
            for line in text.splitlines()
            if line.startswith(f"{name}{{") and all(each in line for each in wanted)
        )


@pytest.fixture
def insights(kafka: str, database_url: str, tmp_path: Path) -> Iterator[Insights]:
    migrate("insights", database_url)
    port = free_port()
    environment = {
        "KAFKA_BOOTSTRAP_SERVERS": kafka,
        "DATABASE_URL": database_url,
        "RAPPORT_INSIGHTS_ADMIN_PORT": str(port),
        "RAPPORT_INSIGHTS_STATE_FOLDER": str(tmp_path),
    }
    under_test = Insights(environment, port)
    under_test.start()
    yield under_test
    if under_test.process is not None and under_test.process.poll() is None:
        under_test.stop(signal.SIGKILL)


@dataclass
class Writers:
    """Emotion, reply and routing of some conversations, all at once."""

    servers: str
    run: str
    cells: Cells = field(default_factory=Counter)
    sent: int = 0

    def __post_init__(self) -> None:
        self._producer = Producer(Connection(self.servers), "chaos")

    def warm(self) -> None:
        """One message of a conversation that never closes."""
        self._scored(f"{self.run}-warm", common_pb2.CARE_STATE_CALM).result(10)

    def write(self) -> None:
        """Plays all conversations at the given rate, then closes each."""
        names = [f"{self.run}-{number}" for number in range(CONVERSATIONS)]
        for name in names:
            self._moved(name, 1, conversation_pb2.CONVERSATION_STATE_BOT)
        began = time.monotonic()
        for number in range(MESSAGES * CONVERSATIONS):
            pause = began + number / PER_SECOND - time.monotonic()
            threading.Event().wait(max(0.0, pause))
            name = names[number % CONVERSATIONS]
            state = 1 + number // BY_STATE % 9
            partition, _ = self._scored(name, state).result(10)
            self.cells[partition, state_name(state)] += 1
            self.sent += 1
            reply = reply_pb2.ReplyCreated(conversation_id=name)
            reply.created_at.GetCurrentTime()
            reply.message_received_at.GetCurrentTime()
            self._send(REPLY_CREATED, name, reply)
        for name in names:
            self._moved(name, 2, conversation_pb2.CONVERSATION_STATE_CLOSED)
        self._producer.flush(10)

    def close(self) -> None:
        self._producer.close()

    def _scored(self, name: str, state: int) -> Any:
        message = message_pb2.MessageScored(
            ref=message_pb2.MessageRef(
                message_id=str(uuid.uuid4()),
                conversation_id=name,
                author=common_pb2.AUTHOR_CUSTOMER,
            ),
            reading=message_pb2.EmotionReading(state=state),  # type: ignore[arg-type]
        )
        message.ref.received_at.GetCurrentTime()
        return self._send(MESSAGE_SCORED, name, message)

    def _moved(self, name: str, version: int, to: int) -> None:
        change = conversation_pb2.ConversationChanged(
            conversation_id=name,
            tenant="default",
            to=to,  # type: ignore[arg-type]
            version=version,
        )
        change.changed_at.GetCurrentTime()
        self._send(CONVERSATION_CHANGED, name, change)

    def _send(self, topic: Topic, key: str, message: Message) -> Any:
        event = Outgoing(topic, key, message, str(uuid.uuid4()), datetime.now(UTC))
        return self._producer.send(
            topic.name,
            key=key.encode(),
            value=message.SerializeToString(),
            headers=encode(event, source="chaos"),
        )


def counted(servers: str, since: float) -> Cells:
    """States that the windows hold by (partition, state), over all minutes after `since`."""
    newest: dict[bytes, int] = {}
    for record in read_topic(servers, COUNTS):
        if record.key is not None and record.value:
            newest[record.key] = json.loads(record.value)
    cells: Cells = Counter()
    for key, count in newest.items():
        name, (begin, _) = json.loads(key)
        cell = Cell.parse(name)
        if cell.kind is Kind.STATE and begin >= since:
            cells[cell.partition, cell.detail] += count
    return cells


def outcomes(servers: str, run: str) -> dict[str, set[str]]:
    """Ids of the outcomes by conversation, of this run."""
    found: dict[str, set[str]] = {}
    for record in read_topic(servers, OUTCOME_MEASURED.name):
        outcome = outcome_pb2.OutcomeMeasured.FromString(record.value or b"")
        if outcome.conversation_id.startswith(run):
            found.setdefault(outcome.conversation_id, set()).add(outcome.outcome_id)
    return found


def rows(database_url: str) -> dict[str, tuple[int, int]]:
    """Messages and replies that the outcomes count, by conversation."""
    engine = connect(database_url, "insights")
    with engine.connect() as connection:
        found = connection.execute(
            sa.text("select conversation_id, customer_messages, replies from insights.outcomes")
        ).all()
    engine.dispose()
    return {row.conversation_id: (row.customer_messages, row.replies) for row in found}


def test_outcomes_survive_a_kill_and_windows_say_what_they_lost(
    insights: Insights, kafka: str, database_url: str
) -> None:
    writers = Writers(kafka, uuid.uuid4().hex[:8])
    windows = {"service": "insights-windows", "topic": MESSAGE_SCORED.name}

    def windows_are_there() -> bool:
        writers.warm()
        return insights.metric("rapport_events_total", **windows) > 0

    eventually(windows_are_there, 40, "the windows count")
    # A minute of its own: what was counted before is not ours.
    before = counted(kafka, 0)
    writing = threading.Thread(target=writers.write)
    writing.start()
    eventually(lambda: writers.sent >= 4 * PER_SECOND, 30, "mid-stream")
    insights.stop(signal.SIGKILL)
    killed = time.monotonic()
    insights.start()
    eventually(
        lambda: insights.metric("rapport_events_total", **windows) > 0, 60, "the windows count"
    )
    back = time.monotonic() - killed
    writing.join(60)
    names = {f"{writers.run}-{number}" for number in range(CONVERSATIONS)}
    eventually(lambda: outcomes(kafka, writers.run).keys() == names, 60, "an outcome for each")

    def settled() -> bool:
        now = counted(kafka, 0)
        return sum((writers.cells - (now - before)).values()) == 0

    deadline = time.monotonic() + 20
    while not settled() and time.monotonic() < deadline:
        threading.Event().wait(1)
    cells = counted(kafka, 0) - before
    lost = sum((writers.cells - cells).values())
    twice = sum((cells - writers.cells).values())
    eventually(
        lambda: rows(database_url) == dict.fromkeys(names, (MESSAGES, MESSAGES)),
        30,
        "every message and reply in the outcome of its conversation",
    )
    found = outcomes(kafka, writers.run)
    assert all(ids == {derive_id(name, "outcome.2")} for name, ids in found.items()), (
        "each closing is measured once"
    )
    assert len(found) == CONVERSATIONS
    insights.stop(signal.SIGTERM)
    writers.close()
    print(
        f"\ninsights killed in mid-stream: {len(found)} of {len(names)} outcomes, each once; "
        f"windows: {writers.sent} messages, {lost} lost, {twice} counted twice, "
        f"counting again after {back:.1f} s"
    )
    assert lost == 0
    # Offsets are committed every two seconds: what was counted since may be counted again.
    assert twice <= 3 * PER_SECOND
