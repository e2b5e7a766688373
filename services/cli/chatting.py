"""`rapport chat`: a conversation in the terminal, and beside it what the platform read."""

import asyncio
import sys
from contextlib import ExitStack
from dataclasses import dataclass
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


def course_in_words(trajectory: dict[str, Any]) -> list[str]:
    """What of the record's trajectory is worth a line beside a reply."""
    lines = []
    row = trajectory.get("negative_in_a_row", 0)
    if row > 1:
        lines.append(f"{row} negative turns in a row")
    if effect := trajectory.get("reply_effect"):
        lines.append(f"last reply: valence {effect['valence_change']:+.2f}")
    return lines


class _Chat:
    """One conversation. What arrives is shown by one task, in order, around what is typed."""

    def __init__(self, console: Console, wishes: Wishes, door: str) -> None:
        self._console = console
        self._wishes = wishes
        self._door = door
        self._people = is_terminal() and not wishes.json
        self._arrived: asyncio.Queue[Frame] = asyncio.Queue()
        # Held while a message goes out, so that its answer finds its id known.
        self._sending = asyncio.Lock()
        self._awaited: tuple[str, str] | None = None
        self._shown = asyncio.Event()
        self._moves: list[Frame] = []
        self._who = "bot"
        self._failed = False

    async def run(self) -> int:
        conversation_id = self._wishes.conversation_id or prefix("chat")
        line = CustomerLine(
            self._door,
            conversation_id,
            customer_id=self._wishes.customer_id or None,
            on_event=self._arrived.put_nowait,
        )
        async with line, Readings(self._door, conversation_id) as readings:
            showing = asyncio.create_task(self._show(readings))
            if self._people:
                self._say_aside(f"conversation {conversation_id}; {HELP}")
            self._prompt()
            try:
                async for text in typed_lines():
                    command = text.strip()
                    if command == "/quit":
                        break
                    if command:
                        await self._send(line, text, command)
                    if command == "/end":
                        break
                    self._prompt()
            finally:
                showing.cancel()
                await asyncio.gather(showing, return_exceptions=True)
        return 1 if self._failed else 0

    async def _send(self, line: CustomerLine, text: str, command: str) -> None:
        attributes = {"industry": self._wishes.industry} if self._wishes.industry else {}
        self._shown.clear()
        try:
            async with self._sending:
                if command == "/end":
                    await line.end()
                    return
                if command == "/person":
                    message_id = await line.ask_for_person()
                else:
                    message_id = await line.say(text, attributes)
                self._awaited = message_id, text
        except DoorRefused as error:
            self._fail(text, f"refused: {error}")
            return
        if self._people and self._who == "agent":
            return  # people answer in their own time; what they write is shown when it comes
        try:
            await asyncio.wait_for(self._shown.wait(), ANSWER_SECONDS)
        except TimeoutError:
            self._awaited = None
            self._fail(text, f"no answer within {ANSWER_SECONDS:.0f} s")

    async def _show(self, readings: Readings) -> None:
        while True:
            frame = await self._arrived.get()
            async with self._sending:
                awaited = self._awaited
            if frame["type"] == "state":
                self._moved(frame, later=awaited is not None)
            elif awaited is not None and frame.get("in_reply_to") == awaited[0]:
                reading = await readings.of(frame["id"]) if frame["author"] == "bot" else {}
                self._awaited = None
                unasked = self._people and self._who == "agent"
                self._show_answer(awaited, frame, reading, unasked=unasked)
                for move in self._moves:
                    self._tell(move)
                self._moves.clear()
                self._shown.set()
                if unasked:
                    self._prompt()
            elif frame["type"] == "message" and self._people:
                self._console.print(f"\n[magenta]person>[/] {escape(frame['text'])}")
                self._prompt()

    def _moved(self, frame: Frame, *, later: bool) -> None:
        before, self._who = self._who, frame["state"]
        if not self._people or before == self._who:
            return
        if later:
            self._moves.append(frame)  # told after the answer that goes with it
        else:
            self._console.print()
            self._tell(frame)
            self._prompt()

    def _tell(self, frame: Frame) -> None:
        place = frame.get("queue_position")
        where = f" (place {place})" if place else ""
        self._say_aside(f"— {_STATES.get(frame['state'], frame['state'])}{where}")

    def _say_aside(self, text: str) -> None:
        self._console.print(text, style="dim", markup=False, highlight=False)

    def _prompt(self) -> None:
        if self._people:
            self._console.print("[bold]you>[/] ", end="")

    def _show_answer(
        self, awaited: tuple[str, str], frame: Frame, reading: Frame, *, unasked: bool
    ) -> None:
        message_id, said = awaited
        read = {name: reading.get(name) for name in ("state", "trend", "tone", "strategy")}
        sources = [source["id"] for source in frame.get("sources", ())]
        handed_over = frame.get("action") == "handover"
        if self._wishes.json:
            self._write(
                {
                    "text": said,
                    "message_id": message_id,
                    "author": frame["author"],
                    "reply": frame["text"],
                    "action": frame.get("action"),
                    "sources": sources,
                    **read,
                    "trajectory": reading.get("trajectory"),
                    "handover": handed_over,
                }
            )
            return
        grid = Table.grid(padding=(0, 2), expand=True)
        grid.add_column(ratio=3)
        grid.add_column(ratio=1, style="dim")
        if not self._people:
            grid.add_row(f"[bold]you>[/] {escape(said)}", "")
        beside = [f"{name}: {value}" for name, value in read.items() if value]
        beside += course_in_words(reading.get("trajectory") or {})
        if sources:
            beside.append("from " + ", ".join(sources))
        if handed_over:
            beside.append("[bold red]a person was called[/]")
        who = "[magenta]person>[/]" if frame["author"] == "agent" else "[cyan]rapport>[/]"
        if unasked:
            self._console.print()
        grid.add_row(f"{who} {escape(frame['text'])}", "\n".join(beside))
        self._console.print(grid)

    def _fail(self, said: str, why: str) -> None:
        self._failed = True
        if self._wishes.json:
            self._write({"text": said, "error": why})
        else:
            self._console.print(why, style="red", markup=False, highlight=False)

    @staticmethod
    def _write(document: dict[str, Any]) -> None:
        sys.stdout.buffer.write(orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE))
        sys.stdout.buffer.flush()
