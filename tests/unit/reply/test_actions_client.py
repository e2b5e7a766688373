"""The back office behind a deadline and a breaker."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest

from rapport.v1 import services_pb2, services_pb2_grpc
from services.reply.actions import ActionsUnavailable
from services.reply.actions_client import FAILURES_TO_OPEN, OPEN_SECONDS, ActionsClient


@dataclass
class BackOffice(services_pb2_grpc.ActionServiceServicer):
    requests: list[services_pb2.RunRequest] = field(default_factory=list)
    slow: float = 0.0
    broken: bool = False

    def Run(self, request: services_pb2.RunRequest, context: Any) -> services_pb2.RunResponse:
        self.requests.append(request)
        time.sleep(self.slow)
        if self.broken:
            context.abort(grpc.StatusCode.INTERNAL, "broken")
        return services_pb2.RunResponse(
            outcome=services_pb2.ACTION_OUTCOME_DONE, facts={"status": "shipped"}, detail=""
        )


@pytest.fixture
def office() -> Iterator[tuple[BackOffice, str]]:
    servicer = BackOffice()
    server = grpc.server(ThreadPoolExecutor(2))
    services_pb2_grpc.add_ActionServiceServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield servicer, f"127.0.0.1:{port}"
    server.stop(None).wait()


def run(client: ActionsClient) -> Any:
    return client.run("retail", "C-1", "order_status", {"order_number": "48213"}, "m:order_status")


def test_carries_the_request_and_its_result(office: tuple[BackOffice, str]) -> None:
    servicer, address = office
    client = ActionsClient(address, seconds=5)
    result = run(client)
    assert (result.outcome, result.facts) == ("done", {"status": "shipped"})
    (request,) = servicer.requests
    assert request.idempotency_key == "m:order_status"
    assert dict(request.parameters) == {"order_number": "48213"}
    assert (request.industry, request.customer_id, request.tenant) == ("retail", "C-1", "default")
    client.close()


def test_does_not_wait_longer_than_its_deadline(office: tuple[BackOffice, str]) -> None:
    servicer, address = office
    servicer.slow = 0.5
    client = ActionsClient(address, seconds=0.05)
    with pytest.raises(ActionsUnavailable):
        run(client)
    client.close()


def test_rests_after_failures_and_tries_again(office: tuple[BackOffice, str]) -> None:
    servicer, address = office
    servicer.broken = True
    now = 0.0
    client = ActionsClient(address, seconds=5, clock=lambda: now)
    for _ in range(FAILURES_TO_OPEN + 2):
        with pytest.raises(ActionsUnavailable):
            run(client)
    assert len(servicer.requests) == FAILURES_TO_OPEN
    servicer.broken = False
    now = OPEN_SECONDS
    assert run(client).outcome == "done"
    client.close()
