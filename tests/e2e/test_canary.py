"""Personal data ends at redaction: a canary is sent through and looked for everywhere."""

import re
import urllib.request

import psycopg
import psycopg.sql
import pytest

from rapport.v1 import message_pb2, services_pb2
from services.cli.plan import SERVICES
from services.cli.platform import Platform
from services.common.topics import (
    FEEDBACK_GIVEN,
    INBOUND,
    MESSAGE_RECEIVED,
    MESSAGE_REDACTED,
    TOPICS,
    dead_letter_topics,
)
from tests.harness import Customer, eventually, read_topic

pytestmark = [pytest.mark.e2e, pytest.mark.integration, pytest.mark.timeout(300)]

CARD = "4539 5787 6362 1486"
SSN = "219-09-9481"
EMAIL = "wilhelmina.zzyzx-canary@example.com"
PHONE = "(415) 555-0137"
NAME = "Wilhelmina Zzyzxmann"
CONVERSATION = "canary-conversation"
TURNS = (
    f"Hello, my name is {NAME} and I need help with a refund.",
    f"My card is {CARD}, my social is {SSN}.",
    f"You can write to {EMAIL} or call {PHONE}.",
    f"Again, my card number is {CARD.replace(' ', '')[:8]}",
    f"{CARD.replace(' ', '')[8:]}",
    "This is ridiculous, I want to talk to a person now!",
)


def needles() -> list[bytes]:
    """The canaries in the forms in which they could leak."""
    plain = {CARD, SSN, EMAIL, PHONE, NAME, "Zzyzxmann", "zzyzx-canary"}
    digits = {re.sub(r"\D", "", value) for value in (CARD, SSN, PHONE)}
    halves = {re.sub(r"\D", "", CARD)[:8], re.sub(r"\D", "", CARD)[8:]}
    return [form.encode() for form in plain | digits | halves]


def leaks(where: str, data: bytes) -> list[str]:
    lowered = data.lower()
    return [f"{needle.decode()} in {where}" for needle in needles() if needle.lower() in lowered]


def test_no_canary_is_found_behind_redaction(platform: Platform, customer: Customer) -> None:
    servers = platform.bootstrap_servers
    sent = [customer.say(CONVERSATION, text).event_id for text in TURNS]
    redacted = eventually(
        lambda: (
            (found := read_topic(servers, MESSAGE_REDACTED.name))
            and len(found) >= len(sent)
            and found
        ),
        30,
        "all messages redacted",
    )
    assert b"[PERSON_1]" in b"".join(record.value or b"" for record in redacted)

    heard = eventually(
        lambda: (
            (told := customer.hear(CONVERSATION, seconds=2))
            and len([d for d in told if d.HasField("reply")]) == len(sent)
            and told
        ),
        30,
        "all replies",
    )
    assert heard

    comment = f"{NAME} here. My card is {CARD}; write to {EMAIL} or call {PHONE}."
    rating = services_pb2.FeedbackSent(
        conversation_id=CONVERSATION,
        kind=message_pb2.FEEDBACK_KIND_CSAT,
        score=4,
        comment=comment,
    )
    customer.publish("rapport.feedback.given.v1", feedback=rating)
    given = read_topic(servers, FEEDBACK_GIVEN.name)
    assert any(b"My card is [CREDIT_CARD]" in (record.value or b"") for record in given)

    found: list[str] = []
    raw = {INBOUND.name, MESSAGE_RECEIVED.name}
    raw |= {name for name, origin in dead_letter_topics().items() if origin.name in raw}
    names = {topic.name for topic in TOPICS} | set(dead_letter_topics())
    for name in sorted(names - raw):
        for record in read_topic(servers, name):
            parts = [record.key or b"", record.value or b"", *dict(record.headers).values()]
            found += leaks(f"topic {name}", b"\x00".join(parts))
    # The sweep can find: the canaries are where they may be.
    received = b"".join(r.value or b"" for r in read_topic(servers, MESSAGE_RECEIVED.name))
    assert {CARD, SSN, EMAIL, NAME} <= {n.decode() for n in needles() if n in received}

    for log in platform.logs.glob("*.log"):
        found += leaks(f"log {log.name}", log.read_bytes())
    for plan in SERVICES:
        address = f"{platform.admin_address(plan.name)}/metrics"
        with urllib.request.urlopen(address) as answer:
            found += leaks(f"metrics of {plan.name}", answer.read())
    found += table_leaks(platform.database_url)
    assert found == []


def table_leaks(database_url: str) -> list[str]:
    """Looks at every column of every table: text as it is, bytes both as hex and decoded."""
    found: list[str] = []
    rows_seen = 0
    with psycopg.connect(database_url) as connection:
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_schema not in ('pg_catalog', 'information_schema')"
        ).fetchall()
        assert ("redaction", "vault") in tables
        for schema, table in tables:
            rows = connection.execute(
                psycopg.sql.SQL("select * from {}.{}").format(
                    psycopg.sql.Identifier(schema), psycopg.sql.Identifier(table)
                )
            ).fetchall()
            rows_seen += len(rows)
            for row in rows:
                for value in row:
                    data = bytes(value) if isinstance(value, bytes) else str(value).encode()
                    # The vault too: its values are encrypted.
                    found += leaks(f"table {schema}.{table}", data)
    assert rows_seen > 20, "nothing was looked at"
    return found
