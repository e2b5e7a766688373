"""A customer is forgotten by the whole platform: every table of every service, with a receipt."""

import time
import uuid
from contextlib import suppress
from typing import Any

import grpc
import httpx
import psycopg
import pytest
from google.protobuf.message import DecodeError

from rapport.v1 import rights_pb2, services_pb2, services_pb2_grpc
from services.cli.platform import Platform
from services.common.rpc import blocking_channel
from services.common.topics import ERASURE_COMPLETED, HOLDERS, TOPICS
from tests.harness import Customer, eventually, read_topic

pytestmark = [pytest.mark.e2e, pytest.mark.integration, pytest.mark.timeout(240)]

# Where something of an erased customer stays, and why: docs/privacy.md#erasure.
STAYS = {
    "ingestion.erasures": "the request itself",
    "ingestion.consents": "a refusal is honoured",
    "ingestion.accepted": "the request's own id",
    "ingestion.conversations": "the id of the conversation, without its customer",
    "routing.erased": "the same",
    "routing.outbox": "closing moves on their way",
    "redaction.reveals": "the audit of reveals",
}
for _holder in ("redaction", "emotion", "reply", "insights"):
    STAYS[f"{_holder}.state"] = "the same, without content"
for _holder in HOLDERS:
    STAYS[f"{_holder}.handled"] = "the answer to the request"


def erase(platform: Platform, customer_id: str, event_id: str | None = None) -> str:
    """Asks for an erasure over REST; gives its id."""
    event = {
        "specversion": "1.0",
        "id": event_id or str(uuid.uuid4()),
        "source": "privacy-desk",
        "type": "rapport.erasure.requested.v1",
        "data": {"customer_id": customer_id},
    }
    answer = httpx.post(
        f"{platform.door}/v1/events",
        json=event,
        headers={"content-type": "application/cloudevents+json"},
    )
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def receipt(platform: Platform, erasure_id: str, seconds: float = 60) -> dict[str, Any]:
    """Waits for the receipt."""

    def completed() -> dict[str, Any] | None:
        found: dict[str, Any] = httpx.get(f"{platform.door}/v1/erasures/{erasure_id}").json()
        return found if found["state"] == "completed" else None

    found: dict[str, Any] = eventually(completed, seconds, "the receipt")
    return found


def tables_with(platform: Platform, *needles: str) -> dict[str, str]:
    """Every table of every service that holds one of these, with the row."""
    found: dict[str, str] = {}
    with psycopg.connect(platform.database_url) as connection:
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables"
            " where table_type = 'BASE TABLE'"
            " and table_schema not in ('pg_catalog', 'information_schema')"
        ).fetchall()
        for schema, table in tables:
            for row in connection.execute(f'select * from "{schema}"."{table}"'):  # type: ignore[call-overload]
                shown = repr(tuple(bytes(c) if isinstance(c, memoryview) else c for c in row))
                if any(needle in shown for needle in needles):
                    found[f"{schema}.{table}"] = shown
    return found


def reveal(platform: Platform, conversation: str, text: str) -> str:
    channel = blocking_channel(platform.grpc_address("redaction"))
    request = services_pb2.RevealRequest(
        tenant="default", conversation_id=conversation, text=text, purpose="deliver"
    )
    try:
        stub = services_pb2_grpc.RedactionServiceStub(channel)
        return stub.Reveal(request, timeout=5).text
    finally:
        channel.close()


def state_of(platform: Platform, conversation: str) -> str:
    answer = httpx.get(f"{platform.door}/v1/conversations/{conversation}")
    return str(answer.json().get("state")) if answer.status_code == 200 else "none"


def test_a_customer_with_open_conversations_is_forgotten_everywhere(
    platform: Platform, customer: Customer
) -> None:
    mark = uuid.uuid4().hex[:8]
    talked, waits, other = f"talked-{mark}", f"waits-{mark}", f"other-{mark}"
    who = f"customer-of-{talked}"
    customer.say(talked, "Hi, my name is Jane Roe and my card is 4539 5787 6362 1486.")
    customer.say(talked, "Where is my order 48213?", attributes={"industry": "retail"})
    said = services_pb2.MessageSent(
        conversation_id=waits,
        customer_id=who,
        channel=1,
        author=1,
        text="I want to talk to a person now, call me at (415) 555-0137!",
    )
    said.sent_at.GetCurrentTime()
    customer.publish("rapport.message.sent.v1", message=said)
    customer.say(other, "My name is John Doe, how do I return shoes?")
    eventually(lambda: state_of(platform, waits) == "queued", 30, "somebody waits")
    eventually(lambda: len(customer.hear(talked, seconds=1)) >= 2, 30, "both messages are answered")
    eventually(
        lambda: (
            {"emotion.state", "reply.state", "insights.state", "redaction.state"}
            <= tables_with(platform, talked).keys()
        ),
        30,
        "the conversation is in every service",
    )
    shown = "[PERSON_1] with the card [CREDIT_CARD_1]"
    assert reveal(platform, talked, shown) == "Jane Roe with the card ending in 1486"

    asked = str(uuid.uuid4())
    erasure_id = erase(platform, who, asked)
    done = receipt(platform, erasure_id)

    left = tables_with(platform, talked, waits, who)
    assert set(left) <= set(STAYS), {name: left[name] for name in set(left) - set(STAYS)}
    for text in ("Jane", "48213", "talk to a person"):
        assert not any(text in row for row in left.values())
    assert reveal(platform, talked, shown) == shown
    with psycopg.connect(platform.database_url) as connection:
        keys = connection.execute(
            "select from redaction.customer_keys where customer_id = %s", (who,)
        ).fetchall()
    assert keys == []

    assert done["conversations"] == 2
    assert done["missing"] == []
    deleted = {f"{s['service']}.{s['store']}": s["deleted"] for s in done["stores"]}
    assert deleted["redaction.vault"] >= 3
    assert deleted["redaction.customer_keys"] == 1
    assert deleted["routing.conversations"] == 2
    assert deleted["emotion.state"] == deleted["reply.state"] == 2
    assert deleted["emotion.handled"] >= 3
    named = {s["store"] for s in done["stores"]}
    assert {topic.name for topic in TOPICS if topic.retention} <= named
    for store in done["stores"]:
        assert store["fate"] != "expires" or store["gone_by"] < done["answer_due"]
    receipts = []
    for record in read_topic(platform.bootstrap_servers, ERASURE_COMPLETED.name):
        with suppress(DecodeError):  # other tests leave bytes on every topic that are no protobuf
            receipts.append(rights_pb2.ErasureCompleted.FromString(record.value or b""))
    assert [r.customer_id for r in receipts if r.erasure_id == erasure_id] == [who]

    # The same request again is the same request; the conversation takes nothing more.
    assert erase(platform, who, asked) == erasure_id
    with pytest.raises(grpc.RpcError) as refused:
        customer.say(talked, "Hello, are you still there?")
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert state_of(platform, waits) == "none"

    # Another customer is untouched, and this one may begin anew.
    assert reveal(platform, other, "[PERSON_1]") == "John Doe"
    again = f"again-{mark}"
    said.conversation_id = again
    customer.publish("rapport.message.sent.v1", message=said)
    eventually(lambda: state_of(platform, again) == "queued", 30, "a new conversation is taken")


def test_a_customer_whom_nobody_knows_has_a_receipt_too(platform: Platform) -> None:
    done = receipt(platform, erase(platform, f"nobody-{uuid.uuid4().hex}"))
    assert done["conversations"] == 0
    assert sum(store["deleted"] for store in done["stores"]) == 0
    assert {store["service"] for store in done["stores"]} >= {"ingestion", *HOLDERS}


def test_an_erasure_survives_kills_and_what_was_on_its_way(
    platform: Platform, customer: Customer
) -> None:
    conversation = f"killed-{uuid.uuid4().hex[:8]}"
    who = f"customer-of-{conversation}"
    customer.say(conversation, "My name is Jane Roe, and this is the third time I write.")
    eventually(lambda: len(customer.hear(conversation, seconds=1)) >= 1, 30, "an answer")
    for name in ("emotion", "redaction"):
        platform.kill(name)
    # On its way while both are away: it must not bring the conversation back.
    customer.say(conversation, "Are you there? My phone is (415) 555-0137.")
    erasure_id = erase(platform, who)
    platform.kill("ingestion")

    def back() -> bool:
        try:
            return httpx.get(f"{platform.door}/v1/erasures/{erasure_id}").status_code == 200
        except httpx.TransportError:
            return False

    eventually(back, 60, "the door is back")
    done = receipt(platform, erasure_id, 90)
    assert done["missing"] == []
    until = time.monotonic() + 3
    while time.monotonic() < until:
        left = tables_with(platform, conversation, who)
        assert set(left) <= set(STAYS), {name: left[name] for name in set(left) - set(STAYS)}
        time.sleep(0.5)
