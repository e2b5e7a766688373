"""What is said in a conversation, delivered once, in order, resumable."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

import httpx
import psycopg
import pytest
from httpx_sse import aconnect_sse

from rapport.v1 import conversation_pb2, message_pb2, reply_pb2
from services.common.events import Event
from services.common.http import HttpServer
from services.common.testing.handlers import event
from services.common.topics import CONVERSATION_CHANGED, MESSAGE_REDACTED, REPLY_CREATED
from services.ingestion.handler import DeliveryHandler
from services.ingestion.http import create_app
from services.ingestion.record import Entry
from services.ingestion.rejections import Reason, Rejected
from services.ingestion.streams import Streams
from tests.unit.ingestion.conftest import House, until

pytestmark = pytest.mark.anyio
QUEUED = conversation_pb2.CONVERSATION_STATE_QUEUED


async def take(streams: Streams, conversation: str, after: int, count: int) -> list[Entry]:
    """The next `count` entries of a conversation."""
    entries: list[Entry] = []
    async with asyncio.timeout(5), aclosing(streams.follow(conversation, after, "test")) as pages:
        async for page in pages:
            entries += page
            if len(entries) >= count:
                break
    return entries


async def test_an_entry_wakes_whoever_waits(house: House, conversation: str) -> None:
    waiting = asyncio.create_task(take(house.door.streams, conversation, 0, 1))
    await until(lambda: conversation in house.door.streams._waiting)
    event_id = await asyncio.to_thread(house.replies, conversation, "Hello.")
    [entry] = await waiting
    assert (entry.position, entry.event_id, entry.text) == (1, event_id, "Hello.")
    assert house.door.streams._waiting == {}


async def test_a_customer_is_not_woken_by_their_own_messages(
    house: House, conversation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams = house.door.streams
    await until(streams.ready)  # everybody is woken when the listening begins
    reads: list[int] = []
    read = streams.read

    async def counted(conversation_id: str, after: int, limit: int) -> list[Entry]:
        reads.append(after)
        return await read(conversation_id, after, limit)

    monkeypatch.setattr(streams, "read", counted)
    heard: list[Entry] = []

    async def follow() -> None:
        async with aclosing(streams.follow(conversation, 0, "test", shown=True)) as pages:
            async for page in pages:
                heard.extend(page)

    following = asyncio.create_task(follow())
    record = asyncio.create_task(take(streams, conversation, 0, 2))
    await until(lambda: len(reads) == 2)
    await asyncio.to_thread(house.customer_said, conversation, "hm")
    await until(lambda: len(reads) == 3)  # the record's stream alone
    await asyncio.to_thread(house.replies, conversation, "Hello.")
    await until(lambda: len(heard) == 2)
    assert len(await record) == 2
    assert len(reads) == 5
    following.cancel()


async def test_resumes_after_any_position_without_loss_or_double(
    house: House, conversation: str
) -> None:
    def talk() -> None:
        for number in range(130):  # more than a page
            house.replies(conversation, f"{number}")

    talking = asyncio.create_task(asyncio.to_thread(talk))
    heard: list[Entry] = []
    while len(heard) < 130:  # comes back again and again while the conversation goes on
        after = heard[-1].position if heard else 0
        heard += await take(house.door.streams, conversation, after, min(7, 130 - len(heard)))
    await talking
    assert [entry.text for entry in heard] == [f"{number}" for number in range(130)]
    assert [entry.position for entry in heard] == list(range(1, 131))


async def test_a_repeated_event_is_delivered_once(house: House, conversation: str) -> None:
    reply = reply_pb2.ReplyCreated(conversation_id=conversation, text="Once.")
    happened: Event[reply_pb2.ReplyCreated] = event(
        REPLY_CREATED, conversation, str(uuid.uuid4()), reply
    )
    for _ in range(3):
        await asyncio.to_thread(house.processor.process, [happened, happened])
    await asyncio.to_thread(house.replies, conversation, "Twice.")
    entries = await take(house.door.streams, conversation, 0, 2)
    assert [entry.text for entry in entries] == ["Once.", "Twice."]


async def test_an_event_under_a_foreign_key_is_a_dead_letter(
    house: House, conversation: str
) -> None:
    for topic, message in (
        (REPLY_CREATED, reply_pb2.ReplyCreated(conversation_id="another", text="x")),
        (MESSAGE_REDACTED, message_pb2.MessageRedacted(text="x")),
        (CONVERSATION_CHANGED, conversation_pb2.ConversationChanged(change_id="x")),
    ):
        happened = event(topic, conversation, str(uuid.uuid4()), message)
        [result] = await asyncio.to_thread(house.processor.process, [happened])
        assert result.failure == "key_is_not_conversation"


async def test_entries_that_commit_late_are_not_passed_over(
    house: House, conversation: str
) -> None:
    """Two loops write at once: positions become visible in order or not at all."""
    with house.engine.connect() as slow:
        transaction = slow.begin()
        reply = reply_pb2.ReplyCreated(conversation_id=conversation, text="first")
        first = event(REPLY_CREATED, conversation, str(uuid.uuid4()), reply)
        await asyncio.to_thread(DeliveryHandler().handle, first, slow)
        second = asyncio.create_task(asyncio.to_thread(house.replies, conversation, "second"))
        assert await house.door.streams.read(conversation, 0, 10) == []
        assert not second.done()
        transaction.commit()
    await second
    entries = await house.door.streams.read(conversation, 0, 10)
    assert [entry.text for entry in entries] == ["first", "second"]


async def test_streams_go_on_after_the_listening_connection_was_lost(
    house: House, conversation: str
) -> None:
    waiting = asyncio.create_task(take(house.door.streams, conversation, 0, 1))
    await until(lambda: conversation in house.door.streams._waiting)
    with psycopg.connect(house.url, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname ="
            " current_database() and application_name = 'rapport-ingestion-listen'"
        )
    await until(lambda: not house.door.streams.ready())
    await asyncio.to_thread(house.replies, conversation, "Told while nobody listened.")
    assert len(await waiting) == 1
    assert house.door.streams.ready()


async def test_too_many_streams_are_told_to_come_back(house: House, conversation: str) -> None:
    opened = [
        asyncio.create_task(take(house.door.streams, f"{conversation}-{n}", 0, 1))
        for n in range(20)
    ]
    await until(lambda: len(house.door.streams._waiting) == 20)
    with pytest.raises(Rejected) as caught:
        house.door.streams.admit()
    assert caught.value.reason is Reason.BUSY
    for task in opened:
        task.cancel()
    # All at once, even those that were cancelled while they waited for a connection.
    async with asyncio.timeout(3):
        await asyncio.gather(*opened, return_exceptions=True)
    house.door.streams.admit()


@asynccontextmanager
async def served(house: House) -> AsyncIterator[tuple[httpx.AsyncClient, HttpServer]]:
    server = HttpServer(create_app(house.door), "127.0.0.1", 0)
    await server.start()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as client:
        yield client, server
    await house.door.streams.drain()
    await server.drain()


async def heard(
    client: httpx.AsyncClient, path: str, count: int, **headers: str
) -> list[tuple[str, str, dict[str, object]]]:
    """(id, event, data) of the next server-sent events."""
    events = []
    async with asyncio.timeout(5), aconnect_sse(client, "GET", path, headers=headers) as source:
        assert source.response.headers["cache-control"] == "no-store"
        async for sse in source.aiter_sse():
            if sse.data:
                events.append((sse.id, sse.event, sse.json()))
            if len(events) == count:
                break
    return events


async def test_server_sent_events_show_the_customer_what_is_for_them(
    house: House, conversation: str
) -> None:
    house.vault.values["[PERSON_1]"] = "Ann"

    def happen() -> None:
        house.customer_said(conversation, "I am [PERSON_1]")
        house.replies(conversation, "Hello [PERSON_1].")
        house.moves(conversation, QUEUED, position=3, queue="general", agent_id="agent-3")
        house.agent_says(conversation, "This is Sam, hello [PERSON_1].")

    await asyncio.to_thread(happen)
    path = f"/v1/conversations/{conversation}/events"
    async with served(house) as (client, _):
        events = await heard(client, path, 3)
        assert [(each[0], each[1]) for each in events] == [
            ("2", "reply"),
            ("3", "state"),
            ("4", "message"),
        ]
        reply, state, agent = (each[2] for each in events)
        assert reply["text"] == "Hello Ann."
        assert agent["text"] == "This is Sam, hello Ann."
        assert (state["state"], state["queue_position"]) == ("queued", 3)
        # Not what was read of them, and not who is behind it.
        assert not {"strategy", "tone", "trend"} & reply.keys()
        assert not {"agent_id", "queue"} & (state.keys() | agent.keys())
        record = await heard(client, f"{path}?view=record", 4)
        assert record[0][2]["text"] == "I am [PERSON_1]"
        assert record[1][2]["strategy"] == "acknowledge_then_answer"


async def test_server_sent_events_resume_after_the_last_id(house: House, conversation: str) -> None:
    def talk() -> None:
        for number in range(5):
            house.replies(conversation, f"{number}")

    await asyncio.to_thread(talk)
    path = f"/v1/conversations/{conversation}/events"
    async with served(house) as (client, _):
        first = await heard(client, path, 2)
        rest = await heard(client, path, 3, **{"Last-Event-ID": first[-1][0]})
        assert [each[2]["text"] for each in first + rest] == ["0", "1", "2", "3", "4"]
        # The header, which browsers set, wins over the address that they repeat.
        again = await heard(client, f"{path}?after=1", 1, **{"Last-Event-ID": "4"})
        assert again[0][0] == "5"
        bad = await client.get(path, headers={"Last-Event-ID": "x"})
        assert bad.status_code == 400


async def test_streams_end_when_the_door_closes(house: House, conversation: str) -> None:
    async with served(house) as (client, server):
        path = f"/v1/conversations/{conversation}/events"
        async with client.stream("GET", path) as response:
            lines = response.aiter_lines()
            assert await anext(lines) == "retry: 1000"
            await house.door.streams.drain()
            async with asyncio.timeout(3):
                async for _ in lines:
                    pass
                await server.drain()
