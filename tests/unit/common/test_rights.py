"""Erasure and retention within one service, on a real PostgreSQL."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from rapport.v1 import rights_pb2
from services.common.database import connect
from services.common.events import Event
from services.common.failures import Transient
from services.common.handling import StatefulProcessor
from services.common.holdings import HANDLED, STATE, By, Customer, Holding, look, rows_of
from services.common.migrations import create_loop_tables
from services.common.rights import ErasureProcessor
from services.common.topics import ERASURE_REQUESTED
from tests.unit.common.test_handling import Counting, event, texts

pytestmark = pytest.mark.integration

NOTES = Holding("notes", "notes", By.CUSTOMER, "noted_at", timedelta(days=31))
AUDIT = Holding(
    "audit", "who looked", By.CUSTOMER, "seen_at", timedelta(days=400), why_kept="an audit"
)
HELD = (STATE, HANDLED, NOTES, AUDIT)


@dataclass
class Door:
    """Takes answers; is away as often as `away` says."""

    away: int = 0
    answers: list[rights_pb2.ErasureCompleted] = field(default_factory=list)

    def send(self, answer: rights_pb2.ErasureCompleted) -> None:
        if self.away:
            self.away -= 1
            raise Transient("door_away")
        self.answers.append(answer)


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = connect(database_url, "counting")
    with engine.begin() as connection:
        connection.execute(sa.schema.CreateSchema("counting"))
        create_loop_tables(Operations(MigrationContext.configure(connection)), "counting")
        for table, column in (("notes", "noted_at"), ("audit", "seen_at")):
            connection.execute(
                sa.text(
                    f"create table counting.{table} (tenant text, customer_id text,"
                    f" {column} timestamptz default now())"
                )
            )
    yield engine
    engine.dispose()


def note(engine: sa.Engine, tenant: str, customer_id: str, days_ago: int = 0) -> None:
    with engine.begin() as connection:
        for table, column in (("notes", "noted_at"), ("audit", "seen_at")):
            connection.execute(
                sa.text(
                    f"insert into counting.{table} (tenant, customer_id, {column})"
                    " values (:tenant, :customer_id, now() - :age)"
                ),
                {"tenant": tenant, "customer_id": customer_id, "age": timedelta(days=days_ago)},
            )


def asked(*conversation_ids: str, customer_id: str = "k1") -> Event[Any]:
    event_id, now = str(uuid.uuid4()), datetime.now(UTC)
    request = rights_pb2.ErasureRequested(
        erasure_id=event_id,
        tenant="default",
        customer_id=customer_id,
        conversation_ids=conversation_ids,
    )
    request.requested_at.FromDatetime(now)
    if conversation_ids:
        request.began_at.FromDatetime(now - timedelta(hours=1))
    return Event(event_id, ERASURE_REQUESTED, customer_id, now, "rapport/ingestion", request)


def counts(engine: sa.Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {held.table: look(connection, "counting", held).rows for held in HELD}


def deleted(answer: rights_pb2.ErasureCompleted) -> dict[str, int]:
    return {store.store: store.deleted for store in answer.stores}


def test_a_customers_rows_go_and_those_of_others_stay(engine: sa.Engine) -> None:
    loop = StatefulProcessor(Counting(), engine)
    loop.process([event("a"), event("b"), event("c", key="c2"), event("d", key="other")])
    for tenant, customer_id in (("default", "k1"), ("default", "k2"), ("bank", "k1")):
        note(engine, tenant, customer_id)
    door = Door()
    [result] = ErasureProcessor("counting", engine, HELD, door).process([asked("c1", "c2")])
    assert result.failure is None
    assert result.outgoing == ()
    (answer,) = door.answers
    assert deleted(answer) == {"state": 2, "handled": 3, "notes": 1, "audit": 0}
    fates = {store.store: store.fate for store in answer.stores}
    assert fates["audit"] == rights_pb2.ERASURE_FATE_KEPT
    assert fates["notes"] == rights_pb2.ERASURE_FATE_DELETED
    assert counts(engine)["notes"] == 2
    assert counts(engine)["audit"] == 3
    assert texts(StatefulProcessor(Counting(), engine).process([event("e", key="other")])) == [
        ["2"]
    ]


def test_what_was_on_its_way_does_not_bring_a_conversation_back(engine: sa.Engine) -> None:
    cached, fresh = StatefulProcessor(Counting(), engine), StatefulProcessor(Counting(), engine)
    cached.process([event("a")])
    ErasureProcessor("counting", engine, HELD, Door()).process([asked("c1", "c-not-seen-yet")])
    # The replica that has the conversation in hand finds itself overtaken, and looks again.
    assert texts(cached.process([event("b")])) == [[]]
    assert texts(fresh.process([event("b"), event("c", key="c-not-seen-yet")])) == [[], []]
    with engine.connect() as connection:
        customer = Customer("default", "k1", ("c1", "c-not-seen-yet"), datetime.now(UTC))
        assert rows_of(connection, "counting", STATE, customer) == []
        assert rows_of(connection, "counting", HANDLED, customer) == []


def test_a_kill_before_the_answer_gives_the_same_answer_again(engine: sa.Engine) -> None:
    StatefulProcessor(Counting(), engine).process([event("a")])
    note(engine, "default", "k1")
    request, door = asked("c1"), Door(away=1)
    with pytest.raises(Transient):
        ErasureProcessor("counting", engine, HELD, door).process([request])
    assert door.answers == []
    assert counts(engine)["notes"] == 0
    restarted = ErasureProcessor("counting", engine, HELD, door)
    assert [r.repeated for r in restarted.process([request])] == [True]
    assert [r.repeated for r in restarted.process([request])] == [True]
    assert [deleted(answer) for answer in door.answers] == [
        {"state": 1, "handled": 1, "notes": 1, "audit": 0}
    ] * 2


def test_a_failure_in_the_middle_erases_nothing(engine: sa.Engine) -> None:
    note(engine, "default", "k1")
    broken = (*HELD, Holding("not_there", "nothing", By.CUSTOMER, "at", None))
    with pytest.raises(sa.exc.ProgrammingError):
        ErasureProcessor("counting", engine, broken, Door()).process([asked("c1")])
    assert counts(engine)["notes"] == 1


def test_an_unknown_customer_is_answered_with_nothing_deleted(engine: sa.Engine) -> None:
    note(engine, "default", "k1")
    door = Door()
    ErasureProcessor("counting", engine, HELD, door).process([asked(customer_id="nobody")])
    assert set(deleted(door.answers[0]).values()) == {0}


def test_a_request_without_a_customer_is_no_request(engine: sa.Engine) -> None:
    note(engine, "default", "")
    [result] = ErasureProcessor("counting", engine, HELD, Door()).process([asked(customer_id="")])
    assert result.failure == "missing_id"
    assert counts(engine)["notes"] == 1


def test_what_is_older_than_its_limit_is_deleted(engine: sa.Engine) -> None:
    for days in (30, 32, 399, 401):
        note(engine, "default", "k1", days_ago=days)
    ErasureProcessor("counting", engine, HELD, Door()).purge()
    assert counts(engine)["notes"] == 1
    assert counts(engine)["audit"] == 3
    with engine.connect() as connection:
        oldest = look(connection, "counting", NOTES).oldest
    assert oldest is not None
    assert timedelta(days=29) < datetime.now(UTC) - oldest < timedelta(days=31)


def test_a_transcript_goes_and_the_conversation_may_begin_anew(engine: sa.Engine) -> None:
    cached = StatefulProcessor(Counting(), engine)
    cached.process([event("a"), event("b"), event("c", key="kept")])
    note(engine, "default", "k1")
    request, door = asked("c1"), Door()
    request.message.scope = rights_pb2.ERASURE_SCOPE_TRANSCRIPT
    eraser = ErasureProcessor("counting", engine, HELD, door)
    for _ in range(2):
        eraser.process([request])
    assert door.answers == []
    assert counts(engine)["handled"] == 1
    assert counts(engine)["notes"] == 1, "what is no transcript stays"
    assert texts(cached.process([event("d"), event("e", key="kept")])) == [["1"], ["2"]]
