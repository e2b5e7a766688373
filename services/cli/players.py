"""Simulated customers: each sends its next turn only after the answer to the one before."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from services.cli.conversations import Conversation
from services.cli.door import CustomerLine, DoorRefused


@dataclass
class Played:
    """What one customer met. Latencies are seconds from sending to the answer's delivery."""

    conversation_id: str
    accepted: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    by_platform: list[float] = field(default_factory=list)
    by_agent: list[float] = field(default_factory=list)


class Pace:
    """Lets at most `rate` messages a second start, evenly; 0 is as fast as they come."""

    def __init__(self, rate: float) -> None:
        self._gap = 1 / rate if rate > 0 else 0.0
        self._next = 0.0

    async def __call__(self) -> None:
        now = time.monotonic()
        slot = max(now, self._next)
        self._next = slot + self._gap
        if slot > now:
            await asyncio.sleep(slot - now)


async def play(
    conversation: Conversation,
    door: str,
    prefix: str,
    pace: Pace,
    *,
    patience: float = 60.0,
    on_message: Callable[[], None] = lambda: None,
) -> Played:
    """Plays one conversation to its end through the door. `patience` is seconds for an answer."""
    played = Played(f"{prefix}-{conversation.id}")
    attributes = {"industry": conversation.industry} if conversation.industry else {}
    # Some bundled customers are known at the back office; the others are told apart by their id.
    customer = conversation.customer_id or f"customer-{played.conversation_id}"
    line = CustomerLine(door, played.conversation_id, customer_id=customer)
    async with line:
        for text in conversation.turns:
            await pace()
            began = time.perf_counter()
            try:
                message_id = await line.say(text, attributes)
            except DoorRefused as error:
                played.refused.append(str(error))
                on_message()
                continue
            played.accepted.append(message_id)
            try:
                answer = await line.answer(message_id, patience)
            except TimeoutError:
                played.unanswered.append(message_id)
            else:
                latencies = played.by_agent if answer.author == "agent" else played.by_platform
                latencies.append(answer.at - began)
            on_message()
        try:
            await line.end()
        except DoorRefused as error:
            played.refused.append(str(error))
    return played


async def play_all(
    conversations: Sequence[Conversation],
    door: str,
    prefix: str,
    *,
    rate: float,
    at_once: int,
    patience: float = 60.0,
    on_message: Callable[[], None] = lambda: None,
    on_conversation: Callable[[Played], None] = lambda _: None,
) -> list[Played]:
    """Plays all, `at_once` side by side, at most `rate` messages a second altogether."""
    pace = Pace(rate)
    places = asyncio.Semaphore(at_once)

    async def one(conversation: Conversation) -> Played:
        async with places:
            played = await play(
                conversation, door, prefix, pace, patience=patience, on_message=on_message
            )
        on_conversation(played)
        return played

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(conversation)) for conversation in conversations]
    return [task.result() for task in tasks]
