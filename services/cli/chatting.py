"""`rapport chat`: a conversation in the terminal, and beside it what the platform read."""

import asyncio
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from services.cli import running
from services.cli.demonstration import prefix
from services.cli.door import CustomerLine, DoorRefused, Frame
from services.cli.foreground import FAILURES
from services.cli.platform import Platform
from services.cli.readings import Readings
from services.cli.terminal import is_terminal, typed_lines

HELP = "/person calls a person, /end closes the conversation, /quit leaves it open"
ANSWER_SECONDS = 30.0
_STATES = {
    "queued": "you are in the queue for a person",
    "offered": "a person is being asked to take over",
    "agent": "a person has joined",
    "bot": "the virtual assistant is back",
    "wrap_up": "the person is finishing",
    "closed": "the conversation is closed",
}


@dataclass(frozen=True)
class Wishes:
    """What was asked for on the command line."""

    state: Path
    door: str = ""
    conversation_id: str = ""
    customer_id: str = ""
    industry: str = ""
    json: bool = False


@dataclass
class Tally:
    """Messages sent and answered, for the exit code."""

    sent: int = 0
    failed: int = 0
    with_agent: bool = False
    shown: set[str] = field(default_factory=set)


def run_chat(wishes: Wishes) -> int:
    """Talks until the input ends. Exit code: 0, or 1 when a message was refused or unanswered."""
    # Only JSON goes to stdout where machines read it.
    console = Console(stderr=wishes.json)
    with ExitStack() as stack:
        door = wishes.door.rstrip("/")
        if not door:
            found = running.find(wishes.state)
            if found is not None:
                door = found.door
            else:
                platform = Platform(wishes.state, say=lambda line: console.print(line))
                try:
                    with console.status("no platform runs here: starting one"):
                        stack.enter_context(platform)
                except FAILURES as error:
                    console.print(str(error), markup=False, highlight=False)
                    return 1
                door = platform.door
        try:
            return asyncio.run(_Chat(console, wishes, door).run())
        except KeyboardInterrupt:
            console.print()
            return 0


class _Chat:
    def __init__(self, console: Console, wishes: Wishes, door: str) -> None:
        self._console = console
        self._wishes = wishes
        self._door = door
        self._people = is_terminal() and not wishes.json
        self._tally = Tally()
        self._arrived: asyncio.Queue[Frame] = asyncio.Queue()

    async def run(self) -> int:
        conversation_id = self._wishes.conversation_id or prefix("chat")
        line = CustomerLine(
            self._door,
            conversation_id,
            customer_id=self._wishes.customer_id or None,
            on_event=self._arrived.put_nowait,
        )
        async with line, Readings(self._door, conversation_id) as readings:
            showing = asyncio.create_task(self._show_arrivals(readings))
            if self._people:
                self._console.print(f"[dim]conversation {conversation_id}; {HELP}[/]")
            self._prompt()
            try:
                async for text in typed_lines():
                    if text.strip() == "/quit":
                        break
                    if text.strip():
                        await self._say(line, readings, text)
                    if text.strip() == "/end":
                        break
                    self._prompt()
            finally:
                showing.cancel()
                await asyncio.gather(showing, return_exceptions=True)
        return 1 if self._tally.failed else 0

    def _prompt(self) -> None:
        if self._people:
            self._console.print("[bold]you>[/] ", end="")

    async def _say(self, line: CustomerLine, readings: Readings, text: str) -> None:
        self._tally.sent += 1
        attributes = {"industry": self._wishes.industry} if self._wishes.industry else {}
        try:
            if text.strip() == "/end":
                await line.end()
                return
            if text.strip() == "/person":
                message_id = await line.ask_for_person()
            else:
                message_id = await line.say(text, attributes)
        except DoorRefused as error:
            self._tally.failed += 1
            self._fail(text, f"refused: {error}")
            return
        if self._people and self._tally.with_agent:
            return  # people answer in their own time; what they write is shown when it comes
        try:
            answer = await line.answer(message_id, ANSWER_SECONDS)
        except TimeoutError:
            self._tally.failed += 1
            self._fail(text, f"no answer within {ANSWER_SECONDS:.0f} s")
            return
        reading = await readings.of(answer.id) if answer.author == "bot" else {}
        shown = {
            "message_id": message_id,
            "author": answer.author,
            "reply": answer.text,
            "action": answer.action,
            "sources": list(answer.sources),
        }
        self._tally.shown.add(answer.id)
        self._show_answer(text, shown, reading)

    async def _show_arrivals(self, readings: Readings) -> None:
        """What nobody waits for: a person's messages, and who has the conversation."""
        while True:
            frame = await self._arrived.get()
            if frame["type"] == "state":
                self._tally.with_agent = frame["state"] == "agent"
                if self._people:
                    await asyncio.sleep(0.2)  # after the reply that goes with it
                    place = frame.get("queue_position")
                    where = f" (place {place})" if place else ""
                    said = _STATES.get(frame["state"], frame["state"])
                    self._console.print(f"[dim]— {said}{where}[/]")
                    self._prompt()
            elif frame["type"] == "message" and self._people:
                await asyncio.sleep(0.2)
                if frame["id"] not in self._tally.shown:
                    self._console.print(f"\n[magenta]person>[/] {escape(frame['text'])}")
                    self._prompt()

    def _show_answer(self, said: str, answer: dict[str, Any], reading: dict[str, Any]) -> None:
        read = {name: reading.get(name) for name in ("state", "trend", "tone", "strategy")}
        handed_over = answer["action"] == "handover"
        if self._wishes.json:
            document = {"text": said, **answer, **read, "handover": handed_over}
            sys.stdout.buffer.write(orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE))
            sys.stdout.buffer.flush()
            return
        who = "person" if answer["author"] == "agent" else "rapport"
        grid = Table.grid(padding=(0, 2), expand=True)
        grid.add_column(ratio=3)
        grid.add_column(ratio=1, style="dim")
        if not self._people:
            grid.add_row(f"[bold]you>[/] {escape(said)}", "")
        beside = [f"{name}: {value}" for name, value in read.items() if value]
        if answer["sources"]:
            beside.append("from " + ", ".join(answer["sources"]))
        if handed_over:
            beside.append("[bold red]a person was called[/]")
        grid.add_row(f"[cyan]{who}>[/] {escape(answer['reply'])}", "\n".join(beside))
        self._console.print(grid)

    def _fail(self, said: str, why: str) -> None:
        if self._wishes.json:
            document = {"text": said, "error": why}
            sys.stdout.buffer.write(orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE))
            sys.stdout.buffer.flush()
        else:
            self._console.print(why, style="red", markup=False, highlight=False)
