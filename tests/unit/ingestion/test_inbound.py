"""The inbound topic: what is good goes through the door, what is bad to the dead letters."""

import asyncio
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.common.events import Record
from services.common.failures import Transient
from services.common.testing.broker import InMemoryConsumer
from services.common.topics import INBOUND, MESSAGE_RECEIVED, dead_letter_name
from services.ingestion.inbound import GROUP, InboundReader
from tests.unit.ingestion.conftest import House, until
from tests.unit.ingestion.offers import BAD, NOT_JSON, sent

pytestmark = pytest.mark.anyio
DEAD = dead_letter_name(INBOUND, "ingestion")


def reader_of(house: House, retry_seconds: float = 10.0) -> InboundReader:
    consumer = InMemoryConsumer(house.broker, GROUP, [INBOUND.name])
    return InboundReader(
        consumer,
        house.producer,
        house.door.acceptor,
        asyncio.get_running_loop(),
        retry_seconds=retry_seconds,
    )


def write(house: House, value: bytes | None, key: str = "k", **headers: str) -> Record:
    return house.broker.append(
        INBOUND.name, key.encode(), value, [(n, v.encode()) for n, v in headers.items()]
    )


def letters(house: House) -> list[tuple[bytes | None, dict[str, str]]]:
    return [
        (record.value, {name: value.decode() for name, value in record.headers})
        for record in house.broker.records(DEAD)
    ]


def committed(house: House) -> int:
    return sum(offset for (group, *_), offset in house.broker.committed.items() if group == GROUP)


async def step(reader: InboundReader) -> int:
    return await asyncio.to_thread(reader.step, 0.2)


async def test_moves_events_through_the_door_in_order(house: House, conversation: str) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    for number in range(5):
        document = sent(conversation, f"t-{number}", text=f"{number}")
        write(house, orjson.dumps(document), traceparent=trace)
    assert await step(reader_of(house)) == 5
    published = house.published(MESSAGE_RECEIVED, conversation)
    assert [event.message.text for event in published] == ["0", "1", "2", "3", "4"]
    assert {event.traceparent[:35] for event in published} == {trace[:35]}  # type: ignore[index]
    assert committed(house) == 5


@pytest.mark.parametrize("name", [*BAD, *NOT_JSON])
async def test_a_bad_event_is_a_dead_letter_with_its_class_and_origin(
    house: House, conversation: str, name: str
) -> None:
    raw = NOT_JSON[name] if name in NOT_JSON else orjson.dumps(BAD[name][0])
    bad = write(house, raw, origin_header="kept")
    write(house, orjson.dumps(sent(conversation)))
    assert await step(reader_of(house)) == 2
    assert len(letters(house)) == 1, letters(house)
    [(value, headers)] = letters(house)
    assert value == raw
    assert headers["rapport_error_class"] == "invalid_event"
    assert headers["rapport_origin_topic"] == INBOUND.name
    assert headers["rapport_origin_offset"] == str(bad.offset)
    assert headers["origin_header"] == "kept"
    assert len(house.published(MESSAGE_RECEIVED, conversation)) == 1
    assert committed(house) == 2


async def test_conflicts_and_sizes_have_their_own_class(house: House, conversation: str) -> None:
    write(house, orjson.dumps(sent(conversation)))
    write(house, orjson.dumps(sent(conversation)))
    write(house, orjson.dumps(sent(conversation, text="Other.")))
    write(house, orjson.dumps(sent(conversation, "t-2", customer_id="customer-8")))
    write(house, orjson.dumps(sent(conversation, "t-3", text="x" * 1_000_000)))
    write(house, None)
    assert await step(reader_of(house)) == 6
    classes = sorted(headers["rapport_error_class"] for _, headers in letters(house))
    assert classes == ["id_conflict", "invalid_event", "other_customer", "too_large"]
    assert len(house.published(MESSAGE_RECEIVED, conversation)) == 1


async def test_a_dead_letter_has_no_text_in_its_headers(house: House, conversation: str) -> None:
    canary = "4539148803436467"
    write(house, orjson.dumps(sent(conversation, text=canary * 600)), key=conversation)
    write(house, orjson.dumps(sent(conversation, **{canary: "x"})), key=conversation)
    await step(reader_of(house))
    assert len(letters(house)) == 2
    assert canary not in repr([headers for _, headers in letters(house)])


async def test_an_outage_is_waited_out_in_order(house: House, conversation: str) -> None:
    house.producer.away = True
    for number in range(3):
        write(house, orjson.dumps(sent(conversation, f"t-{number}", text=f"{number}")))
    stepping = asyncio.create_task(step(reader_of(house)))
    await until(lambda: house.producer.refused >= 2)
    assert committed(house) == 0
    house.producer.away = False
    assert await stepping == 3
    published = house.published(MESSAGE_RECEIVED, conversation)
    assert [event.message.text for event in published] == ["0", "1", "2"]
    assert letters(house) == []


async def test_an_outage_that_outlasts_the_patience_commits_nothing(
    house: House, conversation: str
) -> None:
    house.producer.away = True
    write(house, orjson.dumps(sent(conversation)))
    write(house, b"{not json")
    with pytest.raises(Transient):
        await step(reader_of(house, retry_seconds=0.2))
    assert committed(house) == 0
    house.producer.away = False
    # The next member of the group begins where the last commit was.
    house.broker.members[GROUP].clear()
    assert await step(reader_of(house)) == 2
    assert len(house.published(MESSAGE_RECEIVED, conversation)) == 1
    assert len(letters(house)) == 1


async def test_runs_until_stopped(house: House, conversation: str) -> None:
    reader = reader_of(house)
    running = asyncio.create_task(asyncio.to_thread(reader.run))
    write(house, orjson.dumps(sent(conversation)))
    await until(lambda: house.published(MESSAGE_RECEIVED, conversation))
    reader.stop()
    await asyncio.wait_for(running, 5)
    assert house.broker.members[GROUP] == []


@given(
    values=st.lists(
        st.binary(max_size=60)
        | st.dictionaries(st.text(max_size=5), st.booleans() | st.text(max_size=5)).map(
            orjson.dumps
        ),
        max_size=6,
    )
)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_whatever_bytes_come_nothing_else_is_lost(
    house: House, conversation: str, values: list[Any]
) -> None:
    before, done = len(letters(house)), len(house.published(MESSAGE_RECEIVED, conversation))
    for value in values:
        write(house, value)
    write(house, orjson.dumps(sent(conversation, f"t-{done}")))
    house.broker.members.get(GROUP, []).clear()
    assert await step(reader_of(house)) == len(values) + 1
    assert len(letters(house)) == before + len(values)
    assert len(house.published(MESSAGE_RECEIVED, conversation)) == done + 1
