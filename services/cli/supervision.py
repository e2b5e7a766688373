"""Keeps one child process running: starts it again, later and later, when it ends unasked."""

import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from services.cli.child import Child

State = Literal["waiting", "starting", "ready", "unready", "restarting", "failed", "stopped"]

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
# A run of this many seconds forgives the failures before it.
FORGIVEN_AFTER = 30.0
# So many ends without ever having been ready: it will not get better by itself.
HOPELESS = 4
BAD_SETTINGS = 2


@dataclass(frozen=True)
class Status:
    """How a service is. `detail` says why, in a few words; `since` is a monotonic time."""

    state: State
    detail: str = ""
    since: float = 0.0
    restarts: int = 0


def pause_before_restart(failures: int) -> float:
    """Seconds to wait before the next start, after so many failures in a row."""
    return float(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** max(0, failures - 1)))


class Supervised:
    """A child with a thread that waits for its end. `on_start` hears of each new process."""

    def __init__(
        self, child: Child, *, say: Callable[[str], None], on_start: Callable[[], None]
    ) -> None:
        self.child = child
        self.name = child.name
        self._say = say
        self._on_start = on_start
        self._asked_to_end = threading.Event()
        # Held while the child is started or told to end, so that no start follows the end.
        self._lock = threading.Lock()
        self._ever_ready = False
        self._failures = 0
        self._thread: threading.Thread | None = None
        self.status = Status("waiting", since=time.monotonic())

    def start(self) -> None:
        """Starts the child and the thread that waits for it."""
        self._asked_to_end.clear()
        self._failures = 0
        self._launch()
        self._thread = threading.Thread(target=self._guard, name=f"guard-{self.name}", daemon=True)
        self._thread.start()

    def saw(self, *, ready: bool) -> None:
        """What the last look at /readyz gave."""
        if self._asked_to_end.is_set():
            return
        if ready:
            self._ever_ready = True
            if self.status.state != "ready":
                self._become("ready")
        elif self.status.state == "ready":
            self._become("unready", "its /readyz says no")

    def kill(self, *, restart: bool) -> None:
        """SIGKILL; returns when the process is gone."""
        with self._lock:
            if not restart:
                self._asked_to_end.set()
            self.child.kill()
        if not restart:
            self._become("stopped", "killed")

    def drain(self) -> None:
        """Asks the child to end; it is not started again."""
        with self._lock:
            self._asked_to_end.set()
            self.child.send(signal.SIGTERM)

    def end(self, grace: float) -> bool:
        """Waits for the end that `drain` asked for, then kills. Whether it ended by itself."""
        softly = self.child.finish(grace)
        if self._thread is not None:
            self._thread.join(5)
        self._become("stopped")
        return softly

    def _launch(self, detail: str = "", restarts: int = 0) -> None:
        with self._lock:
            if self._asked_to_end.is_set():
                return
            self.child.start()
        self.status = Status("starting", detail, time.monotonic(), restarts)
        self._on_start()

    def _guard(self) -> None:
        while True:
            began = time.monotonic()
            code = self.child.wait()
            if self._asked_to_end.is_set():
                return
            lasted = time.monotonic() - began
            self._failures = 1 if lasted > FORGIVEN_AFTER else self._failures + 1
            how = describe_exit(code)
            if not self._ever_ready and (self._failures >= HOPELESS or code == BAD_SETTINGS):
                self._become("failed", how)
                return
            pause = pause_before_restart(self._failures)
            self._become("restarting", how)
            self._say(f"{self.name} {how}: starting it again in {pause:.1f} s")
            if self._asked_to_end.wait(pause):
                return
            self._launch(f"after it {how}", self.status.restarts + 1)

    def _become(self, state: State, detail: str = "") -> None:
        self.status = Status(state, detail, time.monotonic(), self.status.restarts)


def describe_exit(code: int | None) -> str:
    """An exit code in words: "ended with 1", "was killed by SIGKILL"."""
    if code is None or code >= 0:
        return f"ended with {code}"
    return f"was killed by {signal.Signals(-code).name}"
