"""RedactionService: translates, and says what was wrong."""

import asyncio
from collections.abc import Collection
from typing import Any

import grpc

from rapport.v1 import services_pb2, services_pb2_grpc
from services.common import metrics
from services.common.tls import caller_of
from services.redaction.comments import Comments
from services.redaction.reveal import Revealing

SERVICE = "rapport.v1.RedactionService"
AGENT = "agent"
MOST_LISTED, USUALLY_LISTED = 500, 100
Context = grpc.aio.ServicerContext[Any, Any]


class RedactionServicer(services_pb2_grpc.RedactionServiceServicer):
    """Reveals placeholders for the door and for agents, tells what agents had revealed, and redacts
    the comments that the door takes."""

    def __init__(self, revealing: Revealing, purposes: Collection[str], comments: Comments) -> None:
        self._revealing = revealing
        self._comments = comments
        self._purposes = frozenset(purposes)

    async def Reveal(
        self, request: services_pb2.RevealRequest, context: Context
    ) -> services_pb2.RevealResponse:
        await _need_a_conversation(request, context)
        if request.purpose not in self._purposes:
            await context.abort(
                grpc.StatusCode.PERMISSION_DENIED, "nothing is revealed for this purpose"
            )
        if request.purpose == AGENT and not request.agent_id:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "agent_id is missing")
        revealed = await asyncio.to_thread(
            self._revealing.reveal,
            request.tenant,
            request.conversation_id,
            request.text,
            request.agent_id
            if request.purpose == AGENT
            # Who by its certificate; without one, where from.
            else caller_of(context) or context.peer(),
            request.purpose,
        )
        for kind in revealed.types:
            metrics.REVEALS.labels(kind).inc()
        return services_pb2.RevealResponse(text=revealed.text, revealed=len(revealed.types))

    async def ListReveals(
        self, request: services_pb2.ListRevealsRequest, context: Context
    ) -> services_pb2.ListRevealsResponse:
        if not request.tenant:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "tenant is missing")
        if not 0 <= request.limit <= MOST_LISTED:
            problem = f"limit: must be from 0 to {MOST_LISTED}"
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, problem)
        rows = await asyncio.to_thread(
            self._revealing.audited, request.tenant, AGENT, request.limit or USUALLY_LISTED
        )
        reveals = []
        for row in rows:
            reveal = services_pb2.AuditedReveal(
                conversation_id=row.conversation_id, agent_id=row.caller, types=row.types
            )
            reveal.revealed_at.FromDatetime(row.revealed_at)
            reveals.append(reveal)
        return services_pb2.ListRevealsResponse(reveals=reveals)

    async def Redact(
        self, request: services_pb2.RedactRequest, context: Context
    ) -> services_pb2.RedactResponse:
        await _need_a_conversation(request, context)
        redacted = await asyncio.to_thread(
            self._comments.redact, request.tenant, request.conversation_id, request.text
        )
        return services_pb2.RedactResponse(text=redacted or "", withheld=redacted is None)


async def _need_a_conversation(
    request: services_pb2.RevealRequest | services_pb2.RedactRequest, context: Context
) -> None:
    for name in ("tenant", "conversation_id"):
        if not getattr(request, name):
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"{name} is missing")
