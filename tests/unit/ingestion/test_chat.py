"""The widget's WebSocket, over a real server."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from rapport.v1 import conversation_pb2
from services.common.http import HttpServer
from services.common.topics import FEEDBACK_GIVEN, MESSAGE_RECEIVED
from services.ingestion.http import create_app
from tests.unit.ingestion.conftest import House, until
from tests.unit.ingestion.offers import NOT_JSON

pytestmark = pytest.mark.anyio


@pytest.fixture
async def address(house: House) -> AsyncIterator[str]:
    server = HttpServer(create_app(house.door, ["https://shop.example"]), "127.0.0.1", 0)
    await server.start()
    yield f"ws://127.0.0.1:{server.port}/v1/chat"
    await house.door.streams.drain()
    await server.drain()


@asynccontextmanager
async def chat(
    address: str, conversation: str, after: int = 0, **options: Any
) -> AsyncIterator[ClientConnection]:
    path = f"{address}?conversation_id={conversation}&after={after}"
    async with connect(path, **options) as socket:
        yield socket


async def answer(socket: ClientConnection, frame: Any) -> dict[str, Any]:
    """What is answered to one frame."""
    await socket.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))
    return await hear(socket)


async def hear(socket: ClientConnection) -> dict[str, Any]:
    heard: dict[str, Any] = json.loads(await asyncio.wait_for(socket.recv(), 5))
    return heard


async def test_a_conversation_goes_both_ways(house: House, address: str, conversation: str) -> None:
    house.vault.values["[PERSON_1]"] = "Ann"
    async with chat(address, conversation) as socket:
        accepted = await answer(socket, {"id": "w-1", "text": "I am Ann, where is my parcel?"})
        [published] = house.published(MESSAGE_RECEIVED, conversation)
        assert accepted == {
            "type": "accepted",
            "id": "w-1",
            "event_id": published.id,
            "sequence": 1,
            "repeated": False,
        }
        await asyncio.to_thread(house.customer_said, conversation, "I am [PERSON_1], where …")
        await asyncio.to_thread(house.replies, conversation, "Hello [PERSON_1], I am looking.")
        reply = await hear(socket)
        assert (reply["type"], reply["text"]) == ("reply", "Hello Ann, I am looking.")
        assert reply["position"] == 2
        assert "strategy" not in reply
        assert await answer(socket, {"type": "ping"}) == {"type": "pong"}


async def test_the_button_and_the_end_are_events(
    house: House, address: str, conversation: str
) -> None:
    async with chat(address, conversation) as socket:
        assert (await answer(socket, {"type": "person"}))["sequence"] == 1
        assert (await answer(socket, {"text": "hello?"}))["sequence"] == 2
        assert (await answer(socket, {"type": "end"}))["sequence"] == 3
        assert (await answer(socket, {"text": "one more thing"}))["sequence"] == 4
    said = [event.message for event in house.published(MESSAGE_RECEIVED, conversation)]
    assert [message.kind for message in said] == [2, 1, 3, 1]
    assert len({message.ref.customer_id for message in said}) == 1


async def test_a_page_that_was_reloaded_gets_the_whole_conversation_revealed(
    house: House, address: str, conversation: str
) -> None:
    house.vault.values["[EMAIL_1]"] = "ann@example.com"
    await asyncio.to_thread(house.customer_said, conversation, "Write to [EMAIL_1].")
    await asyncio.to_thread(house.replies, conversation, "I will.")
    async with chat(address, f"{conversation}&own=true") as socket:
        own, reply = await hear(socket), await hear(socket)
        assert (own["author"], own["kind"]) == ("customer", "text")
        assert own["text"] == "Write to ann@example.com."
        assert (own["position"], reply["position"]) == (1, 2)
        assert "answered_by" not in own
    async with chat(address, conversation) as socket:
        assert (await hear(socket))["text"] == "I will."


async def test_a_rating_is_an_event_and_its_id_gives_it_once(
    house: House, address: str, conversation: str
) -> None:
    rating = {"id": "csat-conversation-1", "type": "feedback", "score": 4}
    async with chat(address, conversation) as socket:
        assert (await answer(socket, rating))["status"] == 409  # nothing was said yet
        await answer(socket, {"text": "hello"})
        assert (await answer(socket, rating))["type"] == "accepted"
        assert (await answer(socket, rating))["repeated"]
        assert (await answer(socket, rating | {"score": 1}))["status"] == 409
    [given] = house.published(FEEDBACK_GIVEN, conversation)
    assert (given.message.kind, given.message.score) == (1, 4)


async def test_coming_back_as_a_visitor_is_the_same_customer(
    address: str, conversation: str
) -> None:
    for number in range(2):
        async with chat(address, conversation) as socket:
            accepted = await answer(socket, {"text": f"hello {number}"})
            assert accepted["type"] == "accepted"
    async with chat(address, f"{conversation}&customer_id=somebody-else") as socket:
        rejected = await answer(socket, {"text": "hello"})
        assert (rejected["type"], rejected["status"]) == ("rejected", 409)


async def test_a_repeat_after_a_broken_connection_happens_once(
    house: House, address: str, conversation: str
) -> None:
    frame = {"id": "w-1", "text": "Where is my parcel?"}
    async with chat(address, conversation) as socket:
        first = await answer(socket, frame)
    async with chat(address, conversation) as socket:
        assert await answer(socket, frame) == first | {"repeated": True}
        conflict = await answer(socket, frame | {"text": "Other."})
        assert (conflict["status"], conflict["problem"]) == (409, "urn:rapport:problem:id_conflict")
    assert len(house.published(MESSAGE_RECEIVED, conversation)) == 1


async def test_reconnects_without_loss_or_double(
    house: House, address: str, conversation: str
) -> None:
    def talk() -> None:
        for number in range(60):
            house.replies(conversation, f"{number}")

    talking = asyncio.create_task(asyncio.to_thread(talk))
    heard: list[dict[str, Any]] = []
    while len(heard) < 60:
        after = heard[-1]["position"] if heard else 0
        async with chat(address, conversation, after) as socket:
            for _ in range(min(7, 60 - len(heard))):
                heard.append(await hear(socket))
            socket.transport.abort()  # as a phone in a tunnel
    await talking
    assert [frame["text"] for frame in heard] == [f"{number}" for number in range(60)]


async def test_two_sockets_of_one_conversation_hear_the_same(
    house: House, address: str, conversation: str
) -> None:
    async with chat(address, conversation) as one, chat(address, conversation) as other:
        await asyncio.to_thread(
            house.moves, conversation, conversation_pb2.CONVERSATION_STATE_AGENT
        )
        await asyncio.to_thread(house.agent_says, conversation, "This is Sam.")
        for socket in (one, other):
            assert (await hear(socket))["state"] == "agent"
            assert (await hear(socket))["text"] == "This is Sam."


@pytest.mark.parametrize(
    ("frame", "status", "field"),
    [
        ({"text": ""}, 400, "text"),
        ({"text": " \n"}, 400, "text"),
        ({"text": "a\x00b"}, 400, "text"),
        ({"text": 7}, 400, "text"),
        ({"text": "x" * 8001}, 400, "text"),
        ({"text": "x" * 1_000_000}, 413, ""),
        ({"id": "w-1"}, 400, "text"),
        ({"id": "", "text": "hi"}, 400, "id"),
        ({"id": 7, "text": "hi"}, 400, "id"),
        ({"id": "a\nb", "text": "hi"}, 400, "id"),
        ({"text": "hi", "mood": "angry"}, 400, "mood"),
        ({"text": "hi", "type": "shout"}, 400, "type"),
        ({"text": "hi", "type": None}, 400, "type"),
        ({"text": "hi", "type": ["message"]}, 400, "type"),
        ({"text": "hi", "language": "en_US"}, 400, "language"),
        ({"text": "hi", "attributes": {"a": 1}}, 400, "attributes.a"),
        ({"text": "hi", "type": "person"}, 400, "text"),
        ({"text": "hi", "score": 5}, 400, "score"),
        ({"type": "feedback", "score": 6}, 400, "score"),
        ({"type": "feedback"}, 400, "score"),
        ({"type": "feedback", "score": 5, "text": "hi"}, 400, "text"),
        ([], 400, ""),
        (None, 400, ""),
        (b"\xff\xfe", 400, ""),
    ],
)
async def test_a_bad_frame_is_answered_and_the_socket_goes_on(
    house: House, address: str, conversation: str, frame: Any, status: int, field: str
) -> None:
    async with chat(address, conversation) as socket:
        rejected = await answer(socket, frame)
        assert (rejected["type"], rejected["status"]) == ("rejected", status)
        assert field in [error["field"] for error in rejected["errors"]]
        assert (await answer(socket, {"text": "still here"}))["type"] == "accepted"
    assert len(house.published(MESSAGE_RECEIVED, conversation)) == 1


@pytest.mark.parametrize("name", sorted(NOT_JSON.keys() - {"nothing"}))
async def test_bytes_that_are_no_json_are_answered(
    address: str, conversation: str, name: str
) -> None:
    async with chat(address, conversation) as socket:
        assert (await answer(socket, NOT_JSON[name]))["status"] == 400


async def test_a_text_frame_in_invalid_utf_8_closes_its_own_socket_alone(
    address: str, conversation: str
) -> None:
    async with chat(address, conversation) as socket, chat(address, conversation) as other:
        await socket.send(b"\xff\xfe", text=True)
        with pytest.raises(ConnectionClosed):
            await hear(socket)
        assert socket.close_code == 1007
        assert await answer(other, {"type": "ping"}) == {"type": "pong"}


async def test_a_broker_that_is_away_is_said_and_a_retry_completes(
    house: House, address: str, conversation: str
) -> None:
    async with chat(address, conversation) as socket:
        house.producer.away = True
        rejected = await answer(socket, {"id": "w-1", "text": "hello"})
        assert (rejected["id"], rejected["status"], rejected["retry_after"]) == ("w-1", 503, 2)
        house.producer.away = False
        assert (await answer(socket, {"id": "w-1", "text": "hello"}))["sequence"] == 1


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("conversation_id=", 400),
        ("conversation_id=ann@example.com", 400),
        ("conversation_id=c&after=-1", 400),
        ("conversation_id=c&after=x", 400),
        ("conversation_id=c&mood=angry", 400),
    ],
)
async def test_a_bad_query_is_a_problem(address: str, query: str, status: int) -> None:
    with pytest.raises(InvalidStatus) as caught:
        async with connect(f"{address}?{query}"):
            pass
    response = caught.value.response
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert json.loads(response.body or b"")["errors"]


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 101),
        ("https://shop.example", 101),
        ("own", 101),
        ("https://evil.example", 403),
        ("null", 403),
    ],
)
async def test_foreign_pages_may_not_open_a_chat(
    address: str, conversation: str, origin: str | None, status: int
) -> None:
    if origin == "own":
        origin = address.replace("ws://", "http://").removesuffix("/v1/chat")
    try:
        async with chat(address, conversation, origin=origin) as socket:
            assert await answer(socket, {"type": "ping"}) == {"type": "pong"}
            opened = 101
    except InvalidStatus as error:
        opened = error.response.status_code
    assert opened == status


async def test_a_draining_door_says_come_back(
    house: House, address: str, conversation: str
) -> None:
    async with chat(address, conversation) as socket:
        await until(lambda: conversation in house.door.streams._waiting)
        await house.door.streams.drain()
        with pytest.raises(ConnectionClosed):
            await hear(socket)
        assert socket.close_code == 1012


async def test_a_socket_that_closes_leaves_nothing_behind(
    house: House, address: str, conversation: str
) -> None:
    async with chat(address, conversation) as socket:
        await answer(socket, {"type": "ping"})
        await until(lambda: conversation in house.door.streams._waiting)
    await until(lambda: conversation not in house.door.streams._waiting)
