"""What is held is shown: to the operator how old it is, to the customer all that is theirs."""

import json
import uuid
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from services.cli.app import app
from services.cli.platform import Platform
from services.common.topics import TOPICS
from tests.harness import Customer, eventually

pytestmark = [pytest.mark.e2e, pytest.mark.integration, pytest.mark.timeout(240)]


def run(platform: Platform, *words: str) -> tuple[int, Any]:
    """A command against the running platform: exit code, and what it printed as JSON."""
    environment = {
        "DATABASE_URL": platform.database_url,
        "KAFKA_BOOTSTRAP_SERVERS": platform.bootstrap_servers,
        "RAPPORT_INGESTION_REDACTION_ADDRESS": platform.grpc_address("redaction"),
    }
    done = CliRunner().invoke(app, list(words), env=environment)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, json.loads(done.stdout)


def test_an_export_has_all_of_one_customer_and_nothing_of_another(
    platform: Platform, customer: Customer
) -> None:
    mark = uuid.uuid4().hex[:8]
    mine, other = f"mine-{mark}", f"other-{mark}"
    customer.say(mine, "Hi, my name is Jane Roe, how long do I have to return shoes?")
    customer.say(other, "My name is John Doe, and this is the third time I write!")
    for conversation in (mine, other):
        eventually(
            lambda: customer.hear(conversation, seconds=1),  # noqa: B023
            30,
            "an answer",
        )
    eventually(
        lambda: "insights.state" in run(platform, "export", f"customer-of-{mine}")[1]["stores"],
        30,
        "insights knows of it",
    )
    code, found = run(platform, "export", f"customer-of-{mine}")
    assert code == 0
    (conversation,) = found["conversations"]
    assert conversation["conversation_id"] == mine
    assert conversation["values"] == {"[PERSON_1]": "Jane Roe"}
    said = [entry.get("text", "") for entry in conversation["transcript"]]
    assert any("my name is [PERSON_1]" in text for text in said)
    assert len(said) >= 2
    stores = found["stores"]
    assert {
        "emotion.state",
        "emotion.handled",
        "reply.state",
        "redaction.vault",
        "routing.conversations",
        "insights.state",
    } <= stores.keys()
    assert "ciphertext" not in stores["redaction.vault"][0]
    assert stores["emotion.state"][0]["state"]["course"]
    text = json.dumps(found)
    assert other not in text
    assert "John" not in text
    with psycopg.connect(platform.database_url) as connection:
        purposes = connection.execute(
            "select purpose, types from redaction.reveals where conversation_id = %s", (mine,)
        ).fetchall()
    assert ("access", ["PERSON"]) in purposes


def test_retention_lists_every_table_and_topic_and_says_what_is_overdue(
    platform: Platform, customer: Customer
) -> None:
    conversation = f"old-{uuid.uuid4().hex[:8]}"
    customer.say(conversation, "My name is Jane Roe.")
    eventually(lambda: customer.hear(conversation, seconds=1), 30, "an answer")
    code, rows = run(platform, "retention", "--json")
    assert code == 0
    by_store = {row["store"]: row for row in rows}
    assert {topic.name for topic in TOPICS} < by_store.keys()
    assert by_store["redaction.vault"]["rows"] >= 1
    assert by_store["redaction.vault"]["oldest"] is not None
    received = by_store["rapport.message.received.v1"]
    assert (received["limit_seconds"], received["overdue"]) == (3600, False)
    assert received["rows"] >= 1
    assert received["oldest"].startswith("20")
    with psycopg.connect(platform.database_url, autocommit=True) as connection:
        connection.execute(
            "update redaction.vault set stored_at = now() - interval '33 days'"
            " where conversation_id = %s",
            (conversation,),
        )
        code, rows = run(platform, "retention", "--json")
        assert code == 1
        assert [row["store"] for row in rows if row["overdue"]] == ["redaction.vault"]
        connection.execute(
            "delete from redaction.vault where conversation_id = %s", (conversation,)
        )
