"""gRPC in, gRPC out: translates requests and results, and faults into status codes."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime
from typing import Any

import grpc

from rapport.v1 import services_pb2, services_pb2_grpc
from services.backoffice.actions import Invalid, Request, run
from services.backoffice.catalogue import ActionDefinition, offered_in
from services.backoffice.records import Outcome, Store
from services.common import metrics
from services.common.rpc import refuse

SERVICE = services_pb2.DESCRIPTOR.services_by_name["ActionService"].full_name
OUTCOMES = {
    Outcome.DONE: services_pb2.ACTION_OUTCOME_DONE,
    Outcome.NOT_FOUND: services_pb2.ACTION_OUTCOME_NOT_FOUND,
    Outcome.REFUSED: services_pb2.ACTION_OUTCOME_REFUSED,
    Outcome.NEEDS_PARAMETER: services_pb2.ACTION_OUTCOME_NEEDS_PARAMETER,
}


class ActionServicer(services_pb2_grpc.ActionServiceServicer):
    """ActionService over a `Store`. `now` gives aware times on the customers' clock."""

    def __init__(self, store: Store, now: Callable[[], datetime], executor: Executor) -> None:
        self._store = store
        self._now = now
        self._executor = executor

    async def Run(
        self, request: services_pb2.RunRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> services_pb2.RunResponse:
        """Runs one action. INVALID_ARGUMENT names the field; UNAVAILABLE may be tried again."""
        asked = Request(
            action=request.action,
            customer_id=request.customer_id,
            industry=request.industry,
            tenant=request.tenant,
            key=request.idempotency_key,
            parameters=dict(request.parameters),
        )
        loop = asyncio.get_running_loop()
        try:
            result = await loop.run_in_executor(
                self._executor, run, asked, self._store, self._now()
            )
        except Invalid as error:
            await refuse(context, error.field, error.problem)
            raise
        metrics.ACTIONS.labels(asked.action, result.outcome.value).inc()
        return services_pb2.RunResponse(
            outcome=OUTCOMES[result.outcome], facts=result.facts, detail=result.detail
        )

    async def ListActions(
        self, request: services_pb2.ListActionsRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> services_pb2.ListActionsResponse:
        """The actions of one industry, or all."""
        actions = [_action(definition) for definition in offered_in(request.industry)]
        return services_pb2.ListActionsResponse(actions=actions)


def _action(definition: ActionDefinition) -> services_pb2.Action:
    return services_pb2.Action(
        name=definition.name,
        description=definition.description,
        required_parameters=definition.required,
        changes_something=definition.changes_something,
    )
