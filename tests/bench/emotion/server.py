"""The emotion service as it runs: its own process, on a broker and a database of its own."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from services.cli.child import Child
from services.cli.local_kafka import LocalKafka
from services.cli.local_postgres import LocalPostgres
from services.cli.plan import ROOT, environment, kafka_jars, planned_ports
from services.cli.ports import LOOPBACK, choose
from services.cli.probe import is_ready
from services.common.kafka import Connection, apply_topics
from services.common.migrations import migrate

START_SECONDS = 180.0


@dataclass(frozen=True)
class Served:
    """Where a running service answers, and its process."""

    address: str
    pid: int


class EmotionServers:
    """Broker and database, kept for as many starts of the service as there are measurements."""

    def __init__(self, state: Path, model: Path) -> None:
        self._state = state
        self._model = model.resolve()
        self._ports, _ = choose(planned_ports(1), fixed=False)
        ports = [port for name, port in self._ports.items() if name.startswith("kafka ")]
        self._kafka = LocalKafka(
            state / "kafka" / "data", jars=kafka_jars(), ports=ports, logs=state / "logs"
        )
        self._postgres = LocalPostgres(
            state / "postgres", log=state / "logs" / "postgres.log", durable=False
        )

    def __enter__(self) -> Self:
        try:
            self._kafka.start()
            self._postgres.start()
            self._kafka.wait_ready(START_SECONDS)
            apply_topics(Connection(self._kafka.bootstrap_servers))
            self._postgres.wait_ready(START_SECONDS)
            migrate("emotion", self._postgres.url)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._postgres.stop()
        self._kafka.stop()

    @contextmanager
    def serve(self, threads: int, processors: list[int]) -> Iterator[Served]:
        """The service with so many scoring threads, held to these processors."""
        told = environment(
            self._ports,
            bootstrap_servers=self._kafka.bootstrap_servers,
            database_url=self._postgres.url,
            state=self._state,
            inherited=os.environ,
        )
        told |= {
            "RAPPORT_EMOTION_SCORE_THREADS": str(threads),
            "RAPPORT_EMOTION_MODEL_FOLDER": str(self._model),
        }
        held = ["taskset", "--cpu-list", ",".join(map(str, processors))]
        child = Child(
            "emotion",
            [*held, sys.executable, "-m", "services.emotion"],
            log=self._state / "logs" / "emotion.log",
            environment=told,
            folder=ROOT,
        )
        child.start()
        try:
            self._wait(child)
            yield Served(f"{LOOPBACK}:{self._ports['emotion grpc']}", child.pid or 0)
        finally:
            child.stop(grace=20)

    def _wait(self, child: Child) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not is_ready(self._ports["emotion admin"]):
            if not child.running() or time.monotonic() > deadline:
                raise RuntimeError(f"the service does not start:\n{child.last_lines()}")
            time.sleep(0.1)
