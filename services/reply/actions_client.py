"""`Actions` over gRPC, with a deadline on each call and a circuit breaker."""

import time
from collections.abc import Callable, Mapping

import grpc

from rapport.v1 import services_pb2, services_pb2_grpc
from services.common.logs import logger
from services.common.rpc import blocking_channel
from services.reply.actions import ActionResult, ActionsUnavailable, Outcome

log = logger(__name__)

FAILURES_TO_OPEN = 3
OPEN_SECONDS = 5.0
_OUTCOMES: dict[int, Outcome] = {
    services_pb2.ACTION_OUTCOME_DONE: "done",
    services_pb2.ACTION_OUTCOME_NOT_FOUND: "not_found",
    services_pb2.ACTION_OUTCOME_REFUSED: "refused",
    services_pb2.ACTION_OUTCOME_NEEDS_PARAMETER: "needs_parameter",
}


class ActionsClient:
    """Calls the back office. After three failures in a row it is not asked for five seconds."""

    def __init__(
        self,
        address: str,
        *,
        seconds: float = 0.3,
        tenant: str = "default",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._channel = blocking_channel(address)
        self._stub = services_pb2_grpc.ActionServiceStub(self._channel)
        self._seconds = seconds
        self._tenant = tenant
        self._clock = clock
        self._failures = 0
        self._closed_from = 0.0

    def run(
        self,
        industry: str,
        customer_id: str,
        action: str,
        parameters: Mapping[str, str],
        idempotency_key: str,
    ) -> ActionResult:
        """Runs an action; ActionsUnavailable when there is no answer within the deadline."""
        if self._clock() < self._closed_from:
            raise ActionsUnavailable
        request = services_pb2.RunRequest(
            tenant=self._tenant,
            industry=industry,
            customer_id=customer_id,
            action=action,
            parameters=parameters,
            idempotency_key=idempotency_key,
        )
        try:
            response = self._stub.Run(request, timeout=self._seconds)
        except grpc.RpcError as error:
            self._failures += 1
            if self._failures >= FAILURES_TO_OPEN:
                self._closed_from = self._clock() + OPEN_SECONDS
                self._failures = 0
            log.warning("action_failed", action=action, code=error.code().name)
            raise ActionsUnavailable from error
        self._failures = 0
        outcome = _OUTCOMES.get(response.outcome, "refused")
        return ActionResult(outcome, dict(response.facts), response.detail)

    def close(self) -> None:
        """Closes the channel."""
        self._channel.close()
