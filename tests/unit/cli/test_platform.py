"""The platform's start, restart and stop, with services that do nothing but answer /readyz."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.cli import cluster, running
from services.cli.plan import Plan
from services.cli.platform import Platform, PlatformFailed
from services.common import migrations

SERVICE = """
import os, sys, signal
from http.server import BaseHTTPRequestHandler, HTTPServer
name = sys.argv[1]
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()
    def log_message(self, *_): pass
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
port = int(os.environ[f"RAPPORT_{name.upper()}_ADMIN_PORT"])
print("listening", flush=True)
HTTPServer(("127.0.0.1", port), Handler).serve_forever(0.02)
"""
PATIENCE = 20.0


def fake(plan: Plan) -> list[str]:
    return [sys.executable, "-S", "-c", SERVICE, plan.name]


@pytest.fixture(autouse=True)
def infrastructure(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker and a database that are somebody else's and need nothing done."""
    monkeypatch.setattr(cluster, "apply", lambda connection: {})
    monkeypatch.setattr(migrations, "migrated_services", lambda: [])


def platform(
    tmp_path: Path, command: Callable[[Plan], list[str]] = fake, say: Callable[[str], None] = print
) -> Platform:
    inherited = {
        "PATH": os.environ["PATH"],
        "KAFKA_BOOTSTRAP_SERVERS": "kafka.example:9092",
        "DATABASE_URL": "postgresql://database.example/rapport",
    }
    return Platform(
        tmp_path / "state", fixed_ports=False, inherited=inherited, command=command, say=say
    )


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Platform]:
    with platform(tmp_path) as up:
        yield up


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_starts_every_service_and_tells_other_commands(started: Platform) -> None:
    assert {status.state for status in started.statuses().values()} == {"ready"}
    found = running.find(started.state)
    assert found is not None
    assert found.ready
    assert found.door == started.door
    assert found.bootstrap_servers == "kafka.example:9092"
    assert {each.pid for each in found.services.values()} == {
        service.child.pid for service in started.services.values()
    }


def test_a_killed_service_comes_back_on_its_port_and_others_are_told(started: Platform) -> None:
    before = started.services["reply"].child.pid
    started.kill("reply")
    until(lambda: started.statuses()["reply"].restarts == 1)
    started.wait_ready(PATIENCE, "reply")
    after = started.services["reply"].child.pid
    assert after != before
    found = running.find(started.state)
    assert found is not None
    assert found.services["reply"].pid == after


def test_a_service_can_be_held_down(started: Platform) -> None:
    started.kill("emotion", restart=False)
    assert started.statuses()["emotion"].state == "stopped"
    started.revive("emotion")
    started.wait_ready(PATIENCE, "emotion")


def test_a_second_platform_on_the_same_state_is_refused(started: Platform, tmp_path: Path) -> None:
    with pytest.raises(PlatformFailed, match="already runs"):
        platform(tmp_path).start()
    # The refusal took nothing from the one that runs.
    assert running.find(started.state) is not None


def test_stopped_it_leaves_no_process_and_can_be_started_again(tmp_path: Path) -> None:
    first = platform(tmp_path)
    first.start()
    first.stop()
    assert not any(service.child.running() for service in first.services.values())
    assert running.find(first.state) is None
    with platform(tmp_path) as second:
        assert second.stage == "running"


def test_a_service_that_does_not_start_is_named_with_its_last_words(tmp_path: Path) -> None:
    def broken(plan: Plan) -> list[str]:
        if plan.name == "routing":
            return ["sh", "-c", "echo setting KAFKA is wrong; exit 2"]
        return fake(plan)

    up = platform(tmp_path, broken)
    with pytest.raises(PlatformFailed, match=r"routing does not start \(ended with 2\)") as error:
        up.start()
    assert "setting KAFKA is wrong" in str(error.value)
    assert not any(service.child.running() for service in up.services.values())


def test_a_service_that_is_late_is_named(tmp_path: Path) -> None:
    def slow(plan: Plan) -> list[str]:
        return ["sleep", "60"] if plan.name == "insights" else fake(plan)

    with pytest.raises(PlatformFailed, match=r"not ready after .* insights"):
        platform(tmp_path, slow).start(timeout=3)


def test_a_service_that_does_not_drain_is_killed_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.cli.platform.DRAIN_SECONDS", 0.3)
    stubborn = SERVICE.replace("sys.exit(0)", "None")

    def command(plan: Plan) -> list[str]:
        code = stubborn if plan.name == "redaction" else SERVICE
        return [sys.executable, "-S", "-c", code, plan.name]

    said: list[str] = []
    up = platform(tmp_path, command, said.append)
    up.start()
    up.stop()
    assert said[2:] == ["redaction did not drain within 0 s and was killed"]
    assert not up.services["redaction"].child.running()


def test_logs_of_the_run_before_are_kept_apart(tmp_path: Path) -> None:
    for _ in range(2):
        with platform(tmp_path):
            pass
    logs = tmp_path / "state" / "logs"
    assert (logs / "reply.log").read_text() == "listening\n"
    assert (logs / "reply.previous").read_text() == "listening\n"


@pytest.mark.parametrize(("host", "told"), [("127.0.0.1", True), ("0.0.0.0", False)])
def test_the_start_says_that_no_key_is_needed_where_that_is_so(
    tmp_path: Path, host: str, told: bool
) -> None:
    said: list[str] = []
    up = platform(tmp_path, say=said.append)
    up._inherited["RAPPORT_INGESTION_HOST"] = host
    with up:
        assert any("asks for no key" in line for line in said) == told
        assert sum(line.startswith("no TLS: ") for line in said) == 1
