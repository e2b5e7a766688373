"""Who is let in at the door, by REST, WebSocket and gRPC, and that no tenant reaches another's."""

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any

import grpc
import httpx
import orjson
import psycopg
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from rapport.v1 import services_pb2, services_pb2_grpc
from services.common.http import HttpServer
from services.common.rpc import GrpcServer, channel
from services.common.topics import FEEDBACK_GIVEN, MESSAGE_RECEIVED
from services.ingestion import access
from services.ingestion.access import Caller
from services.ingestion.http import create_app
from services.ingestion.keyring import Keyring
from services.ingestion.keys import SCOPES, BadKey
from services.ingestion.limits import Limiter
from services.ingestion.rejections import Rejected
from services.ingestion.servicer import SERVICE, ChatServicer
from tests.unit.ingestion.conftest import House, until
from tests.unit.ingestion.offers import ENDED, FEEDBACK, event, sent
from tests.unit.ingestion.test_servicer import SECONDS, refused, request

pytestmark = pytest.mark.anyio
STRUCTURED = {"content-type": "application/cloudevents+json"}


@dataclass
class Locked:
    """A door that asks for keys, with its addresses."""

    house: House
    ring: Keyring
    http: int
    grpc: int

    def key(self, tenant: str, *scopes: str, **options: Any) -> str:
        return self.ring.create(tenant, "test", scopes, **options)[1]

    def client(self, key: str | None) -> httpx.AsyncClient:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        return httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.http}", headers=headers)

    async def post(self, key: str | None, document: Any, **headers: str) -> httpx.Response:
        async with self.client(key) as client:
            return await client.post(
                "/v1/events", content=orjson.dumps(document), headers=STRUCTURED | headers
            )

    async def get(self, key: str | None, path: str) -> httpx.Response:
        async with self.client(key) as client:
            return await client.get(path)

    def chat(self, conversation: str, key: str | None = None, **query: str) -> Any:
        """A WebSocket; `key` goes into the header, `public` into the address."""
        origin, public = query.pop("origin", None), query.pop("public", None)
        if public is not None:
            query["key"] = public
        asked = httpx.QueryParams({"conversation_id": conversation, **query})
        headers = {"authorization": f"Bearer {key}"} if key else {}
        return connect(
            f"ws://127.0.0.1:{self.http}/v1/chat?{asked}",
            additional_headers=headers,
            origin=origin,  # type: ignore[arg-type]
        )


@pytest.fixture
async def locked(house: House) -> AsyncIterator[Locked]:
    door = replace(house.door, access=replace(house.door.access, open_for=None))
    http = HttpServer(create_app(door), "127.0.0.1", 0)
    chat = (services_pb2_grpc.add_ChatServiceServicer_to_server, ChatServicer(door), SERVICE)
    rpc = GrpcServer("ingestion", "127.0.0.1", 0, [chat])
    await http.start()
    await rpc.start()
    yield Locked(house, Keyring(house.url), http.port, rpc.port)
    await house.door.streams.drain()
    await http.drain()
    await rpc.drain()


@pytest.fixture
async def stub(locked: Locked) -> AsyncIterator[Any]:
    async with channel(f"127.0.0.1:{locked.grpc}") as opened:
        yield services_pb2_grpc.ChatServiceStub(opened)


@pytest.fixture
def tenant() -> str:
    """A tenant that no other test has."""
    return f"t{uuid.uuid4().hex[:12]}"


def bearer(key: str) -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {key}"),)


def problem(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json"
    return response.status_code, response.json()["type"].rpartition(":")[2]


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Basic dXNlcjpwYXNz",
        "Bearer nonsense",
        "Bearer rapport_aaaaaaaaaaaa_" + "a" * 43,
        "Bearer a.b.c",
    ],
)
async def test_nobody_is_let_in_without_a_key_that_works(
    locked: Locked, conversation: str, authorization: str | None
) -> None:
    headers = {"authorization": authorization} if authorization is not None else {}
    async with locked.client(None) as client:
        posted = await client.post(
            "/v1/events", content=orjson.dumps(sent(conversation)), headers=STRUCTURED | headers
        )
        read = await client.get(f"/v1/conversations/{conversation}", headers=headers)
        followed = await client.get(f"/v1/conversations/{conversation}/events", headers=headers)
    for response in (posted, read, followed):
        assert problem(response) == (401, "unauthenticated")
        assert response.headers["www-authenticate"] == "Bearer"
    with pytest.raises(InvalidStatus) as caught:
        async with connect(
            f"ws://127.0.0.1:{locked.http}/v1/chat?conversation_id={conversation}",
            additional_headers=headers,
        ):
            pass
    assert caught.value.response.status_code == 401
    assert not locked.house.published(MESSAGE_RECEIVED, conversation)


async def test_grpc_lets_nobody_in_without_a_key(
    locked: Locked, stub: Any, conversation: str, tenant: str
) -> None:
    calls: list[Callable[..., Any]] = [
        lambda **more: stub.Publish(request(conversation), timeout=SECONDS, **more),
        lambda **more: stub.Watch(
            services_pb2.WatchRequest(conversation_id=conversation), timeout=SECONDS, **more
        ).read(),
        lambda **more: stub.Converse(iter(()), timeout=SECONDS, **more).read(),
    ]
    for call in calls:
        code, details = await refused(call())
        assert code == grpc.StatusCode.UNAUTHENTICATED
        assert details["ErrorInfo"].reason == "UNAUTHENTICATED"
        code, _ = await refused(call(metadata=bearer(locked.key(tenant, "chat"))))
        assert code == grpc.StatusCode.PERMISSION_DENIED


async def test_a_key_does_what_its_scopes_say_and_no_more(
    locked: Locked, tenant: str, conversation: str
) -> None:
    rated = {"conversation_id": conversation, "kind": "csat", "score": 5.0}
    rating = event(FEEDBACK, rated, id="f")
    allowed = {
        "publish": lambda key: locked.post(key, sent(conversation)),
        "feedback": lambda key: locked.post(key, rating),
        "read": lambda key: locked.get(key, f"/v1/conversations/{conversation}"),
    }
    admin = locked.key(tenant, "admin")
    for act in allowed.values():
        assert (await act(admin)).status_code in (200, 202)
    for scope in SCOPES.keys() - {"admin"}:
        key = locked.key(tenant, scope)
        for needed, act in allowed.items():
            response = await act(key)
            if needed == scope:
                assert response.status_code in (200, 202)
            else:
                assert problem(response) == (403, "forbidden")
    [given] = locked.house.published(FEEDBACK_GIVEN, f"{tenant}/{conversation}")
    assert given.message.tenant == tenant


async def test_the_tenant_comes_from_the_key_and_is_in_every_event_and_key(
    locked: Locked, tenant: str, conversation: str
) -> None:
    key = locked.key(tenant, "publish")
    assert (await locked.post(key, sent(conversation))).json()["sequence"] == 1
    [published] = locked.house.published(MESSAGE_RECEIVED, f"{tenant}/{conversation}")
    ref = published.message.ref
    assert (ref.tenant, ref.conversation_id) == (tenant, f"{tenant}/{conversation}")
    assert not locked.house.published(MESSAGE_RECEIVED, conversation)


async def test_two_tenants_with_the_same_ids_never_meet(
    locked: Locked, stub: Any, tenant: str, conversation: str
) -> None:
    house = locked.house
    ours, theirs = locked.key(tenant, "admin"), locked.key("other-" + tenant, "admin")
    home = locked.key("default", "admin")
    ids = set()
    for number, key in enumerate((ours, theirs, home)):
        customer = f"customer-{number}"  # of one tenant, this would be another's conversation
        accepted = await locked.post(key, sent(conversation, customer_id=customer))
        assert accepted.json()["sequence"] == 1
        assert not accepted.json()["repeated"]  # the same source and id
        ids.add(accepted.json()["id"])
    assert len(ids) == 3
    house_key = f"{tenant}/{conversation}"
    await asyncio.to_thread(house.replies, house_key, "For our eyes alone.")
    shown = (await locked.get(ours, f"/v1/conversations/{conversation}")).json()
    assert (shown["conversation_id"], shown["customer_id"]) == (conversation, "customer-0")
    assert [entry["text"] for entry in shown["transcript"]] == ["For our eyes alone."]
    for key in (theirs, home):
        other = (await locked.get(key, f"/v1/conversations/{conversation}")).json()
        assert other["transcript"] == []
        for path in (f"{tenant}%2F{conversation}", f"{tenant}/{conversation}"):
            assert (await locked.get(key, f"/v1/conversations/{path}")).status_code == 404
        async with locked.chat(conversation, key, customer_id="customer-0") as socket:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(socket.recv(), 0.2)
        watch = services_pb2.WatchRequest(conversation_id=conversation, reveal=True)
        call = stub.Watch(watch, timeout=0.3, metadata=bearer(key))
        assert (await refused(call.read()))[0] == grpc.StatusCode.DEADLINE_EXCEEDED
        watch.conversation_id = house_key
        call = stub.Watch(watch, timeout=SECONDS, metadata=bearer(key))
        assert (await refused(call.read()))[0] == grpc.StatusCode.INVALID_ARGUMENT
        posted = await locked.post(key, sent(house_key, "m-2"))
        assert problem(posted) == (400, "invalid_event")
        published = stub.Publish(request(house_key), timeout=SECONDS, metadata=bearer(key))
        assert (await refused(published))[0] == grpc.StatusCode.INVALID_ARGUMENT
        ended = event(ENDED, {"conversation_id": f"only-{conversation}", "by": "agent"}, id="e-1")
        assert problem(await locked.post(key, ended))[0] == 409
    assert len(house.published(MESSAGE_RECEIVED, house_key)) == 1


async def test_a_desk_may_name_a_conversation_as_routing_does(
    locked: Locked, stub: Any, tenant: str, conversation: str
) -> None:
    key = locked.key(tenant, "publish", "read")
    house_key = f"{tenant}/{conversation}"
    await stub.Publish(request(house_key), timeout=SECONDS, metadata=bearer(key))
    assert len(locked.house.published(MESSAGE_RECEIVED, house_key)) == 1
    await asyncio.to_thread(locked.house.replies, house_key, "Here you are.")
    watch = services_pb2.WatchRequest(conversation_id=house_key)
    response = await stub.Watch(watch, timeout=SECONDS, metadata=bearer(key)).read()
    assert response.delivery.reply.conversation_id == conversation


async def test_a_stream_of_events_is_for_the_tenant_alone(
    locked: Locked, tenant: str, conversation: str
) -> None:
    ours, theirs = locked.key(tenant, "read"), locked.key("other-" + tenant, "read")
    await asyncio.to_thread(locked.house.replies, f"{tenant}/{conversation}", "Ours.")
    path = f"/v1/conversations/{conversation}/events"

    async def first_event(key: str) -> str:
        async with locked.client(key) as client, client.stream("GET", path) as response:
            async for line in response.aiter_lines():
                if line.startswith("data:"):
                    return line
        return ""

    assert "Ours." in await asyncio.wait_for(first_event(ours), 5)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(first_event(theirs), 0.3)


async def test_a_revoked_key_ends_what_is_open(
    locked: Locked, tenant: str, conversation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_id, key = locked.ring.create(tenant, "test", ["chat", "publish"])
    async with locked.chat(conversation, key) as socket:
        await socket.send(json.dumps({"text": "Hello?"}))
        assert json.loads(await socket.recv())["type"] == "accepted"
        assert locked.ring.revoke(key_id)
        assert not locked.ring.revoke(key_id)
        locked.house.door.access._known.clear()  # as five seconds do
        await socket.send(json.dumps({"text": "Still there?"}))
        assert json.loads(await socket.recv())["status"] == 401
        await asyncio.to_thread(locked.house.replies, f"{tenant}/{conversation}", "Hi.")
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(socket.recv(), 5)
    assert problem(await locked.post(key, sent(conversation, "m-9"))) == (401, "unauthenticated")
    assert access.FRESH_SECONDS <= 5


async def test_a_key_ends_with_its_days(locked: Locked, tenant: str, conversation: str) -> None:
    key_id, key = locked.ring.create(tenant, "test", ["publish"], days=1)
    with psycopg.connect(locked.house.url) as connection:
        connection.execute(
            "update ingestion.api_keys set expires_at = now() - interval '1 second'"
            " where key_id = %s",
            (key_id,),
        )
    assert problem(await locked.post(key, sent(conversation))) == (401, "unauthenticated")


async def test_what_is_kept_of_a_key_is_a_digest(locked: Locked, tenant: str) -> None:
    _, key = locked.ring.create(tenant, "crm", ["read"])
    secret = key.rpartition("_")[2]
    with psycopg.connect(locked.house.url) as connection:
        rows = connection.execute("select api_keys::text from ingestion.api_keys").fetchall()
    assert not any(secret in row[0] for row in rows)
    assert not any(secret in str(listed) for listed in locked.ring.keys(tenant))


@pytest.mark.parametrize(
    ("scopes", "options"),
    [
        ([], {}),
        (["fly"], {}),
        (["publish"], {"public": True, "origins": ["https://shop.example"]}),
        (["chat"], {"public": True}),
        (["chat"], {"public": True, "origins": ["http://shop.example"]}),
        (["chat"], {"public": True, "origins": ["https://shop.example/page"]}),
        (["chat"], {"public": True, "origins": ["*"]}),
        (["read"], {"origins": ["https://shop.example"]}),
    ],
)
async def test_a_key_that_makes_no_sense_is_not_made(
    locked: Locked, tenant: str, scopes: list[str], options: dict[str, Any]
) -> None:
    with pytest.raises(BadKey):
        locked.ring.create(tenant, "bad", scopes, **options)
    with pytest.raises(BadKey):
        locked.ring.create("Not/a tenant", "bad", ["read"])
    assert locked.ring.keys(tenant) == []


class TestPublicKeys:
    ORIGIN = "https://shop.example"

    async def test_a_page_chats_with_one_from_its_origin(self, locked: Locked, tenant: str) -> None:
        key = locked.key(tenant, "chat", public=True, origins=[self.ORIGIN])
        conversation = f"web-{uuid.uuid4()}"
        for _ in range(2):  # it comes back to its own conversation
            async with locked.chat(conversation, **self.query(key)) as socket:
                await socket.send(json.dumps({"text": "Hello"}))
                assert json.loads(await socket.recv())["type"] == "accepted"
        published = locked.house.published(MESSAGE_RECEIVED, f"{tenant}/{conversation}")
        assert [event.message.ref.tenant for event in published] == [tenant] * 2

    @pytest.mark.parametrize(
        "origin", [None, "https://evil.example", "https://shop.example.evil.example"]
    )
    async def test_another_origin_is_refused(
        self, locked: Locked, tenant: str, origin: str | None
    ) -> None:
        key = locked.key(tenant, "chat", public=True, origins=[self.ORIGIN])
        await self.denied(
            locked, f"web-{uuid.uuid4()}", 403, **self.query(key) | {"origin": origin}
        )

    async def test_it_opens_no_conversation_that_can_be_guessed_or_is_somebody_elses(
        self, locked: Locked, tenant: str
    ) -> None:
        key = locked.key(tenant, "chat", public=True, origins=[self.ORIGIN])
        await self.denied(locked, "order-7781", 400, **self.query(key))
        conversation = f"web-{uuid.uuid4()}"
        await locked.post(locked.key(tenant, "publish"), sent(conversation))
        await self.denied(locked, conversation, 403, **self.query(key))
        other = f"web-{uuid.uuid4()}"
        await self.denied(locked, other, 400, **self.query(key), customer_id="customer-7")

    async def test_it_is_for_nothing_but_chat_and_a_secret_one_never_for_an_address(
        self, locked: Locked, tenant: str, conversation: str
    ) -> None:
        public = locked.key(tenant, "chat", public=True, origins=[self.ORIGIN])
        for response in (
            await locked.post(public, sent(conversation)),
            await locked.get(public, f"/v1/conversations/{conversation}"),
        ):
            assert problem(response) == (401, "unauthenticated")
        secret = locked.key(tenant, "admin")
        await self.denied(locked, f"web-{uuid.uuid4()}", 401, **self.query(secret))
        forged = public.replace("rapportpub_", "rapport_")
        assert problem(await locked.post(forged, sent(conversation)))[0] == 401

    def query(self, key: str) -> dict[str, Any]:
        return {"public": key, "origin": self.ORIGIN}

    async def denied(self, locked: Locked, conversation: str, status: int, **query: Any) -> None:
        with pytest.raises(InvalidStatus) as caught:
            async with locked.chat(conversation, **query):
                pass
        assert caught.value.response.status_code == status


class TestLimits:
    async def test_more_than_the_rate_is_429_with_the_time_to_wait(
        self, locked: Locked, stub: Any, tenant: str, conversation: str
    ) -> None:
        locked.ring.limit(tenant, events_per_second=0.05, burst=100, event_bytes=None)
        key = locked.key(tenant, "admin")
        answers = [await locked.post(key, sent(conversation, f"m-{n}")) for n in range(102)]
        assert [a.status_code for a in answers[:100]] == [202] * 100
        last = answers[-1]
        assert problem(last) == (429, "rate_limited")
        assert 1 <= int(last.headers["retry-after"]) == last.json()["retry_after"] <= 20
        code, details = await refused(
            stub.Publish(request(conversation), timeout=SECONDS, metadata=bearer(key))
        )
        assert code == grpc.StatusCode.RESOURCE_EXHAUSTED
        assert details["RetryInfo"].retry_delay.seconds >= 1
        async with locked.chat(conversation, key, customer_id="customer-7") as socket:
            await socket.send(json.dumps({"id": "w", "text": "Hello"}))
            answer = json.loads(await socket.recv())
            assert (answer["status"], answer["id"]) == (429, "w")
            assert answer["retry_after"] >= 1
        # Another tenant does not notice.
        other = locked.key("other-" + tenant, "publish")
        assert (await locked.post(other, sent(conversation))).status_code == 202
        # A tenant that is allowed more has room again at once.
        locked.ring.limit(tenant, events_per_second=50, burst=100, event_bytes=None)
        assert await until(self.accepted(locked, key, conversation), 5)

    def accepted(self, locked: Locked, key: str, conversation: str) -> Callable[[], Any]:
        async def once() -> bool:
            return (await locked.post(key, sent(conversation, "later"))).status_code == 202

        return once

    async def test_it_is_refused_before_the_body_is_read(
        self, locked: Locked, tenant: str, conversation: str
    ) -> None:
        locked.ring.limit(tenant, events_per_second=0.01, burst=100, event_bytes=None)
        key = locked.key(tenant, "publish")
        batch = [sent(conversation, f"m-{n}") for n in range(100)]
        body = orjson.dumps(batch)
        headers = {"content-type": "application/cloudevents-batch+json"}
        async with locked.client(key) as client:
            first = await client.post("/v1/events", content=body, headers=headers)
        assert first.status_code == 202
        reader, writer = await asyncio.open_connection("127.0.0.1", locked.http)
        # A megabyte is announced and never sent: the answer comes all the same.
        writer.write(
            b"POST /v1/events HTTP/1.1\r\nhost: door\r\ncontent-length: 1048576\r\n"
            b"content-type: application/cloudevents-batch+json\r\nauthorization: Bearer "
            + key.encode()
            + b"\r\n\r\n"
        )
        assert b" 429 " in await asyncio.wait_for(reader.readline(), 5)
        writer.close()

    async def test_two_replicas_share_one_bucket(self, locked: Locked, tenant: str) -> None:
        locked.ring.limit(tenant, events_per_second=50, burst=100, event_bytes=None)
        record = locked.house.door.limiter._buckets
        replicas = [Limiter(record), Limiter(record)]
        caller = Caller(tenant, frozenset(["publish"]))
        let_in, began = 0, time.monotonic()
        while time.monotonic() - began < 1.0:
            for replica in replicas:
                try:
                    await replica.take(caller)
                except Rejected:
                    await asyncio.sleep(0.005)
                else:
                    let_in += 1
        # 100 that a new bucket holds, and a second's worth, with some slack for the clock.
        assert 130 <= let_in <= 100 + 50 * (time.monotonic() - began) + 2

    async def test_a_tenant_may_have_a_smaller_largest_event(
        self, locked: Locked, stub: Any, tenant: str, conversation: str
    ) -> None:
        locked.ring.limit(tenant, events_per_second=None, burst=None, event_bytes=1000)
        key = locked.key(tenant, "admin")
        long = sent(conversation, text="x" * 1000)
        assert problem(await locked.post(key, long)) == (413, "too_large")
        batch = {"content-type": "application/cloudevents-batch+json"}
        assert problem(await locked.post(key, [long], **batch)) == (413, "too_large")
        call = stub.Publish(
            request(conversation, text="x" * 1000), timeout=SECONDS, metadata=bearer(key)
        )
        assert (await refused(call))[0] == grpc.StatusCode.INVALID_ARGUMENT
        async with locked.chat(conversation, key) as socket:
            await socket.send(json.dumps({"text": "x" * 1000}))
            assert json.loads(await socket.recv())["status"] == 413
        assert (await locked.post(key, sent(conversation))).status_code == 202
