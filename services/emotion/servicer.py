"""gRPC: scores texts on request, each by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import Executor
from functools import partial
from typing import Any

import grpc

from rapport.v1 import common_pb2, services_pb2, services_pb2_grpc
from services.common.logs import logger
from services.common.rpc import refuse
from services.emotion.contract import reading_message, span_message, turns
from services.emotion.explain import explain
from services.emotion.scorer import Scorer
from services.emotion.serving import Serving

log = logger(__name__)

SERVICE = services_pb2.DESCRIPTOR.services_by_name["EmotionService"].full_name

MAX_CHARACTERS = 100_000
MAX_CONTEXT = 100
MAX_BATCH = 256
MAX_WAITING = 1_024
"""Texts that wait or are scored, over all calls; more are refused, so that none waits for long."""

MAX_STREAMS = 64
AT_ONCE = 16
"""Texts of a batch that are scored before another call has its turn."""

Context = grpc.aio.ServicerContext[Any, Any]


class EmotionServicer(services_pb2_grpc.EmotionServiceServicer):
    """Translates only; inference runs in `executor`, so that the event loop is never held up."""

    def __init__(self, serving: Serving, executor: Executor) -> None:
        self._serving = serving
        self._executor = executor
        self._waiting = 0
        self._streams = 0

    async def ScoreText(
        self, request: services_pb2.ScoreTextRequest, context: Context
    ) -> services_pb2.ScoreTextResponse:
        if fault := fault_of(request):
            await refuse(context, *fault)
        (response,) = await self._score([request], context)
        return response

    async def ScoreBatch(
        self, request: services_pb2.ScoreBatchRequest, context: Context
    ) -> services_pb2.ScoreBatchResponse:
        count = len(request.requests)
        if count > MAX_BATCH:
            await refuse(context, "requests", f"at most {MAX_BATCH}, got {count}")
        for place, one in enumerate(request.requests):
            if fault := fault_of(one):
                await refuse(context, f"requests[{place}].{fault[0]}", fault[1])
            if one.explain:
                await refuse(context, f"requests[{place}].explain", "only for single texts")
        return services_pb2.ScoreBatchResponse(
            responses=await self._score(request.requests, context)
        )

    async def ScoreStream(
        self,
        request_iterator: AsyncIterator[services_pb2.ScoreStreamRequest],
        context: Context,
    ) -> AsyncIterator[services_pb2.ScoreStreamResponse]:
        if self._streams >= MAX_STREAMS:
            await context.abort(
                grpc.StatusCode.RESOURCE_EXHAUSTED, f"at most {MAX_STREAMS} streams at a time"
            )
        self._streams += 1
        try:
            async for request in request_iterator:
                yield await self._streamed(request, context)
        except (grpc.aio.AbortError, asyncio.CancelledError):
            raise
        except Exception as error:
            log.exception("stream_failed", error=type(error).__name__)
            await context.abort(grpc.StatusCode.INTERNAL, "internal error; see the log")
        finally:
            self._streams -= 1

    async def _streamed(
        self, request: services_pb2.ScoreStreamRequest, context: Context
    ) -> services_pb2.ScoreStreamResponse:
        if fault := fault_of(request.request):
            code: int = grpc.StatusCode.INVALID_ARGUMENT.value[0]
            rejected = services_pb2.Rejection(
                id=request.id, code=code, field=fault[0], detail=fault[1]
            )
            return services_pb2.ScoreStreamResponse(id=request.id, rejected=rejected)
        (response,) = await self._score([request.request], context)
        return services_pb2.ScoreStreamResponse(id=request.id, response=response)

    async def _score(self, requests: Any, context: Context) -> list[services_pb2.ScoreTextResponse]:
        """One response for each request, by one model."""
        if self._waiting + len(requests) > MAX_WAITING:
            await context.abort(
                grpc.StatusCode.RESOURCE_EXHAUSTED, "too many texts wait: try again in a moment"
            )
        loop, scorer = asyncio.get_running_loop(), self._serving.scorer
        self._waiting += len(requests)
        try:
            responses = []
            for first in range(0, len(requests), AT_ONCE):
                some = requests[first : first + AT_ONCE]
                responses += await loop.run_in_executor(self._executor, _answer, scorer, some)
            return responses
        finally:
            self._waiting -= len(requests)


def fault_of(request: services_pb2.ScoreTextRequest) -> tuple[str, str] | None:
    """The first field that is not as it must be, and why."""
    if request.author not in (common_pb2.AUTHOR_UNSPECIFIED, common_pb2.AUTHOR_CUSTOMER):
        return "author", "only customers' texts are scored"
    if len(request.text) > MAX_CHARACTERS:
        return "text", f"at most {MAX_CHARACTERS} characters, got {len(request.text)}"
    if len(request.context) > MAX_CONTEXT:
        return "context", f"at most {MAX_CONTEXT} turns, got {len(request.context)}"
    return None


def _answer(
    scorer: Scorer, requests: list[services_pb2.ScoreTextRequest]
) -> list[services_pb2.ScoreTextResponse]:
    """Runs in the executor. Never several texts through the network at once: see model.py."""
    responses = []
    for request in requests:
        text, before = request.text, turns(request.context)
        reading = scorer.score(text, before)
        response = services_pb2.ScoreTextResponse(reading=reading_message(reading))
        if request.explain:
            spans = explain(text, reading, partial(scorer.score, context=before))
            response.explanation.extend(map(span_message, spans))
        responses.append(response)
    return responses
