"""Drafts for an agent."""

import asyncio

import grpc
import pytest

from rapport.v1 import common_pb2, reply_pb2, reply_pb2_grpc
from services.reply.search import Search
from services.reply.servicer import MOST_TURNS, ReplyServicer
from services.reply.suggestions import MOST, suggest


def test_drafts_what_the_articles_say_with_their_source(search: Search) -> None:
    drafts = suggest(search, ["hi", "how many days do I have to return shoes?"], "retail")
    assert 1 <= len(drafts) <= MOST
    assert drafts[0].sources[0].id == "article:retail-returns"
    assert "30 days" in drafts[0].text


def test_reads_a_short_last_message_with_the_one_before(search: Search) -> None:
    drafts = suggest(search, ["my suitcase did not arrive", "it's black"], "airline")
    assert "article:airline-late-bag" in [draft.sources[0].id for draft in drafts]


def test_drafts_in_the_language_of_the_customer(search: Search) -> None:
    (first, *_) = suggest(search, ["¿cuánto tarda un reembolso?"], "retail")
    assert first.sources[0].id == "article:general-es-refund"


def test_has_no_draft_for_nothing(search: Search) -> None:
    assert suggest(search, [], "retail") == ()
    assert suggest(search, ["  "], "retail") == ()
    assert suggest(search, ["zzz qqq"], "retail") == ()


def _call(search: Search, request: reply_pb2.SuggestRequest) -> reply_pb2.SuggestResponse:
    async def call() -> reply_pb2.SuggestResponse:
        server = grpc.aio.server()
        reply_pb2_grpc.add_ReplyServiceServicer_to_server(ReplyServicer(search), server)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = reply_pb2_grpc.ReplyServiceStub(channel)
            try:
                return await stub.Suggest(request, timeout=20)
            finally:
                await server.stop(None)

    return asyncio.run(call())


def test_answers_over_grpc_from_the_customers_turns_alone(search: Search) -> None:
    turns = [
        reply_pb2.Turn(author=common_pb2.AUTHOR_CUSTOMER, text="how do I return shoes?"),
        reply_pb2.Turn(author=common_pb2.AUTHOR_AGENT, text="let me check opening hours"),
    ]
    response = _call(search, reply_pb2.SuggestRequest(industry="retail", turns=turns))
    assert response.drafts[0].sources[0].id == "article:retail-returns"


def test_refuses_what_is_too_long(search: Search) -> None:
    request = reply_pb2.SuggestRequest(turns=[reply_pb2.Turn(text="a")] * (MOST_TURNS + 1))
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        _call(search, request)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
