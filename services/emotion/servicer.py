"""gRPC: scores one text on request."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from typing import Any

import grpc

from rapport.v1 import services_pb2, services_pb2_grpc
from services.emotion.contract import reading_message, turns
from services.emotion.scorer import Scorer

MAX_CHARACTERS = 100_000


class EmotionServicer(services_pb2_grpc.EmotionServiceServicer):
    """Translates only; inference runs in `executor`, so that the event loop is never held up."""

    def __init__(self, scorer: Scorer, executor: Executor) -> None:
        self._scorer = scorer
        self._executor = executor

    async def ScoreText(
        self,
        request: services_pb2.ScoreTextRequest,
        context: grpc.aio.ServicerContext[Any, Any],
    ) -> services_pb2.ScoreTextResponse:
        if len(request.text) > MAX_CHARACTERS:
            await context.abort(
                grpc.StatusCode.INVALID_ARGUMENT,
                f"text: at most {MAX_CHARACTERS} characters, got {len(request.text)}",
            )
        loop = asyncio.get_running_loop()
        reading = await loop.run_in_executor(
            self._executor, self._scorer.score, request.text, turns(request.context)
        )
        return services_pb2.ScoreTextResponse(reading=reading_message(reading))
