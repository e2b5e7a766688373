"""`/v1/adapters`: payloads of foreign systems, and the connections that they come by."""

import uuid
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.ingestion import openapi
from services.ingestion.acceptance import Receipt, accept_in_order, count_refusal
from services.ingestion.access import Caller
from services.ingestion.adapters.connections import Connection, Connections
from services.ingestion.adapters.mapping import Adapter, read_payload
from services.ingestion.adapters.signatures import (
    CONFIRMATION,
    SnsSignatures,
    check_shared_key,
    check_twilio,
    is_amazons,
)
from services.ingestion.cloudevents import BATCH_BYTES, read_event
from services.ingestion.door import Door
from services.ingestion.reading import read_body
from services.ingestion.rejections import Reason, Rejected, invalid

WAY = "adapter"
Name = Annotated[str, Path(max_length=64, description="An adapter, such as zendesk-messaging.")]


class NewConnection(BaseModel):
    """What proves the vendor's payloads."""

    model_config = ConfigDict(extra="forbid")

    address: str = Field(
        max_length=256,
        pattern=r"^https?://[A-Za-z0-9.:-]+$",
        description="The door as the vendor calls it, such as https://door.example.",
    )
    secret: str = Field(
        min_length=8,
        max_length=512,
        pattern=r"^[!-~]+$",
        description="Twilio's auth token, the key of Zendesk's webhook, or the SNS topic's ARN.",
    )


class MadeConnection(BaseModel):
    id: uuid.UUID
    adapter: str
    address: str
    created_at: datetime
    url: str = Field(description="What the vendor is to call.")


class Taken(BaseModel):
    """What became of a payload."""

    accepted: int = Field(description="Events that are in, repeats among them.")


def adapters_router(
    door: Door, known: dict[str, Adapter], sns: SnsSignatures, administrator: Any
) -> APIRouter:
    """`administrator` is the dependency that lets in who has the scope admin."""
    router = APIRouter(
        prefix="/v1/adapters", responses=openapi.problems(400, 401, 403, 404, 409, 413, 429, 503)
    )
    Administrator = Annotated[Caller, administrator]
    connections: Connections = door.connections

    def adapter_of(name: str) -> Adapter:
        if name not in known:
            raise Rejected(Reason.NOT_FOUND)
        return known[name]

    @router.post(
        "/{name}",
        operation_id="post_foreign_payload",
        summary="Take a payload of a foreign chat system",
        description="The vendor names its connection and signs; anybody else shows a key with the "
        "scope publish. What the adapter has no rule for is passed over.",
        response_model=Taken,
    )
    async def post_payload(
        name: Name, request: Request, connection: Annotated[uuid.UUID | None, Query()] = None
    ) -> Response:
        adapter = adapter_of(name)
        try:
            found = await connections.find(connection, name) if connection is not None else None
            if found is not None:
                caller = Caller(found.tenant, frozenset({"publish"}))
            else:
                shown = request.headers.get("authorization")
                caller = await door.access.caller(shown, "publish")
            await door.limiter.take(caller)
            body = await read_body(request, BATCH_BYTES)
            payload = read_payload(adapter, body)
            if found is not None:
                await _check(adapter, found, request, payload, sns)
                if adapter.signature == "sns" and payload.get("Type") == CONFIRMATION:
                    await _confirm(door, str(payload.get("SubscribeURL")))
                    return _json({"accepted": 0})
            now = door.acceptor.clock()
            events = [read_event(document, now) for document in adapter.documents(payload)]
            if len(events) > 1:
                await door.limiter.take(caller, len(events) - 1)
        except Rejected as rejected:
            count_refusal(WAY, rejected)
            raise
        outcomes = await accept_in_order(
            door.acceptor, events, WAY, tenant=caller.tenant, traceparents=[None] * len(events)
        )
        refused = [outcome for outcome in outcomes if not isinstance(outcome, Receipt)]
        if refused:  # one that is worth another try goes first: the vendor sends all again
            raise next((each for each in refused if each.reason.transient), refused[0])
        return _json({"accepted": len(outcomes)})

    @router.post(
        "/{name}/connections",
        status_code=201,
        operation_id="create_connection",
        summary="Connect a foreign system of the tenant",
        response_model=MadeConnection,
    )
    async def create(name: Name, wanted: NewConnection, caller: Administrator) -> Response:
        adapter_of(name)
        made = Connection(caller.tenant, name, wanted.address, wanted.secret)
        return _json(await connections.create(made), 201)

    @router.get(
        "/{name}/connections",
        operation_id="list_connections",
        summary="The tenant's connections of this adapter, without their secrets",
        response_model=list[MadeConnection],
    )
    async def list_all(name: Name, caller: Administrator) -> Response:
        adapter_of(name)
        found = await connections.of(caller.tenant)
        return _json([each for each in found if each["adapter"] == name])

    @router.delete(
        "/{name}/connections/{connection_id}",
        status_code=204,
        operation_id="delete_connection",
        summary="End a connection",
    )
    async def delete(name: Name, connection_id: uuid.UUID, caller: Administrator) -> Response:
        adapter_of(name)
        await connections.delete(caller.tenant, connection_id)
        return Response(status_code=204)

    return router


async def _check(
    adapter: Adapter,
    connection: Connection,
    request: Request,
    payload: dict[str, Any],
    sns: SnsSignatures,
) -> None:
    if adapter.signature == "twilio":
        url = f"{connection.address}{request.url.path}?{request.url.query}"
        signature = request.headers.get("x-twilio-signature")
        check_twilio(connection.secret, url, payload, signature)
    elif adapter.signature == "sns":
        await sns.check(connection.secret, payload)
    else:
        check_shared_key(connection.secret, request.headers.get("x-api-key"))


async def _confirm(door: Door, url: str) -> None:
    """Answers Amazon SNS, which asks once whether the subscription is wanted."""
    if not is_amazons(url):
        raise invalid("SubscribeURL", "must be an address of Amazon SNS")
    await door.line.get(url)


def _json(content: object, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status_code=status, media_type="application/json")
