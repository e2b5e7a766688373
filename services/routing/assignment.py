"""Assignment rounds: takes back what agents no longer have, and offers what waits.

A round runs as soon as somebody begins to wait or a place becomes free, in whichever replica, and
once a second. Replicas take turns; whoever comes second finds nothing left to do.
"""

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
import sqlalchemy as sa

from services.common import metrics
from services.common.logs import logger
from services.routing import agent_store, store
from services.routing.holdings import KEEP_CLOSED
from services.routing.matching import Rules, match
from services.routing.moves import ROUND, Moves, agent_of
from services.routing.states import Cause, State

log = logger(__name__)

ROUND_SECONDS = 1.0
PURGE_SECONDS = 3_600.0


@dataclass(frozen=True)
class Patience:
    """How long an offer stands, an agent may be silent, and wrapping up may take."""

    offer: timedelta = timedelta(seconds=20)
    presence: timedelta = timedelta(seconds=60)
    wrap_up: timedelta = timedelta(seconds=60)


class Assignment:
    """One round at a time over all tenants."""

    def __init__(
        self,
        engine: sa.Engine,
        moves: Moves,
        clock: Callable[[], datetime],
        rules: Rules,
        patience: Patience,
    ) -> None:
        self._engine = engine
        self._moves = moves
        self._clock = clock
        self._rules = rules
        self._patience = patience
        self._shown: set[str] = set()

    def round(self) -> int:
        """Runs one round; returns how many conversations it moved."""
        with metrics.ROUND_SECONDS.time(), self._engine.begin() as connection:
            if not store.anything_active(connection):
                self._show([], self._clock())
                return 0
            store.serialise(connection)
            now = self._clock()
            moved = self._release(connection, now) + self._offer(connection, now)
            queues = store.queues(connection)
        self._show(queues, now)
        if moved:
            self._moves.committed()
        return moved

    def _release(self, connection: sa.Connection, now: datetime) -> int:
        held = store.to_release(
            connection,
            seen_before=now - self._patience.presence,
            offered_before=now - self._patience.offer,
            wrapping_before=now - self._patience.wrap_up,
        )
        for conversation, gone in held:
            if gone:
                cause = Cause.AGENT_LOST
            elif conversation.state is State.OFFERED:
                cause = Cause.OFFER_EXPIRED
            else:
                cause = Cause.WRAP_UP_EXPIRED
            self._moves.apply(connection, conversation, cause, now)
        return len(held)

    def _offer(self, connection: sa.Connection, now: datetime) -> int:
        agents = agent_store.present_agents(connection, now - self._patience.presence)
        if not agents:
            return 0
        offers = 0
        for tenant, waiting in store.waiting(connection, now, self._rules).items():
            for offer in match(waiting, agents.get(tenant, []), now, self._rules):
                conversation = store.find(connection, offer.conversation_id)
                assert conversation is not None, "it is locked since it was read as waiting"
                offered = self._moves.apply(
                    connection, conversation, Cause.OFFER, now, agent_id=offer.agent_id
                )
                agent_store.offered(connection, offered, now)
                offers += 1
        return offers

    def _show(self, queues: list[store.QueueRow], now: datetime) -> None:
        lengths: dict[str, int] = {}
        oldest: dict[str, float] = {}
        for queue in queues:
            lengths[queue.name] = lengths.get(queue.name, 0) + queue.waiting
            if queue.oldest_waiting_since is not None:
                seconds = (now - queue.oldest_waiting_since).total_seconds()
                oldest[queue.name] = max(seconds, oldest.get(queue.name, 0.0))
        self._shown |= lengths.keys()
        for name in self._shown:
            metrics.QUEUE_LENGTH.labels(name).set(lengths.get(name, 0))
            metrics.QUEUE_OLDEST.labels(name).set(oldest.get(name, 0.0))

    def purge(self) -> int:
        """Deletes conversations that closed long ago."""
        with self._engine.begin() as connection:
            return store.purge(connection, self._clock() - KEEP_CLOSED)


class Assigner:
    """Runs rounds until stopped, and passes on what concerns an agent. A worker of a ThreadPart."""

    def __init__(
        self,
        engine: sa.Engine,
        assignment: Assignment,
        on_agent: Callable[[tuple[str, str] | None], None],
    ) -> None:
        """`on_agent` hears (tenant, agent) of changed assignments; None: look again, all of you."""
        self._engine = engine
        self._assignment = assignment
        self._on_agent = on_agent
        self._stopping = threading.Event()
        self._next_round = self._next_purge = 0.0

    def stop(self) -> None:
        """Asks the worker to end, and wakes it for that."""
        self._stopping.set()
        with contextlib.suppress(sa.exc.SQLAlchemyError), self._engine.begin() as connection:
            store.notify(connection, "stop")

    def run(self) -> None:
        """Runs until stopped. An outage of the database is waited out: what waits stays stored."""
        while not self._stopping.is_set():
            try:
                with self._engine.connect() as connection:
                    self._listen(connection.execution_options(isolation_level="AUTOCOMMIT"))
            except (sa.exc.DBAPIError, psycopg.Error) as error:
                log.warning("assignment_interrupted", error=type(error).__name__)
                self._stopping.wait(ROUND_SECONDS)

    def _listen(self, connection: sa.Connection) -> None:
        connection.execute(sa.text(f"listen {store.CHANNEL}"))
        driver: Any = connection.connection.driver_connection
        # What was said before this moment was not heard.
        self._on_agent(None)
        try:
            while not self._stopping.is_set():
                called = self._hear(driver)
                if self._stopping.is_set():
                    return
                if called or time.monotonic() >= self._next_round:
                    self._next_round = time.monotonic() + ROUND_SECONDS
                    self._assignment.round()
                if time.monotonic() >= self._next_purge:
                    self._next_purge = time.monotonic() + PURGE_SECONDS
                    self._assignment.purge()
        finally:
            # The pool must not hand out a connection that listens.
            connection.invalidate()

    def _hear(self, driver: Any) -> bool:
        """Waits for the next notifications; whether a round is called for."""
        remaining = max(0.0, self._next_round - time.monotonic())
        payloads = {n.payload for n in driver.notifies(timeout=remaining, stop_after=1)}
        payloads |= {n.payload for n in driver.notifies(timeout=0)}
        for payload in payloads:
            if agent := agent_of(payload):
                self._on_agent(agent)
        return ROUND in payloads
