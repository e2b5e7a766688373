"""`rapport demo`: a platform of its own, simulated customers, an agent, a look at the record."""

import asyncio
import os
import random
import shutil
import string
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.cli.cluster import connection_of, read_all
from services.cli.conversations import Conversation, bundled, cucom, multidogo, shared_data
from services.cli.desk import Desk
from services.cli.figures import figures, figures_table
from services.cli.foreground import FAILURES
from services.cli.platform import Platform
from services.cli.players import Played, play_all
from services.cli.record import RecordCheck, Verdict, read_names
from services.cli.stand_in import StandIn

SETTLE_SECONDS = 20.0
# The most that routing gives to one agent; conversations that end make room.
STAND_IN_CAPACITY = 100


def prefix(word: str) -> str:
    """A word that marks this run's conversations; letters alone, for digits look personal."""
    return word + "-" + "".join(random.choices(string.ascii_lowercase, k=6))


def run_demo(
    *, rate: float, at_once: int, limit: int | None, json_file: Path | None, keep: bool
) -> int:
    """Runs the demonstration; 0 when each message has exactly one answer in the record, else 1."""
    console = Console()
    conversations = _conversations()
    if limit is not None:
        conversations = conversations[:limit]
    console.print(_what_is_played(conversations), highlight=False)
    state = Path(tempfile.mkdtemp(prefix="rapport-demo-"))
    platform = Platform(state, fixed_ports=False, say=lambda line: console.print(line))
    whole = False
    try:
        with console.status("starting a platform of its own"):
            platform.start()
        console.print(f"up in {platform.ready_after:.1f} s")
        began = time.monotonic()
        played, verdict = _play(platform, conversations, console, rate, at_once)
        values = figures(played, verdict)
        whole = verdict.whole
        took = time.monotonic() - began
        console.print(figures_table(values, f"\nplayed in {took:.0f} s"))
        if json_file is not None:
            json_file.write_bytes(orjson.dumps(values, option=orjson.OPT_INDENT_2) + b"\n")
        _say_what_is_wrong(console, verdict, played)
        return 0 if whole else 1
    except FAILURES as error:
        console.print(str(error), markup=False, highlight=False)
        return 1
    finally:
        platform.stop()
        if whole and not keep:
            shutil.rmtree(state, ignore_errors=True)
        else:
            console.print(f"its logs and data are kept in {state}", highlight=False)


def _conversations() -> list[Conversation]:
    data = shared_data()
    return bundled() + (cucom(data) + multidogo(data) if data else [])


def _what_is_played(conversations: Sequence[Conversation]) -> str:
    counts: dict[str, int] = {}
    for conversation in conversations:
        counts[conversation.origin] = counts.get(conversation.origin, 0) + 1
    return "conversations: " + ", ".join(f"{count} {origin}" for origin, count in counts.items())


def _play(
    platform: Platform,
    conversations: Sequence[Conversation],
    console: Console,
    rate: float,
    at_once: int,
) -> tuple[list[Played], Verdict]:
    run = prefix("demo")
    columns = (
        TextColumn("playing"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("messages"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, refresh_per_second=4) as progress:
        task = progress.add_task("", total=sum(len(c.turns) for c in conversations))
        played = asyncio.run(
            with_stand_in(
                platform, conversations, run, rate, at_once, lambda: progress.advance(task)
            )
        )
    with console.status("reading the record from the topics"):
        return played, settled_verdict(platform, played)


async def with_stand_in(
    platform: Platform,
    conversations: Sequence[Conversation],
    run: str,
    rate: float,
    at_once: int,
    on_message: Callable[[], None] = lambda: None,
) -> list[Played]:
    """Plays the conversations while an automatic agent takes the hand-overs."""
    desk = Desk(
        platform.grpc_address("routing"),
        platform.grpc_address("ingestion"),
        f"{run}-agent",
        # No skills and no languages named: takes whatever comes.
        languages=(),
        capacity=STAND_IN_CAPACITY,
    )
    async with desk:
        working = asyncio.create_task(StandIn(desk).run())
        try:
            return await play_all(
                conversations,
                platform.door,
                run,
                rate=rate,
                at_once=at_once,
                on_message=on_message,
            )
        finally:
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working


def settled_verdict(platform: Platform, played: Sequence[Played]) -> Verdict:
    """What the topics say, read from their beginning; again while something is still missing."""
    connection = connection_of(os.environ, platform.bootstrap_servers)
    accepted = [message for p in played for message in p.accepted]
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        check = RecordCheck([p.conversation_id for p in played])
        for record in read_all(connection, read_names()):
            check.add(record)
        verdict = check.verdict(accepted)
        if verdict.whole or time.monotonic() > deadline:
            return verdict
        time.sleep(1.0)


def _say_what_is_wrong(console: Console, verdict: Verdict, played: Sequence[Played]) -> None:
    for what, ids in (
        ("no answer", verdict.unanswered),
        ("more than one answer", verdict.duplicated),
    ):
        for message in ids[:10]:
            console.print(f"{what} to message {message}", highlight=False)
    for p in played:
        for reason in p.refused[:3]:
            console.print(f"refused in {p.conversation_id}: {reason}", highlight=False)
