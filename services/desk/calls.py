"""What the desk asks the platform, over gRPC: routing, the door, reply, emotion."""

import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import Any

import grpc

from rapport.v1 import common_pb2, conversation_pb2, message_pb2, reply_pb2, services_pb2
from rapport.v1.conversation_pb2_grpc import RoutingServiceStub
from rapport.v1.reply_pb2_grpc import ReplyServiceStub
from rapport.v1.services_pb2_grpc import (
    ChatServiceStub,
    EmotionServiceStub,
)
from services.common.rpc import channel
from services.desk.accounts import Account
from services.desk.settings import DeskSettings

SECONDS = 8.0
AWAY = (
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.CANCELLED,
)
PRESENCE = {
    "available": conversation_pb2.PRESENCE_AVAILABLE,
    "busy": conversation_pb2.PRESENCE_BUSY,
    "away": conversation_pb2.PRESENCE_AWAY,
}
Open = conversation_pb2.OpenConversation


class Calls:
    """A part of the service: the channels, opened in its event loop."""

    def __init__(self, settings: DeskSettings) -> None:
        self._settings = settings
        self._tenant = settings.tenant
        self._channels: list[grpc.aio.Channel] = []
        key = settings.door_key.get_secret_value()
        self._shown = (("authorization", f"Bearer {key}"),) if key else ()
        # The generated stubs are typed for blocking channels.
        self._routing: Any = None
        self._door: Any = None
        self._reply: Any = None
        self._emotion: Any = None

    async def start(self) -> None:
        """Makes the channels; they connect when they are used."""
        addresses = self._settings
        self._routing = RoutingServiceStub(self._channel(addresses.routing_address))
        self._door = ChatServiceStub(self._channel(addresses.door_address))
        self._reply = ReplyServiceStub(self._channel(addresses.reply_address))
        self._emotion = EmotionServiceStub(self._channel(addresses.emotion_address))

    def _channel(self, address: str) -> grpc.aio.Channel:
        made = channel(address)
        self._channels.append(made)
        return made

    async def drain(self) -> None:
        """Closes the channels."""
        for each in self._channels:
            await each.close()
        self._channels.clear()

    def ready(self) -> bool:
        """Whether there are channels; the services behind them have their own probes."""
        return bool(self._channels)

    # Routing.

    async def be(self, account: Account, presence: str) -> None:
        """Tells routing that somebody is there, or not."""
        request = conversation_pb2.SetPresenceRequest(
            tenant=self._tenant,
            agent_id=account.name,
            presence=PRESENCE[presence],
            skills=account.skills,
            languages=account.languages,
            capacity=account.capacity,
        )
        await self._routing.SetPresence(request, timeout=SECONDS)

    async def watch(self, agent_id: str) -> AsyncIterator[conversation_pb2.Assignment]:
        """One agent's assignments, the present ones first, until the stream breaks."""
        request = conversation_pb2.WatchAssignmentsRequest(tenant=self._tenant, agent_id=agent_id)
        async for response in self._routing.WatchAssignments(request):
            yield response.assignment

    async def conversation(
        self, conversation_id: str
    ) -> conversation_pb2.GetConversationResponse | None:
        """A conversation as routing has it; None where there is none."""
        request = conversation_pb2.GetConversationRequest(
            tenant=self._tenant, conversation_id=conversation_id
        )
        try:
            found: conversation_pb2.GetConversationResponse = await self._routing.GetConversation(
                request, timeout=SECONDS
            )
        except grpc.aio.AioRpcError as error:
            if error.code() in (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.INVALID_ARGUMENT):
                return None
            raise
        return found

    async def held(self, agent_id: str = "") -> Sequence[Open]:
        """What one agent was offered and has, or everything on the floor."""
        request = conversation_pb2.ListConversationsRequest(tenant=self._tenant, agent_id=agent_id)
        response = await self._routing.ListConversations(request, timeout=SECONDS)
        found: Sequence[Open] = response.conversations
        return found

    async def agents(self) -> Sequence[conversation_pb2.AgentLoad]:
        """Who is there."""
        request = conversation_pb2.ListAgentsRequest(tenant=self._tenant)
        response = await self._routing.ListAgents(request, timeout=SECONDS)
        found: Sequence[conversation_pb2.AgentLoad] = response.agents
        return found

    async def queues(self) -> Sequence[conversation_pb2.Queue]:
        """The queues that anybody waits in or was taken from."""
        request = conversation_pb2.ListQueuesRequest(tenant=self._tenant)
        response = await self._routing.ListQueues(request, timeout=SECONDS)
        found: Sequence[conversation_pb2.Queue] = response.queues
        return found

    async def accept(self, **named: str) -> None:
        """Takes an offer."""
        await self._do("Accept", conversation_pb2.AcceptRequest, **named)

    async def decline(self, **named: str) -> None:
        """Passes an offer by."""
        await self._do("Decline", conversation_pb2.DeclineRequest, **named)

    async def hand_back(self, through: int | None, **named: str) -> None:
        """Gives the conversation back to the bot, which answers what came after `through`."""
        more = {} if through is None else {"answered_through": through}
        await self._do("HandBack", conversation_pb2.HandBackRequest, **named, **more)

    async def wrap_up(self, disposition: str, through: int | None, **named: str) -> None:
        """Closes the conversation; what came after `through` opens it again."""
        more: dict[str, Any] = {} if through is None else {"answered_through": through}
        more["disposition"] = disposition
        await self._do("WrapUp", conversation_pb2.WrapUpRequest, **named, **more)

    async def transfer(self, *, queue: str = "", to_agent_id: str = "", **named: str) -> None:
        """Gives the conversation to a queue or a colleague."""
        to = {"to_agent_id": to_agent_id} if to_agent_id else {"queue": queue}
        await self._do("Transfer", conversation_pb2.TransferRequest, **named, **to)

    async def take_over(self, **named: str) -> None:
        """Takes the conversation past the queue."""
        await self._do("TakeOver", conversation_pb2.TakeOverRequest, **named)

    async def _do(self, name: str, request: Any, **fields: Any) -> None:
        await getattr(self._routing, name)(request(tenant=self._tenant, **fields), timeout=SECONDS)

    # The door.

    async def record(
        self, conversation_id: str, after: int
    ) -> AsyncGenerator[services_pb2.Delivery, None]:
        """What is said and done after a position, redacted, until the stream breaks."""
        request = services_pb2.WatchRequest(conversation_id=conversation_id, after=after)
        async for response in self._door.Watch(request, metadata=self._shown):
            yield response.delivery

    async def say(
        self,
        *,
        event_id: str,
        agent_id: str,
        conversation_id: str,
        customer_id: str,
        text: str,
        in_reply_to: str,
    ) -> None:
        """Writes to the customer. The same `event_id` again says it once."""
        message = services_pb2.MessageSent(
            conversation_id=conversation_id,
            customer_id=customer_id,
            channel=common_pb2.CHANNEL_CHAT,
            author=common_pb2.AUTHOR_AGENT,
            text=text,
            in_reply_to=in_reply_to,
            agent_id=agent_id,
        )
        message.sent_at.GetCurrentTime()
        await self._publish("rapport.message.sent.v1", event_id, agent_id, message=message)

    async def note(self, *, event_id: str, agent_id: str, conversation_id: str, text: str) -> None:
        """Tells the other agents something; the customer never sees it."""
        note = services_pb2.NoteAdded(conversation_id=conversation_id, agent_id=agent_id, text=text)
        await self._publish("rapport.note.added.v1", event_id, agent_id, note=note)

    async def judge_draft(
        self, *, agent_id: str, conversation_id: str, message_id: str, source_id: str, score: float
    ) -> None:
        """Says what became of a draft: 1 sent as it was, 0.5 changed, 0 turned down."""
        feedback = services_pb2.FeedbackSent(
            conversation_id=conversation_id,
            kind=message_pb2.FEEDBACK_KIND_SUGGESTION,
            score=score,
            message_id=message_id,
            source_id=source_id,
        )
        await self._publish(
            "rapport.feedback.given.v1", str(uuid.uuid4()), agent_id, feedback=feedback
        )

    async def correct(
        self,
        *,
        agent_id: str,
        conversation_id: str,
        message_id: str,
        label: "common_pb2.CareState.ValueType",
    ) -> None:
        """Says what a customer really felt."""
        feedback = services_pb2.FeedbackSent(
            conversation_id=conversation_id,
            kind=message_pb2.FEEDBACK_KIND_EMOTION_CORRECTION,
            label=label,
            message_id=message_id,
        )
        await self._publish(
            "rapport.feedback.given.v1", str(uuid.uuid4()), agent_id, feedback=feedback
        )

    async def _publish(self, type_: str, event_id: str, agent_id: str, **data: Any) -> None:
        request = services_pb2.PublishRequest(
            id=event_id, source=f"/desk/{agent_id}", type=type_, **data
        )
        request.time.GetCurrentTime()
        await self._door.Publish(request, timeout=SECONDS, metadata=self._shown)

    # Personal data.

    async def reveal(self, conversation_id: str, placeholder: str, agent_id: str) -> str | None:
        """The value behind a placeholder, audited; None where none is kept."""
        request = services_pb2.RevealToAgentRequest(
            conversation_id=conversation_id, placeholder=placeholder, agent_id=agent_id
        )
        response = await self._door.RevealToAgent(request, timeout=SECONDS, metadata=self._shown)
        return str(response.value) if response.HasField("value") else None

    async def reveals(self) -> Sequence[services_pb2.AuditedReveal]:
        """What agents had revealed, the newest first."""
        response = await self._door.ListAgentReveals(
            services_pb2.ListAgentRevealsRequest(), timeout=SECONDS, metadata=self._shown
        )
        found: Sequence[services_pb2.AuditedReveal] = response.reveals
        return found

    # Drafts and readings.

    async def suggest(
        self, conversation_id: str, turns: Sequence[reply_pb2.Turn]
    ) -> Sequence[reply_pb2.Draft]:
        """Drafts of an answer, the best first."""
        request = reply_pb2.SuggestRequest(
            conversation_id=conversation_id, tenant=self._tenant, turns=turns
        )
        response = await self._reply.Suggest(request, timeout=SECONDS)
        drafts: Sequence[reply_pb2.Draft] = response.drafts
        return drafts

    async def read(
        self, requests: Sequence[services_pb2.ScoreTextRequest]
    ) -> Sequence[message_pb2.EmotionReading]:
        """What customers' texts say of their feelings, in the order of the requests."""
        response = await self._emotion.ScoreBatch(
            services_pb2.ScoreBatchRequest(requests=requests), timeout=SECONDS
        )
        return [each.reading for each in response.responses]
