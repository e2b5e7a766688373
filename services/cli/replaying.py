"""`rapport replay`: a file's conversations through the door of the platform that runs."""

import asyncio
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from services.cli import running
from services.cli.conversations import BadConversation, Conversation, read_lines
from services.cli.demonstration import prefix
from services.cli.figures import milliseconds
from services.cli.players import Played, play_all


def run_replay(
    lines: Iterable[str],
    *,
    state: Path,
    door: str,
    rate: float,
    at_once: int,
    patience: float,
    json: bool,
) -> int:
    """Plays all of `lines`. Exit code: 0 all answered, 1 not all, 2 nothing could be played."""
    # The bar is for people, so it goes where it does not mix with the JSON.
    console = Console(stderr=True)
    try:
        conversations = list(read_lines(lines))
    except (BadConversation, UnicodeDecodeError) as error:
        console.print(f"{error}", markup=False, highlight=False)
        return 2
    address = door.rstrip("/") or _running_door(state)
    if address is None:
        console.print("no platform runs here: start one with 'rapport up', or name a --door")
        return 2
    with Progress(console=console, refresh_per_second=4) as progress:
        task = progress.add_task("playing", total=sum(len(c.turns) for c in conversations))
        played = asyncio.run(
            play_all(
                conversations,
                address,
                prefix("replay"),
                rate=rate,
                at_once=at_once,
                patience=patience,
                on_message=lambda: progress.advance(task),
            )
        )
    values = summary(conversations, played)
    if json:
        sys.stdout.buffer.write(orjson.dumps(values, option=orjson.OPT_INDENT_2) + b"\n")
    else:
        Console().print(_table(values))
    return 0 if values["answered"] == values["messages"] else 1


def summary(conversations: Sequence[Conversation], played: Sequence[Played]) -> dict[str, Any]:
    """What the simulated customers met."""
    answers = sum(len(p.by_platform) + len(p.by_agent) for p in played)
    return {
        "conversations": len(played),
        "messages": sum(len(c.turns) for c in conversations),
        "answered": answers,
        "unanswered": sum(len(p.unanswered) for p in played),
        "refused": sum(len(p.refused) for p in played),
        "latency_ms": milliseconds([s for p in played for s in p.by_platform]),
        "conversation_ids": [p.conversation_id for p in played],
    }


def _table(values: dict[str, Any]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column()
    for name in ("conversations", "messages", "answered", "unanswered", "refused"):
        table.add_row(name, str(values[name]))
    latency = "   ".join(f"{name} {value} ms" for name, value in values["latency_ms"].items())
    table.add_row("answer after", latency)
    return table


def _running_door(state: Path) -> str | None:
    found = running.find(state)
    return found.door if found else None
