"""ActionService as its callers see it, over a real channel."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.v1 import services_pb2, services_pb2_grpc
from services.backoffice.catalogue import CATALOGUE
from services.backoffice.demo import demo_records
from services.backoffice.memory_store import MemoryStore
from services.backoffice.records import Store
from services.backoffice.servicer import SERVICE, ActionServicer
from services.common.failures import Transient
from services.common.rpc import GrpcServer

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("America/New_York"))
Stub = Any


class Away:
    """A store whose database is away."""

    def run_once(self, *args: Any, **kwargs: Any) -> Any:
        raise Transient("database_connectiontimeout")


def calling(store: Store, call: Callable[[Stub], Awaitable[Any]]) -> Any:
    """What `call` returns with a client of a server over `store`."""

    async def main() -> Any:
        with ThreadPoolExecutor(2) as executor:
            servicer = ActionServicer(store, lambda: NOW, executor)
            add = services_pb2_grpc.add_ActionServiceServicer_to_server
            server = GrpcServer("backoffice", "127.0.0.1", 0, [(add, servicer, SERVICE)])
            await server.start()
            async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
                try:
                    return await call(services_pb2_grpc.ActionServiceStub(channel))
                finally:
                    await server.drain()

    return asyncio.run(main())


def demo_store() -> MemoryStore:
    return MemoryStore(demo_records(NOW))


def test_runs_an_action_over_grpc() -> None:
    request = services_pb2.RunRequest(
        action="order_status", industry="retail", parameters={"order_number": "#48213"}
    )
    response = calling(demo_store(), lambda stub: stub.Run(request, timeout=5))
    assert response.outcome == services_pb2.ACTION_OUTCOME_DONE
    assert response.facts["expected"] == "Thursday, November 26"
    assert response.detail == ""


@pytest.mark.parametrize(
    ("request_", "outcome", "detail"),
    [
        (
            services_pb2.RunRequest(action="order_status"),
            services_pb2.ACTION_OUTCOME_NEEDS_PARAMETER,
            "order_number",
        ),
        (
            services_pb2.RunRequest(action="claim_status", parameters={"claim_number": "CLM-1"}),
            services_pb2.ACTION_OUTCOME_NEEDS_PARAMETER,
            "claim_number",
        ),
        (
            services_pb2.RunRequest(action="claim_status", parameters={"reference": "CLM-79999"}),
            services_pb2.ACTION_OUTCOME_NOT_FOUND,
            "claim_number",
        ),
        (
            services_pb2.RunRequest(
                action="cancel_order", parameters={"order_number": "48213"}, idempotency_key="k"
            ),
            services_pb2.ACTION_OUTCOME_REFUSED,
            "already_shipped",
        ),
    ],
)
def test_an_outcome_that_is_no_error_travels_as_one_of_the_outcomes(
    request_: services_pb2.RunRequest, outcome: int, detail: str
) -> None:
    response = calling(demo_store(), lambda stub: stub.Run(request_, timeout=5))
    assert (response.outcome, response.detail) == (outcome, detail)


def test_an_unknown_action_is_an_invalid_argument_that_names_the_field() -> None:
    request = services_pb2.RunRequest(action="fly_to_the_moon")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        calling(demo_store(), lambda stub: stub.Run(request, timeout=5))
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    trailers = {entry[0]: entry[1] for entry in caught.value.trailing_metadata()}
    status = status_pb2.Status.FromString(trailers["grpc-status-details-bin"])
    bad_request = error_details_pb2.BadRequest()
    assert status.details[0].Unpack(bad_request)
    assert [violation.field for violation in bad_request.field_violations] == ["action"]


def test_a_database_that_is_away_is_unavailable() -> None:
    request = services_pb2.RunRequest(action="order_status")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        calling(Away(), lambda stub: stub.Run(request, timeout=5))
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
    assert caught.value.details() == "database_connectiontimeout"


def test_lists_the_actions_of_an_industry() -> None:
    request = services_pb2.ListActionsRequest(industry="bank")
    response = calling(demo_store(), lambda stub: stub.ListActions(request, timeout=5))
    listed = {action.name: action for action in response.actions}
    assert {"card_block", "card_activate"} <= listed.keys()
    assert "baggage_status" not in listed
    assert listed["card_block"].changes_something
    assert list(listed["card_block"].required_parameters) == ["card_kind"]
    everything = calling(
        demo_store(), lambda stub: stub.ListActions(services_pb2.ListActionsRequest(), timeout=5)
    )
    assert len(everything.actions) == len(CATALOGUE)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=15, deadline=None)
@given(
    requests=st.lists(
        st.builds(
            services_pb2.RunRequest,
            tenant=st.sampled_from(["", "default", "\x00"]),
            industry=texts,
            customer_id=st.one_of(texts, st.just("C-1014")),
            action=st.one_of(texts, st.sampled_from([d.name for d in CATALOGUE])),
            parameters=st.dictionaries(
                st.one_of(texts, st.sampled_from(["reference", "months", "area"])), texts
            ),
            idempotency_key=texts,
        ),
        min_size=20,
        max_size=20,
    )
)
def test_no_request_breaks_the_service(requests: list[services_pb2.RunRequest]) -> None:
    async def call(stub: Stub) -> set[grpc.StatusCode]:
        codes = set()
        for request in requests:
            try:
                await stub.Run(request, timeout=5)
            except grpc.aio.AioRpcError as error:
                codes.add(error.code())
        return codes

    assert calling(demo_store(), call) <= {grpc.StatusCode.INVALID_ARGUMENT}
