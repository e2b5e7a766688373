"""How other commands find the platform that runs."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.cli import running
from services.cli.running import Running, ServiceAddress


def platform(pid: int) -> Running:
    door = ServiceAddress("ingestion", pid, "http://127.0.0.1:9101", "", "http://127.0.0.1:8080")
    return Running(
        pid, "2026-01-31T12:00:00+00:00", True, "kafka", "postgresql://", {"ingestion": door}
    )


def test_finds_what_was_written(tmp_path: Path) -> None:
    written = platform(os.getpid())
    written.write(tmp_path)
    assert running.find(tmp_path) == written
    assert written.door == "http://127.0.0.1:8080"


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    platform(os.getpid()).write(tmp_path)
    assert (tmp_path / running.FILE).stat().st_mode & 0o077 == 0


def test_a_platform_whose_process_is_gone_does_not_run(tmp_path: Path) -> None:
    process = subprocess.Popen(["true"])
    process.wait()
    platform(process.pid).write(tmp_path)
    assert running.find(tmp_path) is None


def test_nothing_runs_where_nothing_was_written_or_it_was_forgotten(tmp_path: Path) -> None:
    assert running.find(tmp_path) is None
    platform(os.getpid()).write(tmp_path)
    running.forget(tmp_path)
    assert running.find(tmp_path) is None


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_broken_file_is_no_platform(tmp_path: Path, content: bytes) -> None:
    (tmp_path / running.FILE).write_bytes(content)
    assert running.find(tmp_path) is None


@pytest.mark.parametrize("document", ["{}", '{"pid":1}', '{"pid":1,"services":{"a":{}}}', "[]"])
def test_a_file_of_another_version_is_no_platform(tmp_path: Path, document: str) -> None:
    (tmp_path / running.FILE).write_text(document)
    assert running.find(tmp_path) is None
