"""Requests for erasure at the door: taken once, told to the services, answered with a receipt."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.v1 import rights_pb2, services_pb2
from services.common import metrics
from services.common.topics import ERASURE_COMPLETED, ERASURE_REQUESTED, HOLDERS
from services.ingestion.access import Caller
from services.ingestion.cloudevents import read_event
from services.ingestion.erasure_store import ErasureStore
from services.ingestion.http import create_app
from services.ingestion.rejections import Reason, Rejected
from services.ingestion.rights import Rights, acknowledge_by
from services.ingestion.servicer import read_request
from tests.unit.ingestion.conftest import House
from tests.unit.ingestion.offers import CONSENT, ERASURE, MESSAGE, NOW, event, sent
from tests.unit.ingestion.offers import message as message_data

pytestmark = pytest.mark.anyio


def asked(customer_id: str, sender_id: str = "e-1") -> Any:
    return read_event(
        event(ERASURE, {"customer_id": customer_id}, id=sender_id, source=customer_id), NOW
    )


def said(conversation: str, customer_id: str, sender_id: str = "m-1") -> Any:
    return read_event(sent(conversation, sender_id, customer_id=customer_id), NOW)


def requests(house: House, customer_id: str) -> list[rights_pb2.ErasureRequested]:
    return [e.message for e in house.published(ERASURE_REQUESTED, customer_id)]


def fresh() -> str:
    return f"k-{uuid.uuid4()}"


async def answer_all(house: House, erasure_id: str, *, but: str = "") -> list[bool | None]:
    line = rights_pb2.ErasedStore(
        store="state", holds="x", fate=rights_pb2.ERASURE_FATE_DELETED, deleted=3
    )
    return [
        await house.door.rights.answer(erasure_id, service, [line])
        for service in HOLDERS
        if service != but
    ]


async def test_the_services_are_told_with_every_conversation(
    house: House, conversation: str
) -> None:
    who, accept = fresh(), house.door.acceptor.accept
    for key in (conversation, f"{conversation}-2"):
        await accept(said(key, who), "http")
    await accept(said(f"{conversation}-other", fresh()), "http")
    receipt = await accept(asked(who), "http")
    (request,) = requests(house, who)
    assert request.erasure_id == receipt.event_id
    assert list(request.conversation_ids) == [conversation, f"{conversation}-2"]
    assert request.tenant == "default"
    assert request.HasField("began_at")


async def test_the_same_request_is_taken_once_and_another_under_its_id_is_refused(
    house: House, conversation: str
) -> None:
    who, accept = fresh(), house.door.acceptor.accept
    first = await accept(asked(who), "http")
    again = await accept(asked(who), "http")
    assert (again.event_id, again.repeated) == (first.event_id, True)
    assert len(requests(house, who)) == 1
    other = read_event(event(ERASURE, {"customer_id": fresh()}, id="e-1", source=who), NOW)
    with pytest.raises(Rejected) as caught:
        await accept(other, "http")
    assert caught.value.reason is Reason.ID_CONFLICT


async def test_an_erased_conversation_takes_nothing_more_and_shows_nothing(
    house: House, conversation: str
) -> None:
    who, accept = fresh(), house.door.acceptor.accept
    await accept(said(conversation, who), "http")
    await asyncio.to_thread(house.replies, conversation, "Hello.")
    await accept(asked(who), "http")
    await asyncio.to_thread(house.replies, conversation, "What was on its way.")
    assert await house.door.streams.read(conversation, 0, 10) == []
    assert await house.door.streams.customer_of(conversation) is None
    ended = event(
        "rapport.conversation.ended.v1", {"conversation_id": conversation, "by": "customer"}
    )
    for late in (said(conversation, who, "m-2"), read_event(ended | {"source": who}, NOW)):
        with pytest.raises(Rejected) as caught:
            await accept(late, "http")
        assert caught.value.reason is Reason.ERASED_CONVERSATION
    assert (await accept(said(f"{conversation}-new", who), "http")).sequence == 1


async def test_a_request_that_a_kill_kept_back_goes_out_later(house: House) -> None:
    who = fresh()
    house.producer.away = True
    with pytest.raises(Rejected) as caught:
        await house.door.acceptor.accept(asked(who), "http")
    assert caught.value.reason is Reason.UNAVAILABLE
    assert requests(house, who) == []
    house.producer.away = False
    later = Rights(
        ErasureStore(house.door.store, "default"),
        house.door.acceptor._publisher,
        clock=lambda: NOW + timedelta(minutes=2),
    )
    await later.watch()
    await later.watch()
    assert len(requests(house, who)) == 1


async def test_the_receipt_comes_when_the_last_service_has_answered(
    house: House, conversation: str
) -> None:
    who, rights = fresh(), house.door.rights
    await house.door.acceptor.accept(said(conversation, who), "http")
    erasure_id = (await house.door.acceptor.accept(asked(who), "http")).event_id
    assert set(await answer_all(house, erasure_id, but="insights")) == {False}
    half = await rights.receipt(erasure_id, "default")
    assert half is not None
    assert (half["state"], half["missing"]) == ("requested", ["insights"])
    assert house.published(ERASURE_COMPLETED, who) == []
    assert (await answer_all(house, erasure_id))[HOLDERS.index("insights")] is True
    await answer_all(house, erasure_id)  # as after a restart: nothing more comes of it
    (done,) = house.published(ERASURE_COMPLETED, who)
    assert done.message.erasure_id == erasure_id
    assert await rights.receipt(erasure_id, "bank") is None
    whole = await rights.receipt(erasure_id, "default")
    assert whole is not None
    assert whole["state"] == "completed"
    door = {s["store"]: s for s in whole["stores"] if s["service"] == "ingestion"}
    assert door["conversations"]["deleted"] == 1
    assert door["erasures"]["why"]
    topics = {s["store"]: s for s in whole["stores"]}
    assert (
        topics["rapport.message.received.v1"]["gone_by"]
        < topics["rapport.message.redacted.v1"]["gone_by"]
    )
    assert topics["rapport.message.redacted.v1"]["gone_by"] < whole["answer_due"]


async def test_a_request_of_nobody_is_unknown(house: House) -> None:
    unknown = str(uuid.uuid4())
    assert await house.door.rights.answer(unknown, "emotion", []) is None
    assert await house.door.rights.receipt(unknown, "default") is None
    transport = httpx.ASGITransport(create_app(house.door))
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        assert (await client.get(f"/v1/erasures/{unknown}")).status_code == 404
        assert (await client.get("/v1/erasures/none")).status_code == 400


async def test_deadlines_are_measured(house: House) -> None:
    who = fresh()
    await house.door.acceptor.accept(asked(who), "http")
    days = 50
    rights = Rights(
        ErasureStore(house.door.store, "default"),
        house.door.acceptor._publisher,
        clock=lambda: NOW + timedelta(days=days),
    )
    await rights.watch()
    assert metrics.ERASURES_OPEN._value.get() >= 1
    due = metrics.ERASURE_DUE.labels("answer")._value.get()
    assert due == timedelta(days=45 - days).total_seconds()


def test_over_grpc_it_is_the_same_event() -> None:
    request = services_pb2.PublishRequest(id="e-1", source="desk", type=ERASURE)
    request.erasure.customer_id = "k-1"
    assert read_request(request, NOW, "default").data == asked("k-1").data


@pytest.mark.parametrize(
    ("requested", "due"),
    [
        ("2026-11-23", "2026-12-07"),  # a Monday: two weeks
        ("2026-11-27", "2026-12-11"),  # a Friday
        ("2026-11-28", "2026-12-11"),  # a Saturday: the days count from Monday
    ],
)
def test_ten_business_days_leave_weekends_out(requested: str, due: str) -> None:
    at = datetime.fromisoformat(requested).replace(tzinfo=UTC)
    assert acknowledge_by(at).date().isoformat() == due


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))
def test_ten_business_days_are_two_weeks_at_most(at: datetime) -> None:
    left = acknowledge_by(at) - at
    assert timedelta(days=12) <= left <= timedelta(days=14)


async def test_an_erasure_keeps_to_its_tenant(house: House, conversation: str) -> None:
    who, accept = fresh(), house.door.acceptor.accept
    for tenant in ("default", "bank"):
        await accept(said(conversation, who), "http", tenant=tenant)
    await accept(asked(who), "http", tenant="bank")
    (request,) = requests(house, who)
    assert (request.tenant, list(request.conversation_ids)) == ("bank", [f"bank/{conversation}"])
    assert await house.door.streams.customer_of(conversation) == who


def test_only_a_key_for_privacy_erases() -> None:
    event = asked("k-1")
    Caller("default", frozenset({"privacy"})).require_for(event)
    Caller("default", frozenset({"admin"})).require_for(event)
    with pytest.raises(Rejected) as caught:
        Caller("default", frozenset({"publish", "feedback", "read"})).require_for(event)
    assert caught.value.reason is Reason.FORBIDDEN


async def test_one_id_is_one_event_whatever_its_type(house: House, conversation: str) -> None:
    who, accept = fresh(), house.door.acceptor.accept
    consent = read_event(
        event(
            CONSENT,
            {"customer_id": who, "to": "recording", "granted": True},
            id="e-1",
            source=who,
        ),
        NOW,
    )
    message = read_event(
        event(MESSAGE, message_data(conversation, customer_id=who), id="e-1", source=who), NOW
    )
    await accept(asked(who), "http")
    for other in (consent, message):
        with pytest.raises(Rejected) as caught:
            await accept(other, "http")
        assert caught.value.reason is Reason.ID_CONFLICT
    taken = fresh()
    await accept(said(conversation, taken, "e-1"), "http")
    late = read_event(
        event(ERASURE, {"customer_id": taken}, id="e-1", source=f"shop/{conversation}"), NOW
    )
    with pytest.raises(Rejected) as caught:
        await accept(late, "http")
    assert caught.value.reason is Reason.ID_CONFLICT
    assert await house.door.streams.customer_of(conversation) == taken
