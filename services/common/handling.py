"""How a batch of events becomes effects, exactly once: state and what follows are stored together.

Three processors, one contract. A processor gives one `Result` for each event; after it returns,
the effects in the database are committed, and the loop publishes what the results say. An event
that was handled before changes nothing and gives the same outgoing events again.
"""

import base64
import uuid
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, Protocol, TypeVar

import orjson
import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.common.database import as_transient
from services.common.events import Event, Outgoing
from services.common.failures import Fenced, Transient, Unprocessable
from services.common.logs import logger
from services.common.topics import TOPICS_BY_NAME, Topic
from services.common.tracing import span

S = TypeVar("S")
Write = Callable[[sa.Connection], None]
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Handled(Generic[S]):
    """What a stateful handler makes of an event.

    `state` None keeps the state as it was. `writes` run in the state's transaction.
    """

    state: S | None = None
    outgoing: tuple[Outgoing, ...] = ()
    writes: tuple[Write, ...] = ()


class StatefulHandler(Protocol[S]):
    """Event and the conversation's state in, new state and events out. Deterministic."""

    service: str
    reads: tuple[Topic, ...]
    state_type: type[S]

    def handle(self, event: Event[Any], state: S | None) -> Handled[S]: ...


class TransactionalHandler(Protocol):
    """Where SQL itself is the state: event and an open transaction in, events out."""

    service: str
    reads: tuple[Topic, ...]

    def handle(self, event: Event[Any], connection: sa.Connection) -> tuple[Outgoing, ...]: ...

    def committed(self) -> None:
        """Runs after each transaction: wake a relay, tell those who wait."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one event. `failure` is a code when it goes to the dead letters."""

    outgoing: tuple[Outgoing, ...] = ()
    traceparent: str | None = None
    repeated: bool = False
    failure: str | None = None


class Processor(Protocol):
    """Turns events into results, one for each, in order."""

    service: str
    reads: tuple[Topic, ...]

    def process(self, events: Sequence[Event[Any]]) -> list[Result]: ...

    def forget(self) -> None:
        """Drops what is cached: partitions moved."""

    def purge(self) -> None:
        """Deletes what is too old to be repeated."""


REPEAT_DAYS = 31
IDLE_DAYS = 31


def _tables(service: str) -> tuple[sa.Table, sa.Table]:
    metadata = sa.MetaData(schema=service)
    state = sa.Table(
        "state",
        metadata,
        sa.Column("conversation_id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger),
        sa.Column("state", sa.LargeBinary),
        sa.Column("changed_at", sa.DateTime(timezone=True)),
    )
    handled = sa.Table(
        "handled",
        metadata,
        sa.Column("event_id", sa.Uuid, primary_key=True),
        sa.Column("outgoing", sa.LargeBinary),
        sa.Column("handled_at", sa.DateTime(timezone=True)),
    )
    return state, handled


def dump_outgoing(outgoing: Sequence[Outgoing]) -> bytes:
    """Outgoing events as JSON, to be sent again should their cause be repeated."""
    return orjson.dumps(
        [
            [
                o.topic.name,
                o.key,
                o.id,
                o.time,
                base64.b64encode(o.message.SerializeToString(deterministic=True)).decode(),
            ]
            for o in outgoing
        ]
    )


def load_outgoing(data: bytes) -> tuple[Outgoing, ...]:
    """Inverse of `dump_outgoing`."""
    events = []
    for name, key, event_id, time, value in orjson.loads(data):
        topic = TOPICS_BY_NAME[name]
        assert topic.message_type is not None
        message = topic.message_type.FromString(base64.b64decode(value))
        at = datetime.fromisoformat(time) if time else None
        events.append(Outgoing(topic, key, message, event_id, at))
    return tuple(events)


def _dated(outgoing: tuple[Outgoing, ...]) -> tuple[Outgoing, ...]:
    """Gives a time to those without: once, so that a repeat carries the same."""
    now = datetime.now(UTC)
    return tuple(o if o.time else Outgoing(o.topic, o.key, o.message, o.id, now) for o in outgoing)


def _failure(error: Exception, event: Event[Any], service: str) -> str:
    """Code of a handler's error; a fault of ours is logged with its place, never with its text."""
    if isinstance(error, Unprocessable):
        return error.reason
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    where = (
        f"{frame.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{frame.tb_lineno}" if frame else ""
    )
    log.error("handler_failed", error=type(error).__name__, where=where, event_id=event.id)
    return type(error).__name__


class _Remembering:
    """What both database processors share: the record of handled events."""

    def __init__(self, service: str, reads: tuple[Topic, ...], engine: sa.Engine) -> None:
        self.service = service
        self.reads = reads
        self._engine = engine
        self._state, self._handled = _tables(service)

    def process(self, events: Sequence[Event[Any]]) -> list[Result]:
        """One transaction for the batch; where one event spoils it, one for each."""
        try:
            return self._transaction(events)
        except IntegrityError as error:
            # Most often: another replica stored one of these events at the same time.
            self.forget()
            if len(events) == 1:
                raise Fenced from error
            return [result for event in events for result in self.process([event])]
        except DBAPIError as error:
            self.forget()
            if transient := as_transient(error):
                raise transient from error
            if len(events) == 1:
                return [Result(failure=_failure(error, events[0], self.service))]
            return [result for event in events for result in self.process([event])]

    def _transaction(self, events: Sequence[Event[Any]]) -> list[Result]:
        raise NotImplementedError

    def forget(self) -> None:
        """Nothing is cached here."""

    def purge(self) -> None:
        limit = sa.func.now() - sa.text(f"interval '{REPEAT_DAYS} days'")
        idle = sa.func.now() - sa.text(f"interval '{IDLE_DAYS} days'")
        with self._engine.begin() as connection:
            connection.execute(sa.delete(self._handled).where(self._handled.c.handled_at < limit))
            connection.execute(sa.delete(self._state).where(self._state.c.changed_at < idle))

    def _known(
        self, connection: sa.Connection, events: Sequence[Event[Any]]
    ) -> dict[str, tuple[Outgoing, ...]]:
        wanted = [uuid.UUID(event.id) for event in events]
        rows = connection.execute(
            sa.select(self._handled.c.event_id, self._handled.c.outgoing).where(
                self._handled.c.event_id == sa.any_(sa.cast(wanted, sa.ARRAY(sa.Uuid)))
            )
        )
        return {str(row.event_id): load_outgoing(row.outgoing) for row in rows}

    def _remember(
        self, connection: sa.Connection, handled: dict[str, tuple[Outgoing, ...]]
    ) -> None:
        if handled:
            now = datetime.now(UTC)
            connection.execute(
                sa.insert(self._handled),
                [
                    {
                        "event_id": uuid.UUID(event_id),
                        "outgoing": dump_outgoing(outgoing),
                        "handled_at": now,
                    }
                    for event_id, outgoing in handled.items()
                ],
            )


class StatefulProcessor(_Remembering, Generic[S]):
    """Runs a StatefulHandler: states through a bounded cache, written once for each batch.

    A state's `version` grows by one with each write; a write that finds another version than it
    read was overtaken by another replica (`Fenced`) and is done again from the stored state.
    """

    def __init__(
        self, handler: StatefulHandler[S], engine: sa.Engine, *, cache_conversations: int = 10_000
    ) -> None:
        super().__init__(handler.service, handler.reads, engine)
        self._handler = handler
        self._codec: TypeAdapter[S] = TypeAdapter(handler.state_type)
        self._cache: OrderedDict[str, tuple[S | None, int]] = OrderedDict()
        self._cache_conversations = cache_conversations

    def forget(self) -> None:
        self._cache.clear()

    def _transaction(self, events: Sequence[Event[Any]]) -> list[Result]:
        with self._engine.begin() as connection:
            known = self._known(connection, events)
            fresh = [event for event in events if event.id not in known]
            states = self._load(connection, {event.key for event in fresh})
            changed: dict[str, tuple[S, int]] = {}
            stored: dict[str, tuple[Outgoing, ...]] = {}
            results: list[Result] = []
            for event in events:
                if event.id in known or event.id in stored:
                    again = known.get(event.id) or stored.get(event.id, ())
                    results.append(Result(again, event.traceparent, repeated=True))
                    continue
                state, version = states[event.key]
                try:
                    with span(f"process {event.topic.name}", event.traceparent) as traceparent:
                        handled = self._handler.handle(event, state)
                except Transient:
                    raise
                except Exception as error:
                    results.append(Result(failure=_failure(error, event, self.service)))
                    continue
                if handled.state is not None:
                    states[event.key] = (handled.state, version)
                    changed[event.key] = (handled.state, version)
                for write in handled.writes:
                    write(connection)
                stored[event.id] = _dated(handled.outgoing)
                results.append(Result(stored[event.id], traceparent))
            self._store(connection, changed)
            self._remember(connection, stored)
        for key, (state, version) in changed.items():
            self._keep(key, state, version + 1)
        return results

    def _load(self, connection: sa.Connection, keys: set[str]) -> dict[str, tuple[S | None, int]]:
        states = {key: self._cache[key] for key in keys if key in self._cache}
        missing = keys - states.keys()
        if missing:
            rows = connection.execute(
                sa.select(
                    self._state.c.conversation_id, self._state.c.version, self._state.c.state
                ).where(
                    self._state.c.conversation_id
                    == sa.any_(sa.cast(sorted(missing), sa.ARRAY(sa.Text)))
                )
            )
            for row in rows:
                states[row.conversation_id] = (self._codec.validate_json(row.state), row.version)
        for key in keys:
            states.setdefault(key, (None, 0))
        return states

    def _store(self, connection: sa.Connection, changed: dict[str, tuple[S, int]]) -> None:
        if not changed:
            return
        now = datetime.now(UTC)
        statement = insert(self._state).values(
            [
                {
                    "conversation_id": key,
                    "version": version + 1,
                    "state": self._codec.dump_json(state),
                    "changed_at": now,
                }
                for key, (state, version) in changed.items()
            ]
        )
        done = connection.execute(
            statement.on_conflict_do_update(
                index_elements=[self._state.c.conversation_id],
                set_={
                    "version": statement.excluded.version,
                    "state": statement.excluded.state,
                    "changed_at": statement.excluded.changed_at,
                },
                where=self._state.c.version == statement.excluded.version - 1,
            ).returning(self._state.c.conversation_id)
        )
        if len(done.all()) != len(changed):
            self.forget()
            raise Fenced

    def _keep(self, key: str, state: S, version: int) -> None:
        self._cache[key] = (state, version)
        self._cache.move_to_end(key)
        while len(self._cache) > self._cache_conversations:
            self._cache.popitem(last=False)


class TransactionalProcessor(_Remembering):
    """Runs a TransactionalHandler: each event in a savepoint of the batch's transaction."""

    def __init__(self, handler: TransactionalHandler, engine: sa.Engine) -> None:
        super().__init__(handler.service, handler.reads, engine)
        self._handler = handler

    def _transaction(self, events: Sequence[Event[Any]]) -> list[Result]:
        with self._engine.begin() as connection:
            known = self._known(connection, events)
            stored: dict[str, tuple[Outgoing, ...]] = {}
            results: list[Result] = []
            for event in events:
                if event.id in known or event.id in stored:
                    again = known.get(event.id) or stored.get(event.id, ())
                    results.append(Result(again, event.traceparent, repeated=True))
                    continue
                try:
                    with (
                        span(f"process {event.topic.name}", event.traceparent) as traceparent,
                        connection.begin_nested(),
                    ):
                        outgoing = _dated(self._handler.handle(event, connection))
                except (Transient, DBAPIError):
                    raise
                except Exception as error:
                    results.append(Result(failure=_failure(error, event, self.service)))
                    continue
                stored[event.id] = outgoing
                results.append(Result(outgoing, traceparent))
            self._remember(connection, stored)
        self._handler.committed()
        return results
