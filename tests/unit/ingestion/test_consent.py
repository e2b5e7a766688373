"""What customers agree to: recording, and being contacted; in events, and in their own words."""

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import pytest

from rapport.v1 import common_pb2, conversation_pb2, message_pb2, rights_pb2, services_pb2
from services.common.events import Event
from services.common.topics import CONSENT_CHANGED, ERASURE_REQUESTED, MESSAGE_SCORED
from services.ingestion.cloudevents import read_event
from services.ingestion.consent_store import ConsentStore
from services.ingestion.opting_out import OptingOut
from services.ingestion.rejections import Reason, Rejected
from services.ingestion.servicer import read_request
from services.ingestion.transcripts import Transcripts
from tests.unit.ingestion.conftest import House
from tests.unit.ingestion.offers import CONSENT, NOW, event, sent

pytestmark = pytest.mark.anyio

CLOSED = conversation_pb2.CONVERSATION_STATE_CLOSED


def fresh() -> str:
    return f"k-{uuid.uuid4()}"


def word(customer_id: str, to: str, granted: bool, sender_id: str = "w-1") -> Any:
    data = {"customer_id": customer_id, "to": to, "granted": granted}
    return read_event(event(CONSENT, data, id=sender_id, source=customer_id), NOW)


def said(conversation: str, customer_id: str, sender_id: str = "m-1", **changes: Any) -> Any:
    return read_event(sent(conversation, sender_id, customer_id=customer_id, **changes), NOW)


def by_agent(conversation: str, customer_id: str) -> Any:
    return said(conversation, customer_id, "a-1", author="agent", agent_id="agent-3")


def told(house: House, customer_id: str) -> list[tuple[int, bool]]:
    events = house.published(CONSENT_CHANGED, customer_id)
    return [(e.message.to, e.message.granted) for e in events]


def scored(customer_id: str, *, opt_out: bool, author: int = common_pb2.AUTHOR_CUSTOMER) -> Any:
    message = message_pb2.MessageScored(
        ref=message_pb2.MessageRef(
            message_id=str(uuid.uuid4()),
            conversation_id="c1",
            customer_id=customer_id,
            tenant="default",
            author=author,  # type: ignore[arg-type]
        )
    )
    message.reading.signals.opt_out = opt_out
    return Event(str(uuid.uuid4()), MESSAGE_SCORED, "c1", NOW, "rapport/emotion", message)


def transcripts(house: House, *, unless_refused: bool = False, minutes_later: int = 61) -> Any:
    return Transcripts(
        ConsentStore(house.door.store, "default"),
        house.door.acceptor._publisher,
        home="default",
        unless_refused=unless_refused,
        minutes=60,
        clock=lambda: NOW + timedelta(minutes=minutes_later),
    )


async def over(house: House, conversation: str, customer_id: str) -> None:
    """A conversation that was had, and closed at NOW."""
    await house.door.acceptor.accept(said(conversation, customer_id), "http")
    await asyncio.to_thread(house.replies, conversation, "Hello, [PERSON_1].")
    await asyncio.to_thread(house.moves, conversation, CLOSED)


async def transcript(house: House, conversation: str) -> int:
    return len(await house.door.streams.read(conversation, 0, 100))


def forgotten(house: House, customer_id: str) -> list[rights_pb2.ErasureRequested]:
    return [e.message for e in house.published(ERASURE_REQUESTED, customer_id)]


async def test_a_consent_is_told_once_and_another_under_its_id_is_refused(house: House) -> None:
    who, accept = fresh(), house.door.acceptor.accept
    first = await accept(word(who, "recording", True), "http")
    again = await accept(word(who, "recording", True), "http")
    assert (again.event_id, again.repeated) == (first.event_id, True)
    assert told(house, who) == [(rights_pb2.CONSENT_TO_RECORDING, True)]
    with pytest.raises(Rejected) as caught:
        await accept(word(who, "recording", False), "http")
    assert caught.value.reason is Reason.ID_CONFLICT


async def test_a_consent_that_the_broker_missed_is_told_with_its_repeat(house: House) -> None:
    who, accept = fresh(), house.door.acceptor.accept
    house.producer.away = True
    with pytest.raises(Rejected):
        await accept(word(who, "contact", False), "http")
    house.producer.away = False
    await accept(word(who, "contact", False), "http")
    assert told(house, who) == [(rights_pb2.CONSENT_TO_CONTACT, False)]


async def test_without_consent_no_transcript_outlives_its_conversation(
    house: House, conversation: str
) -> None:
    who = fresh()
    await over(house, conversation, who)
    await transcripts(house, minutes_later=59).forget()
    assert await transcript(house, conversation) == 2
    assert forgotten(house, who) == []
    await transcripts(house).forget()
    assert await transcript(house, conversation) == 0
    (request,) = forgotten(house, who)
    assert request.scope == rights_pb2.ERASURE_SCOPE_TRANSCRIPT
    assert list(request.conversation_ids) == [conversation]
    await transcripts(house).forget()
    assert len(forgotten(house, who)) == 1


async def test_with_consent_the_transcript_stays(house: House, conversation: str) -> None:
    who = fresh()
    await house.door.acceptor.accept(word(who, "recording", True), "http")
    await over(house, conversation, who)
    await transcripts(house).forget()
    await transcripts(house).forget()
    assert await transcript(house, conversation) == 2
    assert forgotten(house, who) == []


@pytest.mark.parametrize(("granted", "left"), [(None, 2), (True, 2), (False, 0)])
async def test_where_silence_is_consent_a_refusal_still_counts(
    house: House, conversation: str, granted: bool | None, left: int
) -> None:
    who = fresh()
    if granted is not None:
        await house.door.acceptor.accept(word(who, "recording", granted), "http")
    await over(house, conversation, who)
    await transcripts(house, unless_refused=True).forget()
    assert await transcript(house, conversation) == left


async def test_a_conversation_that_goes_on_is_not_over(house: House, conversation: str) -> None:
    who = fresh()
    await over(house, conversation, who)
    bot = conversation_pb2.CONVERSATION_STATE_BOT
    await asyncio.to_thread(house.moves, conversation, bot, **{"from": CLOSED})
    await transcripts(house).forget()
    assert await transcript(house, conversation) == 3


async def test_who_opted_out_is_not_begun_a_conversation_with_but_is_answered(
    house: House, conversation: str
) -> None:
    who, accept = fresh(), house.door.acceptor.accept
    await accept(by_agent(f"{conversation}-before", who), "http")
    await accept(word(who, "contact", False), "http")
    with pytest.raises(Rejected) as caught:
        await accept(by_agent(f"{conversation}-outreach", who), "http")
    assert caught.value.reason is Reason.OPTED_OUT
    # The customer writes: whoever answers is no nuisance.
    await accept(said(conversation, who), "http")
    await accept(by_agent(conversation, who), "http")
    await accept(by_agent(f"{conversation}-other", fresh()), "http")
    await accept(word(who, "contact", True, "w-2"), "http")
    await accept(by_agent(f"{conversation}-outreach", who), "http")


async def test_the_customers_own_words_count_as_much(house: House, conversation: str) -> None:
    who = fresh()
    processor = OptingOut(house.engine, "default")
    heard = scored(who, opt_out=True)
    results = [processor.process([heard])[0] for _ in range(2)]
    assert results[0].outgoing == results[1].outgoing
    (outgoing,) = results[0].outgoing
    assert isinstance(outgoing.message, rights_pb2.ConsentChanged)
    assert (outgoing.message.to, outgoing.message.granted) == (
        rights_pb2.CONSENT_TO_CONTACT,
        False,
    )
    assert outgoing.message.said_in == heard.message.ref.message_id
    with pytest.raises(Rejected) as caught:
        await house.door.acceptor.accept(by_agent(conversation, who), "http")
    assert caught.value.reason is Reason.OPTED_OUT


async def test_what_only_sounds_like_it_blocks_nothing(house: House, conversation: str) -> None:
    who = fresh()
    processor = OptingOut(house.engine, "default")
    others = [
        scored(who, opt_out=False),
        scored(who, opt_out=True, author=common_pb2.AUTHOR_AGENT),
    ]
    assert [result.outgoing for result in processor.process(others)] == [(), ()]
    await house.door.acceptor.accept(by_agent(conversation, who), "http")


async def test_an_older_word_does_not_undo_a_newer_one(house: House, conversation: str) -> None:
    who = fresh()
    late = scored(who, opt_out=True)
    late = Event(late.id, late.topic, late.key, NOW - timedelta(days=1), late.source, late.message)
    await house.door.acceptor.accept(word(who, "contact", True), "http")
    OptingOut(house.engine, "default").process([late])
    await house.door.acceptor.accept(by_agent(conversation, who), "http")


def test_over_grpc_it_is_the_same_event() -> None:
    request = services_pb2.PublishRequest(id="w-1", source="k-1", type=CONSENT)
    request.consent.customer_id = "k-1"
    request.consent.to = rights_pb2.CONSENT_TO_RECORDING
    assert read_request(request, NOW, "default").data == word("k-1", "recording", False).data
