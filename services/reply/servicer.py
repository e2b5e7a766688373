"""`ReplyService`: drafts for an agent. Nothing is stored, sent or carried out."""

import asyncio
from typing import Any

from rapport.v1 import common_pb2, reply_pb2, reply_pb2_grpc
from services.reply.search import FAIR, Search

MOST_DRAFTS = 3


class ReplyServicer(reply_pb2_grpc.ReplyServiceServicer):
    """Translates only: the articles that fit what the customer said last."""

    def __init__(self, search: Search) -> None:
        self._search = search

    async def Suggest(
        self, request: reply_pb2.SuggestRequest, context: Any
    ) -> reply_pb2.SuggestResponse:
        """At most three drafts, the best first; none where no article fits."""
        said = [t.text for t in request.turns if t.author == common_pb2.AUTHOR_CUSTOMER and t.text]
        if not said:
            return reply_pb2.SuggestResponse()
        found = await asyncio.to_thread(self._search.find, said[-1], industry=request.industry)
        return reply_pb2.SuggestResponse(
            drafts=[
                reply_pb2.Draft(
                    text=" ".join(match.article.passages()[0]),
                    sources=[
                        reply_pb2.Source(
                            id=f"article:{match.article.id}", title=match.article.title
                        )
                    ],
                )
                for match in found
                if match.score >= FAIR
            ][:MOST_DRAFTS]
        )
