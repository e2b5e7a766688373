"""Taken once, in order, and published for good before the answer."""

import asyncio
import itertools
import time
import uuid
from typing import Any

import psycopg
import pytest
from psycopg import sql

from rapport.v1 import common_pb2, conversation_pb2, message_pb2
from services.common.topics import FEEDBACK_GIVEN, MESSAGE_RECEIVED
from services.ingestion.acceptance import Acceptor, Receipt, accept_in_order, event_id_of
from services.ingestion.cloudevents import read_event
from services.ingestion.consent_store import ConsentStore
from services.ingestion.contract import CloudEvent
from services.ingestion.holdings import ERASED_AT_THE_DOOR
from services.ingestion.locks import Locks
from services.ingestion.publishing import BrokerPublisher
from services.ingestion.rejections import Reason, Rejected
from services.ingestion.store import PostgresStore
from services.ingestion.webhooks.subscriptions import Wish
from tests.unit.ingestion.conftest import House, until
from tests.unit.ingestion.offers import ENDED, FEEDBACK, NOW, PERSON, event, sent

pytestmark = pytest.mark.anyio
AGENT = conversation_pb2.CONVERSATION_STATE_AGENT


def read(document: dict[str, Any]) -> CloudEvent:
    return read_event(document, NOW)


async def test_publishes_what_was_said_with_its_place(house: House, conversation: str) -> None:
    await house.door.acceptor.accept(read(sent(conversation, "m-1")), "http")
    receipt = await house.door.acceptor.accept(
        read(sent(conversation, "m-2", text="Hello?", language="en", attributes={"a": "1"})),
        "http",
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    )
    first, second = house.published(MESSAGE_RECEIVED, conversation)
    assert first.message.ref.sequence == 1
    assert receipt == Receipt(
        event_id_of("default", f"shop/{conversation}", "m-2"), 2, repeated=False
    )
    assert second.id == second.message.ref.message_id == receipt.event_id
    assert second.message.text == "Hello?"
    assert second.message.ref.customer_id == "customer-7"
    assert dict(second.message.ref.attributes) == {"a": "1"}
    assert second.message.ref.received_at.ToDatetime() == NOW.replace(tzinfo=None)
    assert second.traceparent is not None
    assert second.traceparent.startswith("00-0af7651916cd43dd8448eb211c80319c-")


async def test_says_who_answers_by_the_newest_move_in_the_record(
    house: House, conversation: str
) -> None:
    accept = house.door.acceptor.accept
    await accept(read(sent(conversation, "m-1")), "http")
    house.moves(conversation, AGENT, version=4)
    await accept(read(sent(conversation, "m-2")), "http")
    press = {"conversation_id": conversation, "customer_id": "customer-7"}
    await accept(read(event(PERSON, press, id=f"press {conversation}")), "ws")
    house.moves(conversation, conversation_pb2.CONVERSATION_STATE_CLOSED, version=6)
    await accept(read(sent(conversation, "m-3")), "http")
    ended = {"conversation_id": conversation, "by": "customer"}
    await accept(read(event(ENDED, ended, id=f"end {conversation}")), "http")
    refs = [each.message.ref for each in house.published(MESSAGE_RECEIVED, conversation)]
    bot, person = common_pb2.AUTHOR_BOT, common_pb2.AUTHOR_AGENT
    assert [(ref.answered_by, ref.known_version) for ref in refs] == [
        (bot, 0),
        (person, 4),
        (person, 4),
        (bot, 6),
        (common_pb2.AUTHOR_UNSPECIFIED, 0),
    ]


async def test_carries_what_the_bot_said_last_until_a_person_writes(
    house: House, conversation: str
) -> None:
    accept = house.door.acceptor.accept
    await accept(read(sent(conversation, "m-1")), "http")
    house.replies(conversation, "Which order?", in_reply_to="m-1")
    house.customer_said(conversation, "hm")
    await accept(read(sent(conversation, "m-2")), "http")
    house.agent_says(conversation, "I am Ana.")
    await accept(read(sent(conversation, "m-3")), "http")
    house.replies(conversation, "Anything else?")
    await accept(read(sent(conversation, "m-4")), "http")
    said = [each.message.last_reply for each in house.published(MESSAGE_RECEIVED, conversation)]
    assert [each.text for each in said] == ["", "Which order?", "", "Anything else?"]
    assert said[1].reply_id
    assert (said[1].in_reply_to, said[1].strategy) == ("m-1", "acknowledge_then_answer")


async def test_a_repeat_that_was_not_published_says_who_answers_it_now(
    house: House, conversation: str
) -> None:
    house.producer.away = True
    with pytest.raises(Rejected):
        await house.door.acceptor.accept(read(sent(conversation)), "http")
    house.moves(conversation, AGENT, version=4)
    house.producer.away = False
    await house.door.acceptor.accept(read(sent(conversation)), "http")
    [published] = house.published(MESSAGE_RECEIVED, conversation)
    assert published.message.ref.answered_by == common_pb2.AUTHOR_AGENT


async def test_a_repeat_happens_once(house: House, conversation: str) -> None:
    accept = house.door.acceptor.accept
    first = await accept(read(sent(conversation)), "http")
    again = await accept(read(sent(conversation)), "grpc")
    await house.door.acceptor.settle()
    once_more = await accept(read(sent(conversation)), "topic")
    assert [again, once_more] == [Receipt(first.event_id, 1, repeated=True)] * 2
    assert len(house.published(MESSAGE_RECEIVED, conversation)) == 1


async def test_two_at_once_with_one_id_happen_once(house: House, conversation: str) -> None:
    accept = house.door.acceptor.accept
    receipts = await asyncio.gather(*[accept(read(sent(conversation)), "http") for _ in range(8)])
    assert sorted(receipt.repeated for receipt in receipts) == [False] + [True] * 7
    assert len(house.published(MESSAGE_RECEIVED, conversation)) == 1


async def test_two_doors_with_one_id_store_it_once(house: House, conversation: str) -> None:
    store = PostgresStore(house.url, connections=4)
    await store.start()
    publisher = BrokerPublisher(house.producer, "ingestion")
    other = Acceptor(
        store,
        publisher,
        house.door.rights,
        house.redacting,
        ConsentStore(store, "default"),
        tenant="default",
        clock=lambda: NOW,
    )
    doors = [house.door.acceptor, other] * 4
    receipts = await asyncio.gather(*[door.accept(read(sent(conversation)), "x") for door in doors])
    assert {receipt.sequence for receipt in receipts} == {1}
    assert sum(not receipt.repeated for receipt in receipts) == 1
    # Doors do not know of each other's acknowledgements at once: same id, dropped by its readers.
    assert len({e.id for e in house.published(MESSAGE_RECEIVED, conversation)}) == 1
    await store.drain()
    publisher.close()


async def test_the_same_id_with_other_content_is_a_conflict(
    house: House, conversation: str
) -> None:
    accept = house.door.acceptor.accept
    await accept(read(sent(conversation)), "http")
    other = sent(f"{conversation}-b") | {"source": f"shop/{conversation}"}
    for document in (sent(conversation, text="Something else."), other):
        with pytest.raises(Rejected) as caught:
            await accept(read(document), "http")
        assert caught.value.reason is Reason.ID_CONFLICT
    assert len(house.published(MESSAGE_RECEIVED, conversation)) == 1
    # The refused one left no conversation behind.
    assert await house.door.streams.customer_of(f"{conversation}-b") is None


async def test_the_same_id_of_another_source_is_another_event(
    house: House, conversation: str
) -> None:
    accept = house.door.acceptor.accept
    first = await accept(read(sent(conversation)), "http")
    other = await accept(read(sent(conversation) | {"source": "shop/app"}), "http")
    assert first.event_id != other.event_id
    assert other.sequence == 2


async def test_ids_cannot_be_shifted_between_source_and_id() -> None:
    assert event_id_of("t", "a", "b/c") != event_id_of("t", "a/b", "c")


async def test_forty_at_once_keep_the_order_of_their_places(
    house: House, conversation: str
) -> None:
    events = [read(sent(conversation, f"m-{n}", text=f"{n}")) for n in range(40)]
    receipts = await asyncio.gather(*[house.door.acceptor.accept(e, "http") for e in events])
    assert [receipt.sequence for receipt in receipts] == list(range(1, 41))
    published = house.published(MESSAGE_RECEIVED, conversation)
    assert [e.message.ref.sequence for e in published] == list(range(1, 41))


async def test_a_conversation_has_one_customer(house: House, conversation: str) -> None:
    await house.door.acceptor.accept(read(sent(conversation)), "http")
    with pytest.raises(Rejected) as caught:
        await house.door.acceptor.accept(
            read(sent(conversation, "m-2", customer_id="customer-8")), "http"
        )
    assert caught.value.reason is Reason.OTHER_CUSTOMER
    third = await house.door.acceptor.accept(read(sent(conversation, "m-3")), "http")
    assert third.sequence == 2


async def test_a_button_and_an_end_are_messages_in_their_place(
    house: House, conversation: str
) -> None:
    accept = house.door.acceptor.accept
    await accept(read(sent(conversation, channel="sms")), "http")
    person = {"conversation_id": conversation, "customer_id": "customer-7"}
    await accept(read(event(PERSON, person, source=conversation)), "http")
    ended = {"conversation_id": conversation, "by": "agent"}
    await accept(read(event(ENDED, ended, source=conversation, id="m-3")), "http")
    await accept(read(sent(conversation, "m-4")), "http")
    said = [e.message for e in house.published(MESSAGE_RECEIVED, conversation)]
    assert [message.kind for message in said] == [1, 2, 3, 1]
    assert [message.ref.sequence for message in said] == [1, 2, 3, 4]
    assert {message.ref.customer_id for message in said} == {"customer-7"}
    assert {message.ref.channel for message in said} == {2}  # the conversation's
    assert said[2].ended_by == 2


@pytest.mark.parametrize("kind", [ENDED, FEEDBACK])
async def test_what_names_no_customer_needs_a_known_conversation(
    house: House, conversation: str, kind: str
) -> None:
    data = {"conversation_id": conversation}
    data |= {"by": "customer"} if kind == ENDED else {"kind": "csat", "score": 5}
    with pytest.raises(Rejected) as caught:
        await house.door.acceptor.accept(read(event(kind, data, source=conversation)), "http")
    assert caught.value.reason is Reason.UNKNOWN_CONVERSATION


async def test_feedback_takes_no_place_and_its_comment_is_redacted(
    house: House, conversation: str
) -> None:
    accept = house.door.acceptor.accept
    await accept(read(sent(conversation)), "http")
    feedback = {
        "conversation_id": conversation,
        "kind": "csat",
        "score": 2,
        "comment": "call me: 415-555-0132",
    }
    receipt = await accept(read(event(FEEDBACK, feedback, source=conversation)), "http")
    repeat = await accept(read(event(FEEDBACK, feedback, source=conversation)), "http")
    assert (receipt.sequence, repeat.repeated) == (0, True)
    [given] = house.published(FEEDBACK_GIVEN, conversation)
    assert given.message.score == 2
    assert given.message.comment == "call me: [GONE]"
    assert b"0132" not in given.message.SerializeToString()
    assert (await accept(read(sent(conversation, "m-2")), "http")).sequence == 2


async def test_a_comment_waits_for_redaction_and_a_rating_without_one_does_not(
    house: House, conversation: str
) -> None:
    accept = house.door.acceptor.accept
    await accept(read(sent(conversation)), "http")
    rating = {"conversation_id": conversation, "kind": "csat", "score": 5}
    said = event(FEEDBACK, rating | {"comment": "Ann was kind"}, source=conversation)
    house.redacting.away = True
    with pytest.raises(Rejected) as caught:
        await accept(read(said), "http")
    assert caught.value.reason is Reason.UNAVAILABLE
    silent = event(FEEDBACK, rating, id="f-2", source=conversation)
    assert not (await accept(read(silent), "http")).repeated
    house.redacting.away = False
    await accept(read(said), "http")
    comments = [given.message.comment for given in house.published(FEEDBACK_GIVEN, conversation)]
    assert comments == ["", "[GONE] was kind"]


async def test_a_rating_says_what_it_is_of_and_is_the_customers(
    house: House, conversation: str
) -> None:
    accept = house.door.acceptor.accept
    await accept(read(sent(conversation)), "http")
    rating = {"conversation_id": conversation, "kind": "csat", "score": 5, "about": "handover"}
    await accept(read(event(FEEDBACK, rating, source=conversation)), "http")
    [given] = house.published(FEEDBACK_GIVEN, conversation)
    assert given.message.about == message_pb2.FEEDBACK_SUBJECT_HANDOVER
    assert given.message.by == common_pb2.AUTHOR_CUSTOMER
    for wrong in ({"by": "agent"}, {"kind": "thumbs", "score": 1}):
        with pytest.raises(Rejected) as caught:
            read(event(FEEDBACK, rating | wrong, source=conversation))
        assert caught.value.reason is Reason.INVALID


async def test_a_broker_that_is_away_is_said_soon_and_a_retry_completes(
    house: House, conversation: str
) -> None:
    accept = house.door.acceptor.accept
    house.producer.away = True
    with pytest.raises(Rejected) as caught:
        await accept(read(sent(conversation)), "http")
    assert caught.value.reason is Reason.UNAVAILABLE
    assert caught.value.retry_after
    assert house.published(MESSAGE_RECEIVED, conversation) == []
    house.producer.away = False
    receipt = await accept(read(sent(conversation)), "http")
    assert (receipt.sequence, receipt.repeated) == (1, True)
    assert len(house.published(MESSAGE_RECEIVED, conversation)) == 1


async def test_a_broker_that_is_silent_is_given_up_in_bounded_time_however_many_wait(
    house: House, conversation: str
) -> None:
    house.producer.silent = True
    began = time.monotonic()
    outcomes = await asyncio.gather(
        *[house.door.acceptor.accept(read(sent(conversation, f"m-{n}")), "http") for n in range(5)],
        return_exceptions=True,
    )
    assert time.monotonic() - began < 3
    assert {o.reason for o in outcomes if isinstance(o, Rejected)} == {Reason.UNAVAILABLE}
    assert len(outcomes) == 5
    house.producer.silent = False
    house.producer.release()
    again = await house.door.acceptor.accept(read(sent(conversation, "m-0")), "http")
    # The first one was written though nobody heard of it: same id, dropped by its readers.
    assert again.repeated
    assert again.event_id in {e.id for e in house.published(MESSAGE_RECEIVED, conversation)}


async def test_one_that_was_overtaken_while_the_broker_was_away_goes_to_the_end(
    house: House, conversation: str
) -> None:
    accept = house.door.acceptor.accept
    house.producer.away = True
    with pytest.raises(Rejected):
        await accept(read(sent(conversation, "m-1")), "http")
    house.producer.away = False
    await accept(read(sent(conversation, "m-2")), "http")
    receipt = await accept(read(sent(conversation, "m-1")), "http")
    assert receipt.sequence == 3
    published = house.published(MESSAGE_RECEIVED, conversation)
    assert [e.message.ref.sequence for e in published] == [2, 3]


async def test_those_after_one_that_must_wait_are_not_tried(
    house: House, conversation: str
) -> None:
    house.producer.away = True
    events = [read(sent(conversation, f"m-{n}")) for n in range(3)]
    outcomes = await accept_in_order(house.door.acceptor, events, "topic", traceparents=[None] * 3)
    assert [getattr(o, "reason", None) for o in outcomes] == [Reason.UNAVAILABLE] * 3
    house.producer.away = False
    again = await accept_in_order(house.door.acceptor, events, "topic", traceparents=[None] * 3)
    assert [o.sequence for o in again if isinstance(o, Receipt)] == [1, 2, 3]


async def test_too_many_at_once_are_told_to_come_back(house: House, conversation: str) -> None:
    house.producer.silent = True
    waiting = [
        asyncio.create_task(
            house.door.acceptor.accept(read(sent(f"{conversation}-{n}", f"m-{n}")), "http")
        )
        for n in range(50)
    ]
    await until(lambda: house.producer.held)
    with pytest.raises(Rejected) as caught:
        await house.door.acceptor.accept(read(sent(conversation)), "http")
    assert caught.value.reason is Reason.BUSY
    assert caught.value.retry_after == 1
    house.producer.silent = False
    house.producer.release()
    await asyncio.gather(*waiting)
    await house.door.acceptor.accept(read(sent(conversation)), "http")


async def test_a_database_that_is_away_is_said_soon(house: House, conversation: str) -> None:
    gone = PostgresStore("postgresql://nobody@127.0.0.1:9/none", connections=1, wait_seconds=0.3)
    await gone._pool.open()
    acceptor = Acceptor(
        gone,
        BrokerPublisher(house.producer, "ingestion"),
        house.door.rights,
        house.redacting,
        ConsentStore(gone, "default"),
        tenant="default",
        clock=lambda: NOW,
    )
    with pytest.raises(Rejected) as caught:
        await acceptor.accept(read(sent(conversation)), "http")
    assert caught.value.reason is Reason.UNAVAILABLE
    await gone.drain()


async def test_a_connection_that_the_server_closed_is_not_the_senders_trouble(
    house: House, conversation: str
) -> None:
    accept = house.door.acceptor.accept
    await accept(read(sent(conversation, "m-1")), "http")
    with psycopg.connect(house.url, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = 'rapport-ingestion' and datname = current_database()"
            " and pid <> pg_backend_pid()"
        )
    receipt = await accept(read(sent(conversation, "m-2")), "http")
    assert receipt.sequence == 2


async def test_what_is_acknowledged_is_marked_so_in_the_background(
    house: House, conversation: str
) -> None:
    receipt = await house.door.acceptor.accept(read(sent(conversation)), "http")

    def marked() -> bool:
        with psycopg.connect(house.url) as connection:
            row = connection.execute(
                "select published from ingestion.accepted where event_id = %s", (receipt.event_id,)
            ).fetchone()
            return row == (True,)

    await until(marked)


async def test_no_text_and_no_senders_id_is_in_the_database(
    house: House, conversation: str
) -> None:
    canary = "4539148803436467"
    await house.door.acceptor.accept(
        read(sent(conversation, f"id-{canary}", text=f"my card is {canary}")), "http"
    )
    with psycopg.connect(house.url) as connection:
        tables = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'ingestion'"
        ).fetchall()
        for (table,) in tables:
            rows = connection.execute(f"select * from ingestion.{table}").fetchall()  # type: ignore[call-overload]
            assert canary not in repr(rows), table


async def test_what_is_old_is_deleted_and_the_rest_is_kept(house: House, conversation: str) -> None:
    kept = f"{conversation}-kept"
    wish = Wish("http://127.0.0.1:9/hook", ["rapport.reply.created.v1"], {}, reveal=False)
    subscription = await house.door.subscriptions.create("default", wish)
    for key in (conversation, kept):
        await house.door.acceptor.accept(read(sent(key)), "http")
        await asyncio.to_thread(house.replies, key, "Hello.")
        closed = conversation_pb2.CONVERSATION_STATE_CLOSED
        await asyncio.to_thread(house.moves, key, closed)
    with psycopg.connect(house.url, autocommit=True) as connection:
        for held, (key, margin) in itertools.product(
            ERASED_AT_THE_DOOR, ((conversation, 1), (kept, -1))
        ):
            assert held.keep is not None
            connection.execute(
                sql.SQL(
                    "update ingestion.{} set {} = now() - make_interval(days => %s)"
                    " where conversation_id = %s"
                ).format(sql.Identifier(held.table), sql.Identifier(held.aged_by)),
                (held.keep.days + margin, key),
            )
        await house.door.store.purge()
        left = {
            held.table: connection.execute(
                sql.SQL(
                    "select distinct conversation_id from ingestion.{}"
                    " where conversation_id = any(%s)"
                ).format(sql.Identifier(held.table)),
                ([conversation, kept],),
            ).fetchall()
            for held in ERASED_AT_THE_DOOR
        }
    assert left == {held.table: [(kept,)] for held in ERASED_AT_THE_DOOR}
    await house.door.subscriptions.delete("default", uuid.UUID(subscription["id"]))


async def test_a_conversation_that_goes_on_is_not_deleted(house: House, conversation: str) -> None:
    accept = house.door.acceptor.accept
    await accept(read(sent(conversation, "m-1")), "http")
    await asyncio.to_thread(house.replies, conversation, "Hello.")
    with psycopg.connect(house.url, autocommit=True) as connection:
        for table in ("records", "conversations"):
            connection.execute(
                sql.SQL(
                    "update ingestion.{} set last_at = now() - interval '32 days'"
                    " where conversation_id = %s"
                ).format(sql.Identifier(table)),
                (conversation,),
            )
    await accept(read(sent(conversation, "m-2")), "http")
    await asyncio.to_thread(house.replies, conversation, "Still here.")
    await house.door.store.purge()
    assert (await accept(read(sent(conversation, "m-3")), "http")).sequence == 3
    assert await house.door.streams.last_position(conversation) == 2


async def test_locks_are_forgotten_when_nobody_wants_them() -> None:
    locks = Locks()
    order: list[int] = []

    async def work(number: int) -> None:
        async with locks.hold("c"):
            order.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*map(work, range(5)))
    assert order == list(range(5))
    assert locks._locks == {}
