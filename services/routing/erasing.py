"""A customer's erasure in routing: conversations that are open end first, so that no agent is left
with one, and none comes back by an event that was on its way."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from services.common.holdings import Customer
from services.routing import store
from services.routing.moves import Moves
from services.routing.states import Cause, State


class Erasing:
    """What routing does before its tables are erased."""

    def __init__(self, moves: Moves, clock: Callable[[], datetime]) -> None:
        self._moves = moves
        self._clock = clock

    def first(self, connection: sa.Connection, customer: Customer) -> dict[str, int]:
        """Closes what is open, in the caller's transaction."""
        store.serialise(connection)
        for conversation_id in customer.conversation_ids:
            now = store.find(connection, conversation_id)
            while now is not None and now.state is not State.CLOSED:
                cause = Cause.WRAP_UP if now.state is State.WRAP_UP else Cause.END
                now = self._moves.apply(connection, now, cause, self._clock())
        store.mark_erased(connection, customer.conversation_ids)
        return {}

    def erased(self, customer: Customer) -> None:
        """After the commit."""
        self._moves.committed()
