"""State and what follows from it are stored together, on a real PostgreSQL."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from rapport.v1 import message_pb2
from services.common.database import connect
from services.common.events import Event, Outgoing, derive_id
from services.common.failures import Transient, Unprocessable
from services.common.handling import Handled, StatefulProcessor, TransactionalProcessor
from services.common.migrations import create_loop_tables
from services.common.topics import MESSAGE_REDACTED, MESSAGE_SCORED

pytestmark = pytest.mark.integration


@dataclass(frozen=True)
class Count:
    texts: tuple[str, ...] = ()


class Counting:
    """Remembers texts; answers each with how many there were."""

    service = "counting"
    reads = (MESSAGE_REDACTED,)
    state_type = Count

    def __init__(self) -> None:
        self.calls = 0

    def handle(self, event: Event[Any], state: Count | None) -> Handled[Count]:
        self.calls += 1
        text = event.message.text
        if text == "bad":
            raise Unprocessable("bad_text")
        if text == "bug":
            raise KeyError(text)
        if text == "outage":
            raise Transient("peer_away")
        now = Count((*(state or Count()).texts, text))
        answer = message_pb2.MessageScored(ref=event.message.ref, text=str(len(now.texts)))
        outgoing = Outgoing(MESSAGE_SCORED, event.key, answer, derive_id(event.id, "scored"))
        writes = ()
        if text == "null byte":
            writes = (lambda c: c.execute(sa.text("select 'a' || chr(0)")),)
        return Handled(now, (outgoing,), writes)


def event(text: str, key: str = "c1", event_id: str | None = None) -> Event[Any]:
    event_id = event_id or str(uuid.uuid4())
    message = message_pb2.MessageRedacted(
        ref=message_pb2.MessageRef(message_id=event_id, conversation_id=key), text=text
    )
    return Event(event_id, MESSAGE_REDACTED, key, datetime.now(UTC), "rapport/test", message)


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = connect(database_url, "counting")
    with engine.begin() as connection:
        connection.execute(sa.schema.CreateSchema("counting"))
        create_loop_tables(Operations(MigrationContext.configure(connection)), "counting")
    yield engine
    engine.dispose()


def texts(results: list[Any]) -> list[Any]:
    return [r.failure or [o.message.text for o in r.outgoing] for r in results]


def test_states_grow_in_order_and_by_conversation(engine: sa.Engine) -> None:
    processor = StatefulProcessor(Counting(), engine)
    results = processor.process([event("a"), event("b"), event("c", key="c2"), event("d")])
    assert texts(results) == [["1"], ["2"], ["1"], ["3"]]


def test_a_repeat_changes_nothing_and_gives_the_same_events(engine: sa.Engine) -> None:
    first = event("a")
    before = StatefulProcessor(Counting(), engine).process([first])
    handler = Counting()
    restarted = StatefulProcessor(handler, engine)  # as after a kill: nothing is cached
    again = restarted.process([first, event("b"), first])
    assert handler.calls == 1
    assert [r.repeated for r in again] == [True, False, True]
    assert again[0].outgoing == before[0].outgoing  # the same ids, times and values
    assert texts(again) == [["1"], ["2"], ["1"]]


def test_state_survives_a_restart(engine: sa.Engine) -> None:
    StatefulProcessor(Counting(), engine).process([event("a"), event("b")])
    assert texts(StatefulProcessor(Counting(), engine).process([event("c")])) == [["3"]]


def test_a_bad_event_harms_itself_alone(engine: sa.Engine) -> None:
    processor = StatefulProcessor(Counting(), engine)
    results = processor.process([event("a"), event("bad"), event("bug"), event("b")])
    assert texts(results) == [["1"], "bad_text", "KeyError", ["2"]]


def test_an_event_that_spoils_the_transaction_harms_itself_alone(engine: sa.Engine) -> None:
    processor = StatefulProcessor(Counting(), engine)
    results = processor.process([event("a"), event("null byte"), event("b")])
    assert texts(results) == [["1"], "OperationalError", ["2"]]
    assert texts(StatefulProcessor(Counting(), engine).process([event("c")])) == [["3"]]


def test_an_outage_leaves_nothing_behind(engine: sa.Engine) -> None:
    processor = StatefulProcessor(Counting(), engine)
    with pytest.raises(Transient):
        processor.process([event("a"), event("outage")])
    assert texts(processor.process([event("b")])) == [["1"]]


def test_a_replica_with_a_stale_state_is_overtaken_and_catches_up(engine: sa.Engine) -> None:
    stale, fresh = StatefulProcessor(Counting(), engine), StatefulProcessor(Counting(), engine)
    stale.process([event("a")])
    fresh.process([event("b")])
    assert texts(stale.process([event("c")])) == [["3"]]


def test_a_repeat_of_a_conversation_at_hand_changes_nothing(engine: sa.Engine) -> None:
    processor = StatefulProcessor(Counting(), engine)
    first, bad = event("a"), event("bad")
    before = processor.process([first])
    again = processor.process([event("b"), first, bad])
    assert [r.repeated for r in again] == [False, True, False]
    assert again[1].outgoing == before[0].outgoing
    assert texts(again) == [["2"], ["1"], "bad_text"]


def test_more_conversations_than_the_cache_holds(engine: sa.Engine) -> None:
    processor = StatefulProcessor(Counting(), engine, cache_conversations=3)
    for round_ in range(1, 4):
        results = processor.process([event("x", key=f"c{n}") for n in range(10)])
        assert texts(results) == [[str(round_)]] * 10


def test_a_database_that_is_away_is_transient() -> None:
    nowhere = connect("postgresql://nobody@127.0.0.1:1/none", "counting")
    with pytest.raises(Transient):
        StatefulProcessor(Counting(), nowhere).process([event("a")])
    nowhere.dispose()


class Noting:
    """Keeps texts in a table of its own."""

    service = "counting"
    reads = (MESSAGE_REDACTED,)

    def __init__(self) -> None:
        self.commits = 0

    def begin(self, connection: sa.Connection) -> None:
        """Nothing is shared."""

    def handle(self, event: Event[Any], connection: sa.Connection) -> None:
        connection.execute(
            sa.text("insert into notes values (:text)"), {"text": event.message.text}
        )
        if event.message.text == "bad":
            raise Unprocessable("bad_text")

    def committed(self) -> None:
        self.commits += 1


def test_a_transactional_handler_undoes_what_a_bad_event_did(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("create table notes (text text)"))
    handler = Noting()
    first = event("a")
    processor = TransactionalProcessor(handler, engine)
    results = processor.process([first, event("bad"), event("b"), first])
    assert [r.failure for r in results] == [None, "bad_text", None, None]
    assert results[3].repeated
    with engine.begin() as connection:
        assert connection.scalars(sa.text("select text from notes order by 1")).all() == ["a", "b"]
    assert handler.commits == 1
    assert [r.failure for r in processor.process([event("bad", event_id=first.id)])] == [None]
    again = event("bad")
    assert [processor.process([again])[0].failure for _ in range(2)] == ["bad_text"] * 2
