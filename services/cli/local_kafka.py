"""Apache Kafka as a child process: KRaft, loopback, one node or three, for this machine alone.

The jars come from `deploy/kafka/pom.xml` by Maven (`make setup`); Java 17 or newer runs them.
"""

import base64
import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.cli.certificates import write_secret
from services.cli.child import Child, alive, wait_until_gone
from services.cli.kafka_security import LISTENER, KafkaSecurity
from services.cli.ports import LOOPBACK, is_free
from services.common.kafka import Connection

OLDEST_JAVA = 17
HEAP = "-Xmx512m"
JVM_OPTIONS = (
    "-Xms128m",
    HEAP,
    # Half the start-up time of the full compiler; a local broker waits for disks and sockets.
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Xshare:auto",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSZ",
)


class KafkaUnavailable(RuntimeError):
    """The local broker cannot be started; the message says what to do."""


@dataclass(frozen=True)
class Node:
    """One node: broker and controller in one process."""

    number: int
    port: int
    controller_port: int


def java_version() -> int | None:
    """Major version of the `java` on the path; None where there is none."""
    java = shutil.which("java")
    if java is None:
        return None
    output = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    return parse_java_version(output)


def parse_java_version(output: str) -> int | None:
    """Major version in what `java -version` prints: 17 of "17.0.15", 8 of "1.8.0_392"."""
    found = re.search(r'version "(?:1\.)?(\d+)', output)
    return int(found[1]) if found else None


class LocalKafka:
    """A cluster of its own under `directory`; formatted at its first start.

    `ports` holds two for each node: for clients, for the controllers. Data stays when stopped.
    With `security` it lets nobody in without TLS and a password, and gives no right by itself.
    """

    def __init__(
        self,
        directory: Path,
        *,
        jars: Path,
        ports: Sequence[int],
        logs: Path,
        security: KafkaSecurity | None = None,
    ) -> None:
        self._security = security
        self._directory = directory
        self._jars = jars
        self.nodes = [
            Node(number, client, controller)
            for number, (client, controller) in enumerate(
                zip(ports[::2], ports[1::2], strict=True), start=1
            )
        ]
        self._logs = logs
        self._children: dict[int, Child] = {}

    @property
    def bootstrap_servers(self) -> str:
        """Addresses for clients."""
        return ",".join(f"{LOOPBACK}:{node.port}" for node in self.nodes)

    @property
    def connection(self) -> Connection:
        """How whoever looks after the cluster reaches it."""
        if self._security is not None:
            return self._security.connection(self.bootstrap_servers)
        return Connection(self.bootstrap_servers)

    @property
    def pids(self) -> dict[int, int]:
        """Process ids of the running nodes."""
        return {
            number: child.pid
            for number, child in self._children.items()
            if child.pid is not None and child.running()
        }

    def start(self) -> None:
        """Starts all nodes; returns before they answer. KafkaUnavailable says what is missing."""
        self._check()
        self._stop_leftovers()
        cluster_id = self._cluster_id()
        for node in self.nodes:
            self._format(node, cluster_id)
        for node in self.nodes:
            self.start_node(node.number)

    def start_node(self, number: int) -> None:
        """Starts one node, for instance after `kill_node`."""
        child = Child(
            f"kafka-{number}",
            self._java("kafka.Kafka", str(self._properties(number))),
            log=self._logs / (f"kafka-{number}.log" if len(self.nodes) > 1 else "kafka.log"),
            dies_with=signal.SIGTERM,
        )
        child.start()
        self._children[number] = child
        (self._directory / f"node-{number}.pid").write_text(f"{child.pid}\n")

    def wait_ready(self, timeout: float) -> None:
        """Returns when an admin client gets an answer that names every node."""
        from kafka import KafkaAdminClient
        from kafka.errors import KafkaError

        deadline = time.monotonic() + timeout
        while True:
            self._check_running()
            if not any(is_free(node.port) for node in self.nodes):
                with contextlib.suppress(KafkaError, OSError, ValueError):
                    admin = KafkaAdminClient(
                        **self.connection.arguments("starting"),
                        bootstrap_timeout_ms=2_000,
                        request_timeout_ms=5_000,
                    )
                    try:
                        described = admin.describe_cluster()
                        if len(described["brokers"]) == len(self.nodes):
                            return
                    finally:
                        admin.close()
            if time.monotonic() > deadline:
                raise KafkaUnavailable(
                    f"the local Kafka did not answer within {timeout:.0f} s; its log: {self._logs}"
                )
            time.sleep(0.05)

    def stop(self, grace: float = 10) -> None:
        """SIGTERM to all nodes at once, SIGKILL to what is left after `grace` seconds."""
        for child in self._children.values():
            child.send(signal.SIGTERM)
        deadline = time.monotonic() + grace
        for number, child in self._children.items():
            child.stop(max(0.0, deadline - time.monotonic()))
            (self._directory / f"node-{number}.pid").unlink(missing_ok=True)
        self._children.clear()

    def kill_node(self, number: int) -> None:
        """SIGKILL to one node, as a crash would."""
        self._children[number].kill()

    def exited(self) -> dict[int, int]:
        """Exit codes of the nodes that ended without being told to."""
        codes = {number: child.exit_code() for number, child in self._children.items()}
        return {number: code for number, code in codes.items() if code is not None}

    def _check(self) -> None:
        if not any(self._jars.glob("kafka_2.13-*.jar")):
            raise KafkaUnavailable(
                f"the local Kafka's jars are not in {self._jars}: run 'make setup', or set "
                "KAFKA_BOOTSTRAP_SERVERS to a cluster that runs"
            )
        version = java_version()
        if version is None or version < OLDEST_JAVA:
            found = "no java is on the path" if version is None else f"java is version {version}"
            raise KafkaUnavailable(
                f"the local Kafka needs Java {OLDEST_JAVA} or newer and {found}: run 'make setup', "
                "or set KAFKA_BOOTSTRAP_SERVERS to a cluster that runs"
            )

    def _check_running(self) -> None:
        for number in self.exited():
            raise KafkaUnavailable(
                f"node {number} of the local Kafka ended while starting:\n"
                f"{self._children[number].last_lines()}"
            )

    def _stop_leftovers(self) -> None:
        # A broker of an earlier run that outlived it would hold the lock on our data.
        for file in self._directory.glob("node-*.pid"):
            with contextlib.suppress(ValueError, OSError):
                pid = int(file.read_text())
                if self._is_ours(pid):
                    print(f"stopping process {pid}, a local Kafka that an earlier run left behind")
                    _end(pid)
            file.unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        if not alive(pid):
            return False
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return any(str(self._directory).encode() in argument for argument in arguments)

    def _cluster_id(self) -> str:
        self._directory.mkdir(parents=True, exist_ok=True)
        file = self._directory / f"cluster-of-{len(self.nodes)}"
        if not file.exists():
            file.write_text(base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("="))
        return file.read_text()

    def _data(self, number: int) -> Path:
        return self._directory / f"data-{len(self.nodes)}-{number}"

    def _properties(self, number: int) -> Path:
        return self._directory / f"node-{number}.properties"

    def _java(self, *arguments: str) -> list[str]:
        return ["java", *JVM_OPTIONS, "-cp", f"{self._jars}/*", *arguments]

    def _format(self, node: Node, cluster_id: str) -> None:
        security = None
        if self._security is not None:
            keystore = self._directory / "keystore.pem"
            write_secret(keystore, self._security.keystore())
            security = self._security.settings(keystore)
        text = properties(node, self.nodes, self._data(node.number), security)
        write_secret(self._properties(node.number), text.encode())  # it may hold a password
        if (self._data(node.number) / "meta.properties").exists():
            return
        # One argument each: an id may begin with a dash.
        command = [
            "format",
            f"--cluster-id={cluster_id}",
            f"--config={self._properties(node.number)}",
        ]
        if self._security is not None:
            command.append(f"--add-scram={self._security.first_user}")
        done = subprocess.run(
            self._java("kafka.tools.StorageTool", *command),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise KafkaUnavailable(f"formatting the local Kafka failed:\n{done.stderr[-2000:]}")


def properties(
    node: Node, nodes: Sequence[Node], data: Path, security: Mapping[str, object] | None = None
) -> str:
    """The node's configuration, in the format of server.properties."""
    replicas = min(3, len(nodes))
    clients, controllers = (LISTENER, "SSL") if security else ("PLAINTEXT", "PLAINTEXT")
    voters = ",".join(f"{each.number}@{LOOPBACK}:{each.controller_port}" for each in nodes)
    settings: dict[str, object] = {
        "process.roles": "broker,controller",
        "node.id": node.number,
        "controller.quorum.voters": voters,
        "listeners": f"{clients}://{LOOPBACK}:{node.port},"
        f"CONTROLLER://{LOOPBACK}:{node.controller_port}",
        "advertised.listeners": f"{clients}://{LOOPBACK}:{node.port}",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": f"{clients}:{clients},CONTROLLER:{controllers}",
        "log.dirs": data,
        "auto.create.topics.enable": "false",
        "default.replication.factor": replicas,
        "min.insync.replicas": max(1, replicas - 1),
        "offsets.topic.replication.factor": replicas,
        "offsets.topic.num.partitions": 5,
        "transaction.state.log.replication.factor": replicas,
        "transaction.state.log.min.isr": max(1, replicas - 1),
        "transaction.state.log.num.partitions": 2,
        "share.coordinator.state.topic.replication.factor": replicas,
        "share.coordinator.state.topic.min.isr": max(1, replicas - 1),
        "share.coordinator.state.topic.num.partitions": 2,
        # Members of a group that start together are worth no wait on one machine.
        "group.initial.rebalance.delay.ms": 0,
        "group.min.session.timeout.ms": 1_000,
        # A node that was killed may not register again before its old session has ended.
        "broker.session.timeout.ms": 4_000,
        "broker.heartbeat.interval.ms": 1_000,
        # Sized for one machine: threads, and the 128 MB that compaction would reserve.
        "num.network.threads": 2,
        "num.io.threads": 4,
        "background.threads": 2,
        "num.recovery.threads.per.data.dir": 2,
        "log.cleaner.dedupe.buffer.size": 8 * 1024 * 1024,
        "log.segment.bytes": 64 * 1024 * 1024,
        "log.index.size.max.bytes": 1024 * 1024,
        # An idle broker need not write to its own metadata twice a second.
        "metadata.max.idle.interval.ms": 5_000,
        **(security or {}),
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def _end(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        if not wait_until_gone(pid, 10):
            os.kill(pid, signal.SIGKILL)
            wait_until_gone(pid, 10)
