"""The door's REST side: events in, a conversation's record and its stream out."""

import uuid
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import orjson
from fastapi import Depends, FastAPI, Header, Path, Query, Request, WebSocket
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, Field

from services.ingestion import openapi, pages, problems
from services.ingestion.acceptance import Acceptor, Receipt, accept_in_order, count_refusal
from services.ingestion.access import Caller
from services.ingestion.adapters.mapping import adapters
from services.ingestion.adapters.routes import adapters_router
from services.ingestion.adapters.signatures import SnsSignatures
from services.ingestion.chat import ChatSession
from services.ingestion.cloudevents import (
    BATCH_BYTES,
    EVENT_BYTES,
    read_batch,
    read_binary,
    read_json,
)
from services.ingestion.contract import CloudEvent
from services.ingestion.door import Door
from services.ingestion.fields import ConversationKey
from services.ingestion.origins import Origins
from services.ingestion.problems import problem_response
from services.ingestion.reading import read_body
from services.ingestion.record import as_json, state_of
from services.ingestion.rejections import Reason, Rejected, Violation, invalid
from services.ingestion.sse import server_sent_events
from services.ingestion.webhooks.routes import subscriptions_router

WAY = "http"
LAST_POSITION = 2**63 - 1
View = Literal["customer", "record"]
Position = Annotated[int, Field(ge=0, le=LAST_POSITION)]
ConversationPath = Annotated[ConversationKey, Path()]

DESCRIPTION = """
The one door. Send CloudEvents 1.0 (structured, batch or binary mode) to `/v1/events`; an event is
accepted once it is stored for good, and may be sent again: `(source, id)` happens once. What is
said in a conversation comes back by the WebSocket `/v1/chat`, or as server-sent events.
"""


class Accepted(BaseModel):
    """The event is in."""

    id: str = Field(description="The platform's id of the event: the same for every repeat.")
    sequence: int = Field(description="Place in the conversation, from 1; 0 for feedback.")
    repeated: bool = Field(description="It had been accepted before; nothing happened again.")


class Conversation(BaseModel):
    """Who has a conversation, and what was said in it, redacted."""

    conversation_id: str
    customer_id: str | None
    state: str = Field(description="bot, queued, offered, agent, wrap_up or closed.")
    agent_id: str | None
    queue: str | None
    queue_position: int | None
    position: int = Field(description="Position of the newest entry; 0 when there is none.")
    transcript: list[dict[str, Any]] = Field(description="Entries after `after`, oldest first.")
    next_after: int | None = Field(description="Ask again with this `after` for what follows.")


class ErasedStore(BaseModel):
    """What became of one table or topic."""

    service: str
    store: str
    holds: str
    fate: Literal["deleted", "expires", "kept"]
    deleted: int = Field(description="Rows that were deleted.")
    gone_by: str | None = Field(description="With expires: when it has forgotten by itself.")
    why: str | None = Field(description="With kept: for what reason.")


class ErasureReceipt(BaseModel):
    """A request for erasure as it stands."""

    erasure_id: str
    customer_id: str
    state: Literal["requested", "completed"]
    requested_at: str
    acknowledged_at: str | None
    completed_at: str | None
    answer_due: str
    conversations: int
    missing: list[str] = Field(description="Services that have not answered yet.")
    stores: list[ErasedStore]


def create_app(
    door: Door, allowed_origins: Sequence[str] = (), *, demo_shop: bool = False
) -> FastAPI:
    """The ASGI application. Pages of `allowed_origins` may call it from a browser, beside its
    own."""
    acceptor, streams = door.acceptor, door.streams
    origins = Origins(allowed_origins)
    app = FastAPI(
        title="Rapport: the door",
        version="1",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
    )

    def let_in(scope: str) -> Any:
        """The caller, who has this scope."""

        async def caller(request: Request) -> Caller:
            return await door.access.caller(request.headers.get("authorization"), scope)

        return Depends(caller)

    if origins.pattern:
        app.add_middleware(
            CORSMiddleware,
            allow_origin_regex=origins.pattern,
            allow_methods=["GET", "POST"],
            allow_headers=["content-type", "last-event-id", "traceparent"],
        )
    problems.install(app)
    openapi.install(app)
    pages.install(app, demo_shop=demo_shop)

    @app.post(
        "/v1/events",
        status_code=202,
        operation_id="post_events",
        summary="Accept an event, or a batch of them",
        description=openapi.EVENTS_DESCRIPTION,
        response_model=Accepted | list[Accepted],
        responses=openapi.problems(400, 401, 403, 409, 413, 415, 429, 503),
        openapi_extra=openapi.EVENTS_REQUEST,
    )
    async def post_events(request: Request) -> Response:
        try:
            caller = await door.access.caller(request.headers.get("authorization"))
            caller.require_any("publish", "feedback", "privacy")
            largest = await door.limiter.take(caller)  # before the body takes any memory
            read = await _read(request, acceptor, largest or EVENT_BYTES)
            events = read if isinstance(read, list) else [read]
            for event in events:
                caller.require_for(event)
            if len(events) > 1:
                await door.limiter.take(caller, len(events) - 1)
        except Rejected as rejected:
            count_refusal(WAY, rejected)
            raise
        traceparent = request.headers.get("traceparent")
        if isinstance(read, CloudEvent):
            receipt = await acceptor.accept(
                read, WAY, tenant=caller.tenant, traceparent=traceparent
            )
            return _json(_accepted(receipt), 202)
        return await _accept_batch(read, acceptor, caller.tenant, traceparent)

    @app.get(
        "/v1/conversations/{conversation_id}",
        operation_id="get_conversation",
        summary="State and redacted transcript",
        response_model=Conversation,
        responses=openapi.problems(400, 401, 403, 404, 503),
    )
    async def get_conversation(
        conversation_id: ConversationPath,
        caller: Annotated[Caller, let_in("read")],
        after: Annotated[Position, Query()] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 200,
    ) -> Response:
        key = door.key(caller, conversation_id)
        customer_id = await streams.customer_of(key)
        position = await streams.last_position(key)
        if customer_id is None and position == 0:
            raise Rejected(Reason.NOT_FOUND)
        entries = await streams.read(key, after, limit)
        last = entries[-1].position if entries else after
        return _json(
            {
                "conversation_id": conversation_id,
                "customer_id": customer_id,
                **state_of(await streams.latest_change(key)),
                "position": max(position, last if entries else 0),
                "transcript": [as_json(entry, readings=True) for entry in entries],
                "next_after": last if len(entries) == limit else None,
            }
        )

    @app.get(
        "/v1/conversations/{conversation_id}/events",
        operation_id="follow_conversation",
        summary="What is said in a conversation, as server-sent events",
        response_class=StreamingResponse,
        responses={
            200: {
                "description": "`id` is the position: resume with Last-Event-ID",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            },
            **openapi.problems(400, 401, 403, 429, 503),
        },
    )
    async def get_events(
        conversation_id: ConversationPath,
        caller: Annotated[Caller, let_in("read")],
        after: Annotated[Position, Query(description="Deliver what comes after it.")] = 0,
        view: Annotated[
            View,
            Query(
                description="customer: revealed, as the customer sees it; record: all, redacted."
            ),
        ] = "customer",
        last_event_id: Annotated[Position | None, Header()] = None,
    ) -> Response:
        position = after if last_event_id is None else last_event_id
        streams.admit()
        return StreamingResponse(
            server_sent_events(
                door,
                caller,
                door.key(caller, conversation_id),
                position,
                for_record=view == "record",
            ),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    @app.get(
        "/v1/erasures/{erasure_id}",
        operation_id="get_erasure",
        summary="The receipt of a request for erasure: what became of each store",
        response_model=ErasureReceipt,
        responses=openapi.problems(400, 401, 403, 404, 503),
    )
    async def get_erasure(
        erasure_id: Annotated[uuid.UUID, Path(description="The id of the accepted event.")],
        caller: Annotated[Caller, let_in("privacy")],
    ) -> Response:
        receipt = await door.rights.receipt(str(erasure_id), caller.tenant)
        if receipt is None:
            raise Rejected(Reason.NOT_FOUND)
        return _json(receipt)

    sns = SnsSignatures(door.line.get)
    app.include_router(adapters_router(door, adapters(*door.adapter_folders), sns, let_in("admin")))
    app.include_router(subscriptions_router(door.subscriptions, let_in("subscribe")))

    @app.websocket("/v1/chat")
    async def chat(socket: WebSocket) -> None:
        session = ChatSession(socket, door, origins)
        await session.run()

    return app


def _json(content: object, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status_code=status, media_type="application/json")


def _accepted(receipt: Receipt) -> dict[str, Any]:
    return {
        "id": receipt.event_id,
        "sequence": receipt.sequence,
        "repeated": receipt.repeated,
    }


async def _read(
    request: Request, acceptor: Acceptor, largest: int
) -> CloudEvent | list[CloudEvent]:
    """The event or the batch of a request, in whichever mode it came; `largest` in bytes."""
    media_type = _media_type(request.headers.get("content-type", ""))
    if media_type == openapi.BATCH:
        return read_batch(await read_body(request, BATCH_BYTES), acceptor.clock(), largest)
    if media_type == openapi.STRUCTURED:
        return read_json(await read_body(request, largest), acceptor.clock(), largest)
    if media_type == openapi.BINARY:
        if "ce-specversion" not in request.headers:
            raise invalid("ce-specversion", "is required with application/json: binary mode")
        body = await read_body(request, largest)
        return read_binary(request.headers.items(), body, acceptor.clock(), largest)
    raise Rejected(
        Reason.MEDIA_TYPE,
        Violation(
            "content-type",
            f"must be {openapi.STRUCTURED}, {openapi.BATCH}, or {openapi.BINARY} with ce-* headers",
        ),
    )


def _media_type(header: str) -> str:
    """The media type in lower case; "" where it names another charset than UTF-8."""
    media_type, *parameters = (part.strip().lower() for part in header.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in ("utf-8", "utf8"):
            return ""
    return media_type


async def _accept_batch(
    events: list[CloudEvent], acceptor: Acceptor, tenant: str, traceparent: str | None
) -> Response:
    """Accepts all: in order within a conversation, side by side otherwise.

    Where some are refused, the problem of the first says in `results` what became of each; what
    was accepted stays so, and the batch may be sent again.
    """
    outcomes = await accept_in_order(
        acceptor, events, WAY, tenant=tenant, traceparents=[traceparent] * len(events)
    )
    results: list[dict[str, Any]] = []
    first: Rejected | None = None
    for position, outcome in enumerate(outcomes):
        if isinstance(outcome, Receipt):
            results.append(_accepted(outcome))
        else:
            results.append(problems.as_problem(outcome))
            # One that is worth another try decides: the sender repeats the batch then.
            if first is None or (outcome.reason.transient and not first.reason.transient):
                under = [v.under(f"[{position}]") for v in outcome.violations]
                first = Rejected(outcome.reason, *under, retry_after=outcome.retry_after)
    if first is not None:
        return problem_response(first, results=results)
    return _json(results, 202)
