"""Webhooks: signed, in order, at least once, and to nobody who must not be reached."""

import asyncio
import base64
import hashlib
import hmac
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, get_args

import httpx
import orjson
import psycopg
import pytest
from fastapi import FastAPI, Request, Response

from rapport.v1 import common_pb2, conversation_pb2, outcome_pb2, reply_pb2
from services.common.http import HttpServer
from services.common.topics import HANDOVER_REQUESTED, OUTCOME_MEASURED
from services.ingestion.cloudevents import read_event
from services.ingestion.http import create_app
from services.ingestion.keyring import Keyring
from services.ingestion.sealing import Sealer
from services.ingestion.webhooks import content
from services.ingestion.webhooks import outbox as outboxes
from services.ingestion.webhooks.connecting import Guard, Line
from services.ingestion.webhooks.outbox import Outbox
from services.ingestion.webhooks.routes import EventType, FilterName
from services.ingestion.webhooks.sender import Patience, Sender
from tests.unit.ingestion.conftest import House, until
from tests.unit.ingestion.offers import NOW, sent

pytestmark = pytest.mark.anyio
REPLY, CHANGED = "rapport.reply.created.v1", "rapport.conversation.changed.v1"
MESSAGE = "rapport.message.redacted.v1"
HANDOVER, OUTCOME = "rapport.handover.requested.v1", "rapport.outcome.measured.v1"
EVERYTHING = [REPLY, CHANGED, MESSAGE, HANDOVER, OUTCOME]


@dataclass
class Receiver:
    """Somebody else's server, which keeps what it hears."""

    url: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answer: Callable[[dict[str, Any]], int] = lambda event: 200
    delay: float = 0.0
    at_once: int = 0
    most_at_once: int = 0

    def texts(self, conversation: str = "") -> list[str]:
        return [
            event["data"]["text"]
            for event in self.heard
            if not conversation or event["subject"] == conversation
        ]

    async def hear(self, request: Request) -> Response:
        body = await request.body()
        event = orjson.loads(body)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.delay)
        self.at_once -= 1
        self.requests.append((dict(request.headers), body))
        status = self.answer(event)
        if status < 300:
            self.heard.append(event)
        headers = {"location": "http://127.0.0.1:1/"} if 300 <= status < 400 else {}
        return Response(status_code=status, headers=headers)


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver, app = Receiver(), FastAPI()
    app.post("/hook")(receiver.hear)
    server = HttpServer(app, "127.0.0.1", 0)
    await server.start()
    receiver.url = f"http://127.0.0.1:{server.port}/hook"
    yield receiver
    await server.drain()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@dataclass
class Client:
    """A tenant at the door."""

    house: House
    http: httpx.AsyncClient
    tenant: str

    def key(self, conversation: str) -> str:
        return f"{self.tenant}/{conversation}"

    async def ask(self, method: str, path: str = "", **options: Any) -> httpx.Response:
        return await self.http.request(method, f"/v1/subscriptions{path}", **options)

    async def subscribe(self, url: str, events: list[str], **more: Any) -> dict[str, Any]:
        made = await self.ask("POST", json={"url": url, "events": events, **more})
        assert made.status_code == 201, made.text
        subscription: dict[str, Any] = made.json()
        return subscription

    async def replies(self, conversation: str, *texts: str) -> None:
        for text in texts:
            await asyncio.to_thread(self.house.replies, self.key(conversation), text)


@asynccontextmanager
async def tenant_at(house: House) -> AsyncIterator[Client]:
    tenant = f"t{uuid.uuid4().hex[:12]}"
    _, key = Keyring(house.url).create(tenant, "test", ["admin"])
    transport = httpx.ASGITransport(create_app(house.door), raise_app_exceptions=False)
    headers = {"authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://door", headers=headers
    ) as client:
        yield Client(house, client, tenant)


@pytest.fixture
async def client(house: House) -> AsyncIterator[Client]:
    async with tenant_at(house) as client:
        yield client


@pytest.fixture
async def sending(house: House) -> Sender:
    await house.door.sender.start()
    return house.door.sender


def replica(house: House, patience: Patience = Patience(3, 0.05)) -> Sender:  # noqa: B008
    """Another door's sender over the same record."""
    guard = Guard(allow_loopback=True)
    store = house.door.store
    return Sender(Outbox(store), Line(guard), Sealer(bytes(32)), house.vault, patience=patience)


async def settled(client: Client, subscription: dict[str, Any], **counts: int) -> Any:
    """Waits until the subscription has these counts."""

    async def look() -> dict[str, Any] | None:
        shown: dict[str, Any] = (await client.ask("GET", f"/{subscription['id']}")).json()
        return shown if all(shown[name] == n for name, n in counts.items()) else None

    return await until(look, 10)


@pytest.mark.usefixtures("sending")
class TestTold:
    async def test_a_reply_is_told_and_its_signature_proves_who_told_it(
        self, client: Client, receiver: Receiver, conversation: str
    ) -> None:
        subscription = await client.subscribe(receiver.url, [REPLY])
        await client.replies(conversation, "It is on its way.")
        await until(lambda: receiver.heard)
        [(headers, body)] = receiver.requests
        event = orjson.loads(body)
        assert (event["type"], event["subject"]) == (REPLY, conversation)
        assert event["source"] == f"/tenants/{client.tenant}"
        assert event["data"]["conversation_id"] == conversation
        assert event["data"]["text"] == "It is on its way."
        assert event["data"]["strategy"] == "acknowledge_then_answer"
        assert headers["webhook-id"] == event["id"]
        assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
        # As a receiver computes it from the description of Standard Webhooks.
        secret = base64.b64decode(subscription["secret"].removeprefix("whsec_"))
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        digest = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{digest}"

    async def test_every_kind_of_event_is_told(
        self, client: Client, receiver: Receiver, conversation: str
    ) -> None:
        house, key = client.house, client.key(conversation)
        await client.subscribe(receiver.url, EVERYTHING)
        await client.replies(conversation, "One moment.")
        asked = reply_pb2.HandoverRequested(
            handover_id="h-1",
            conversation_id=key,
            customer_id="customer-7",
            reason=common_pb2.HANDOVER_REASON_ASKED,
            priority=common_pb2.PRIORITY_HIGH,
            context=reply_pb2.ContextPacket(summary="Wants a person.", tried=["order_status"]),
        )
        await asyncio.to_thread(house.deliver, HANDOVER_REQUESTED, key, asked)
        state = conversation_pb2.CONVERSATION_STATE_AGENT
        await asyncio.to_thread(lambda: house.moves(key, state, queue="billing"))
        await asyncio.to_thread(house.agent_says, key, "I am Sam.")
        await asyncio.to_thread(house.customer_said, key, "At last.")
        outcome = outcome_pb2.OutcomeMeasured(
            outcome_id="o-1",
            conversation_id=key,
            resolution=outcome_pb2.RESOLUTION_BY_AGENT,
            replies=1,
            csat=4.0,
        )
        outcome.time_with_bot.FromMilliseconds(1500)
        await asyncio.to_thread(house.deliver, OUTCOME_MEASURED, key, outcome)
        await until(lambda: len(receiver.heard) == 5)
        told = {event["type"]: event["data"] for event in receiver.heard}
        assert [event["type"] for event in receiver.heard] == [
            REPLY,
            HANDOVER,
            CHANGED,
            MESSAGE,
            OUTCOME,
        ]
        assert (told[CHANGED]["state"], told[CHANGED]["queue"]) == ("agent", "billing")
        assert (told[MESSAGE]["author"], told[MESSAGE]["text"]) == ("agent", "I am Sam.")
        assert (told[HANDOVER]["reason"], told[HANDOVER]["priority"]) == ("asked", "high")
        assert told[HANDOVER]["context"]["summary"] == "Wants a person."
        assert told[HANDOVER]["context"]["tried"] == ["order_status"]
        assert (told[OUTCOME]["resolution"], told[OUTCOME]["csat"]) == ("by_agent", 4.0)
        assert told[OUTCOME]["seconds_with_bot"] == 1.5

    async def test_filters_hold_back_what_has_another_word(
        self, client: Client, receiver: Receiver, conversation: str
    ) -> None:
        filters = {"state": ["closed", "agent"], "queue": ["billing"]}
        await client.subscribe(receiver.url, [REPLY, CHANGED], filters=filters)
        states = conversation_pb2.ConversationState
        for state, queue in (
            (states.CONVERSATION_STATE_QUEUED, "billing"),
            (states.CONVERSATION_STATE_AGENT, "travel"),
            (states.CONVERSATION_STATE_AGENT, "billing"),
        ):
            key = client.key(conversation)
            await asyncio.to_thread(client.house.moves, key, state, queue=queue)
        await client.replies(conversation, "A reply has no state.")
        await until(lambda: len(receiver.heard) == 2)
        assert [event["type"] for event in receiver.heard] == [CHANGED, REPLY]
        assert receiver.heard[0]["data"]["queue"] == "billing"

    async def test_placeholders_stay_unless_the_receiver_shows_them_to_the_customer(
        self, client: Client, receiver: Receiver, conversation: str
    ) -> None:
        client.house.vault.values["[PERSON_1]"] = "Ann"
        async with receiving() as second:
            await client.subscribe(receiver.url, [REPLY])
            await client.subscribe(second.url, [REPLY], reveal=True)
            await client.replies(conversation, "Hello [PERSON_1]!")
            await until(lambda: receiver.heard and second.heard)
            assert receiver.texts() == ["Hello [PERSON_1]!"]
            assert second.texts() == ["Hello Ann!"]
        with psycopg.connect(client.house.url) as connection:
            kept = connection.execute(
                "select payload from ingestion.webhook_events where conversation_id = %s",
                (client.key(conversation),),
            ).fetchall()
        assert len(kept) == 2
        assert not any(b"Ann" in bytes(row[0]) for row in kept)

    async def test_no_tenant_is_told_of_another(
        self, client: Client, receiver: Receiver, conversation: str
    ) -> None:
        async with tenant_at(client.house) as other, receiving() as theirs:
            ours = await client.subscribe(receiver.url, EVERYTHING)
            await other.subscribe(theirs.url, EVERYTHING)
            await client.replies(conversation, "Ours.")
            await asyncio.to_thread(client.house.replies, conversation, "Of the home tenant.")
            await other.replies(conversation, "Theirs.")
            await until(lambda: receiver.heard and theirs.heard)
            assert (receiver.texts(), theirs.texts()) == (["Ours."], ["Theirs."])
            path = f"/{ours['id']}"
            for method, more, body in (
                ("GET", "", None),
                ("DELETE", "", None),
                ("POST", "/pause", None),
                ("POST", "/resume", None),
                ("POST", "/test", None),
                ("POST", "/replay", {"state": "delivered"}),
                ("GET", "/deliveries?state=delivered", None),
            ):
                answer = await other.ask(method, path + more, json=body)
                assert answer.status_code == 404, (method, more)
            assert [each["id"] for each in (await client.ask("GET")).json()] == [ours["id"]]
            assert ours["id"] not in (await other.ask("GET")).text

    async def test_events_of_a_conversation_keep_their_order_over_failures(
        self, client: Client, receiver: Receiver, conversation: str
    ) -> None:
        failures = iter([500, 503, 200, 429, 200])
        receiver.answer = lambda event: next(failures, 200)
        subscription = await client.subscribe(receiver.url, [REPLY])
        await client.replies(conversation, *"abcdef")
        await settled(client, subscription, pending=0, dead=0)
        assert receiver.texts() == list("abcdef")
        tries = [headers["webhook-id"] for headers, _ in receiver.requests]
        assert tries[0] == tries[1] == tries[2]  # the same id every time

    async def test_one_slow_receiver_delays_no_other(
        self, client: Client, receiver: Receiver
    ) -> None:
        async with receiving() as slow:
            slow.delay = 1.5
            await client.subscribe(slow.url, [REPLY])
            await client.subscribe(receiver.url, [REPLY])
            began = time.monotonic()
            for number in range(24):
                await client.replies(f"c-{number}-{uuid.uuid4()}", "Hello.")
            handled = time.monotonic() - began
            await until(lambda: len(receiver.heard) == 24, 10)
            assert time.monotonic() - began < handled + 1.4
            assert len(slow.heard) < 24
            assert slow.most_at_once <= 8

    async def test_a_conversation_that_fails_delays_no_other_of_its_receiver(
        self, client: Client, receiver: Receiver, conversation: str
    ) -> None:
        receiver.answer = lambda event: 500 if event["subject"] == conversation else 200
        await client.subscribe(receiver.url, [REPLY])
        await client.replies(conversation, "stuck", "behind it")
        other = f"c-{uuid.uuid4()}"
        await client.replies(other, "free")
        await until(lambda: receiver.texts(other) == ["free"])
        assert receiver.texts(conversation) == []

    async def test_what_fails_for_good_is_seen_and_can_be_replayed(
        self, client: Client, receiver: Receiver, conversation: str
    ) -> None:
        receiver.answer = lambda event: 404
        subscription = await client.subscribe(receiver.url, [REPLY])
        await client.replies(conversation, "a", "b")
        await settled(client, subscription, pending=0, dead=2)
        path = f"/{subscription['id']}"
        dead = (await client.ask("GET", f"{path}/deliveries")).json()
        assert [each["error"] for each in dead] == ["status_404"] * 2
        assert {each["attempts"] for each in dead} == {3}
        assert {each["conversation_id"] for each in dead} == {conversation}
        assert "text" not in dead[0]
        receiver.answer = lambda event: 200
        first = {"event_ids": [dead[1]["event_id"]]}
        assert (await client.ask("POST", f"{path}/replay", json=first)).json() == {"queued": 1}
        await settled(client, subscription, pending=0, dead=1)
        assert receiver.texts() == ["a"]
        assert (await client.ask("POST", f"{path}/replay", json={})).json() == {"queued": 1}
        await settled(client, subscription, pending=0, dead=0)
        assert receiver.texts() == ["a", "b"]
        # What was delivered can be sent once more too, with the ids that it had.
        answer = await client.ask("POST", f"{path}/replay", json={"state": "delivered"})
        assert answer.json() == {"queued": 2}
        await until(lambda: receiver.texts() == ["a", "b", "a", "b"])
        ids = [event["id"] for event in receiver.heard]
        assert ids[:2] == ids[2:]

    async def test_while_it_is_paused_nothing_is_told_and_nothing_is_lost(
        self, client: Client, receiver: Receiver, conversation: str
    ) -> None:
        subscription = await client.subscribe(receiver.url, [REPLY])
        path = f"/{subscription['id']}"
        assert (await client.ask("POST", f"{path}/pause")).json()["state"] == "paused"
        await client.replies(conversation, "a", "b")
        await settled(client, subscription, pending=2)
        await asyncio.sleep(0.3)
        assert receiver.requests == []
        assert (await client.ask("POST", f"{path}/resume")).json()["state"] == "active"
        await settled(client, subscription, pending=0)
        assert receiver.texts() == ["a", "b"]

    async def test_a_receiver_that_is_gone_is_told_nothing_more(
        self, client: Client, receiver: Receiver, conversation: str
    ) -> None:
        receiver.answer = lambda event: 410
        subscription = await client.subscribe(receiver.url, [REPLY])
        await client.replies(conversation, "a")
        shown = await settled(client, subscription, state="paused", pending=1)
        assert shown["reason"] == "the receiver is gone"

    async def test_redirects_are_not_followed(
        self, client: Client, receiver: Receiver, conversation: str
    ) -> None:
        receiver.answer = lambda event: 302
        subscription = await client.subscribe(receiver.url, [REPLY])
        await client.replies(conversation, "a")
        await settled(client, subscription, dead=1)
        [dead] = (await client.ask("GET", f"/{subscription['id']}/deliveries")).json()
        assert dead["error"] == "status_302"

    async def test_a_test_says_what_came_of_it(self, client: Client, receiver: Receiver) -> None:
        subscription = await client.subscribe(receiver.url, [REPLY])
        path = f"/{subscription['id']}/test"
        assert (await client.ask("POST", path)).json()["delivered"] is True
        assert receiver.heard[0]["type"] == "rapport.subscription.tested.v1"
        receiver.answer = lambda event: 500
        tested = (await client.ask("POST", path)).json()
        assert (tested["delivered"], tested["error"]) == (False, "status_500")

    async def test_an_erased_customer_is_told_of_no_more(
        self, client: Client, receiver: Receiver, conversation: str
    ) -> None:
        receiver.answer = lambda event: 500
        subscription = await client.subscribe(receiver.url, [REPLY])
        house = client.house
        event = read_event(sent(conversation, customer_id=f"of-{conversation}"), NOW)
        await house.door.acceptor.accept(event, "http", tenant=client.tenant)
        await client.replies(conversation, "a")
        await until(lambda: receiver.requests)
        erasure = (str(uuid.uuid4()), b"digest", client.tenant, f"of-{conversation}")
        await house.door.rights.take(*erasure)
        await client.replies(conversation, "b")
        await settled(client, subscription, pending=0, dead=0)
        receiver.answer = lambda event: 200
        await asyncio.sleep(0.3)
        assert receiver.heard == []

    async def test_a_deleted_one_is_told_nothing_more(
        self, client: Client, receiver: Receiver, conversation: str
    ) -> None:
        receiver.answer = lambda event: 500
        subscription = await client.subscribe(receiver.url, [REPLY])
        await client.replies(conversation, "a")
        await until(lambda: receiver.requests)
        deleted = await client.ask("DELETE", f"/{subscription['id']}")
        assert deleted.status_code == 204
        assert (await client.ask("GET")).json() == []
        await asyncio.sleep(0.3)
        told = len(receiver.requests)
        await client.replies(conversation, "b")
        await asyncio.sleep(0.3)
        assert len(receiver.requests) == told


class TestReplicas:
    async def test_two_that_live_never_tell_the_same_twice(
        self, house: House, client: Client, receiver: Receiver
    ) -> None:
        receiver.delay = 0.02
        subscription = await client.subscribe(receiver.url, [REPLY])
        conversations = [f"c-{uuid.uuid4()}" for _ in range(12)]
        replicas = [house.door.sender, replica(house), replica(house)]
        for each in replicas:
            await each.start()
        for number in range(5):
            for conversation in conversations:
                await client.replies(conversation, f"{number}")
                for each in replicas:
                    each.wake()
        await settled(client, subscription, pending=0)
        for each in replicas[1:]:
            await each.drain()
        assert len(receiver.requests) == 60
        for conversation in conversations:
            assert receiver.texts(conversation) == list("01234")

    async def test_a_killed_one_loses_nothing(
        self,
        house: House,
        client: Client,
        receiver: Receiver,
        conversation: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(outboxes, "LEASE_SECONDS", 1.0)
        subscription = await client.subscribe(receiver.url, [REPLY])
        await client.replies(conversation, "a", "b")
        # As a kill leaves it: leased, and never heard of again.
        lines = await house.door.sender._outbox.claim({}, 8)
        [line] = [each for each in lines if str(each.subscription_id) == subscription["id"]]
        told = await house.door.sender._outbox.next(line)
        assert told is not None
        other = replica(house)
        await other.start()
        await asyncio.sleep(0.4)
        assert receiver.requests == []
        await settled(client, subscription, pending=0)
        assert receiver.texts() == ["a", "b"]
        # The one that was taken for dead settles nothing when it wakes up.
        assert not await house.door.sender._outbox.settle(line, told, "dead")
        assert await house.door.sender._outbox.next(line) is None
        await settled(client, subscription, pending=0, dead=0)
        await other.drain()

    async def test_an_outage_of_the_database_is_waited_out(
        self, house: House, client: Client, receiver: Receiver, conversation: str
    ) -> None:
        subscription = await client.subscribe(receiver.url, [REPLY])
        await house.door.sender.start()
        await client.replies(conversation, "a")
        await settled(client, subscription, pending=0)
        with psycopg.connect(house.url, autocommit=True) as connection:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and application_name = 'rapport-ingestion'"
                " and pid <> pg_backend_pid()"
            )
        house.engine.dispose()
        await client.replies(conversation, "b")
        await settled(client, subscription, pending=0)
        assert receiver.texts() == ["a", "b"]
        assert house.door.sender.ready()

    async def test_the_same_event_again_is_told_once(
        self, house: House, client: Client, receiver: Receiver, conversation: str
    ) -> None:
        from services.common.events import Event
        from services.common.topics import REPLY_CREATED

        subscription = await client.subscribe(receiver.url, [REPLY])
        await house.door.sender.start()
        key = client.key(conversation)
        reply = reply_pb2.ReplyCreated(reply_id="r", conversation_id=key, text="once")
        event = Event(str(uuid.uuid4()), REPLY_CREATED, key, NOW, "rapport/test", reply)
        for _ in range(2):
            await asyncio.to_thread(house.processor.process, [event])
        await settled(client, subscription, pending=0)
        assert receiver.texts() == ["once"]


@pytest.mark.parametrize(
    ("change", "field_"),
    [
        ({"url": "ftp://receiver.example"}, "url"),
        ({"url": "https://user:pass@receiver.example"}, "url"),
        ({"url": "https://"}, "url"),
        ({"url": "nonsense"}, "url"),
        ({"events": []}, "events"),
        ({"events": ["rapport.message.received.v1"]}, "0"),
        ({"filters": {"mood": ["angry"]}}, "[key]"),
        ({"filters": {"state": []}}, "state"),
        ({"more": 1}, "more"),
    ],
)
async def test_a_wrong_wish_is_refused_with_its_field(
    client: Client, change: dict[str, Any], field_: str
) -> None:
    wish = {"url": "http://127.0.0.1:9/hook", "events": [REPLY]} | change
    answer = await client.ask("POST", json=wish)
    assert answer.status_code == 400, answer.text
    assert field_ in [error["field"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    "url",
    [
        "https://receiver.example/#x",
        "https://[::1",
        "https://10.0.0.7/hook",
        "https://169.254.169.254/latest/meta-data",
        "http://10.0.0.7/hook",
    ],
)
async def test_an_address_that_is_not_of_the_open_internet_is_refused(
    client: Client, url: str
) -> None:
    answer = await client.ask("POST", json={"url": url, "events": [REPLY]})
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:rapport:problem:forbidden_url"
    assert (await client.ask("GET")).json() == []


async def test_a_tenant_has_so_many_and_no_more(client: Client) -> None:
    for _ in range(20):
        await client.subscribe("http://127.0.0.1:9/hook", [REPLY])
    wish = {"url": "http://127.0.0.1:9/hook", "events": [REPLY]}
    answers = await asyncio.gather(*(client.ask("POST", json=wish) for _ in range(3)))
    assert {answer.status_code for answer in answers} == {409}


async def test_revealing_needs_the_scope_that_reads(house: House, client: Client) -> None:
    _, key = Keyring(house.url).create(client.tenant, "test", ["subscribe"])
    wish = {"url": "http://127.0.0.1:9/hook", "events": [REPLY], "reveal": True}
    client.http.headers["authorization"] = f"Bearer {key}"
    assert (await client.ask("POST", json=wish)).status_code == 403
    assert (await client.ask("POST", json=wish | {"reveal": False})).status_code == 201


async def test_secrets_are_sealed_at_rest(client: Client, house: House) -> None:
    subscription = await client.subscribe("http://127.0.0.1:9/hook", [REPLY])
    secret = base64.b64decode(subscription["secret"].removeprefix("whsec_"))
    with psycopg.connect(house.url) as connection:
        row = connection.execute(
            "select sealed from ingestion.subscriptions where subscription_id = %s",
            (subscription["id"],),
        ).fetchone()
    assert row is not None
    assert secret not in bytes(row[0])
    assert "secret" not in (await client.ask("GET", f"/{subscription['id']}")).json()


async def test_the_wait_grows_and_a_receiver_may_ask_for_more() -> None:
    patience = Patience()
    waits = [patience.wait(attempts, None) for attempts in range(1, 17)]
    assert 4 <= waits[0] <= 6
    assert 12 <= waits[1] <= 18
    assert max(waits) <= 3600
    assert sum(waits) > 8 * 3600  # a night's outage is outlasted
    assert patience.wait(1, 60.0) == 60.0
    assert patience.wait(1, 1e9) == 3600.0


async def test_the_routes_offer_what_there_is() -> None:
    assert set(get_args(EventType)) == set(content.TOPICS)
    assert set(get_args(FilterName)) == set(content.FILTERS)
