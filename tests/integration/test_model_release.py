"""Another model takes over in mid-stream on Apache Kafka; no message is lost or scored twice."""

import os
import subprocess
import sys
import threading
import urllib.request
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rapport.v1 import message_pb2, release_pb2
from services.cli.ports import free_port
from services.common.events import Outgoing, derive_id, encode
from services.common.kafka import Connection, Producer
from services.common.topics import MESSAGE_REDACTED, MESSAGE_SCORED
from services.learning.releasing import publish, release, release_of
from tests.harness import eventually, read_topic
from tests.models import make_model, shipped_version

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

CONVERSATIONS = 12
TEXTS = (
    "Hi, where is my order?",
    "This is the third time I ask and nobody helps me!",
    "Thank you so much.",
    "I do not understand this fee.",
)


@contextmanager
def emotion(servers: str, database: str, store: Path, log: Path) -> Iterator[str]:
    """The emotion service as a process; gives the address of its admin port."""
    port = free_port()
    settings = {
        "KAFKA_BOOTSTRAP_SERVERS": servers,
        "DATABASE_URL": database,
        "RAPPORT_EMOTION_MODEL_STORE": str(store),
        "RAPPORT_EMOTION_ADMIN_PORT": str(port),
        "RAPPORT_EMOTION_GRPC_PORT": "0",
        # The broker is shared: what other tests have left there as junk must not trip the breaker.
        "RAPPORT_EMOTION_DEAD_LETTER_RUN": "100000",
    }
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.emotion"], env=os.environ | settings, stderr=out
        )
    try:
        admin = f"http://127.0.0.1:{port}"
        eventually(lambda: get(f"{admin}/readyz") == "ready\n", 120, "emotion is ready")
        yield admin
    finally:
        process.terminate()
        assert process.wait(30) == 0, log.read_text()


def get(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return str(response.read().decode())
    except OSError:
        return ""


def counted(admin: str, outcome: str) -> int:
    """Releases with this outcome, as the service's metrics have it."""
    start = f'rapport_emotion_releases_total{{outcome="{outcome}"}} '
    lines = [line for line in get(f"{admin}/metrics").splitlines() if line.startswith(start)]
    return int(float(lines[0].removeprefix(start))) if lines else 0


class Talk(threading.Thread):
    """Customers write, one message after the other, until they are told to stop."""

    def __init__(self, servers: str) -> None:
        super().__init__(name="talk")
        self._producer = Producer(Connection(servers), "test")
        self.stopping = threading.Event()
        self.sent: list[str] = []

    def run(self) -> None:
        while not self.stopping.wait(0.03):
            number = len(self.sent)
            conversation = f"release-{number % CONVERSATIONS}"
            message_id = str(uuid.uuid4())
            message = message_pb2.MessageRedacted(
                kind=message_pb2.MESSAGE_KIND_TEXT, text=TEXTS[number % len(TEXTS)]
            )
            ref = message.ref
            ref.message_id, ref.conversation_id, ref.author = message_id, conversation, 1
            ref.sequence = number // CONVERSATIONS + 1
            ref.received_at.GetCurrentTime()
            outgoing = Outgoing(MESSAGE_REDACTED, conversation, message, message_id)
            self._producer.send(
                MESSAGE_REDACTED.name,
                key=conversation.encode(),
                value=message.SerializeToString(),
                headers=encode(outgoing, source="redaction"),
            ).result(30)
            self.sent.append(message_id)
        self._producer.close()


def scored(servers: str) -> list[tuple[int, str, message_pb2.MessageScored]]:
    """(partition, event id, message) of this test, in the order of each partition."""
    return [
        (
            record.partition,
            dict(record.headers)["ce_id"].decode(),
            message_pb2.MessageScored.FromString(record.value or b""),
        )
        for record in read_topic(servers, MESSAGE_SCORED.name)
        if (record.key or b"").startswith(b"release-")  # the broker is shared
    ]


@pytest.mark.parametrize("migrated", [["emotion"]], indirect=True)
def test_models_take_over_in_mid_stream_and_nothing_is_lost_or_scored_twice(
    kafka: str, migrated: str, tmp_path: Path
) -> None:
    store, connection = tmp_path / "store", Connection(kafka)
    store.mkdir()
    make_model(store, "next")
    make_model(store, "tampered")
    tampered = release_of(store, "tampered", datetime.now(UTC))
    with (store / "tampered/model.onnx").open("ab") as file:
        file.write(b"\0")
    make_model(store, "garbage", onnx=b"no network")
    shipped = shipped_version()
    (store / shipped).symlink_to(Path("services/emotion/model").resolve())

    with emotion(kafka, migrated, store, tmp_path / "log") as admin:
        talk = Talk(kafka)
        talk.start()

        def more(count: int) -> None:
            wanted = len(talk.sent) + count
            eventually(lambda: len(talk.sent) >= wanted, 60, "customers go on")

        more(60)
        release(connection, store, "next")
        eventually(lambda: counted(admin, "serving") == 1, 60, "the next model serves")
        more(60)
        publish(connection, tampered, datetime.now(UTC))
        eventually(lambda: counted(admin, "wrong_sha256") == 1, 60, "tampering is refused")
        publish(connection, unchecked(store / "garbage"), datetime.now(UTC))
        eventually(lambda: counted(admin, "unfit") == 1, 60, "a broken network is refused")
        more(60)
        release(connection, store, shipped)
        eventually(lambda: counted(admin, "serving") == 2, 60, "the shipped model serves again")
        more(60)
        talk.stopping.set()
        talk.join()
        own = set(talk.sent)

        def all_scored() -> bool:
            return own <= {message.ref.message_id for _, _, message in scored(kafka)}

        eventually(all_scored, 120, "every message is scored")

    records = [one for one in scored(kafka) if one[2].ref.message_id in own]
    assert Counter(message.ref.message_id for _, _, message in records) == Counter(talk.sent)
    assert {event_id for _, event_id, _ in records} == {derive_id(i, "scored") for i in own}
    by_partition: dict[int, list[str]] = defaultdict(list)
    by_conversation: dict[str, list[int]] = defaultdict(list)
    for partition, _, message in records:
        by_partition[partition].append(message.reading.model_version)
        by_conversation[message.ref.conversation_id].append(message.ref.sequence)
    for versions in by_partition.values():
        runs = [v for n, v in enumerate(versions) if n == 0 or versions[n - 1] != v]
        assert runs == [shipped, "next", shipped]
    for sequences in by_conversation.values():
        assert sequences == list(range(1, len(sequences) + 1))
    print(f"{len(own)} messages over two takeovers and two refusals, each scored once")

    # The topic still says what is to serve: a process that starts takes it before it scores.
    release(connection, store, "next")
    with emotion(kafka, migrated, store, tmp_path / "log") as admin:
        assert counted(admin, "serving") == 1
        talk = Talk(kafka)
        talk.start()
        eventually(lambda: len(talk.sent) >= CONVERSATIONS, 60, "customers write again")
        talk.stopping.set()
        talk.join()
        late = set(talk.sent)

        def versions() -> set[str]:
            found = [m for _, _, m in scored(kafka) if m.ref.message_id in late]
            return {m.reading.model_version for m in found} if len(found) == len(late) else set()

        assert eventually(versions, 60, "the later messages are scored") == {"next"}


def unchecked(folder: Path) -> release_pb2.ModelReleased:
    """A release of what is in the folder, that nobody checked."""
    from services.emotion.store import digests

    return release_pb2.ModelReleased(
        release_id=str(uuid.uuid4()),
        model="emotion",
        version=folder.name,
        files=[release_pb2.ModelFile(name=n, sha256=d) for n, d in digests(folder).items()],
    )
