"""gRPC in, gRPC out: translates to the contract and back, nothing else."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Coroutine
from contextlib import aclosing
from datetime import datetime
from typing import Any, TypeVar

import grpc
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2
from pydantic import TypeAdapter, ValidationError

from rapport.v1 import services_pb2, services_pb2_grpc
from services.common import metrics
from services.common.failures import Transient
from services.common.logs import logger
from services.common.rpc import DOMAIN, Context, hears_undecodable
from services.ingestion.acceptance import Receipt, count_refusal
from services.ingestion.access import Caller
from services.ingestion.cloudevents import EVENT_BYTES, read_event, too_large, violations_of
from services.ingestion.contract import AboutCustomer, CloudEvent
from services.ingestion.door import Door
from services.ingestion.fields import ConversationId
from services.ingestion.record import delivery
from services.ingestion.rejections import Reason, Rejected, Violation, invalid
from services.ingestion.reveal import for_customer
from services.ingestion.translation import TYPE_OF, document_of

log = logger(__name__)

SERVICE = services_pb2.DESCRIPTOR.services_by_name["ChatService"].full_name
WAY = "grpc"
MOST_REVEALS = 500
T = TypeVar("T")
_CONVERSATION_ID: TypeAdapter[str] = TypeAdapter(ConversationId)


class ChatServicer(services_pb2_grpc.ChatServiceServicer):
    """The door for systems that speak gRPC."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._acceptor = door.acceptor
        self._streams = door.streams

    async def Publish(
        self, request: services_pb2.PublishRequest, context: Context
    ) -> services_pb2.PublishResponse:
        try:
            caller = await self._caller(context)
            event = await admitted(self._door, caller, request)
            receipt = await self._acceptor.accept(
                event, WAY, tenant=caller.tenant, traceparent=_header(context, "traceparent")
            )
        except Rejected as rejected:
            raise await abort(context, as_proto(rejected, request)) from None
        return _response(receipt)

    @hears_undecodable
    async def Converse(
        self, request_iterator: AsyncIterator[services_pb2.ConverseRequest | None], context: Context
    ) -> AsyncIterator[services_pb2.ConverseResponse]:
        try:
            caller = await self._caller(context, "publish", "read")
            self._streams.admit()
        except Rejected as rejected:
            raise await abort(context, rejected) from None
        conversation = _Conversation(self._door, caller, _header(context, "traceparent"))
        async with aclosing(conversation.responses(request_iterator)) as responses:
            async for response in responses:
                yield response
        raise await abort(context, _restarting())

    async def Watch(
        self, request: services_pb2.WatchRequest, context: Context
    ) -> AsyncIterator[services_pb2.WatchResponse]:
        try:
            caller = await self._caller(context, "read")
            own_prefix = f"{caller.tenant}/"
            conversation_id = _checked_id(request.conversation_id.removeprefix(own_prefix))
            key = self._door.key(caller, conversation_id)
            if request.after < 0:
                raise invalid("after", "must not be negative")
            self._streams.admit()
        except Rejected as rejected:
            raise await abort(context, rejected) from None
        batches = self._door.follow(caller, key, request.after, WAY, shown=request.reveal)
        async with aclosing(batches):
            async for entries in batches:
                shown = entries
                if request.reveal:
                    shown = await for_customer(self._door.revealer, key, entries)
                for entry in shown:
                    yield services_pb2.WatchResponse(delivery=delivery(entry))
                    metrics.DOOR_DELIVERIES.labels(WAY).inc()
        raise await abort(context, _restarting())

    async def RevealToAgent(
        self, request: services_pb2.RevealToAgentRequest, context: Context
    ) -> services_pb2.RevealToAgentResponse:
        try:
            caller = await self._caller(context, "reveal")
            conversation_id = request.conversation_id.removeprefix(f"{caller.tenant}/")
            key = self._door.key(caller, _checked_id(conversation_id))
            if not request.agent_id:
                raise invalid("agent_id", "is missing")
            value = await _available(
                self._door.revealer.reveal_to_agent(key, request.placeholder, request.agent_id)
            )
        except Rejected as rejected:
            raise await abort(context, rejected) from None
        return services_pb2.RevealToAgentResponse(value=value)

    async def ListAgentReveals(
        self, request: services_pb2.ListAgentRevealsRequest, context: Context
    ) -> services_pb2.ListAgentRevealsResponse:
        try:
            caller = await self._caller(context, "reveal")
            if not 0 <= request.limit <= MOST_REVEALS:
                raise invalid("limit", f"must be from 0 to {MOST_REVEALS}")
            reveals = await _available(self._door.revealer.reveals(caller.tenant, request.limit))
        except Rejected as rejected:
            raise await abort(context, rejected) from None
        return services_pb2.ListAgentRevealsResponse(reveals=reveals)

    async def _caller(self, context: Context, *scopes: str) -> Caller:
        return await _available(
            self._door.access.caller(_header(context, "authorization"), *scopes)
        )


async def _available(answer: Awaitable[T]) -> T:
    try:
        return await answer
    except Transient:
        raise Rejected(Reason.UNAVAILABLE, retry_after=2) from None


class _Conversation:
    """Both directions of one Converse stream. It is bound by its first accepted event."""

    def __init__(self, door: Door, caller: Caller, traceparent: str | None) -> None:
        self._door = door
        self._caller = caller
        self._acceptor = door.acceptor
        self._streams = door.streams
        self._revealer = door.revealer
        self._traceparent = traceparent
        # Bounded: a client that does not read is not read from.
        self._queue: asyncio.Queue[services_pb2.ConverseResponse | None] = asyncio.Queue(64)
        self._bound_to = ""
        self._tasks: list[asyncio.Task[None]] = []

    async def responses(
        self, requests: AsyncIterator[services_pb2.ConverseRequest | None]
    ) -> AsyncGenerator[services_pb2.ConverseResponse, None]:
        """Answers and deliveries until the client goes or the service is drained."""
        self._start(self._receive(requests))
        try:
            while (response := await self._queue.get()) is not None:
                yield response
        finally:
            for task in self._tasks:
                task.cancel()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        task.add_done_callback(self._ended)
        self._tasks.append(task)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("converse_failed", error=type(error).__name__)
            self._start(self._queue.put(None))

    async def _receive(self, requests: AsyncIterator[services_pb2.ConverseRequest | None]) -> None:
        async for request in requests:
            after, publish = None, None
            try:
                if request is None:  # no protobuf
                    raise invalid("", "the request must be protobuf in valid UTF-8")
                publish = request.publish
                event = await admitted(self._door, self._caller, publish)
                if isinstance(event.data, AboutCustomer):
                    raise invalid("type", "belongs to Publish: a stream is one conversation's")
                if not self._bound_to:
                    after = await self._beginning(request, event.data.conversation_id)
                elif event.data.conversation_id != self._bound_to:
                    raise invalid("conversation_id", "is not the one that this stream began with")
                receipt = await self._acceptor.accept(
                    event, WAY, tenant=self._caller.tenant, traceparent=self._traceparent
                )
            except Rejected as rejected:
                await self._queue.put(_rejection(as_proto(rejected, publish), publish))
                continue
            await self._queue.put(services_pb2.ConverseResponse(accepted=_response(receipt)))
            if after is not None:
                self._bound_to = event.data.conversation_id
                self._start(self._deliver(after))

    async def _beginning(self, request: services_pb2.ConverseRequest, conversation_id: str) -> int:
        """Position after which things are delivered, looked up before the first event goes in."""
        if request.HasField("after"):
            if request.after < 0:
                raise invalid("after", "must not be negative")
            return request.after
        try:
            return await self._streams.last_position(self._door.key(self._caller, conversation_id))
        except Transient:
            raise Rejected(Reason.UNAVAILABLE, retry_after=2) from None

    async def _deliver(self, after: int) -> None:
        key = self._door.key(self._caller, self._bound_to)
        async with aclosing(
            self._door.follow(self._caller, key, after, WAY, shown=True)
        ) as batches:
            async for entries in batches:
                for entry in await for_customer(self._revealer, key, entries):
                    await self._queue.put(services_pb2.ConverseResponse(delivery=delivery(entry)))
                    metrics.DOOR_DELIVERIES.labels(WAY).inc()
        await self._queue.put(None)


async def admitted(door: Door, caller: Caller, request: services_pb2.PublishRequest) -> CloudEvent:
    """The event of a request that its caller may send now; Rejected otherwise."""
    try:
        if not await door.access.still(caller):
            raise Rejected(Reason.UNAUTHENTICATED, detail="the key does not work any more")
        caller.require_any("publish", "feedback")
        largest = await door.limiter.take(caller)
    except Transient:
        raise Rejected(Reason.UNAVAILABLE, retry_after=2) from None
    except Rejected as rejected:
        count_refusal(WAY, rejected, request.type)
        raise
    event = read_request(request, door.acceptor.clock(), caller.tenant, largest or EVENT_BYTES)
    caller.require_for(event)
    return event


def read_request(
    request: services_pb2.PublishRequest,
    now: datetime,
    tenant: str,
    largest: int = EVENT_BYTES,
) -> CloudEvent:
    """The event of a request; Rejected with the fields as the contract names them.

    A conversation may also be named by its key, as routing names it to a desk.
    """
    try:
        if request.ByteSize() > largest:
            raise too_large(largest)
        member = request.WhichOneof("data")
        known = request.type in TYPE_OF.values()
        if member is not None and known and TYPE_OF[member] != request.type:
            raise invalid("type", f"does not go with {member}")
        document = document_of(request)
        data = document.get("data")
        if data and isinstance(data.get("conversation_id"), str):
            data["conversation_id"] = data["conversation_id"].removeprefix(f"{tenant}/")
        return read_event(document, now)
    except Rejected as rejected:
        count_refusal(WAY, rejected, request.type)
        raise


def as_proto(rejected: Rejected, request: services_pb2.PublishRequest | None) -> Rejected:
    """The same rejection with the fields as the proto names them."""
    member = request.WhichOneof("data") if request is not None else None
    return rejected.renamed("data.", f"{member}.") if member else rejected


async def abort(context: Context, rejected: Rejected) -> Exception:
    """Ends the call with the rejection's status and details; never returns in fact."""
    reason = rejected.reason
    details: list[Message] = [
        error_details_pb2.ErrorInfo(reason=reason.code.upper(), domain=DOMAIN)
    ]
    if rejected.violations:
        details.append(
            error_details_pb2.BadRequest(
                field_violations=[
                    error_details_pb2.BadRequest.FieldViolation(
                        field=violation.field, description=violation.detail
                    )
                    for violation in rejected.violations
                ]
            )
        )
    if rejected.retry_after is not None:
        delay = Duration(seconds=rejected.retry_after)
        details.append(error_details_pb2.RetryInfo(retry_delay=delay))
    message = rejected.detail or reason.title
    status = status_pb2.Status(code=code_pb2.Code.Value(reason.grpc), message=message)
    for detail in details:
        status.details.add().Pack(detail)
    metadata = (("grpc-status-details-bin", status.SerializeToString()),)
    await context.abort(grpc.StatusCode[reason.grpc], message, metadata)
    return rejected


def _rejection(
    rejected: Rejected, request: services_pb2.PublishRequest | None
) -> services_pb2.ConverseResponse:
    first = rejected.violations[0] if rejected.violations else Violation("", "")
    return services_pb2.ConverseResponse(
        rejected=services_pb2.Rejection(
            id=request.id if request is not None else "",
            code=code_pb2.Code.Value(rejected.reason.grpc),
            field=first.field,
            detail=first.detail or rejected.detail or rejected.reason.title,
        )
    )


def _restarting() -> Rejected:
    return Rejected(
        Reason.UNAVAILABLE,
        detail="the door restarts: resume after the last position",
        retry_after=1,
    )


def _response(receipt: Receipt) -> services_pb2.PublishResponse:
    return services_pb2.PublishResponse(
        event_id=receipt.event_id, sequence=receipt.sequence, repeated=receipt.repeated
    )


def _checked_id(conversation_id: str) -> str:
    try:
        return _CONVERSATION_ID.validate_python(conversation_id)
    except ValidationError as error:
        details = [v.detail for v in violations_of(error)]
        raise Rejected(
            Reason.INVALID, *[Violation("conversation_id", detail) for detail in details]
        ) from None


def _header(context: Context, wanted: str) -> str | None:
    for name, value in context.invocation_metadata() or ():
        if name == wanted and isinstance(value, str):
            return value
    return None
