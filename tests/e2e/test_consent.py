"""What customers agree to, through the whole platform."""

import time
import uuid
from typing import Any

import grpc
import httpx
import psycopg
import pytest

from rapport.v1 import common_pb2, rights_pb2, services_pb2
from services.cli.platform import Platform
from services.common.topics import CONSENT_CHANGED
from tests.e2e.test_erasure import tables_with
from tests.harness import Customer, eventually, read_topic

pytestmark = [pytest.mark.e2e, pytest.mark.integration, pytest.mark.timeout(240)]


def rows(platform: Platform, statement: str, *values: Any) -> list[Any]:
    with psycopg.connect(platform.database_url, autocommit=True) as connection:
        cursor = connection.execute(statement, values)  # type: ignore[call-overload]
        return cursor.fetchall() if cursor.description else []


def ended(platform: Platform, customer: Customer, conversation: str) -> None:
    """Ends a conversation, and puts its end two hours back."""
    end = services_pb2.ConversationEnded(
        conversation_id=conversation, by=common_pb2.AUTHOR_CUSTOMER
    )
    customer.publish("rapport.conversation.ended.v1", conversation_ended=end)
    eventually(
        lambda: rows(
            platform,
            "update ingestion.closings set closed_at = now() - interval '2 hours'"
            " where conversation_id = %s returning 1",
            conversation,
        ),
        30,
        "it is closed",
    )


def test_without_consent_no_service_keeps_what_was_said(
    platform: Platform, customer: Customer
) -> None:
    mark = uuid.uuid4().hex[:8]
    silent, agreed = f"silent-{mark}", f"agreed-{mark}"
    consent = services_pb2.ConsentGiven(
        customer_id=f"customer-of-{agreed}", to=rights_pb2.CONSENT_TO_RECORDING, granted=True
    )
    customer.publish("rapport.consent.changed.v1", consent=consent)
    for conversation in (silent, agreed):
        customer.say(conversation, f"My name is Jane Roe, about {conversation}zz please.")
        eventually(
            lambda: customer.hear(conversation, seconds=1),  # noqa: B023
            30,
            "an answer",
        )
        ended(platform, customer, conversation)

    def said(conversation: str) -> set[str]:
        return set(tables_with(platform, f"{conversation}zz"))

    eventually(lambda: not said(silent), 90, "the transcript is gone")
    until = time.monotonic() + 2
    while time.monotonic() < until:
        assert said(silent) == set()
        time.sleep(0.5)
    assert "ingestion.deliveries" in said(agreed)
    kept = rows(
        platform,
        "select conversation_id from redaction.vault where conversation_id like %s",
        f"%{mark}",
    )
    assert kept == [(agreed,)]
    # What is in numbers stays.
    assert rows(platform, "select 1 from insights.outcomes where conversation_id = %s", silent)


def test_an_opt_out_in_plain_words_is_kept_and_a_near_miss_is_not(
    platform: Platform, customer: Customer
) -> None:
    mark = uuid.uuid4().hex[:8]
    wants, near = f"wants-{mark}", f"near-{mark}"
    customer.say(near, "Please stop charging me for the premium plan.")
    customer.say(wants, "Stop texting me. Take me off your list.")

    def told() -> list[str]:
        found = [
            rights_pb2.ConsentChanged.FromString(record.value or b"")
            for record in read_topic(platform.bootstrap_servers, CONSENT_CHANGED.name)
        ]
        return [c.customer_id for c in found if c.customer_id.endswith(mark) and not c.granted]

    eventually(lambda: told(), 30, "others can read it")
    eventually(lambda: customer.hear(near, seconds=1), 30, "an answer")
    assert set(told()) == {f"customer-of-{wants}"}
    for conversation, refused in ((wants, True), (near, False)):
        outreach = services_pb2.MessageSent(
            conversation_id=f"outreach-{conversation}",
            customer_id=f"customer-of-{conversation}",
            channel=common_pb2.CHANNEL_SMS,
            author=common_pb2.AUTHOR_AGENT,
            agent_id="agent-3",
            text="We have a new offer for you!",
        )
        outreach.sent_at.GetCurrentTime()
        if not refused:
            customer.publish("rapport.message.sent.v1", message=outreach)
            continue
        with pytest.raises(grpc.RpcError) as caught:
            customer.publish("rapport.message.sent.v1", message=outreach)
        assert caught.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert httpx.get(f"{platform.door}/v1/conversations/outreach-{wants}").status_code == 404
