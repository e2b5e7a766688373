"""`/v1/subscriptions`: the REST side of webhooks."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from services.ingestion import openapi
from services.ingestion.access import Caller
from services.ingestion.fields import Instant
from services.ingestion.webhooks import content
from services.ingestion.webhooks.subscriptions import Subscriptions, Wish

EventType = Literal[
    "rapport.reply.created.v1",
    "rapport.message.redacted.v1",
    "rapport.handover.requested.v1",
    "rapport.conversation.changed.v1",
    "rapport.outcome.measured.v1",
]
Word = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")]
FilterName = Literal["action", "state", "queue", "reason", "priority", "resolution"]
SubscriptionPath = Annotated[uuid.UUID, Path(description="Id of the subscription.")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewSubscription(_Body):
    """Where events go, and which."""

    url: str = Field(
        max_length=2048,
        pattern=r"^https?://[A-Za-z0-9._:\[\]-]+([/?][!-~]*)?$",
        description="https:// of a receiver on the open internet.",
    )
    events: list[EventType] = Field(min_length=1, max_length=5)
    filters: dict[FilterName, Annotated[list[Word], Field(min_length=1, max_length=50)]] = Field(
        default_factory=dict,
        description="Only these: " + "; ".join(f"`{k}` {v}" for k, v in content.FILTERS.items()),
    )
    reveal: bool = Field(
        default=False,
        description="Placeholders in replies and agents' messages become values again, for a "
        "receiver that shows them to the customer. Needs the scope read.",
    )


class Subscription(BaseModel):
    """A receiver, and how it fares."""

    id: uuid.UUID
    url: str
    events: list[str]
    filters: dict[str, list[str]]
    reveal: bool
    state: Literal["active", "paused"]
    reason: str = Field(description="Why it is paused; empty when somebody paused it.")
    created_at: datetime
    pending: int = Field(description="Events that wait for it.")
    dead: int = Field(description="Events that were given up; replay sends them again.")


class CreatedSubscription(Subscription):
    secret: str = Field(description="Checks signatures (Standard Webhooks); shown this once.")


class Replay(_Body):
    """What is to be sent once more, in its order, with the ids that it had."""

    state: Literal["dead", "delivered"] = "dead"
    since: Instant | None = Field(default=None, description="Only what happened from then on.")
    event_ids: list[uuid.UUID] | None = Field(default=None, min_length=1, max_length=500)


class Replayed(BaseModel):
    queued: int


class Tested(BaseModel):
    """What came of a test."""

    event_id: uuid.UUID
    delivered: bool
    error: str | None = Field(
        description="status_404, timed_out, not_connected, refused_address, no_http, …"
    )


class Delivery(BaseModel):
    """One event for one receiver, without its content."""

    event_id: uuid.UUID
    type: str
    conversation_id: str
    at: datetime
    attempts: int
    error: str
    done_at: datetime | None


def subscriptions_router(subscriptions: Subscriptions, subscriber: Any) -> APIRouter:
    """`subscriber` is the dependency that lets in who has the scope subscribe."""
    router = APIRouter(
        prefix="/v1/subscriptions", responses=openapi.problems(400, 401, 403, 404, 409, 503)
    )
    Subscriber = Annotated[Caller, subscriber]

    @router.post(
        "",
        status_code=201,
        operation_id="create_subscription",
        summary="Be told by webhook what happens in conversations",
        response_model=CreatedSubscription,
    )
    async def create(wish: NewSubscription, caller: Subscriber) -> Response:
        if wish.reveal:
            caller.require("read")
        filters: dict[str, list[str]] = {str(name): words for name, words in wish.filters.items()}
        made = await subscriptions.create(
            caller.tenant, Wish(wish.url, wish.events, filters, wish.reveal)
        )
        return _json(made, 201)

    @router.get(
        "",
        operation_id="list_subscriptions",
        summary="All subscriptions of the tenant",
        response_model=list[Subscription],
    )
    async def list_all(caller: Subscriber) -> Response:
        return _json(await subscriptions.all(caller.tenant))

    @router.get(
        "/{subscription_id}",
        operation_id="get_subscription",
        summary="One subscription",
        response_model=Subscription,
    )
    async def get(subscription_id: SubscriptionPath, caller: Subscriber) -> Response:
        return _json(await subscriptions.get(caller.tenant, subscription_id))

    @router.delete(
        "/{subscription_id}",
        status_code=204,
        operation_id="delete_subscription",
        summary="End a subscription, and forget what waits for it",
    )
    async def delete(subscription_id: SubscriptionPath, caller: Subscriber) -> Response:
        await subscriptions.delete(caller.tenant, subscription_id)
        return Response(status_code=204)

    @router.post(
        "/{subscription_id}/pause",
        operation_id="pause_subscription",
        summary="Tell it nothing for now; what happens meanwhile waits",
        response_model=Subscription,
    )
    async def pause(subscription_id: SubscriptionPath, caller: Subscriber) -> Response:
        return _json(await subscriptions.turn(caller.tenant, subscription_id, "paused"))

    @router.post(
        "/{subscription_id}/resume",
        operation_id="resume_subscription",
        summary="Go on with what waits",
        response_model=Subscription,
    )
    async def resume(subscription_id: SubscriptionPath, caller: Subscriber) -> Response:
        return _json(await subscriptions.turn(caller.tenant, subscription_id, "active"))

    @router.post(
        "/{subscription_id}/test",
        operation_id="test_subscription",
        summary="Send a signed event of no meaning now, and see what comes of it",
        response_model=Tested,
    )
    async def test(subscription_id: SubscriptionPath, caller: Subscriber) -> Response:
        return _json(await subscriptions.test(caller.tenant, subscription_id))

    @router.post(
        "/{subscription_id}/replay",
        status_code=202,
        operation_id="replay_subscription",
        summary="Send again what was given up, or what was delivered",
        response_model=Replayed,
    )
    async def replay(
        subscription_id: SubscriptionPath, wanted: Replay, caller: Subscriber
    ) -> Response:
        queued = await subscriptions.replay(
            caller.tenant,
            subscription_id,
            state=wanted.state,
            since=wanted.since,
            event_ids=wanted.event_ids,
        )
        return _json({"queued": queued}, 202)

    @router.get(
        "/{subscription_id}/deliveries",
        operation_id="list_deliveries",
        summary="What was given up, waits, or was delivered, the newest first",
        response_model=list[Delivery],
    )
    async def deliveries(
        subscription_id: SubscriptionPath,
        caller: Subscriber,
        state: Annotated[Literal["dead", "pending", "delivered"], Query()] = "dead",
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> Response:
        found = await subscriptions.deliveries(
            caller.tenant, subscription_id, state=state, limit=limit
        )
        return _json(found)

    return router


def _json(content: object, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status_code=status, media_type="application/json")
