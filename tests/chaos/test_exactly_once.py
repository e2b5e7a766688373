"""Each message is answered exactly once, whatever is killed in mid-stream, on Apache Kafka."""

import itertools
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from services.cli.platform import Platform
from services.cli.probe import is_ready
from services.common.topics import HANDOVER_REQUESTED, MESSAGE_SCORED, REPLY_CREATED
from tests.harness import Customer, answers_of, eventually

pytestmark = [pytest.mark.chaos, pytest.mark.integration, pytest.mark.timeout(600)]

CONVERSATIONS, TURNS, PER_SECOND = 30, 10, 12
TEXTS = (
    "Hi, I would like to know where my order is.",
    "I am not sure that I understand, could you explain how returns work?",
    "How long does a refund take?",
    "Thanks, and what are your opening hours?",
    "Can I change the address of my order?",
    "How do I reset my password?",
    "Is there a fee for changing my plan?",
    "Thank you, that is clear now.",
)


def test_each_message_is_answered_exactly_once_while_services_are_killed(tmp_path: Path) -> None:
    with Platform(tmp_path, fixed_ports=False, say=lambda _: None) as platform:
        customer = Customer(platform.grpc_address("ingestion"))
        accepted: dict[str, str] = {}
        halfway = {name: threading.Event() for name in ("redaction", "emotion", "reply")}

        def talk() -> None:
            pace = threading.Event()
            total = CONVERSATIONS * TURNS
            for turn, conversation in itertools.product(range(TURNS), range(CONVERSATIONS)):
                text = TEXTS[(turn + conversation) % len(TEXTS)]
                answer = customer.say(f"chaos-{conversation}", text)
                accepted[answer.event_id] = f"chaos-{conversation}"
                for place, event in enumerate(halfway.values(), start=1):
                    if len(accepted) == total * place // 4:
                        event.set()
                pace.wait(1 / PER_SECOND)

        talker = threading.Thread(target=talk)
        talker.start()
        for name, event in halfway.items():
            assert event.wait(120), f"the customers did not get as far as the kill of {name}"
            platform.kill(name)
            port, killed = platform.ports[f"{name} admin"], time.monotonic()
            eventually(lambda port=port: is_ready(port), 90, f"{name} is back")  # type: ignore[misc]
            print(f"{name} reads again {time.monotonic() - killed:.1f} s after its kill")
        talker.join(timeout=240)
        assert len(accepted) == CONVERSATIONS * TURNS

        def answered() -> bool:
            replies = answers_of(platform.bootstrap_servers, REPLY_CREATED.name, "in_reply_to")
            return not replies.unanswered(accepted)

        eventually(answered, 90, "a reply to every message")
        servers = platform.bootstrap_servers
        replies = answers_of(servers, REPLY_CREATED.name, "in_reply_to")
        handovers = answers_of(servers, HANDOVER_REQUESTED.name, "caused_by")
        assert replies.doubled() == []
        assert handovers.doubled() == []
        assert set(replies.by_message) == set(accepted)
        copies = sum(replies.copies.values()) - len(replies.copies)
        print(f"messages {len(accepted)}, sent again by id after a kill: {copies}")

        # What the customer sees: the door drops copies.
        for conversation in sorted(set(accepted.values())):
            own = [message for message, place in accepted.items() if place == conversation]
            heard = customer.hear(conversation, seconds=2)
            told = Counter(d.reply.in_reply_to for d in heard if d.HasField("reply"))
            assert told == Counter(own), conversation
            assert len({d.position for d in heard}) == len(heard)
        customer.close()


def test_order_holds_within_each_conversation_while_emotion_is_killed(tmp_path: Path) -> None:
    with Platform(tmp_path, fixed_ports=False, say=lambda _: None) as platform:
        customer = Customer(platform.grpc_address("ingestion"))
        for number in range(60):
            customer.say(f"order-{number % 3}", f"This is sentence number {number}.")
            if number == 20:
                platform.kill("emotion")
        from rapport.v1 import message_pb2
        from tests.harness import read_topic

        def scored() -> list[message_pb2.MessageScored]:
            records = read_topic(platform.bootstrap_servers, MESSAGE_SCORED.name)
            seen: dict[str, message_pb2.MessageScored] = {}
            for record in records:
                message = message_pb2.MessageScored.FromString(record.value or b"")
                seen.setdefault(message.ref.message_id, message)
            return list(seen.values()) if len(seen) == 60 else []

        messages = eventually(scored, 60, "60 scored messages")
        for conversation in ("order-0", "order-1", "order-2"):
            own = [m for m in messages if m.ref.conversation_id == conversation]
            assert [m.ref.sequence for m in own] == list(range(1, 21))
            assert [m.trajectory.customer_turns for m in own] == list(range(1, 21))
        customer.close()
