"""What the server answers before a servicer is asked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from rapport.v1 import (
    conversation_pb2,
    conversation_pb2_grpc,
    reply_pb2,
    reply_pb2_grpc,
    services_pb2,
    services_pb2_grpc,
)
from services.common.rpc import GrpcServer, hears_undecodable

JUNK = (b"\xff\xff\xff", b'{"id": "m-1"}', b"\x0a\x02\xff\xfe")
Context = grpc.aio.ServicerContext[Any, Any]


class Drafts(reply_pb2_grpc.ReplyServiceServicer):
    async def Suggest(
        self, request: reply_pb2.SuggestRequest, context: Context
    ) -> reply_pb2.SuggestResponse:
        return reply_pb2.SuggestResponse(drafts=[reply_pb2.Draft(text=request.conversation_id)])


class Offers(conversation_pb2_grpc.RoutingServiceServicer):
    async def WatchAssignments(
        self, request: conversation_pb2.WatchAssignmentsRequest, context: Context
    ) -> AsyncIterator[conversation_pb2.WatchAssignmentsResponse]:
        assignment = conversation_pb2.Assignment(conversation_id=request.agent_id)
        yield conversation_pb2.WatchAssignmentsResponse(assignment=assignment)


class Scores(services_pb2_grpc.EmotionServiceServicer):
    async def ScoreStream(
        self, request_iterator: AsyncIterator[services_pb2.ScoreStreamRequest], context: Context
    ) -> AsyncIterator[services_pb2.ScoreStreamResponse]:
        async for request in request_iterator:
            yield services_pb2.ScoreStreamResponse(id=request.id)


class Chat(services_pb2_grpc.ChatServiceServicer):
    @hears_undecodable
    async def Converse(
        self, request_iterator: AsyncIterator[services_pb2.ConverseRequest | None], context: Context
    ) -> AsyncIterator[services_pb2.ConverseResponse]:
        async for request in request_iterator:
            code = 3 if request is None else 0
            rejected = services_pb2.Rejection(code=code)
            yield services_pb2.ConverseResponse(rejected=rejected)


def served(test: Callable[[grpc.aio.Channel], Awaitable[None]]) -> None:
    """Runs a coroutine with a channel to a server of these four."""

    async def serve() -> None:
        add_chat = services_pb2_grpc.add_ChatServiceServicer_to_server
        add_offers = conversation_pb2_grpc.add_RoutingServiceServicer_to_server
        add_drafts = reply_pb2_grpc.add_ReplyServiceServicer_to_server
        add_scores = services_pb2_grpc.add_EmotionServiceServicer_to_server
        server = GrpcServer(
            "test",
            "127.0.0.1",
            0,
            [
                (add_drafts, Drafts(), "rapport.v1.ReplyService"),
                (add_offers, Offers(), "rapport.v1.RoutingService"),
                (add_chat, Chat(), "rapport.v1.ChatService"),
                (add_scores, Scores(), "rapport.v1.EmotionService"),
            ],
        )
        await server.start()
        try:
            async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
                await test(channel)
        finally:
            await server.drain()

    asyncio.run(asyncio.wait_for(serve(), 30))


async def refused(call: Any) -> None:
    """The call ends with INVALID_ARGUMENT and says why in its details."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    status = rpc_status.from_call(caught.value)
    assert status is not None
    bad, info = error_details_pb2.BadRequest(), error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(bad)
    assert status.details[1].Unpack(info)
    assert "protobuf" in bad.field_violations[0].description
    assert (info.reason, info.domain) == ("UNDECODABLE", "rapport")


@pytest.mark.parametrize("raw", JUNK)
def test_bytes_that_are_no_protobuf_are_an_invalid_argument(raw: bytes) -> None:
    async def story(channel: grpc.aio.Channel) -> None:
        await refused(channel.unary_unary("/rapport.v1.ReplyService/Suggest")(raw, timeout=5))
        watch = channel.unary_stream("/rapport.v1.RoutingService/WatchAssignments")
        await refused(watch(raw, timeout=5).read())

    served(story)


def test_a_stream_ends_at_such_a_request() -> None:
    async def story(channel: grpc.aio.Channel) -> None:
        call = channel.stream_stream("/rapport.v1.EmotionService/ScoreStream")(timeout=5)
        await call.write(services_pb2.ScoreStreamRequest(id="one").SerializeToString())
        assert services_pb2.ScoreStreamResponse.FromString(await call.read()).id == "one"
        await call.write(JUNK[0])
        await refused(call.read())

    served(story)


def test_one_such_request_of_a_stream_that_hears_of_it_leaves_the_stream_to_go_on() -> None:
    async def story(channel: grpc.aio.Channel) -> None:
        call = channel.stream_stream("/rapport.v1.ChatService/Converse")(timeout=5)
        for raw, code in ((JUNK[0], 3), (b"", 0), (JUNK[2], 3)):
            await call.write(raw)
            answer = services_pb2.ConverseResponse.FromString(await call.read())
            assert answer.rejected.code == code
        await call.done_writing()
        assert await call.read() is grpc.aio.EOF

    served(story)


def test_what_is_protobuf_reaches_the_servicer() -> None:
    async def story(channel: grpc.aio.Channel) -> None:
        drafts: Any = reply_pb2_grpc.ReplyServiceStub(channel)
        answer = await drafts.Suggest(reply_pb2.SuggestRequest(conversation_id="c1"), timeout=5)
        assert answer.drafts[0].text == "c1"
        offers: Any = conversation_pb2_grpc.RoutingServiceStub(channel)
        request = conversation_pb2.WatchAssignmentsRequest(agent_id="ada")
        told = [each async for each in offers.WatchAssignments(request, timeout=5)]
        assert [each.assignment.conversation_id for each in told] == ["ada"]

    served(story)
