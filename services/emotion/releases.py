"""What `rapport.model.released.v1` says is to serve takes the place of what serves.

Every replica reads the whole topic. A release that is refused is logged and counted, and what
served goes on serving.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

from rapport.v1 import release_pb2
from services.common import metrics
from services.common.events import Record, decode
from services.common.failures import Transient, Unprocessable
from services.common.kafka import Connection, Follower
from services.common.logs import logger
from services.common.service import ThreadPart
from services.common.topics import MODEL_RELEASED
from services.emotion import store
from services.emotion.serving import Serving

log = logger(__name__)

MODEL = "emotion"
POLL_SECONDS = 0.5
START_SECONDS = 60.0


class Releases:
    """Follows the releases until it is stopped."""

    def __init__(self, serving: Serving, follower: Follower, model_store: Path) -> None:
        self._serving = serving
        self._follower = follower
        self._store = model_store
        self._stopping = threading.Event()

    def stop(self) -> None:
        self._stopping.set()

    def catch_up(self) -> None:
        """Takes the newest release that is fit, before anything is scored."""
        records: list[Record] = []
        while not self._stopping.is_set() and not self._follower.caught_up():
            records += self._follower.poll(POLL_SECONDS)
        self.take(records)

    def run(self) -> None:
        try:
            while not self._stopping.is_set():
                try:
                    self.take(self._follower.poll(POLL_SECONDS))
                except Transient as error:  # what serves goes on, and releases can wait
                    log.warning("releases_unreachable", reason=error.reason)
                    self._stopping.wait(POLL_SECONDS)
        finally:
            self._follower.close()

    def take(self, records: Sequence[Record]) -> None:
        """Of several releases at once, the newest that is fit; those before it are history."""
        for record in reversed(records):
            if self._taken(record):
                return

    def _taken(self, record: Record) -> bool:
        version = ""
        try:
            released: release_pb2.ModelReleased = decode(record, MODEL_RELEASED).message
            if released.model != MODEL:
                return False
            version = released.version
            if version == self._serving.scorer.model_version:
                outcome = "unchanged"
            else:
                files = {file.name: file.sha256 for file in released.files}
                self._serving.swap(store.load(self._store, version, files))
                outcome = "serving"
        except (store.Refused, Unprocessable) as error:
            metrics.MODEL_RELEASES.labels(error.reason).inc()
            log.error("release_refused", reason=error.reason, version=version)
            return False
        metrics.MODEL_RELEASES.labels(outcome).inc()
        log.info("release_taken", outcome=outcome, version=version)
        return True


class ReleasesPart(ThreadPart):
    """The releases in a thread of their own; its start waits for those that there are already."""

    def __init__(self, connection: Connection, serving: Serving, model_store: Path) -> None:
        self._caught_up = threading.Event()

        def make() -> Releases:
            try:
                follower = Follower(connection, MODEL_RELEASED.name, "emotion-releases")
                releases = Releases(serving, follower, model_store)
                releases.catch_up()
                return releases
            finally:
                self._caught_up.set()

        super().__init__("releases", make)

    async def start(self) -> None:
        await super().start()
        await asyncio.to_thread(self._caught_up.wait, START_SECONDS)
