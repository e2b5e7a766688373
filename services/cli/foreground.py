"""Runs the platform in this terminal until Ctrl-C, with a live table of what is up."""

import signal
import threading
import time
from pathlib import Path
from types import FrameType

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from services.cli.local_kafka import KafkaUnavailable
from services.cli.local_postgres import PostgresUnavailable
from services.cli.plan import DEMO_PASSWORD
from services.cli.platform import Platform, PlatformFailed
from services.cli.tables import platform_table

FAILURES = (PlatformFailed, KafkaUnavailable, PostgresUnavailable, RuntimeError)
NEXT = (
    ("make chat", "talk to it as a customer"),
    ("make agent", "take the conversations that need a person"),
    (".venv/bin/rapport status", "how every service is"),
)


def run_in_foreground(state: Path, *, kafka_nodes: int | None, fixed_ports: bool) -> int:
    """Starts, shows, waits, stops. The exit code: 0 after a clean stop, 1 when it failed."""
    console = Console()

    def say(line: str) -> None:
        console.print(line, markup=False, highlight=False)

    platform = Platform(state, kafka_nodes=kafka_nodes, fixed_ports=fixed_ports, say=say)
    signal.signal(signal.SIGTERM, _interrupt)
    began = time.monotonic()
    try:
        with _display(console, platform, began):
            platform.start()
            if not console.is_terminal:
                console.print(_view(platform, began))
            threading.Event().wait()
    except KeyboardInterrupt:
        console.print("stopping (Ctrl-C again stops at once)")
        _stop(console, platform)
        return 0
    except FAILURES as error:
        console.print(f"[red]{type(error).__name__}[/]: ", end="")
        console.print(str(error), markup=False, highlight=False)
        return 1
    return 0


def _stop(console: Console, platform: Platform) -> None:
    try:
        platform.stop()
        console.print("stopped")
    except KeyboardInterrupt:
        platform.stop(force=True)
        console.print("stopped at once: what was in hand is taken up at the next start")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _display(console: Console, platform: Platform, began: float) -> Live:
    return Live(
        get_renderable=lambda: _view(platform, began),
        console=console,
        refresh_per_second=2,
        transient=False,
        auto_refresh=console.is_terminal,
    )


def _view(platform: Platform, began: float) -> Group:
    parts: list[object] = []
    if platform.ports:
        parts.append(platform_table(platform))
    if platform.stage == "running":
        took = platform.ready_after or 0.0
        parts.append(Text(f"\nup in {took:.1f} s; logs in {platform.logs}"))
        parts.append(Text(f"the door: {platform.door}/v1/chat (WebSocket), /v1/events (REST)"))
        parts.append(
            Text(f"the desk: {platform.desk} (demo accounts ada, ben, sam, pat; password ")
            + Text(DEMO_PASSWORD, style="bold")
            + Text("; this machine alone)")
        )
        parts.append(Text("\nTry next, in another terminal:"))
        parts += [Text(f"  {command:<26} {what}") for command, what in NEXT]
        parts.append(Text("\nCtrl-C stops everything."))
    else:
        parts.append(Text(f"{platform.stage} ({time.monotonic() - began:.0f} s)", style="dim"))
    return Group(*parts)  # type: ignore[arg-type]
