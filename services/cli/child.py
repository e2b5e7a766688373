"""A child process that never outlives its parent and never hears the terminal's Ctrl-C."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# The kernel sends the parent-death signal when the *thread* that started a child ends, so all
# children are started by one thread that lives as long as this process.
_spawner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spawner")


class Child:
    """One process with its log file, in a session of its own.

    `dies_with` is the signal that the kernel sends to it when this process ends without stopping
    it (Linux, by `setpriv`). `drop_privileges` runs it as `nobody` when this process is root.
    """

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        dies_with: signal.Signals = signal.SIGKILL,
        drop_privileges: bool = False,
    ) -> None:
        self.name = name
        self.log = log
        prefix = without_privileges() if drop_privileges else []
        self._arguments = [*_bound_to_parent(dies_with, prefix), *arguments]
        self._environment = None if environment is None else dict(environment)
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the process; what it prints is appended to its log."""
        self._process = _spawner.submit(self._spawn).result()

    def _spawn(self) -> subprocess.Popen[bytes]:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self._arguments,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment,
                cwd=self._folder,
                start_new_session=True,
            )

    @property
    def pid(self) -> int | None:
        """Its process id; None before the first start."""
        return self._process.pid if self._process else None

    def exit_code(self) -> int | None:
        """How it ended (minus the signal's number when killed by one); None while it runs."""
        return self._process.poll() if self._process else None

    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def wait(self, timeout: float | None = None) -> int | None:
        """Waits for its end; None when `timeout` seconds pass first, or it never started."""
        if self._process is None:
            return None
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout)
        return None

    def send(self, number: signal.Signals) -> None:
        """Sends a signal to the process itself, not to what it started."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def stop(self, grace: float, number: signal.Signals = signal.SIGTERM) -> bool:
        """Asks it to end and kills it after `grace` seconds. Whether it ended by itself."""
        self.send(number)
        return self.finish(grace)

    def finish(self, grace: float) -> bool:
        """Waits for its end and kills it after `grace` seconds. Whether it ended by itself."""
        if self.wait(grace) is not None or not self.running():
            return True
        self.kill()
        return False

    def kill(self) -> None:
        """SIGKILL to the process and to everything in its session; returns when it is gone."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def last_lines(self, count: int = 12) -> str:
        """The end of its log, for a message about a failed start."""
        with contextlib.suppress(FileNotFoundError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])
        return ""


def _bound_to_parent(number: signal.Signals, privileges: list[str]) -> list[str]:
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return []
    return [setpriv, "--pdeathsig", number.name.removeprefix("SIG"), *privileges, "--"]


def without_privileges() -> list[str]:
    """Options of setpriv that turn root into `nobody`, who may still walk root's folders.

    Empty when this process is not root. RuntimeError where setpriv (util-linux) is missing.
    """
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        raise RuntimeError(
            "as root, the local database needs 'setpriv' (package util-linux): install it, run "
            "as another user, or set DATABASE_URL"
        )
    options = ["--reuid=65534", "--regid=65534", "--clear-groups"]
    if _may_override_permissions():
        options += ["--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override"]
    return options


def _may_override_permissions() -> bool:
    # CAP_DAC_OVERRIDE is bit 1. Containers may run root without it.
    with contextlib.suppress(OSError, ValueError, IndexError):
        status = Path("/proc/self/status").read_text()
        return bool(int(status.split("CapPrm:")[1].split()[0], 16) & 2)
    return False


def wait_until_gone(pid: int, timeout: float) -> bool:
    """Whether the process `pid`, not a child of ours, ended within `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def alive(pid: int) -> bool:
    """Whether a process with this id exists and is no zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    with contextlib.suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return True
