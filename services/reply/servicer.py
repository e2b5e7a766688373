"""`ReplyService`: drafts for an agent. Nothing is stored, sent or carried out."""

import asyncio
from typing import Any

import grpc

from rapport.v1 import common_pb2, reply_pb2, reply_pb2_grpc
from services.reply.search import Search
from services.reply.suggestions import suggest

MOST_TURNS = 200
LONGEST_TEXT = 10_000


class ReplyServicer(reply_pb2_grpc.ReplyServiceServicer):
    """Translates only: the articles that fit what the customer said last."""

    def __init__(self, search: Search) -> None:
        self._search = search

    async def Suggest(
        self, request: reply_pb2.SuggestRequest, context: Any
    ) -> reply_pb2.SuggestResponse:
        """At most three drafts, the best first; none where no article fits."""
        if len(request.turns) > MOST_TURNS:
            message = f"turns: at most {MOST_TURNS}, got {len(request.turns)}"
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, message)
        if any(len(turn.text) > LONGEST_TEXT for turn in request.turns):
            message = f"turns: a text has more than {LONGEST_TEXT} characters"
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, message)
        said = [t.text for t in request.turns if t.author == common_pb2.AUTHOR_CUSTOMER]
        drafts = await asyncio.to_thread(suggest, self._search, said, request.industry)
        return reply_pb2.SuggestResponse(
            drafts=[
                reply_pb2.Draft(
                    text=draft.text,
                    sources=[reply_pb2.Source(id=s.id, title=s.title) for s in draft.sources],
                )
                for draft in drafts
            ]
        )
