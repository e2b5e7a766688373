"""RoutingService over a real server and a real PostgreSQL: what agents do, and what is refused."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from rapport.v1 import common_pb2, conversation_pb2, conversation_pb2_grpc
from services.common.rpc import GrpcServer
from services.routing.assignment import Assigner
from services.routing.servicer import SERVICE, RoutingServicer
from services.routing.states import State
from services.routing.watching import Watchers
from tests.unit.routing.floor import Floor

pytestmark = pytest.mark.integration
P = conversation_pb2
Test = Callable[[Any], Awaitable[None]]
ADA: dict[str, Any] = {"tenant": "default", "agent_id": "ada"}


@pytest.fixture
def served(floor: Floor) -> Callable[[Test], None]:
    """Runs a coroutine with a stub of a server that listens on a free port."""

    async def serve(test: Test) -> None:
        watchers = Watchers()
        servicer = RoutingServicer(floor.commands, watchers, floor.clock)
        add = conversation_pb2_grpc.add_RoutingServiceServicer_to_server
        server = GrpcServer("routing", "127.0.0.1", 0, [(add, servicer, SERVICE)])
        await server.start()
        assigner = Assigner(floor.engine, floor.assignment, watchers.changed)
        thread = threading.Thread(target=assigner.run)
        thread.start()
        try:
            async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
                await test(Agent(conversation_pb2_grpc.RoutingServiceStub(channel)))
        finally:
            await asyncio.to_thread(assigner.stop)
            await watchers.drain()
            await server.drain()
            await asyncio.to_thread(thread.join)

    def run(test: Test) -> None:
        coroutine: Coroutine[Any, Any, None] = serve(test)
        asyncio.run(asyncio.wait_for(coroutine, 30))

    return run


class Agent:
    """Calls with a deadline."""

    def __init__(self, stub: Any) -> None:
        self.stub = stub

    async def call(self, name: str, request: Any) -> Any:
        return await getattr(self.stub, name)(request, timeout=10)

    async def refused(self, name: str, request: Any) -> grpc.aio.AioRpcError:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await self.call(name, request)
        return caught.value

    async def present(self, agent_id: str = "ada", capacity: int = 3, **more: Any) -> Any:
        more = {"presence": P.PRESENCE_AVAILABLE, **more}
        request = P.SetPresenceRequest(
            tenant="default", agent_id=agent_id, capacity=capacity, **more
        )
        return await self.call("SetPresence", request)

    def watch(self, agent_id: str = "ada") -> AsyncIterator[Any]:
        stream = self.stub.WatchAssignments(
            P.WatchAssignmentsRequest(tenant="default", agent_id=agent_id), timeout=30
        )

        async def assignments() -> AsyncIterator[Any]:
            async for response in stream:
                yield response.assignment

        return assignments()


Served = Callable[[Test], None]


def test_an_agent_takes_a_conversation_answers_and_wraps_up(floor: Floor, served: Served) -> None:
    async def story(agent: Agent) -> None:
        await agent.present(skills=["billing"], languages=["en"])
        watched = agent.watch()
        await asyncio.to_thread(floor.queue, "c1", skills=("billing",), language="en", priority=3)
        offer = await anext(watched)
        assert (offer.conversation_id, offer.state) == ("c1", P.CONVERSATION_STATE_OFFERED)
        assert offer.context.summary == "wants a person"
        assert offer.customer_id == "customer of c1"
        assert (offer.reason, offer.priority) == (common_pb2.HANDOVER_REASON_ASKED, 3)
        taken = await agent.call("Accept", P.AcceptRequest(**ADA, conversation_id="c1"))
        assert taken.assignment.state == P.CONVERSATION_STATE_AGENT
        again = await agent.call("Accept", P.AcceptRequest(**ADA, conversation_id="c1"))
        assert again == taken
        assert (await anext(watched)).state == P.CONVERSATION_STATE_AGENT
        message = floor.message()
        await asyncio.to_thread(floor.take, message)
        assert (await anext(watched)).last_message_id == message.message.ref.message_id
        queues = await agent.call("ListQueues", P.ListQueuesRequest(tenant="default"))
        assert [(q.name, q.waiting, q.with_agent) for q in queues.queues] == [("billing", 0, 1)]
        request = P.WrapUpRequest(**ADA, conversation_id="c1", disposition="solved")
        await agent.call("WrapUp", request)
        gone = await anext(watched)
        assert (gone.state, gone.context.summary) == (P.CONVERSATION_STATE_CLOSED, "")
        assert (await agent.present()).open_conversations == 0

    served(story)
    assert floor.path() == ["bot", "queued", "offered", "agent", "wrap_up", "closed"]


def test_current_assignments_come_first_when_a_stream_begins_again(
    floor: Floor, served: Served
) -> None:
    floor.with_agent("c1")
    floor.queue("c2")
    floor.assignment.round()

    async def story(agent: Agent) -> None:
        watched = agent.watch()
        states = {
            (a.conversation_id, a.state) for a in [await anext(watched), await anext(watched)]
        }
        assert states == {
            ("c1", P.CONVERSATION_STATE_AGENT),
            ("c2", P.CONVERSATION_STATE_OFFERED),
        }

    served(story)


def test_a_lost_offer_is_told_and_the_next_agent_has_it(floor: Floor, served: Served) -> None:
    async def story(agent: Agent) -> None:
        await agent.present("ada")
        ada, bob = agent.watch("ada"), agent.watch("bob")
        await asyncio.to_thread(floor.queue, "c1")
        assert (await anext(ada)).state == P.CONVERSATION_STATE_OFFERED
        floor.wait(20)
        await agent.present("ada")
        await agent.present("bob")
        assert (await anext(bob)).state == P.CONVERSATION_STATE_OFFERED
        assert (await anext(ada)).state == P.CONVERSATION_STATE_QUEUED
        error = await agent.refused("Accept", P.AcceptRequest(**ADA, conversation_id="c1"))
        assert error.code() == grpc.StatusCode.FAILED_PRECONDITION

    served(story)


def test_hand_back_gives_the_conversation_to_the_bot(floor: Floor, served: Served) -> None:
    floor.with_agent()

    async def story(agent: Agent) -> None:
        request = P.HandBackRequest(**ADA, conversation_id="c1", answered_through=0)
        await agent.call("HandBack", request)
        latest = await agent.call(
            "GetConversation", P.GetConversationRequest(tenant="default", conversation_id="c1")
        )
        assert latest.latest.to == P.CONVERSATION_STATE_BOT
        assert getattr(latest.latest, "from") == P.CONVERSATION_STATE_AGENT
        error = await agent.refused("HandBack", P.HandBackRequest(**ADA, conversation_id="c1"))
        assert error.code() == grpc.StatusCode.FAILED_PRECONDITION
        assert "while the conversation is bot" in (error.details() or "")

    served(story)
    assert floor.state() is State.BOT


def test_a_transfer_to_a_queue_waits_at_its_head_and_is_not_offered_back(
    floor: Floor, served: Served
) -> None:
    floor.with_agent()

    async def story(agent: Agent) -> None:
        await agent.call(
            "Transfer", P.TransferRequest(**ADA, conversation_id="c1", queue="billing")
        )
        await asyncio.to_thread(floor.assignment.round)
        listed = await agent.call("ListConversations", P.ListConversationsRequest())
        (waiting,) = listed.conversations
        assert (waiting.queue, waiting.agent_id) == ("billing", "")
        assert waiting.assignment.state == P.CONVERSATION_STATE_QUEUED
        bob = agent.watch("bob")
        await agent.present("bob", skills=["billing"])
        offer = await anext(bob)
        assert (offer.state, offer.context.summary) == (
            P.CONVERSATION_STATE_OFFERED,
            "wants a person",
        )

    served(story)


def test_a_transfer_to_a_person_is_offered_to_that_person(floor: Floor, served: Served) -> None:
    floor.with_agent()

    async def story(agent: Agent) -> None:
        request = P.TransferRequest(**ADA, conversation_id="c1", to_agent_id="zoe")
        error = await agent.refused("Transfer", request)
        assert error.details() == "transfer: zoe is not there"
        for name in ("bob", "zoe"):
            await agent.present(name)
        await agent.call("Transfer", request)
        assert (await anext(agent.watch("zoe"))).state == P.CONVERSATION_STATE_OFFERED
        loads = await agent.call("ListAgents", P.ListAgentsRequest())
        open_now = {each.agent_id: each.open_conversations for each in loads.agents}
        assert open_now == {"ada": 0, "bob": 0, "zoe": 1}

    served(story)


@pytest.mark.parametrize("state", ["queued", "offered", "agent"])
def test_a_supervisor_takes_over_from_the_queue_and_from_an_agent(
    floor: Floor, served: Served, state: str
) -> None:
    floor.queue("c1")
    if state != "queued":
        floor.agent("ada", 10)
        floor.assignment.round()
    if state == "agent":
        floor.commands.accept("default", "ada", "c1")
    request = P.TakeOverRequest(tenant="default", agent_id="sam", conversation_id="c1")

    async def story(agent: Agent) -> None:
        error = await agent.refused("TakeOver", request)
        assert error.details() == "take over: sam is not there"
        await agent.present("sam", presence=P.PRESENCE_BUSY)
        taken = await agent.call("TakeOver", request)
        assert taken.assignment.state == P.CONVERSATION_STATE_AGENT
        assert taken.assignment.context.summary == "wants a person"
        assert await agent.call("TakeOver", request) == taken
        error = await agent.refused("HandBack", P.HandBackRequest(**ADA, conversation_id="c1"))
        assert "another agent" in (error.details() or "")

    served(story)
    assert floor.see().agent_id == "sam"
    assert floor.path()[-2:] == ["offered", "agent"]


@pytest.mark.parametrize(
    ("state", "name", "refused"),
    [
        ("bot", "Accept", P.AcceptRequest),
        ("bot", "Decline", P.DeclineRequest),
        ("bot", "WrapUp", P.WrapUpRequest),
        ("queued", "Accept", P.AcceptRequest),
        ("queued", "HandBack", P.HandBackRequest),
        ("agent", "Decline", P.DeclineRequest),
        ("closed", "Accept", P.AcceptRequest),
        ("closed", "WrapUp", P.WrapUpRequest),
    ],
)
def test_illegal_moves_are_refused_and_change_nothing(
    floor: Floor, served: Served, state: str, name: str, refused: Any
) -> None:
    floor.take(floor.message())
    if state == "queued":
        floor.take(floor.handover())
    elif state == "agent":
        floor.with_agent()
    elif state == "closed":
        floor.take(floor.ended())
    before = floor.see()

    async def story(agent: Agent) -> None:
        error = await agent.refused(name, refused(**ADA, conversation_id="c1"))
        assert error.code() == grpc.StatusCode.FAILED_PRECONDITION
        assert state in (error.details() or "")

    served(story)
    assert floor.see() == before


def test_only_the_agent_who_has_it_may_do_anything_with_it(floor: Floor, served: Served) -> None:
    floor.with_agent()

    async def story(agent: Agent) -> None:
        other = {"tenant": "default", "agent_id": "bob", "conversation_id": "c1"}
        for name, request in (
            ("Accept", P.AcceptRequest(**other)),
            ("HandBack", P.HandBackRequest(**other)),
            ("WrapUp", P.WrapUpRequest(**other)),
        ):
            error = await agent.refused(name, request)
            assert error.code() == grpc.StatusCode.FAILED_PRECONDITION
            assert "another agent" in (error.details() or "")

    served(story)


def test_what_is_not_there_is_not_found(floor: Floor, served: Served) -> None:
    floor.with_agent()

    async def story(agent: Agent) -> None:
        for tenant, conversation in (("default", "nothing"), ("other", "c1")):
            found = P.GetConversationRequest(tenant=tenant, conversation_id=conversation)
            taken = P.AcceptRequest(tenant=tenant, agent_id="ada", conversation_id=conversation)
            for name, request in (("GetConversation", found), ("Accept", taken)):
                error = await agent.refused(name, request)
                assert error.code() == grpc.StatusCode.NOT_FOUND
                assert conversation in (error.details() or "")

    served(story)


WRONG: list[tuple[str, str, Any]] = [
    ("presence", "SetPresence", P.SetPresenceRequest(**ADA, capacity=1)),
    ("presence", "SetPresence", P.SetPresenceRequest(**ADA, capacity=1, presence=9)),  # type: ignore[arg-type]
    ("capacity", "SetPresence", P.SetPresenceRequest(**ADA, presence=P.PRESENCE_AVAILABLE)),
    (
        "capacity",
        "SetPresence",
        P.SetPresenceRequest(**ADA, presence=P.PRESENCE_AVAILABLE, capacity=101),
    ),
    ("agent_id", "SetPresence", P.SetPresenceRequest(presence=P.PRESENCE_AVAILABLE, capacity=1)),
    ("tenant", "Accept", P.AcceptRequest(tenant="a\x00b", agent_id="ada", conversation_id="c")),
    (
        "skills[1]",
        "SetPresence",
        P.SetPresenceRequest(
            **ADA, presence=P.PRESENCE_AVAILABLE, capacity=1, skills=["billing", "Call Jane Roe"]
        ),
    ),
    (
        "languages[0]",
        "SetPresence",
        P.SetPresenceRequest(
            **ADA, presence=P.PRESENCE_AVAILABLE, capacity=1, languages=["english please"]
        ),
    ),
    ("agent_id", "Accept", P.AcceptRequest(conversation_id="c")),
    ("conversation_id", "Accept", P.AcceptRequest(**ADA)),
    ("conversation_id", "GetConversation", P.GetConversationRequest(conversation_id="x" * 257)),
    ("note", "HandBack", P.HandBackRequest(**ADA, conversation_id="c", note="call 555-0100")),
    (
        "answered_through",
        "HandBack",
        P.HandBackRequest(**ADA, conversation_id="c", answered_through=-1),
    ),
    ("queue", "Transfer", P.TransferRequest(**ADA, conversation_id="c")),
    ("queue", "Transfer", P.TransferRequest(**ADA, conversation_id="c", queue="Jane Roe")),
    ("to_agent_id", "Transfer", P.TransferRequest(**ADA, conversation_id="c", to_agent_id="")),
    ("limit", "ListConversations", P.ListConversationsRequest(limit=501)),
    (
        "disposition",
        "WrapUp",
        P.WrapUpRequest(**ADA, conversation_id="c", disposition="Jane was happy"),
    ),
]


def test_a_wrong_field_is_named(floor: Floor, served: Served) -> None:
    async def story(agent: Agent) -> None:
        for field, name, request in WRONG:
            error = await agent.refused(name, request)
            assert error.code() == grpc.StatusCode.INVALID_ARGUMENT, (name, field)
            assert (error.details() or "").startswith(f"{field}: "), (name, error.details())
            status = rpc_status.from_call(error)
            detail = error_details_pb2.BadRequest()
            assert status is not None
            assert status.details[0].Unpack(detail)
            assert [violation.field for violation in detail.field_violations] == [field]

    served(story)


def test_a_stream_of_nobody_is_refused(floor: Floor, served: Served) -> None:
    async def story(agent: Agent) -> None:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await anext(agent.watch(""))
        assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT

    served(story)


def test_an_outage_of_the_database_is_unavailable(floor: Floor, served: Served) -> None:
    floor.with_agent()

    async def story(agent: Agent) -> None:
        with floor.engine.begin() as connection:
            connection.exec_driver_sql(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() and pid <> pg_backend_pid()"
            )
        request = P.GetConversationRequest(tenant="default", conversation_id="c1")
        codes = []
        for _ in range(12):
            try:
                await agent.call("GetConversation", request)
                codes.append(grpc.StatusCode.OK)
            except grpc.aio.AioRpcError as error:
                codes.append(error.code())
        assert set(codes) <= {grpc.StatusCode.OK, grpc.StatusCode.UNAVAILABLE}
        assert codes[-1] == grpc.StatusCode.OK

    served(story)
