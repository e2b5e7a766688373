"""How a service runs: probes, gRPC with health and deadlines, SIGTERM, a failing part."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from rapport.v1 import services_pb2, services_pb2_grpc
from services.cli.ports import free_port


@dataclass
class Running:
    process: subprocess.Popen[str]
    grpc_port: int
    admin_port: int

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.admin_port}{path}") as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def logs(self) -> list[dict[str, object]]:
        _, lines = self.process.communicate(timeout=15)
        return [json.loads(line) for line in lines.splitlines()]


Start = Callable[..., Running]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[Running] = []

    def begin(*arguments: str, **environment: str) -> Running:
        ports = (first := free_port(), free_port([first]))
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.unit.common.service_under_test"]
            + [str(port) for port in ports]
            + list(arguments),
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
        )
        running = Running(process, *ports)
        started.append(running)
        return running

    yield begin
    for running in started:
        if running.process.poll() is None:
            running.process.kill()
        running.process.communicate()


def wait_ready(running: Running) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            if running.get("/readyz")[0] == 200:
                return
        except OSError:
            assert running.process.poll() is None, running.process.communicate()
        time.sleep(0.05)
    raise AssertionError("not ready in time")


def test_probes_metrics_and_a_clean_stop(start: Start) -> None:
    running = start()
    wait_ready(running)
    assert running.get("/livez") == (200, "live\n")
    assert running.get("/nothing")[0] == 404
    status, text = running.get("/metrics")
    assert status == 200
    assert "# HELP rapport_dead_letters_total" in text
    running.process.send_signal(signal.SIGTERM)
    logs = running.logs()
    assert running.process.returncode == 0
    assert [line["event"] for line in logs] == ["started", "draining", "stopped"]
    assert all(line["service"] == "test" and line["level"] == "info" for line in logs)


def test_grpc_answers_health_and_refuses_calls_without_a_deadline(start: Start) -> None:
    running = start()
    wait_ready(running)
    with grpc.insecure_channel(f"127.0.0.1:{running.grpc_port}") as channel:
        health = health_pb2_grpc.HealthStub(channel)
        request = health_pb2.HealthCheckRequest(service="rapport.v1.EmotionService")
        assert health.Check(request, timeout=5).status == health_pb2.HealthCheckResponse.SERVING
        emotion = services_pb2_grpc.EmotionServiceStub(channel)
        emotion.ScoreText(services_pb2.ScoreTextRequest(text="hi"), timeout=5)
        with pytest.raises(grpc.RpcError) as caught:
            emotion.ScoreText(services_pb2.ScoreTextRequest(text="hi"))
        assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
        with pytest.raises(grpc.RpcError) as caught:
            emotion.ScoreText(services_pb2.ScoreTextRequest(text="bug"), timeout=5)
        assert caught.value.code() == grpc.StatusCode.INTERNAL
        assert "customer" not in caught.value.details()
    # A call is counted once its answer has left.
    wanted = [
        f'code="{code}",method="ScoreText",service="test"}} 1.0'
        for code in ("OK", "INVALID_ARGUMENT", "INTERNAL")
    ]
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        counted = running.get("/metrics")[1]
        if all(each in counted for each in wanted):
            break
        time.sleep(0.05)
    assert [each for each in wanted if each not in counted] == []


def test_a_part_that_fails_ends_the_service_with_exit_code_1(start: Start) -> None:
    running = start("fail")
    logs = running.logs()
    assert running.process.returncode == 1
    assert "part_failed" in [line["event"] for line in logs]


def test_a_second_signal_forces(start: Start) -> None:
    running = start("hang")
    wait_ready(running)
    running.process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + 10
    while running.get("/readyz")[0] == 200 and time.monotonic() < deadline:
        time.sleep(0.02)
    running.process.send_signal(signal.SIGTERM)
    running.process.communicate(timeout=10)
    assert running.process.returncode == -signal.SIGKILL


def test_bad_settings_end_the_start_with_the_name_of_the_setting(start: Start) -> None:
    running = start(LOG_LEVEL="LOUD", KAFKA_SECURITY_PROTOCOL="PIGEON")
    _, errors = running.process.communicate(timeout=15)
    assert running.process.returncode == 2
    assert "setting LOG_LEVEL: Input should be" in errors
    assert "setting KAFKA_SECURITY_PROTOCOL" in errors
