"""An agent that needs no person: takes every offer and answers each message once.

For demonstrations and tests. It goes through the same RoutingService and the same door as a
person at `rapport agent`.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

import grpc

from rapport.v1 import common_pb2, conversation_pb2, message_pb2, services_pb2
from services.cli.desk import Assignment, Desk

log = logging.getLogger(__name__)

# Around the take-over the bot may still be answering what was written before it: only what it
# left unanswered after this many seconds is the agent's.
TRANSITION_SECONDS = 4.0
SETTLED_SECONDS = 3.0

_ASKS = (message_pb2.MESSAGE_KIND_TEXT, message_pb2.MESSAGE_KIND_PERSON_REQUESTED)
_GONE = (conversation_pb2.CONVERSATION_STATE_CLOSED, conversation_pb2.CONVERSATION_STATE_WRAP_UP)


@dataclass
class Ledger:
    """Which messages of one conversation are the agent's to answer. Times are the caller's."""

    agent_id: str
    mine_since: float | None = None
    over: bool = False
    waiting: dict[str, tuple[float, message_pb2.MessageRedacted]] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)

    def take(self, delivery: services_pb2.Delivery, now: float) -> None:
        """Takes the next entry of the conversation's record."""
        kind = delivery.WhichOneof("event")
        if kind == "message":
            self._message(delivery.message, now)
        elif kind == "reply":
            self._done(delivery.reply.in_reply_to)
        elif kind == "changed":
            self._changed(delivery.changed, now)

    def due(self, now: float) -> list[message_pb2.MessageRedacted]:
        """Messages to answer now, oldest first."""
        if self.mine_since is None or self.over:
            return []
        return [message for seen, message in self.waiting.values() if self._due_at(seen) <= now]

    def next_due(self) -> float | None:
        """When the next message falls due; None when none waits."""
        if self.mine_since is None or self.over or not self.waiting:
            return None
        return min(self._due_at(seen) for seen, _ in self.waiting.values())

    def answer(self, message_id: str) -> None:
        """Notes an answer of the agent's own."""
        self._done(message_id)

    def _due_at(self, seen: float) -> float:
        assert self.mine_since is not None
        if seen >= self.mine_since + SETTLED_SECONDS:
            return seen
        return max(seen, self.mine_since) + TRANSITION_SECONDS

    def _message(self, message: message_pb2.MessageRedacted, now: float) -> None:
        ref = message.ref
        if message.kind == message_pb2.MESSAGE_KIND_CONVERSATION_ENDED:
            self.over = True
        elif ref.author == common_pb2.AUTHOR_AGENT:
            self._done(ref.in_reply_to)
        elif message.kind in _ASKS and ref.message_id not in self.answered:
            self.waiting[ref.message_id] = (now, message)

    def _changed(self, changed: conversation_pb2.ConversationChanged, now: float) -> None:
        mine = (
            changed.to == conversation_pb2.CONVERSATION_STATE_AGENT
            and changed.agent_id == self.agent_id
        )
        if mine and self.mine_since is None:
            self.mine_since = now
        elif not mine:
            self.mine_since = None
            self.over = changed.to in _GONE

    def _done(self, message_id: str) -> None:
        self.answered.add(message_id)
        self.waiting.pop(message_id, None)


class StandIn:
    """Works at a desk until cancelled. `on_answer` hears of each answer's conversation."""

    def __init__(self, desk: Desk, *, on_answer: Callable[[str], None] = lambda _: None) -> None:
        self._desk = desk
        self._on_answer = on_answer
        self._conversations: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Takes offers as they come."""
        try:
            async for assignment in self._desk.assignments():
                await self._take(assignment)
        finally:
            for task in self._conversations.values():
                task.cancel()

    async def _take(self, assignment: Assignment) -> None:
        conversation_id = assignment.conversation_id
        task = self._conversations.get(conversation_id)
        if assignment.state == conversation_pb2.CONVERSATION_STATE_OFFERED:
            accepted = await self._desk.accept(conversation_id)
            if accepted is None:
                return
            assignment = accepted
        if assignment.state != conversation_pb2.CONVERSATION_STATE_AGENT:
            return
        if task is None or task.done():
            self._conversations[conversation_id] = asyncio.create_task(
                self._serve(assignment), name=f"stand-in {conversation_id}"
            )

    async def _serve(self, assignment: Assignment) -> None:
        try:
            await self._converse(assignment)
        except grpc.aio.AioRpcError as error:
            log.warning("stand-in left %s: %s", assignment.conversation_id, error.code().name)

    async def _converse(self, assignment: Assignment) -> None:
        conversation_id = assignment.conversation_id
        ledger = Ledger(self._desk.agent_id)
        clock = asyncio.get_running_loop().time
        arrived: asyncio.Queue[services_pb2.Delivery] = asyncio.Queue()

        async def read() -> None:
            async for delivery in self._desk.follow(conversation_id):
                await arrived.put(delivery)

        reading = asyncio.create_task(read())
        written = 0
        try:
            while not ledger.over:
                due = ledger.next_due()
                wait = None if due is None else max(0.0, due - clock())
                with contextlib.suppress(TimeoutError):
                    ledger.take(await asyncio.wait_for(arrived.get(), wait), clock())
                if not arrived.empty():
                    continue  # what is known already comes before what is answered
                for message in ledger.due(clock()):
                    text = fitting_line(message.text, assignment.context.state, written)
                    await self._desk.write(
                        conversation_id, assignment.customer_id, text, message.ref.message_id
                    )
                    ledger.answer(message.ref.message_id)
                    written += 1
                    self._on_answer(conversation_id)
        finally:
            reading.cancel()
        await self._finish(conversation_id)

    async def _finish(self, conversation_id: str) -> None:
        try:
            await self._desk.wrap_up(conversation_id, "resolved")
        except grpc.aio.AioRpcError as error:
            # Routing closed it itself: nothing is left to wrap up.
            if error.code() not in (
                grpc.StatusCode.FAILED_PRECONDITION,
                grpc.StatusCode.NOT_FOUND,
            ):
                raise


_HEAVY = (
    common_pb2.CARE_STATE_ANGRY,
    common_pb2.CARE_STATE_FRUSTRATED,
    common_pb2.CARE_STATE_DISTRESSED,
)
_THANKS = ("thank", "thx", "appreciate", "cheers")
_BYE = ("bye", "that's all", "thats all", "nothing else", "no that")


def fitting_line(text: str, state: int, written: int) -> str:
    """A short line that a person could say to `text`.

    `state` is the care state at the hand-over, `written` how many lines were said before.
    """
    low = text.lower()
    if any(word in low for word in _THANKS):
        return ("Glad I could help.", "You're very welcome.", "Any time.")[written % 3]
    if any(word in low for word in _BYE):
        return ("All right. Take care!", "Thanks for writing in. Take care.")[written % 2]
    if written == 0:
        if state in _HEAVY:
            return "I've read what happened, so you don't have to tell it twice. I'm on it now."
        return "Hello, a person here. I've read the conversation so far and I'll take it on."
    if "?" in text:
        return (
            "Good question. I'm looking it up and will tell you before we finish.",
            "Let me check that with the team on my side. One moment.",
            "I have your file open and am looking right now.",
        )[written % 3]
    return (
        "Noted, and added to your file.",
        "Understood. I'm keeping that in mind while I work on it.",
        "Thanks for telling me. I've passed it on to the people who handle it.",
        "Got it. I'll stay with you until this is sorted out.",
    )[written % 4]
