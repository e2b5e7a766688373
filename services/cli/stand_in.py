"""An agent that needs no person: takes every offer and answers each message once.

For demonstrations and tests. It goes through the same RoutingService and the same door as a
person at `rapport agent`.
"""

import asyncio
import logging
from collections.abc import Callable

import grpc

from rapport.v1 import common_pb2, conversation_pb2, services_pb2
from services.cli.desk import Assignment, Desk
from services.common.open_messages import OpenMessages

log = logging.getLogger(__name__)


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
        if task is not None and not task.done():
            return
        since = await self._desk.held_since(conversation_id)
        if since is not None:
            self._conversations[conversation_id] = asyncio.create_task(
                self._serve(assignment, since), name=f"stand-in {conversation_id}"
            )

    async def _serve(self, assignment: Assignment, since: int) -> None:
        try:
            await self._converse(assignment, since)
        except grpc.aio.AioRpcError as error:
            log.warning("stand-in left %s: %s", assignment.conversation_id, error.code().name)

    async def _converse(self, assignment: Assignment, since: int) -> None:
        conversation_id = assignment.conversation_id
        messages = OpenMessages(self._desk.agent_id, since)
        arrived: asyncio.Queue[services_pb2.Delivery] = asyncio.Queue()

        async def read() -> None:
            async for delivery in self._desk.follow(conversation_id):
                await arrived.put(delivery)

        reading = asyncio.create_task(read())
        written = 0
        try:
            while True:
                messages.take(await arrived.get())
                if not arrived.empty():
                    continue  # what is known already comes before what is done
                for message in messages.due():
                    text = fitting_line(message.text, assignment.context.state, written)
                    await self._answer(assignment, message.ref.message_id, text)
                    messages.answer(message.ref.message_id)
                    written += 1
                    self._on_answer(conversation_id)
                if messages.over:
                    break
        finally:
            reading.cancel()
        await self._finish(conversation_id, messages.through())

    async def _answer(self, assignment: Assignment, message_id: str, text: str) -> None:
        try:
            await self._desk.write(
                assignment.conversation_id, assignment.customer_id, text, message_id
            )
        except grpc.aio.AioRpcError as error:
            # Answered before this desk was opened again: the door takes one answer of an agent.
            if error.code() != grpc.StatusCode.ALREADY_EXISTS:
                raise

    async def _finish(self, conversation_id: str, through: int) -> None:
        try:
            await self._desk.wrap_up(conversation_id, "resolved", through)
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
