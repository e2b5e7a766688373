"""The whole platform on this machine: broker, database and every service as child processes."""

import contextlib
import fcntl
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO

from services.cli import running
from services.cli.child import Child
from services.cli.local_kafka import LocalKafka
from services.cli.local_postgres import LocalPostgres
from services.cli.plan import ROOT, SERVICES, Plan, environment, kafka_jars, planned_ports
from services.cli.ports import LOOPBACK, choose
from services.cli.probe import is_ready
from services.cli.running import Running, ServiceAddress
from services.cli.supervision import (
    Status,
    Supervised,
    describe_exit,
    pause_before_restart,
)
from services.common.addresses import is_loopback

START_SECONDS = 90.0
DRAIN_SECONDS = 25.0


def service_command(plan: Plan) -> list[str]:
    """How a service is started."""
    return [sys.executable, "-m", f"services.{plan.name}"]


class PlatformFailed(RuntimeError):
    """The platform did not come up; the message says why and where the log is."""


class Platform:
    """Starts, watches and stops everything under one state folder.

    `fixed_ports` takes the planned ports where they are free; without it all are picked, so that
    several platforms run side by side. KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL in `inherited`
    (the environment by default) name a broker and a database that are not ours to start.
    `say` hears a line for everything worth telling.
    """

    def __init__(
        self,
        state: Path,
        *,
        fixed_ports: bool = True,
        kafka_nodes: int | None = None,
        durable: bool = True,
        inherited: Mapping[str, str] | None = None,
        say: Callable[[str], None] = print,
        command: Callable[[Plan], list[str]] = service_command,
    ) -> None:
        self.state = state.resolve()
        self.logs = self.state / "logs"
        self._inherited = dict(os.environ if inherited is None else inherited)
        self._say = say
        self._command = command
        self._fixed = fixed_ports
        own_broker = not self._inherited.get("KAFKA_BOOTSTRAP_SERVERS")
        nodes = kafka_nodes or int(self._inherited.get("KAFKA_NODES") or 1)
        self._kafka_nodes = nodes if own_broker else 0
        self._durable = durable
        self._lock: IO[str] | None = None
        self._stopping = threading.Event()
        self._started_at = datetime.now(UTC)
        self._ready_once = False
        self._revivals: dict[str, tuple[int, float]] = {}
        self._watchman: threading.Thread | None = None
        self.kafka: LocalKafka | None = None
        self.database: LocalPostgres | None = None
        self.ports: dict[str, int] = {}
        self.services: dict[str, Supervised] = {}
        self.stage = "not started"
        self.broker_ready = self.database_ready = False
        self.ready_after: float | None = None

    # What others need to know of it.

    @property
    def bootstrap_servers(self) -> str:
        """Addresses of the broker, ours or not."""
        if self.kafka is not None:
            return self.kafka.bootstrap_servers
        return self._inherited["KAFKA_BOOTSTRAP_SERVERS"]

    @property
    def database_url(self) -> str:
        """Address of the database, ours or not."""
        return self.database.url if self.database else self._inherited["DATABASE_URL"]

    @property
    def door(self) -> str:
        """Base address of the front door."""
        return f"http://{LOOPBACK}:{self.ports['ingestion http']}"

    @property
    def desk(self) -> str:
        """Base address of the desk's pages."""
        return f"http://{LOOPBACK}:{self.ports['desk http']}"

    def grpc_address(self, service: str) -> str:
        """host:port of one service's gRPC server."""
        return f"{LOOPBACK}:{self.ports[f'{service} grpc']}"

    def admin_address(self, service: str) -> str:
        """Base address of one service's /metrics, /livez and /readyz."""
        return f"http://{LOOPBACK}:{self.ports[f'{service} admin']}"

    def statuses(self) -> dict[str, Status]:
        """How each service is, in the order of the plan."""
        return {name: service.status for name, service in self.services.items()}

    def addresses(self) -> dict[str, ServiceAddress]:
        """Where each service listens, in the order of the plan."""
        return {plan.name: self._address(plan) for plan in SERVICES}

    def describe(self) -> Running:
        """What `platform.json` says."""
        return Running(
            pid=os.getpid(),
            started_at=self._started_at.isoformat(timespec="seconds"),
            ready=self._ready_once,
            bootstrap_servers=self.bootstrap_servers,
            database_url=self.database_url,
            services=self.addresses(),
        )

    # Start.

    def start(self, timeout: float = START_SECONDS) -> None:
        """Brings everything up and returns once every service is ready.

        PlatformFailed, with everything stopped again, when that does not happen in `timeout`
        seconds.
        """
        try:
            self._acquire()
            began = time.monotonic()
            deadline = began + timeout
            self._take_ports()
            self.stage = "starting broker and database"
            self._start_infrastructure(timeout)
            self.stage = "starting services"
            self._start_services()
            self._watchman = threading.Thread(target=self._watch, name="watchman", daemon=True)
            self._watchman.start()
            self.wait_ready(max(0.0, deadline - time.monotonic()))
            self._ready_once = True
            self.ready_after = time.monotonic() - began
            self.describe().write(self.state)
            self.stage = "running"
            if is_loopback(self._inherited.get("RAPPORT_INGESTION_HOST", LOOPBACK)):
                self._say("the door asks for no key: it listens on this machine alone")
            self._say("no TLS: services speak plain text, on this machine alone (docs/security.md)")
        except BaseException:
            self.stop()
            raise

    def wait_ready(self, timeout: float, *names: str) -> None:
        """Returns once the named services, or all, are ready; else PlatformFailed."""
        deadline = time.monotonic() + timeout
        wanted = [self.services[name] for name in names] or list(self.services.values())
        while True:
            for service in wanted:
                if service.status.state == "failed":
                    raise PlatformFailed(
                        f"{service.name} does not start ({service.status.detail}); "
                        f"its log {service.child.log} ends with:\n{service.child.last_lines()}"
                    )
            if all(service.status.state == "ready" for service in wanted):
                return
            if time.monotonic() > deadline:
                late = [s for s in wanted if s.status.state != "ready"]
                raise PlatformFailed(
                    f"not ready after {timeout:.0f} s: {', '.join(s.name for s in late)}; "
                    f"logs are in {self.logs}; {late[0].name}'s ends with:\n"
                    f"{late[0].child.last_lines()}"
                )
            time.sleep(0.05)

    def _acquire(self) -> None:
        self.state.mkdir(parents=True, exist_ok=True)
        lock = (self.state / "platform.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            other = running.find(self.state)
            who = f"process {other.pid}" if other else "another process"
            raise PlatformFailed(
                f"a platform already runs on {self.state} ({who}): see 'rapport status', or stop "
                "it with 'rapport down'"
            ) from None
        self._lock = lock

    def _take_ports(self) -> None:
        self.ports, moved = choose(planned_ports(self._kafka_nodes), fixed=self._fixed)
        for name, planned in moved.items():
            self._say(f"port {planned} is taken: {name} listens on {self.ports[name]}")

    def _start_infrastructure(self, timeout: float) -> None:
        for log in self.logs.glob("*.log"):
            log.replace(log.with_suffix(".previous"))
        with ThreadPoolExecutor(max_workers=2) as both:
            broker = both.submit(self._start_broker, timeout)
            self._start_database(timeout)
            broker.result()

    def _start_broker(self, timeout: float) -> None:
        if self._kafka_nodes:
            ports = [port for name, port in self.ports.items() if name.startswith("kafka ")]
            self.kafka = LocalKafka(
                self.state / "kafka" / "data", jars=kafka_jars(), ports=ports, logs=self.logs
            )
            self.kafka.start()
            self.kafka.wait_ready(timeout)
        from services.cli.cluster import apply, connection_of

        apply(connection_of(self._inherited, self.bootstrap_servers))
        self.broker_ready = True

    def _start_database(self, timeout: float) -> None:
        if not self._inherited.get("DATABASE_URL"):
            self.database = LocalPostgres(
                self.state / "postgres", log=self.logs / "postgres.log", durable=self._durable
            )
            self.database.start()
            self.database.wait_ready(timeout)
        from services.common.migrations import migrate, migrated_services

        for name in migrated_services():
            migrate(name, self.database_url)
        self.database_ready = True

    def _start_services(self) -> None:
        told = environment(
            self.ports,
            bootstrap_servers=self.bootstrap_servers,
            database_url=self.database_url,
            state=self.state,
            inherited=self._inherited,
        )
        for plan in SERVICES:
            child = Child(
                plan.name,
                self._command(plan),
                log=self.logs / f"{plan.name}.log",
                environment=told,
                folder=ROOT,
            )
            self.services[plan.name] = Supervised(child, say=self._say, on_start=self._moved)
        for service in self.services.values():
            service.start()
        self._moved()

    # While it runs.

    def _moved(self) -> None:
        # Process ids changed: tell the other commands, unless the rest is not there yet.
        if len(self.services) == len(SERVICES) and not self._stopping.is_set():
            self.describe().write(self.state)

    def _watch(self) -> None:
        while not self._stopping.wait(0.1 if self._unready() else 1.0):
            for plan in SERVICES:
                service = self.services[plan.name]
                if service.child.running():
                    service.saw(ready=is_ready(self.ports[f"{plan.name} admin"]))
            self._revive_infrastructure()

    def _unready(self) -> bool:
        return any(service.status.state != "ready" for service in self.services.values())

    def _revive_infrastructure(self) -> None:
        kafka, database = self.kafka, self.database
        if kafka is not None:
            for number, code in kafka.exited().items():
                self._revive(f"kafka-{number}", code, partial(kafka.start_node, number))
        ended = database.exited() if database else None
        if database is not None and ended is not None:
            self._revive("postgres", ended, database.start)

    def _revive(self, name: str, code: int, start: Callable[[], None]) -> None:
        failures, not_before = self._revivals.get(name, (0, 0.0))
        now = time.monotonic()
        if now >= not_before:
            self._revivals[name] = failures + 1, now + pause_before_restart(failures + 2)
            self._say(f"{name} {describe_exit(code)}: starting it again")
            start()

    def kill(self, name: str, *, restart: bool = True) -> None:
        """SIGKILL to one service, as a crash would; it comes back unless `restart` is False.

        "postgres" and "kafka-1" (where they are ours) always come back.
        """
        if name == "postgres" and self.database is not None:
            self.database.kill()
        elif name.startswith("kafka-") and self.kafka is not None:
            self.kafka.kill_node(int(name.removeprefix("kafka-")))
        else:
            self.services[name].kill(restart=restart)

    def revive(self, name: str) -> None:
        """Starts a service that was killed without a restart."""
        self.services[name].start()

    # Stop.

    def stop(self, *, force: bool = False) -> None:
        """Drains the services, then stops database and broker. `force` kills all at once."""
        self.stage = "stopping"
        self._stopping.set()
        self._stop_services(0.0 if force else DRAIN_SECONDS)
        if self._watchman is not None:
            self._watchman.join(5)
        if self.database is not None:
            self.database.stop(0.0 if force else 15.0)
        if self.kafka is not None:
            self.kafka.stop(0.0 if force else 15.0)
        if self._lock is not None:
            running.forget(self.state)
            self._lock.close()
            self._lock = None
        self.stage = "stopped"

    def _stop_services(self, grace: float) -> None:
        for service in self.services.values():
            service.drain()
        deadline = time.monotonic() + grace
        for service in self.services.values():
            if not service.end(max(0.0, deadline - time.monotonic())) and grace:
                self._say(f"{service.name} did not drain within {grace:.0f} s and was killed")

    def __enter__(self) -> "Platform":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(KeyboardInterrupt):
            self.stop()

    def _address(self, plan: Plan) -> ServiceAddress:
        supervised = self.services.get(plan.name)
        return ServiceAddress(
            name=plan.name,
            pid=(supervised.child.pid if supervised else None) or 0,
            admin=self.admin_address(plan.name),
            grpc=self.grpc_address(plan.name) if plan.grpc else "",
            http=f"http://{LOOPBACK}:{self.ports[f'{plan.name} http']}" if plan.http else "",
            log=str(self.logs / f"{plan.name}.log"),
        )
