"""RoutingService: translates, and says what was wrong."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar

import grpc

from rapport.v1 import conversation_pb2, conversation_pb2_grpc
from services.common.failures import Transient
from services.common.logs import logger
from services.common.rpc import Context, refuse
from services.routing.commands import Commands, NotFound, Refused
from services.routing.conversation import timestamp
from services.routing.requests import (
    Invalid,
    agent_of,
    answered_through_of,
    conversation_of,
    disposition_of,
    limit_of,
    note_of,
    presence_of,
    target_of,
    tenant_of,
)
from services.routing.states import HELD, State
from services.routing.watching import Watchers

log = logger(__name__)

SERVICE = "rapport.v1.RoutingService"
# Should a notification be lost with its connection, the stream looks by itself.
LOOK_AGAIN_SECONDS = 15.0
T = TypeVar("T")


class RoutingServicer(conversation_pb2_grpc.RoutingServiceServicer):
    """The agent's side of routing."""

    def __init__(
        self,
        commands: Commands,
        watchers: Watchers,
        clock: Callable[[], datetime],
        *,
        presence_seconds: float = 60.0,
    ) -> None:
        self._commands = commands
        self._watchers = watchers
        self._clock = clock
        self._presence_seconds = presence_seconds

    async def SetPresence(
        self, request: conversation_pb2.SetPresenceRequest, context: Context
    ) -> conversation_pb2.SetPresenceResponse:
        """Says that an agent is there, and what the agent can do."""

        async def answer() -> conversation_pb2.SetPresenceResponse:
            agent = presence_of(request, self._clock())
            held = await asyncio.to_thread(
                self._commands.set_presence, agent, self._presence_seconds
            )
            return conversation_pb2.SetPresenceResponse(open_conversations=held)

        return await _answered(context, answer)

    async def Accept(
        self, request: conversation_pb2.AcceptRequest, context: Context
    ) -> conversation_pb2.AcceptResponse:
        """Takes an offer."""

        async def answer() -> conversation_pb2.AcceptResponse:
            taken = await asyncio.to_thread(self._commands.accept, *_named(request))
            return conversation_pb2.AcceptResponse(assignment=taken.assignment())

        return await _answered(context, answer)

    async def Decline(
        self, request: conversation_pb2.DeclineRequest, context: Context
    ) -> conversation_pb2.DeclineResponse:
        """Passes an offer by."""

        async def answer() -> conversation_pb2.DeclineResponse:
            await asyncio.to_thread(self._commands.decline, *_named(request))
            return conversation_pb2.DeclineResponse()

        return await _answered(context, answer)

    async def HandBack(
        self, request: conversation_pb2.HandBackRequest, context: Context
    ) -> conversation_pb2.HandBackResponse:
        """Gives a conversation back to the bot."""

        async def answer() -> conversation_pb2.HandBackResponse:
            note_of(request.note)
            through = answered_through_of(request)
            await asyncio.to_thread(self._commands.hand_back, *_named(request), through)
            return conversation_pb2.HandBackResponse()

        return await _answered(context, answer)

    async def WrapUp(
        self, request: conversation_pb2.WrapUpRequest, context: Context
    ) -> conversation_pb2.WrapUpResponse:
        """Ends and closes a conversation."""

        async def answer() -> conversation_pb2.WrapUpResponse:
            code = disposition_of(request.disposition)
            through = answered_through_of(request)
            await asyncio.to_thread(self._commands.wrap_up, *_named(request), code, through)
            return conversation_pb2.WrapUpResponse()

        return await _answered(context, answer)

    async def Transfer(
        self, request: conversation_pb2.TransferRequest, context: Context
    ) -> conversation_pb2.TransferResponse:
        """Gives a conversation to a queue or to another agent."""

        async def answer() -> conversation_pb2.TransferResponse:
            queue, to_agent_id = target_of(request)
            named = _named(request)
            await asyncio.to_thread(
                self._commands.transfer, *named, queue=queue, to_agent_id=to_agent_id
            )
            return conversation_pb2.TransferResponse()

        return await _answered(context, answer)

    async def TakeOver(
        self, request: conversation_pb2.TakeOverRequest, context: Context
    ) -> conversation_pb2.TakeOverResponse:
        """Takes a conversation past the queue."""

        async def answer() -> conversation_pb2.TakeOverResponse:
            taken = await asyncio.to_thread(self._commands.take_over, *_named(request))
            return conversation_pb2.TakeOverResponse(assignment=taken.assignment())

        return await _answered(context, answer)

    async def ListAgents(
        self, request: conversation_pb2.ListAgentsRequest, context: Context
    ) -> conversation_pb2.ListAgentsResponse:
        """Who is there."""

        async def answer() -> conversation_pb2.ListAgentsResponse:
            rows = await asyncio.to_thread(self._commands.loads, tenant_of(request.tenant))
            return conversation_pb2.ListAgentsResponse(
                agents=[
                    conversation_pb2.AgentLoad(
                        agent_id=row.agent.agent_id,
                        presence=row.agent.presence,
                        skills=row.agent.skills,
                        languages=row.agent.languages,
                        capacity=row.agent.capacity,
                        open_conversations=row.open_conversations,
                    )
                    for row in rows
                ]
            )

        return await _answered(context, answer)

    async def ListConversations(
        self, request: conversation_pb2.ListConversationsRequest, context: Context
    ) -> conversation_pb2.ListConversationsResponse:
        """Who waits for a person, and who has one."""

        async def answer() -> conversation_pb2.ListConversationsResponse:
            tenant, limit = tenant_of(request.tenant), limit_of(request.limit)
            if request.agent_id:
                agent_id = agent_of(request.agent_id)
                found = await asyncio.to_thread(self._commands.held_by, tenant, agent_id)
            else:
                found = await asyncio.to_thread(self._commands.open_conversations, tenant, limit)
            return conversation_pb2.ListConversationsResponse(
                conversations=[
                    conversation_pb2.OpenConversation(
                        assignment=each.assignment(turns=bool(request.agent_id)),
                        queue=each.queue,
                        agent_id=each.agent_id,
                    )
                    for each in found[:limit]
                ]
            )

        return await _answered(context, answer)

    async def GetConversation(
        self, request: conversation_pb2.GetConversationRequest, context: Context
    ) -> conversation_pb2.GetConversationResponse:
        """The newest move of a conversation."""

        async def answer() -> conversation_pb2.GetConversationResponse:
            wanted = (tenant_of(request.tenant), conversation_of(request.conversation_id))
            found = await asyncio.to_thread(self._commands.get, *wanted)
            return conversation_pb2.GetConversationResponse(
                latest=found.changed_event(), assignment=found.assignment()
            )

        return await _answered(context, answer)

    async def ListQueues(
        self, request: conversation_pb2.ListQueuesRequest, context: Context
    ) -> conversation_pb2.ListQueuesResponse:
        """How long the queues are."""

        async def answer() -> conversation_pb2.ListQueuesResponse:
            rows = await asyncio.to_thread(self._commands.queues, tenant_of(request.tenant))
            return conversation_pb2.ListQueuesResponse(
                queues=[
                    conversation_pb2.Queue(
                        name=row.name,
                        waiting=row.waiting,
                        offered=row.offered,
                        with_agent=row.with_agent,
                        oldest_waiting_since=(
                            timestamp(row.oldest_waiting_since)
                            if row.oldest_waiting_since
                            else None
                        ),
                    )
                    for row in rows
                ]
            )

        return await _answered(context, answer)

    async def WatchAssignments(
        self, request: conversation_pb2.WatchAssignmentsRequest, context: Context
    ) -> AsyncIterator[conversation_pb2.WatchAssignmentsResponse]:
        """The agent's conversations now, then each that comes, changes or goes.

        One that goes is told once more with the state that it went to and no context: queued
        (also when another agent has it), bot or closed.
        """

        async def answer() -> tuple[str, str]:
            return tenant_of(request.tenant), agent_of(request.agent_id)

        agent = await _answered(context, answer)
        told: dict[str, bytes] = {}
        with self._watchers.watch(agent) as changed:
            while not self._watchers.closed:
                changed.clear()
                for assignment in await _answered(context, lambda: self._news(agent, told)):
                    yield conversation_pb2.WatchAssignmentsResponse(assignment=assignment)
                try:
                    await asyncio.wait_for(changed.wait(), LOOK_AGAIN_SECONDS)
                except TimeoutError:
                    continue

    async def _news(
        self, agent: tuple[str, str], told: dict[str, bytes]
    ) -> list[conversation_pb2.Assignment]:
        """What is not as it was told; `told` is brought up to date."""
        held = await asyncio.to_thread(self._commands.held_by, *agent)
        gone = sorted(told.keys() - {each.conversation_id for each in held})
        news = []
        if gone:
            for left in await asyncio.to_thread(self._commands.named, gone):
                state = State.QUEUED if left.state in HELD else left.state
                news.append(
                    conversation_pb2.Assignment(
                        conversation_id=left.conversation_id,
                        state=conversation_pb2.ConversationState.Value(
                            f"CONVERSATION_STATE_{state.name}"
                        ),
                        customer_id=left.customer_id,
                    )
                )
            for conversation_id in gone:
                del told[conversation_id]
        for each in held:
            assignment = each.assignment()
            digest = assignment.SerializeToString(deterministic=True)
            if told.get(each.conversation_id) != digest:
                told[each.conversation_id] = digest
                news.append(assignment)
        return news


def _named(request: Any) -> tuple[str, str, str]:
    return (
        tenant_of(request.tenant),
        agent_of(request.agent_id),
        conversation_of(request.conversation_id),
    )


async def _answered(context: Context, answer: Callable[[], Awaitable[T]]) -> T:
    """The answer, or the status that says why there is none."""
    try:
        return await answer()
    except Invalid as error:
        await refuse(context, error.field, error.problem)
        raise
    except NotFound as error:
        await context.abort(grpc.StatusCode.NOT_FOUND, str(error))
    except Refused as error:
        await context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
    except Transient as error:
        await context.abort(grpc.StatusCode.UNAVAILABLE, error.reason)
