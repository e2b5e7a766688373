"""Releases a model: says on `rapport.model.released.v1` which version is to serve, and its digests."""

from datetime import UTC, datetime
from pathlib import Path

from rapport.v1 import release_pb2
from services.common.events import Outgoing, derive_id, encode
from services.common.kafka import Connection, Producer
from services.common.topics import MODEL_RELEASED
from services.emotion import store

MODEL = "emotion"
ACKNOWLEDGE_SECONDS = 35.0


def release_of(model_store: Path, version: str, at: datetime) -> release_pb2.ModelReleased:
    """The release of a version as it lies in the store now, checked as emotion will check it.

    Raises `store.Refused`.
    """
    digests = store.digests(store.folder_of(model_store, version))
    store.load(model_store, version, digests)
    released = release_pb2.ModelReleased(
        release_id=derive_id(f"{MODEL}/{version}/{at.isoformat()}", "released"),
        model=MODEL,
        version=version,
        files=[release_pb2.ModelFile(name=n, sha256=digest) for n, digest in digests.items()],
    )
    released.released_at.FromDatetime(at)
    return released


def release(connection: Connection, model_store: Path, version: str) -> release_pb2.ModelReleased:
    """Releases a version, and returns once the broker has it. Raises `store.Refused`, Transient."""
    at = datetime.now(UTC)
    released = release_of(model_store, version, at)
    publish(connection, released, at)
    return released


def publish(connection: Connection, released: release_pb2.ModelReleased, at: datetime) -> None:
    """Sends a release and waits for its acknowledgement."""
    outgoing = Outgoing(MODEL_RELEASED, released.model, released, released.release_id, at)
    producer = Producer(connection, "learning")
    try:
        producer.send(
            MODEL_RELEASED.name,
            key=outgoing.key.encode(),
            value=released.SerializeToString(deterministic=True),
            headers=encode(outgoing, source=MODEL_RELEASED.writer),
        ).result(timeout=ACKNOWLEDGE_SECONDS)
    finally:
        producer.close()
