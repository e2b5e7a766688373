"""What is done with a service that ends unasked."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cli import supervision
from services.cli.child import Child
from services.cli.supervision import (
    LONGEST_PAUSE,
    Supervised,
    describe_exit,
    pause_before_restart,
)

PATIENCE = 10.0


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "FIRST_PAUSE", 0.01)


def supervised(script: str, tmp_path: Path) -> tuple[Supervised, list[str]]:
    said: list[str] = []
    child = Child("reply", ["sh", "-c", script], log=tmp_path / "log")
    return Supervised(child, say=said.append, on_start=lambda: None), said


def test_a_killed_service_comes_back_and_it_is_said(tmp_path: Path) -> None:
    service, said = supervised("exec sleep 60", tmp_path)
    service.start()
    service.saw(ready=True)
    first = service.child.pid
    service.kill(restart=True)
    until(lambda: service.status.restarts == 1)
    assert service.child.pid != first
    assert service.status.state == "starting"
    assert "reply was killed by SIGKILL" in said[0]
    service.drain()
    assert service.end(PATIENCE)


def test_a_service_that_never_comes_up_is_given_up(tmp_path: Path) -> None:
    service, said = supervised("exit 1", tmp_path)
    service.start()
    until(lambda: service.status.state == "failed")
    assert service.status.detail == "ended with 1"
    assert len(said) == supervision.HOPELESS - 1


def test_bad_settings_are_not_tried_again(tmp_path: Path) -> None:
    service, said = supervised("exit 2", tmp_path)
    service.start()
    until(lambda: service.status.state == "failed")
    assert said == []


def test_a_service_that_was_ready_is_started_again_for_ever(tmp_path: Path) -> None:
    service, _ = supervised("exit 1", tmp_path)
    service.saw(ready=True)
    service.start()
    until(lambda: service.status.restarts > supervision.HOPELESS)
    service.drain()
    service.end(PATIENCE)
    assert service.status.state == "stopped"


def test_a_drained_service_is_not_started_again(tmp_path: Path) -> None:
    service, said = supervised("exec sleep 60", tmp_path)
    service.start()
    service.drain()
    assert service.end(PATIENCE)
    assert service.status.state == "stopped"
    assert not service.child.running()
    assert said == []


def test_killed_for_good_it_stays_down_until_it_is_started(tmp_path: Path) -> None:
    service, _ = supervised("exec sleep 60", tmp_path)
    service.start()
    service.kill(restart=False)
    assert service.status.state == "stopped"
    service.start()
    until(service.child.running)
    service.drain()
    service.end(PATIENCE)


def test_readiness_comes_and_goes(tmp_path: Path) -> None:
    service, _ = supervised("exec sleep 60", tmp_path)
    service.saw(ready=False)
    assert service.status.state == "waiting"
    service.saw(ready=True)
    assert service.status.state == "ready"
    service.saw(ready=False)
    assert service.status.state == "unready"


@given(st.integers(0, 60))
def test_pauses_grow_up_to_a_limit(failures: int) -> None:
    pause = pause_before_restart(failures)
    assert 0 < pause <= LONGEST_PAUSE
    assert pause <= pause_before_restart(failures + 1)


def test_exits_are_told_in_words() -> None:
    assert describe_exit(1) == "ended with 1"
    assert describe_exit(-9) == "was killed by SIGKILL"
