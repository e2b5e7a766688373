"""What agents do, each in one transaction: from being there to wrapping up."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from rapport.v1 import conversation_pb2
from services.common.database import as_transient
from services.common.failures import Transient
from services.routing import agent_store, store
from services.routing.conversation import GENERAL, Conversation
from services.routing.moves import ROUND, Moves
from services.routing.requests import AgentRow
from services.routing.states import HELD, Cause, IllegalMove, State, after


class NotFound(Exception):
    """There is no such conversation in this tenant."""


class Refused(Exception):
    """It exists, but this agent cannot do that with it now."""


class Commands:
    """Everything blocks on the database: call it in a thread."""

    def __init__(
        self,
        engine: sa.Engine,
        moves: Moves,
        clock: Callable[[], datetime],
        *,
        presence: timedelta = timedelta(seconds=60),
    ) -> None:
        """`presence`: silence after which an agent is no longer there."""
        self._engine = engine
        self._moves = moves
        self._clock = clock
        self._presence = presence

    def set_presence(self, agent: AgentRow, patience_seconds: float) -> int:
        """Notes that an agent is there (or not); returns how many conversations are held."""
        with self._transaction() as connection:
            before = agent_store.set_agent(connection, agent)
            silent = (
                (agent.last_seen - before.last_seen).total_seconds() > patience_seconds
                if before
                else True
            )
            unchanged = before is not None and before == replace(agent, last_seen=before.last_seen)
            if silent or not unchanged:
                store.notify(connection, ROUND)
            return len(store.held_by(connection, agent.tenant, agent.agent_id))

    def accept(self, tenant: str, agent_id: str, conversation_id: str) -> Conversation:
        """Takes an offer. Accepting again what one has already is fine."""
        return self._act(tenant, agent_id, conversation_id, Cause.ACCEPT)

    def decline(self, tenant: str, agent_id: str, conversation_id: str) -> None:
        """Passes an offer by: another agent is asked."""
        self._act(tenant, agent_id, conversation_id, Cause.DECLINE)

    def hand_back(
        self, tenant: str, agent_id: str, conversation_id: str, answered_through: int | None = None
    ) -> None:
        """Gives the conversation back to the bot, which answers what came after that sequence."""
        changes = {} if answered_through is None else {"answered_through": answered_through}
        self._act(tenant, agent_id, conversation_id, Cause.HAND_BACK, **changes)

    def wrap_up(
        self,
        tenant: str,
        agent_id: str,
        conversation_id: str,
        disposition: str,
        answered_through: int | None = None,
    ) -> None:
        """Closes the conversation with what came of it; ends it first where it still goes on.

        What came after `answered_through` opens it again, with the bot.
        """
        with self._transaction() as connection:
            conversation = self._held(connection, tenant, agent_id, conversation_id, Cause.WRAP_UP)
            now = self._clock()
            through = conversation.heard if answered_through is None else answered_through
            while conversation.state is not State.CLOSED:
                conversation = self._moves.apply(
                    connection,
                    conversation,
                    Cause.WRAP_UP,
                    now,
                    disposition=disposition,
                    answered_through=through,
                )
            if through < conversation.heard:
                self._moves.apply(connection, conversation, Cause.CUSTOMER_WROTE, now)

    def transfer(
        self, tenant: str, agent_id: str, conversation_id: str, *, queue: str, to_agent_id: str
    ) -> None:
        """Gives a conversation to a queue or, where it is named, to an agent who is there."""
        with self._transaction() as connection:
            found = self._held(connection, tenant, agent_id, conversation_id, Cause.TRANSFER)
            if to_agent_id == agent_id:
                raise Refused("transfer: the conversation is with this agent already")
            if to_agent_id:
                if not self._is_there(connection, tenant, to_agent_id):
                    raise Refused(f"transfer: {to_agent_id} is not there")
                changes: dict[str, Any] = {"meant_for": to_agent_id}
            else:
                skills = () if queue == GENERAL else (queue,)
                changes = {"queue": queue, "skills": skills}
            self._moves.apply(connection, found, Cause.TRANSFER, self._clock(), **changes)

    def take_over(self, tenant: str, agent_id: str, conversation_id: str) -> Conversation:
        """Takes a conversation that waits, or that another agent has, past the queue.

        The moves are those of a transfer, an offer and its acceptance.
        """
        with self._transaction() as connection:
            store.serialise(connection)
            found = _of(store.find(connection, conversation_id), tenant, conversation_id)
            if found.state is State.AGENT and found.agent_id == agent_id:
                return found
            if not self._is_there(connection, tenant, agent_id):
                raise Refused(f"take over: {agent_id} is not there")
            now = self._clock()
            try:
                if found.state is not State.QUEUED:
                    found = self._moves.apply(connection, found, Cause.TRANSFER, now)
                found = self._moves.apply(connection, found, Cause.OFFER, now, agent_id=agent_id)
                return self._moves.apply(connection, found, Cause.ACCEPT, now)
            except IllegalMove as error:
                raise Refused(str(error)) from None

    def loads(self, tenant: str) -> list[agent_store.LoadRow]:
        """The agents who are there, by name, with how much each has."""
        with self._transaction() as connection:
            return agent_store.loads(connection, tenant, self._clock() - self._presence)

    def open_conversations(self, tenant: str, limit: int) -> list[Conversation]:
        """Who waits for a person, the longest first, and who has one."""
        with self._transaction() as connection:
            return store.open_conversations(connection, tenant, limit)

    def get(self, tenant: str, conversation_id: str) -> Conversation:
        """A conversation as it is now."""
        with self._transaction() as connection:
            return _of(store.look(connection, conversation_id), tenant, conversation_id)

    def queues(self, tenant: str) -> list[store.QueueRow]:
        """The queues of one tenant."""
        with self._transaction() as connection:
            return store.queues(connection, tenant)

    def held_by(self, tenant: str, agent_id: str) -> list[Conversation]:
        """What an agent was offered and has."""
        with self._transaction() as connection:
            return store.held_by(connection, tenant, agent_id)

    def named(self, ids: list[str]) -> list[Conversation]:
        """Conversations by their ids."""
        with self._transaction() as connection:
            return store.named(connection, ids)

    def _is_there(self, connection: sa.Connection, tenant: str, agent_id: str) -> bool:
        agent = agent_store.agent(connection, tenant, agent_id)
        return (
            agent is not None
            and agent.presence != conversation_pb2.PRESENCE_AWAY
            and self._clock() - agent.last_seen < self._presence
        )

    def _act(
        self, tenant: str, agent_id: str, conversation_id: str, cause: Cause, **changes: Any
    ) -> Conversation:
        with self._transaction() as connection:
            conversation = self._held(connection, tenant, agent_id, conversation_id, cause)
            return self._moves.apply(connection, conversation, cause, self._clock(), **changes)

    def _held(
        self,
        connection: sa.Connection,
        tenant: str,
        agent_id: str,
        conversation_id: str,
        cause: Cause,
    ) -> Conversation:
        """The conversation, locked, if this agent may do that; NotFound or Refused if not."""
        store.serialise(connection)
        found = _of(store.find(connection, conversation_id), tenant, conversation_id)
        try:
            after(found.state, cause)
        except IllegalMove as error:
            raise Refused(str(error)) from None
        if found.state not in HELD or found.agent_id != agent_id:
            raise Refused(f"{cause.value}: the conversation is with another agent")
        agent_store.touch_agent(connection, tenant, agent_id, self._clock())
        return found

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except sa.exc.TimeoutError as error:
            raise Transient("database_busy") from error
        except sa.exc.DBAPIError as error:
            raise (as_transient(error) or error) from error
        self._moves.committed()


def _of(found: Conversation | None, tenant: str, conversation_id: str) -> Conversation:
    if found is None or found.tenant != tenant:
        raise NotFound(f"no conversation {conversation_id}")
    return found
