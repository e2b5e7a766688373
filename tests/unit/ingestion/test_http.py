"""The REST side of the door."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.v1 import conversation_pb2
from services.common.topics import MESSAGE_RECEIVED
from services.ingestion.http import create_app
from tests.unit.ingestion.conftest import House
from tests.unit.ingestion.offers import (
    ABOUT_CUSTOMERS,
    BAD,
    ENDED,
    MESSAGE,
    NOT_JSON,
    PERSON,
    event,
    good,
    message,
    sent,
)

pytestmark = pytest.mark.anyio

STRUCTURED = {"content-type": "application/cloudevents+json"}
BATCH = {"content-type": "application/cloudevents-batch+json"}
PROBLEM = "application/problem+json"


@pytest.fixture
def app(house: House) -> FastAPI:
    return create_app(house.door, ["https://shop.example"])


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        yield client


def refused(response: httpx.Response, status: int, field: str | None = None) -> dict[str, Any]:
    """The problem of a response, with its status and field checked."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM
    problem: dict[str, Any] = response.json()
    assert problem["status"] == status
    assert problem["type"].startswith("urn:rapport:problem:")
    if field is not None:
        assert field in [error["field"] for error in problem["errors"]]
    return problem


async def post(client: httpx.AsyncClient, document: Any, **headers: str) -> httpx.Response:
    return await client.post(
        "/v1/events", content=orjson.dumps(document), headers=STRUCTURED | headers
    )


async def test_accepts_an_event_in_structured_mode(
    client: httpx.AsyncClient, house: House, conversation: str
) -> None:
    response = await post(client, sent(conversation))
    assert response.status_code == 202
    [published] = house.published(MESSAGE_RECEIVED, conversation)
    assert response.json() == {"id": published.id, "sequence": 1, "repeated": False}


async def test_accepts_an_event_in_binary_mode(
    client: httpx.AsyncClient, house: House, conversation: str
) -> None:
    headers = {
        "content-type": "application/json; charset=UTF-8",
        "ce-specversion": "1.0",
        "ce-id": "m-1",
        "ce-source": conversation,
        "ce-type": MESSAGE,
    }
    body = orjson.dumps(message(conversation, text="Grüße"))
    response = await client.post("/v1/events", content=body, headers=headers)
    assert response.status_code == 202
    [published] = house.published(MESSAGE_RECEIVED, conversation)
    assert published.message.text == "Grüße"


async def test_the_same_event_in_another_mode_is_a_repeat(
    client: httpx.AsyncClient, conversation: str
) -> None:
    first = (await post(client, sent(conversation))).json()
    again = await client.post(
        "/v1/events", content=orjson.dumps([sent(conversation)]), headers=BATCH
    )
    assert again.status_code == 202
    assert again.json() == [first | {"repeated": True}]


async def test_accepts_a_batch_in_its_order(
    client: httpx.AsyncClient, house: House, conversation: str
) -> None:
    documents = [sent(f"{conversation}-{n % 2}", f"m-{n}", text=f"{n}") for n in range(10)]
    response = await client.post("/v1/events", content=orjson.dumps(documents), headers=BATCH)
    assert response.status_code == 202
    assert [accepted["sequence"] for accepted in response.json()] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    said = house.published(MESSAGE_RECEIVED, f"{conversation}-0")
    assert [event.message.text for event in said] == ["0", "2", "4", "6", "8"]


async def test_a_batch_with_a_bad_event_is_refused_whole(
    client: httpx.AsyncClient, house: House, conversation: str
) -> None:
    documents = [sent(conversation), sent(conversation, "m-2", text="")]
    response = await client.post("/v1/events", content=orjson.dumps(documents), headers=BATCH)
    refused(response, 400, "[1].data.text")
    assert house.published(MESSAGE_RECEIVED, conversation) == []


async def test_a_batch_with_a_conflict_says_what_became_of_each(
    client: httpx.AsyncClient, conversation: str
) -> None:
    await post(client, sent(conversation))
    documents = [sent(conversation, text="Other."), sent(conversation, "m-2")]
    response = await client.post("/v1/events", content=orjson.dumps(documents), headers=BATCH)
    problem = refused(response, 409, "[0].id")
    assert problem["results"][0]["status"] == 409
    assert problem["results"][1]["sequence"] == 2


@pytest.mark.parametrize("name", BAD)
async def test_names_the_field_of_a_bad_event(client: httpx.AsyncClient, name: str) -> None:
    document, field = BAD[name]
    refused(await post(client, document), 400, field)


@pytest.mark.parametrize("name", NOT_JSON)
async def test_refuses_a_body_that_is_no_json(client: httpx.AsyncClient, name: str) -> None:
    for headers in (STRUCTURED, BATCH):
        response = await client.post("/v1/events", content=NOT_JSON[name], headers=headers)
        refused(response, 400)


@pytest.mark.parametrize("name", good())
async def test_takes_what_the_contract_allows(
    client: httpx.AsyncClient, conversation: str, name: str
) -> None:
    await post(client, sent(conversation, "m-0"))
    document = good()[name] | {"source": conversation}
    if document["type"] not in ABOUT_CUSTOMERS:
        document["data"]["conversation_id"] = conversation
    response = await post(client, document)
    assert response.status_code == 202, response.text


async def test_another_text_under_the_same_id_is_a_conflict(
    client: httpx.AsyncClient, conversation: str
) -> None:
    await post(client, sent(conversation))
    problem = refused(await post(client, sent(conversation, text="Other.")), 409, "id")
    assert problem["type"] == "urn:rapport:problem:id_conflict"


async def test_another_customer_has_no_place_in_a_conversation(
    client: httpx.AsyncClient, conversation: str
) -> None:
    await post(client, sent(conversation))
    other = sent(conversation, "m-2", customer_id="customer-8")
    refused(await post(client, other), 409, "data.customer_id")


async def test_the_end_of_an_unknown_conversation_is_refused(
    client: httpx.AsyncClient, conversation: str
) -> None:
    ended = event(ENDED, {"conversation_id": conversation, "by": "customer"}, source=conversation)
    refused(await post(client, ended), 409, "data.conversation_id")


async def test_a_message_to_a_closed_conversation_is_accepted(
    client: httpx.AsyncClient, house: House, conversation: str
) -> None:
    await post(client, sent(conversation))
    await asyncio.to_thread(house.moves, conversation, conversation_pb2.CONVERSATION_STATE_CLOSED)
    response = await post(client, sent(conversation, "m-2"))
    assert response.status_code == 202
    assert len(house.published(MESSAGE_RECEIVED, conversation)) == 2


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize(
    ("headers", "size"), [(STRUCTURED, 1_000_000), (STRUCTURED, 66_000), (BATCH, 1_100_000)]
)
async def test_a_body_that_is_too_large_is_not_read(
    client: httpx.AsyncClient, headers: dict[str, str], size: int, announced: bool
) -> None:
    body = orjson.dumps(sent(text="x" * size))
    taken = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal taken
        for start in range(0, len(body), 8_192):
            taken += 8_192
            yield body[start : start + 8_192]

    content: Any = body if announced else chunks()
    response = await client.post("/v1/events", content=content, headers=headers)
    problem = refused(response, 413)
    assert problem["type"] == "urn:rapport:problem:too_large"
    limit = 65_536 if headers is STRUCTURED else 1_048_576
    assert taken <= limit + 16_384


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/xml", "application/cloudevents+json; charset=latin-1"],
)
async def test_another_content_type_is_refused(
    client: httpx.AsyncClient, content_type: str
) -> None:
    response = await client.post(
        "/v1/events", content=orjson.dumps(sent()), headers={"content-type": content_type}
    )
    refused(response, 415, "content-type")


async def test_plain_json_is_told_what_binary_mode_needs(client: httpx.AsyncClient) -> None:
    response = await client.post("/v1/events", json=sent())
    refused(response, 400, "ce-specversion")


async def test_a_broker_that_is_away_is_503_with_retry_after(
    client: httpx.AsyncClient, house: House, conversation: str
) -> None:
    house.producer.away = True
    response = await post(client, sent(conversation))
    refused(response, 503)
    assert int(response.headers["retry-after"]) > 0
    documents = [sent(conversation), sent(conversation, "m-2")]
    batch = await client.post("/v1/events", content=orjson.dumps(documents), headers=BATCH)
    assert [result["status"] for result in refused(batch, 503)["results"]] == [503, 503]
    house.producer.away = False
    assert (await post(client, sent(conversation))).status_code == 202


async def test_too_much_at_once_is_429_with_retry_after(
    client: httpx.AsyncClient, house: House, conversation: str
) -> None:
    documents = [sent(f"{conversation}-{n}") for n in range(60)]
    batch = await client.post("/v1/events", content=orjson.dumps(documents), headers=BATCH)
    problem = refused(batch, 429)
    assert batch.headers["retry-after"] == "1"
    accepted = [result for result in problem["results"] if "sequence" in result]
    assert len(accepted) == 50


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/events", 405),
        ("GET", "/v2/events", 404),
        ("GET", "/v1/conversations/nobody-knows-it", 404),
        ("GET", "/v1/conversations/a%20", 400),
        ("GET", "/v1/conversations/ann@example.com", 404),
        ("GET", "/v1/conversations/c?after=-1", 400),
        ("GET", "/v1/conversations/c?after=x", 400),
        ("GET", "/v1/conversations/c?after=99999999999999999999", 400),
        ("GET", "/v1/conversations/c?limit=0", 400),
        ("GET", "/v1/conversations/c/events?view=all", 400),
    ],
)
async def test_every_error_is_a_problem(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    refused(await client.request(method, path), status)


async def test_a_fault_of_ours_is_a_problem_without_its_text(
    client: httpx.AsyncClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(house.door.streams, "customer_of", broken)
    response = await client.get("/v1/conversations/c")
    assert "secret" not in str(refused(response, 500))


async def test_gives_the_state_and_the_redacted_transcript(
    client: httpx.AsyncClient, house: House, conversation: str
) -> None:
    await post(client, sent(conversation))
    path = f"/v1/conversations/{conversation}"
    fresh = (await client.get(path)).json()
    assert (fresh["state"], fresh["position"], fresh["transcript"]) == ("bot", 0, [])

    def happen() -> None:
        house.customer_said(conversation, "I am [PERSON_1], where is my parcel?")
        house.replies(conversation, "I am sorry, [PERSON_1]. Let me look.")
        house.moves(
            conversation,
            conversation_pb2.CONVERSATION_STATE_QUEUED,
            queue="general",
            position=2,
        )

    house.vault.values["[PERSON_1]"] = "Ann"
    await asyncio.to_thread(happen)
    shown = (await client.get(path, params={"limit": 2})).json()
    assert shown["customer_id"] == "customer-7"
    assert (shown["state"], shown["queue"], shown["queue_position"]) == ("queued", "general", 2)
    assert [entry["type"] for entry in shown["transcript"]] == ["message", "reply"]
    assert "[PERSON_1]" in shown["transcript"][1]["text"]
    assert shown["transcript"][1]["state"] == "frustrated"
    assert (shown["position"], shown["next_after"]) == (3, 2)
    rest = (await client.get(path, params={"after": 2})).json()
    assert [entry["state"] for entry in rest["transcript"]] == ["queued"]
    assert rest["next_after"] is None


async def test_only_allowed_origins_may_call_from_a_browser(client: httpx.AsyncClient) -> None:
    asked = {"access-control-request-method": "POST"}
    allowed = await client.options("/v1/events", headers=asked | {"origin": "https://shop.example"})
    assert allowed.headers["access-control-allow-origin"] == "https://shop.example"
    other = await client.options("/v1/events", headers=asked | {"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers


async def test_without_allowed_origins_no_page_may(house: House) -> None:
    transport = httpx.ASGITransport(create_app(house.door))
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        response = await client.get("/openapi.json", headers={"origin": "https://shop.example"})
    assert not [name for name in response.headers if name.startswith("access-control")]


async def test_concurrent_posts_of_one_id_happen_once(
    client: httpx.AsyncClient, house: House, conversation: str
) -> None:
    responses = await asyncio.gather(*[post(client, sent(conversation)) for _ in range(5)])
    assert {response.status_code for response in responses} == {202}
    assert sorted(response.json()["repeated"] for response in responses) == [False] + [True] * 4
    assert len(house.published(MESSAGE_RECEIVED, conversation)) == 1


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
).filter(lambda value: _is_json(value))


def _is_json(value: Any) -> bool:
    try:
        orjson.dumps(value)
    except (TypeError, orjson.JSONEncodeError):
        return False
    return True


@given(
    kind=st.sampled_from([MESSAGE, PERSON, ENDED, "rapport.feedback.given.v1"]),
    envelope=st.dictionaries(st.sampled_from(["id", "source", "time", "subject", "x"]), _VALUES),
    data=st.dictionaries(st.sampled_from([*message(), "by", "kind", "score", "label"]), _VALUES),
)
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_any_event_is_accepted_or_a_problem(
    client: httpx.AsyncClient, kind: str, envelope: dict[str, Any], data: dict[str, Any]
) -> None:
    response = await post(client, event(kind, message() | data, **envelope))
    if response.status_code != 202:
        assert response.status_code in (400, 409)
        assert response.headers["content-type"] == PROBLEM


@given(
    body=st.binary(max_size=300),
    headers=st.dictionaries(
        st.sampled_from(["ce-id", "ce-source", "ce-type", "ce-specversion", "ce-time", "ce-x"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
    ),
    content_type=st.sampled_from([STRUCTURED["content-type"], "application/json", "text/plain"]),
)
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_any_bytes_are_a_problem(
    client: httpx.AsyncClient, body: bytes, headers: dict[str, str], content_type: str
) -> None:
    response = await client.post(
        "/v1/events", content=body, headers=headers | {"content-type": content_type}
    )
    assert response.status_code in (400, 415)
    assert response.headers["content-type"] == PROBLEM
