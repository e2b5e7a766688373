"""Events of commands: stored with the state, then sent in order, on a real PostgreSQL."""

import uuid
from collections.abc import Iterator
from concurrent.futures import Future

import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from rapport.v1 import conversation_pb2
from services.common.broker import Headers
from services.common.database import connect
from services.common.events import Outgoing, decode
from services.common.failures import Transient
from services.common.migrations import create_loop_tables
from services.common.outbox import Outbox, Relay
from services.common.testing.broker import InMemoryBroker, InMemoryProducer
from services.common.topics import CONVERSATION_CHANGED

pytestmark = pytest.mark.integration


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = connect(database_url, "desk")
    with engine.begin() as connection:
        connection.execute(sa.schema.CreateSchema("desk"))
        create_loop_tables(Operations(MigrationContext.configure(connection)), "desk")
    yield engine
    engine.dispose()


def change(version: int) -> Outgoing:
    message = conversation_pb2.ConversationChanged(conversation_id="c1", version=version)
    return Outgoing(CONVERSATION_CHANGED, "c1", message, str(uuid.uuid4()))


def test_what_is_committed_is_sent_once_and_in_order(engine: sa.Engine) -> None:
    broker = InMemoryBroker({CONVERSATION_CHANGED.name: 1})
    outbox = Outbox("desk")
    relay = Relay(outbox, engine, InMemoryProducer(broker))
    for version in (1, 2, 3):
        with engine.begin() as connection:
            outbox.add(connection, change(version))
    assert relay.step() == 3
    assert relay.step() == 0
    events = [decode(r, CONVERSATION_CHANGED) for r in broker.records(CONVERSATION_CHANGED.name)]
    assert [event.message.version for event in events] == [1, 2, 3]
    assert {event.source for event in events} == {"rapport/desk"}


def test_what_is_rolled_back_is_not_sent(engine: sa.Engine) -> None:
    broker = InMemoryBroker({CONVERSATION_CHANGED.name: 1})
    outbox = Outbox("desk")
    with pytest.raises(ZeroDivisionError), engine.begin() as connection:
        outbox.add(connection, change(1))
        _ = 1 / 0
    assert Relay(outbox, engine, InMemoryProducer(broker)).step() == 0


def test_what_the_broker_did_not_take_is_sent_again_with_the_same_id(engine: sa.Engine) -> None:
    broker = InMemoryBroker({CONVERSATION_CHANGED.name: 1})
    outbox, event = Outbox("desk"), change(1)
    with engine.begin() as connection:
        outbox.add(connection, event)

    class Away(InMemoryProducer):
        def send(
            self, topic: str, *, key: bytes | None, value: bytes | None, headers: Headers
        ) -> "Future[tuple[int, int]]":
            raise Transient("broker_away")

    with pytest.raises(Transient):
        Relay(outbox, engine, Away(broker)).step()
    assert Relay(outbox, engine, InMemoryProducer(broker)).step() == 1
    (record,) = broker.records(CONVERSATION_CHANGED.name)
    assert dict(record.headers)["ce_id"] == event.id.encode()


def test_a_second_relay_stands_by_while_the_first_works(engine: sa.Engine) -> None:
    broker = InMemoryBroker({CONVERSATION_CHANGED.name: 1})
    outbox = Outbox("desk")
    with engine.begin() as connection:
        outbox.add(connection, change(1))
    other = Relay(outbox, engine, InMemoryProducer(broker))

    class Nested(InMemoryProducer):
        def send(
            self, topic: str, *, key: bytes | None, value: bytes | None, headers: Headers
        ) -> "Future[tuple[int, int]]":
            assert other.step() == 0
            return super().send(topic, key=key, value=value, headers=headers)

    assert Relay(outbox, engine, Nested(broker)).step() == 1
    assert len(broker.records(CONVERSATION_CHANGED.name)) == 1
