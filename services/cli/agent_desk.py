"""`rapport agent`: a person takes conversations in the terminal and answers them."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import grpc
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from rapport.v1 import common_pb2, conversation_pb2, message_pb2, reply_pb2
from services.cli.desk import Assignment, Desk
from services.cli.stand_in import StandIn
from services.cli.terminal import typed_lines
from services.common.open_messages import OpenMessages

HELP = (
    "Enter or /take takes an offer, /decline leaves it; then what you type goes to the customer. "
    "/back [note] gives it back to the bot, /done [how it went] closes it, /quit goes home"
)
TURNS_SHOWN = 6
_OFFERED = conversation_pb2.CONVERSATION_STATE_OFFERED
_AGENT = conversation_pb2.CONVERSATION_STATE_AGENT


@dataclass(frozen=True)
class Seat:
    """Who sits down, and where the platform is."""

    routing: str
    door: str
    agent_id: str
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    capacity: int = 1
    auto: bool = False


def run_agent(seat: Seat) -> int:
    """Works until /quit, Ctrl-C or the end of the input. 1 when routing cannot be reached."""
    console = Console()
    try:
        asyncio.run(_work(seat, console))
    except KeyboardInterrupt:
        console.print()
    except grpc.aio.AioRpcError as error:
        console.print(f"routing says {error.code().name}: {error.details()}", markup=False)
        return 1
    return 0


async def _work(seat: Seat, console: Console) -> None:
    desk = Desk(
        seat.routing,
        seat.door,
        seat.agent_id,
        skills=seat.skills,
        languages=seat.languages,
        capacity=seat.capacity,
    )
    async with desk:
        console.print(f"[dim]{seat.agent_id} is at the desk[/]")
        if seat.auto:
            console.print("[dim]answering by itself; Ctrl-C ends it[/]")

            def tell(conversation_id: str) -> None:
                console.print(f"answered in {conversation_id}", highlight=False)

            await StandIn(desk, on_answer=tell).run()
        else:
            await _Person(desk, console).run()


@dataclass
class _Open:
    """The conversation in hand, and what waits in it."""

    assignment: Assignment
    messages: OpenMessages
    following: asyncio.Task[None] | None = None


class _Person:
    def __init__(self, desk: Desk, console: Console) -> None:
        self._desk = desk
        self._console = console
        self._offers: list[Assignment] = []
        self._open: _Open | None = None

    async def run(self) -> None:
        self._say(HELP)
        watching = asyncio.create_task(self._watch())
        try:
            async for line in typed_lines():
                if line.strip() == "/quit":
                    return
                try:
                    await self._do(line.strip())
                except grpc.aio.AioRpcError as error:
                    self._say(f"{error.code().name}: {error.details()}", "red")
                self._prompt()
        finally:
            watching.cancel()
            self._leave()
            await asyncio.gather(watching, return_exceptions=True)

    def _prompt(self) -> None:
        self._console.print("[bold]agent>[/] ", end="")

    def _say(self, text: str, style: str = "dim") -> None:
        self._console.print(text, style=style, markup=False, highlight=False)

    async def _watch(self) -> None:
        async for assignment in self._desk.assignments():
            known = {offer.conversation_id for offer in self._offers}
            if assignment.state == _OFFERED and assignment.conversation_id not in known:
                self._offers.append(assignment)
                self._console.print()
                self._console.print(packet(assignment))
                self._prompt()
            elif assignment.state == _AGENT and self._open is None:
                await self._begin(assignment)
                self._prompt()
            elif assignment.state not in (_OFFERED, _AGENT):
                self._offers = [
                    o for o in self._offers if o.conversation_id != assignment.conversation_id
                ]

    async def _do(self, line: str) -> None:
        command, _, rest = line.partition(" ")
        if self._open is not None:
            await self._in_conversation(self._open, command, rest, line)
        elif command in ("", "/take"):
            await self._take()
        elif command == "/decline" and self._offers:
            await self._desk.decline(self._offers.pop(0).conversation_id)
            self._say("left to somebody else")
        else:
            self._say(HELP if self._offers else f"nothing is offered yet. {HELP}")

    async def _take(self) -> None:
        if not self._offers:
            self._say("nothing is offered yet")
            return
        accepted = await self._desk.accept(self._offers.pop(0).conversation_id)
        if accepted is None:
            self._say("it is no longer offered to you")
        elif self._open is None:
            await self._begin(accepted)

    async def _begin(self, assignment: Assignment) -> None:
        since = await self._desk.held_since(assignment.conversation_id)
        if since is None:
            return
        self._open = _Open(assignment, OpenMessages(self._desk.agent_id, since))
        self._open.following = asyncio.create_task(self._follow(self._open))
        self._say(f"you have {assignment.conversation_id}: the bot is silent now", "green")
        if assignment.context.suggested_opening:
            self._say(f"you could begin with: {assignment.context.suggested_opening}")

    async def _follow(self, conversation: _Open) -> None:
        identifier, messages = conversation.assignment.conversation_id, conversation.messages
        async for delivery in self._desk.follow(identifier):
            before = messages.mine
            messages.take(delivery)
            if before and not messages.mine:
                self._say(f"\n{identifier} is no longer yours")
                self._leave()
                return
            if messages.mine and delivery.HasField("message"):  # what was before is in the packet
                self._heard(delivery.message)

    def _heard(self, message: message_pb2.MessageRedacted) -> None:
        if message.ref.author != common_pb2.AUTHOR_CUSTOMER:
            return
        if message.kind == message_pb2.MESSAGE_KIND_CONVERSATION_ENDED:
            self._say("\nthe customer closed the conversation; /done files it", "yellow")
        else:
            self._console.print(f"\n[cyan]customer>[/] {escape(message.text)}")
        self._prompt()

    async def _in_conversation(
        self, conversation: _Open, command: str, rest: str, line: str
    ) -> None:
        identifier = conversation.assignment.conversation_id
        if command == "/back":
            await self._desk.hand_back(identifier, conversation.messages.through(), rest)
            self._say("given back to the bot")
            self._leave()
        elif command == "/done":
            through = conversation.messages.through()
            await self._desk.wrap_up(identifier, rest or "resolved", through)
            self._say("closed")
            self._leave()
        elif command.startswith("/"):
            self._say(HELP)
        elif line:
            # The oldest that waits: several in a row are answered one by one.
            due = conversation.messages.due()
            answers = due[0].ref.message_id if due else ""
            conversation.messages.answer(answers)
            await self._desk.write(identifier, conversation.assignment.customer_id, line, answers)

    def _leave(self) -> None:
        if self._open is not None and self._open.following is not None:
            self._open.following.cancel()
        self._open = None


def packet(assignment: Assignment) -> Panel:
    """The context packet: what an agent needs in the first second."""
    context = assignment.context
    reason = word(common_pb2.HandoverReason, assignment.reason)
    priority = word(common_pb2.Priority, assignment.priority)
    state = word(common_pb2.CareState, context.state)
    trend = word(common_pb2.Trend, context.trajectory.trend)
    row = context.trajectory.negative_in_a_row
    negative = f"{row} negative turns in a row" if row > 1 else ""
    lines = [
        f"[bold]{escape(context.summary)}[/]",
        "   ".join(
            f"{name}: {value}"
            for name, value in (
                ("reason", reason),
                ("priority", priority),
                ("feels", ", ".join(filter(None, (state, trend, negative)))),
            )
            if value
        ),
    ]
    if context.intent:
        lines.append(f"wants: {escape(context.intent)}")
    if context.tried:
        lines.append("tried: " + "; ".join(escape(each) for each in context.tried))
    lines += [_turn(turn) for turn in context.turns[-TURNS_SHOWN:]]
    title = f"offered: {assignment.conversation_id} (Enter takes it)"
    return Panel("\n".join(lines), title=title, title_align="left")


def _turn(turn: reply_pb2.Turn) -> str:
    author = word(common_pb2.Author, turn.author)
    return f"[dim]{author}:[/] {escape(turn.text)}"


def word(enum: Any, number: int) -> str:
    """An enum's value as one word: CARE_STATE_ANGRY is "angry"; "" when not set."""
    with suppress(ValueError):
        name = enum.Name(number)
        zero = enum.Name(0).removesuffix("UNSPECIFIED")
        return "" if number == 0 else str(name).removeprefix(zero).lower()
    return str(number)
