"""Whole conversations through the running platform, as customers and other systems live them."""

import asyncio
import json
import threading
import uuid
from collections import Counter
from typing import Any

import grpc
import httpx
import pytest

from rapport.v1 import (
    common_pb2,
    conversation_pb2,
    conversation_pb2_grpc,
    reply_pb2,
    services_pb2,
)
from services.cli.desk import Desk
from services.cli.plan import SERVICES
from services.cli.platform import Platform
from services.common.events import Outgoing, encode
from services.common.kafka import Connection, Producer
from services.common.open_messages import OpenMessages
from services.common.rpc import blocking_channel
from services.common.topics import MESSAGE_RECEIVED, TOPICS, Topic
from tests.harness import Customer, eventually, read_topic

pytestmark = [pytest.mark.e2e, pytest.mark.integration, pytest.mark.timeout(240)]


def fresh(name: str) -> str:
    return f"{name}-{uuid.uuid4().hex[:8]}"


def replies(customer: Customer, conversation: str, count: int) -> list[Any]:
    """Waits until the door has delivered `count` replies of a conversation; gives them."""

    def enough() -> list[Any]:
        heard = customer.hear(conversation, seconds=1)
        told = [d.reply for d in heard if d.HasField("reply")]
        return told if len(told) >= count else []

    found: list[Any] = eventually(enough, 30, f"{count} replies in {conversation}")
    return found


def test_a_routine_question_is_answered_from_a_source(
    platform: Platform, customer: Customer
) -> None:
    conversation = fresh("routine")
    sent = customer.say(
        conversation, "Hi! How long do I have to return shoes?", attributes={"industry": "retail"}
    )
    assert sent.sequence == 1
    (reply,) = replies(customer, conversation, 1)
    assert reply.in_reply_to == sent.event_id
    assert reply.action == reply_pb2.REPLY_ACTION_ANSWER
    assert reply.sources
    assert reply.state == common_pb2.CARE_STATE_CALM
    assert "virtual assistant" in reply.text.lower()


def test_the_same_event_twice_happens_once_and_other_content_is_refused(
    platform: Platform, customer: Customer
) -> None:
    conversation, event_id = fresh("twice"), str(uuid.uuid4())
    first = customer.say(conversation, "What are your opening hours?", event_id=event_id)
    with pytest.raises(grpc.RpcError) as caught:
        customer.say(conversation, "Something else entirely.", event_id=event_id)
    assert caught.value.code() == grpc.StatusCode.ALREADY_EXISTS
    url = f"{platform.door}/v1/events"
    event = {
        "specversion": "1.0",
        "id": fresh("rest"),
        "source": "shop",
        "type": "rapport.message.sent.v1",
        "data": {
            "conversation_id": conversation,
            "customer_id": f"customer-of-{conversation}",
            "channel": "chat",
            "author": "customer",
            "text": "And on Sundays?",
            "sent_at": "2026-03-02T15:00:00Z",
        },
    }
    headers = {"content-type": "application/cloudevents+json"}
    answers = [httpx.post(url, content=json.dumps(event), headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert len({answer.json()["id"] for answer in answers}) == 1
    changed = json.dumps(event | {"data": event["data"] | {"text": "Other"}})  # type: ignore[operator]
    refused = httpx.post(url, content=changed, headers=headers)
    assert refused.status_code == 409
    assert refused.headers["content-type"].startswith("application/problem+json")
    told = replies(customer, conversation, 2)
    assert {reply.in_reply_to for reply in told} == {first.event_id, answers[0].json()["id"]}
    assert len(told) == 2


def test_a_person_is_one_message_away_and_the_bot_stays_silent(
    platform: Platform, customer: Customer
) -> None:
    conversation, agent = fresh("person"), fresh("agent")
    first = customer.say(conversation, "I want to talk to a real person please.")
    (notice,) = replies(customer, conversation, 1)
    assert notice.action == reply_pb2.REPLY_ACTION_HANDOVER
    with blocking_channel(platform.grpc_address("routing")) as channel:
        routing = conversation_pb2_grpc.RoutingServiceStub(channel)
        who = {"tenant": "default", "agent_id": agent}
        present = conversation_pb2.SetPresenceRequest(
            **who, presence=conversation_pb2.PRESENCE_AVAILABLE, capacity=50
        )
        routing.SetPresence(present, timeout=5)
        offers = routing.WatchAssignments(
            conversation_pb2.WatchAssignmentsRequest(**who), timeout=60
        )
        for offer in offers:
            assignment = offer.assignment
            if assignment.conversation_id == conversation:
                break
        assert assignment.reason == common_pb2.HANDOVER_REASON_ASKED
        assert assignment.context.turns[0].text == "I want to talk to a real person please."
        routing.Accept(
            conversation_pb2.AcceptRequest(**who, conversation_id=conversation), timeout=5
        )

        def state() -> int:
            answer = routing.GetConversation(
                conversation_pb2.GetConversationRequest(
                    tenant="default", conversation_id=conversation
                ),
                timeout=5,
            )
            return int(answer.latest.to)

        eventually(
            lambda: state() == conversation_pb2.CONVERSATION_STATE_AGENT, 10, "with the agent"
        )
        # The reply service has heard of it once the customer has.
        eventually(
            lambda: any(
                d.HasField("changed") and d.changed.to == conversation_pb2.CONVERSATION_STATE_AGENT
                for d in customer.hear(conversation, seconds=1)
            ),
            15,
            "the customer hears that a person is there",
        )
        second = customer.say(conversation, "Finally. My package never came.")
        answer_as_agent(customer, conversation, agent, second.event_id)
        heard = eventually(
            lambda: [
                d
                for d in customer.hear(conversation, seconds=1)
                if d.HasField("message") and d.message.ref.author == common_pb2.AUTHOR_AGENT
            ],
            15,
            "the agent's words",
        )
        assert heard[0].message.ref.in_reply_to == second.event_id
        routing.HandBack(
            conversation_pb2.HandBackRequest(**who, conversation_id=conversation), timeout=5
        )
        eventually(lambda: state() == conversation_pb2.CONVERSATION_STATE_BOT, 10, "back to bot")
        offers.cancel()
    eventually(
        lambda: any(
            d.HasField("changed")
            and getattr(d.changed, "from") == conversation_pb2.CONVERSATION_STATE_AGENT
            for d in customer.hear(conversation, seconds=1)
        ),
        15,
        "the hand-back is delivered",
    )
    third = customer.say(conversation, "Thanks. What are your opening hours?")
    told = replies(customer, conversation, 2)
    assert [reply.in_reply_to for reply in told] == [first.event_id, third.event_id]


def test_what_is_written_around_a_take_over_and_a_hand_back_is_answered_once(
    platform: Platform, customer: Customer
) -> None:
    conversation = fresh("around")
    sent = [customer.say(conversation, "I want to talk to a real person please.").event_id]
    replies(customer, conversation, 1)
    talking = threading.Event()

    def talk() -> None:
        while not talking.wait(0.03):
            sent.append(customer.say(conversation, "And what are your opening hours?").event_id)

    async def serve() -> None:
        desk = Desk(
            platform.grpc_address("routing"),
            platform.grpc_address("ingestion"),
            fresh("agent"),
            languages=(),
            capacity=50,
        )
        async with desk:
            async for assignment in desk.assignments():
                if assignment.conversation_id == conversation:
                    break
            assert await desk.accept(conversation) is not None
            since = await desk.held_since(conversation)
            assert since is not None
            messages = OpenMessages(desk.agent_id, since)
            answered = 0
            async for delivery in desk.follow(conversation):
                messages.take(delivery)
                for message in messages.due():
                    await desk.write(
                        conversation, assignment.customer_id, "Yes.", message.ref.message_id
                    )
                    messages.answer(message.ref.message_id)
                    answered += 1
                if answered >= 20:
                    await desk.hand_back(conversation, messages.through())
                    return

    talker = threading.Thread(target=talk)
    talker.start()
    try:
        asyncio.run(asyncio.wait_for(serve(), 60))
        told = len(sent)
        eventually(lambda: len(sent) >= told + 20, 30, "the customer goes on after the hand-back")
    finally:
        talking.set()
        talker.join()

    def answers() -> Counter[str]:
        heard = customer.hear(conversation, seconds=2)
        return Counter(
            d.reply.in_reply_to if d.HasField("reply") else d.message.ref.in_reply_to
            for d in heard
            if d.HasField("reply")
            or (d.HasField("message") and d.message.ref.author == common_pb2.AUTHOR_AGENT)
        )

    eventually(lambda: set(answers()) == set(sent), 60, "an answer to each message")
    assert answers() == Counter(sent)


def answer_as_agent(customer: Customer, conversation: str, agent: str, message_id: str) -> None:
    """The agent's answer goes through the same door."""
    message = services_pb2.MessageSent(
        conversation_id=conversation,
        customer_id=f"customer-of-{conversation}",
        channel=common_pb2.CHANNEL_CHAT,
        author=common_pb2.AUTHOR_AGENT,
        text="I am sorry about the wait. I have found your package.",
        agent_id=agent,
        in_reply_to=message_id,
    )
    message.sent_at.GetCurrentTime()
    customer.publish("rapport.message.sent.v1", message=message)


def test_bytes_that_are_no_event_on_any_topic_are_buried_and_the_platform_goes_on(
    platform: Platform, customer: Customer
) -> None:
    servers = platform.bootstrap_servers
    producer = Producer(Connection(servers), "vandal")
    letters_before = {
        name: len(read_topic(servers, name)) for topic in TOPICS for name in dead_letters(topic)
    }
    for topic in TOPICS:
        producer.send(topic.name, key=b"junk", value=b"\xff\xfe\x00 no event", headers=[])
        producer.send(topic.name, key=b"junk", value=None, headers=[])
        producer.send(topic.name, key=b"junk", value=b"{}", headers=[("ce_id", b"\xff")])
    producer.flush(10)
    # A proper envelope around a message that lacks all that matters.
    empty = MESSAGE_RECEIVED.message_type
    assert empty is not None
    hollow = Outgoing(MESSAGE_RECEIVED, "junk", empty(text="hollow"), str(uuid.uuid4()))
    producer.send(
        MESSAGE_RECEIVED.name,
        key=b"junk",
        value=hollow.message.SerializeToString(),
        headers=encode(hollow, source="vandal"),
    ).result(10)
    producer.close()

    def all_buried() -> bool:
        return all(
            len(read_topic(servers, name)) >= letters_before[name] + 3
            for topic in TOPICS
            for name in dead_letters(topic)
        )

    eventually(all_buried, 60, "three dead letters for each reader of each topic")
    letter = read_topic(servers, MESSAGE_RECEIVED.dead_letters_of("redaction"))[-1]
    headers = dict(letter.headers)
    assert headers["rapport_origin_topic"] == MESSAGE_RECEIVED.name.encode()
    assert headers["rapport_error_class"]
    conversation = fresh("after-junk")
    sent = customer.say(conversation, "Is anybody there? What are your opening hours?")
    assert replies(customer, conversation, 1)[0].in_reply_to == sent.event_id


def dead_letters(topic: Topic) -> list[str]:
    return list(topic.dead_letters().values())


def test_every_service_has_probes_and_metrics(platform: Platform) -> None:
    for plan in SERVICES:
        base = platform.admin_address(plan.name)
        for path in ("/livez", "/readyz", "/metrics"):
            answer = httpx.get(base + path)
            assert answer.status_code == 200, (plan.name, path)


def test_a_message_to_a_closed_conversation_reopens_it(
    platform: Platform, customer: Customer
) -> None:
    conversation = fresh("closed")
    customer.say(conversation, "How do I reset my password?")
    replies(customer, conversation, 1)
    ended = services_pb2.ConversationEnded(
        conversation_id=conversation, by=common_pb2.AUTHOR_CUSTOMER
    )
    customer.publish("rapport.conversation.ended.v1", conversation_ended=ended)
    eventually(
        lambda: any(
            d.HasField("changed") and d.changed.to == conversation_pb2.CONVERSATION_STATE_CLOSED
            for d in customer.hear(conversation, seconds=1)
        ),
        20,
        "the conversation is closed",
    )
    again = customer.say(conversation, "One more thing: what are your opening hours?")
    told = replies(customer, conversation, 2)
    assert told[-1].in_reply_to == again.event_id
