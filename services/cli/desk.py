"""An agent's side: presence and offers by RoutingService, what is said by the front door."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import grpc

from rapport.v1 import common_pb2, conversation_pb2, services_pb2
from rapport.v1.conversation_pb2_grpc import RoutingServiceStub
from rapport.v1.services_pb2_grpc import ChatServiceStub
from services.cli.door import door_headers
from services.cli.identity import identity
from services.common.rpc import channel

TENANT = "default"
CALL_SECONDS = 10.0
# Presence lasts 60 s at the platform.
PRESENCE_SECONDS = 20.0
PAUSE_SECONDS = 0.5
Assignment = conversation_pb2.Assignment
_AWAY = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)


class Desk:
    """One agent, present from `__aenter__` to `__aexit__`."""

    def __init__(
        self,
        routing_address: str,
        door_address: str,
        agent_id: str,
        *,
        skills: Sequence[str] = (),
        languages: Sequence[str] = ("en",),
        capacity: int = 3,
    ) -> None:
        self.agent_id = agent_id
        self._skills = list(skills)
        self._languages = list(languages)
        self._capacity = capacity
        self._channels = [channel(each, tls=identity()) for each in (routing_address, door_address)]
        # The generated stubs are typed for blocking channels.
        self._routing: Any = RoutingServiceStub(self._channels[0])
        self._door: Any = ChatServiceStub(self._channels[1])
        self._shown = tuple(door_headers().items())
        self._presence: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Desk":
        await self._be(conversation_pb2.PRESENCE_AVAILABLE)
        self._presence = asyncio.create_task(self._stay(), name="presence")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._presence is not None:
            self._presence.cancel()
            await asyncio.gather(self._presence, return_exceptions=True)
        with suppress(grpc.aio.AioRpcError):
            await self._be(conversation_pb2.PRESENCE_AWAY)
        for each in self._channels:
            await each.close()

    async def _be(self, presence: int) -> None:
        request = conversation_pb2.SetPresenceRequest(
            tenant=TENANT,
            agent_id=self.agent_id,
            presence=presence,  # type: ignore[arg-type]
            skills=self._skills,
            languages=self._languages,
            capacity=self._capacity,
        )
        await self._routing.SetPresence(request, timeout=CALL_SECONDS)

    async def _stay(self) -> None:
        while True:
            await asyncio.sleep(PRESENCE_SECONDS)
            with suppress(grpc.aio.AioRpcError):
                await self._be(conversation_pb2.PRESENCE_AVAILABLE)

    async def assignments(self) -> AsyncIterator[Assignment]:
        """Offers and assignments of this agent, as they happen; again after an outage."""
        request = conversation_pb2.WatchAssignmentsRequest(tenant=TENANT, agent_id=self.agent_id)
        while True:
            try:
                async for response in self._routing.WatchAssignments(request):
                    yield response.assignment
            except grpc.aio.AioRpcError as error:
                if error.code() not in _AWAY:
                    raise
            await asyncio.sleep(PAUSE_SECONDS)
            with suppress(grpc.aio.AioRpcError):
                await self._be(conversation_pb2.PRESENCE_AVAILABLE)

    async def accept(self, conversation_id: str) -> Assignment | None:
        """Takes an offered conversation; None when it is no longer offered to this agent."""
        request = conversation_pb2.AcceptRequest(
            tenant=TENANT, agent_id=self.agent_id, conversation_id=conversation_id
        )
        try:
            response = await self._routing.Accept(request, timeout=CALL_SECONDS)
        except grpc.aio.AioRpcError as error:
            if error.code() in (grpc.StatusCode.FAILED_PRECONDITION, grpc.StatusCode.NOT_FOUND):
                return None
            raise
        accepted: Assignment = response.assignment
        return accepted

    async def held_since(self, conversation_id: str) -> int | None:
        """Version of the newest move of a conversation that this agent has; None when it has not,
        whatever an assignment that came late says."""
        request = conversation_pb2.GetConversationRequest(
            tenant=TENANT, conversation_id=conversation_id
        )
        response = await self._routing.GetConversation(request, timeout=CALL_SECONDS)
        latest = response.latest
        mine = latest.agent_id == self.agent_id
        if mine and latest.to == conversation_pb2.CONVERSATION_STATE_AGENT:
            return int(latest.version)
        return None

    async def decline(self, conversation_id: str) -> None:
        """Lets somebody else have it."""
        request = conversation_pb2.DeclineRequest(
            tenant=TENANT, agent_id=self.agent_id, conversation_id=conversation_id
        )
        await self._routing.Decline(request, timeout=CALL_SECONDS)

    async def hand_back(self, conversation_id: str, through: int, note: str = "") -> None:
        """Gives the conversation back to the bot, which answers what the customer wrote after the
        sequence `through`."""
        request = conversation_pb2.HandBackRequest(
            tenant=TENANT,
            agent_id=self.agent_id,
            conversation_id=conversation_id,
            note=note,
            answered_through=through,
        )
        await self._routing.HandBack(request, timeout=CALL_SECONDS)

    async def wrap_up(self, conversation_id: str, disposition: str, through: int) -> None:
        """Closes the conversation and says how it went. What the customer wrote after the sequence
        `through` opens it again."""
        request = conversation_pb2.WrapUpRequest(
            tenant=TENANT,
            agent_id=self.agent_id,
            conversation_id=conversation_id,
            disposition=disposition,
            answered_through=through,
        )
        await self._routing.WrapUp(request, timeout=CALL_SECONDS)

    async def follow(self, conversation_id: str, after: int = 0) -> AsyncIterator[Any]:
        """Deliveries of a conversation's record, redacted, from a position on; for ever."""
        while True:
            request = services_pb2.WatchRequest(conversation_id=conversation_id, after=after)
            try:
                async for response in self._door.Watch(request, metadata=self._shown):
                    after = response.delivery.position
                    yield response.delivery
            except grpc.aio.AioRpcError as error:
                if error.code() not in _AWAY:
                    raise
            await asyncio.sleep(PAUSE_SECONDS)

    async def write(
        self, conversation_id: str, customer_id: str, text: str, in_reply_to: str = ""
    ) -> str:
        """Writes to the customer through the door; the message's id once it is accepted."""
        now = datetime.now(UTC)
        message = services_pb2.MessageSent(
            conversation_id=conversation_id,
            customer_id=customer_id,
            channel=common_pb2.CHANNEL_CHAT,
            author=common_pb2.AUTHOR_AGENT,
            text=text,
            in_reply_to=in_reply_to,
            agent_id=self.agent_id,
        )
        message.sent_at.FromDatetime(now)
        request = services_pb2.PublishRequest(
            # Answering one message twice is answering it once, whoever asks again.
            id=f"{self.agent_id}-{in_reply_to}" if in_reply_to else str(uuid.uuid4()),
            source=f"/agents/{self.agent_id}",
            type="rapport.message.sent.v1",
            message=message,
        )
        request.time.FromDatetime(now)
        response = await self._again(
            lambda: self._door.Publish(request, timeout=CALL_SECONDS, metadata=self._shown)
        )
        return str(response.event_id)

    @staticmethod
    async def _again(call: Callable[[], Awaitable[Any]], patience: float = 30.0) -> Any:
        # The door's ids make a repeat safe; an outage of seconds is worth waiting out.
        deadline = asyncio.get_running_loop().time() + patience
        while True:
            try:
                return await call()
            except grpc.aio.AioRpcError as error:
                away = error.code() in _AWAY or error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
                if not away or asyncio.get_running_loop().time() > deadline:
                    raise
            await asyncio.sleep(PAUSE_SECONDS)
