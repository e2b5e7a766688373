"""Child processes: they end when told to, and never outlive their parent."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from services.cli.child import Child, alive, wait_until_gone

PATIENCE = 10.0
STUBBORN = "trap '' TERM; echo ready; while :; do sleep 0.05; done"


def shell(script: str, log: Path) -> Child:
    return Child("child", ["sh", "-c", script], log=log)


def wait_for_text(log: Path, text: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not (log.exists() and text in log.read_text()):
        assert time.monotonic() < deadline, f"{text!r} never came"
        time.sleep(0.02)


def test_tells_how_it_ended_and_what_it_said_last(tmp_path: Path) -> None:
    child = shell("echo first; echo last >&2; exit 3", tmp_path / "log")
    child.start()
    assert child.wait(PATIENCE) == 3
    assert child.exit_code() == 3
    assert child.last_lines(1) == "last"


def test_stops_at_once_when_it_listens(tmp_path: Path) -> None:
    child = shell("echo ready; exec sleep 60", tmp_path / "log")
    child.start()
    wait_for_text(tmp_path / "log", "ready")
    assert child.stop(PATIENCE)
    assert child.exit_code() == -signal.SIGTERM


def test_is_killed_when_it_does_not_listen(tmp_path: Path) -> None:
    child = shell(STUBBORN, tmp_path / "log")
    child.start()
    wait_for_text(tmp_path / "log", "ready")
    assert not child.stop(0.2)
    assert child.exit_code() == -signal.SIGKILL


def test_is_not_hit_by_the_terminals_interrupt(tmp_path: Path) -> None:
    child = shell("ps -o sid= -p $$; exec sleep 60", tmp_path / "log")
    child.start()
    try:
        wait_for_text(tmp_path / "log", str(child.pid))
    finally:
        child.kill()


def test_before_its_start_it_neither_runs_nor_has_ended(tmp_path: Path) -> None:
    child = shell("true", tmp_path / "log")
    assert (child.pid, child.exit_code(), child.running()) == (None, None, False)
    assert child.stop(0)


PARENT = """
import sys, threading
from pathlib import Path
from services.cli.child import Child
child = Child("child", ["sleep", "60"], log=Path(sys.argv[1]))
# Started from a thread that ends: the child must live on nevertheless.
thread = threading.Thread(target=child.start)
thread.start()
thread.join()
print(child.pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv (util-linux)")
def test_dies_with_a_parent_that_is_killed_and_not_with_its_thread(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "log")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert not wait_until_gone(pid, 0.3)
        parent.kill()
        parent.wait()
        assert wait_until_gone(pid, PATIENCE)


def test_a_process_that_is_gone_is_not_alive(tmp_path: Path) -> None:
    child = shell("true", tmp_path / "log")
    child.start()
    assert child.pid is not None
    child.wait(PATIENCE)
    assert not alive(child.pid)
