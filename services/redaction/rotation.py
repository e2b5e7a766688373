"""Wraps data keys anew, under the newest master key. The values in the vault stay as they are."""

from collections.abc import Callable

import sqlalchemy as sa

from services.redaction.keys import context_of
from services.redaction.master import Wrapped, Wrapper
from services.redaction.tables import customer_keys

BATCH = 500
_c = customer_keys.c


def counts(engine: sa.Engine) -> dict[str, int]:
    """How many data keys each master key wraps, by its id."""
    query = sa.select(_c.key_id, sa.func.count()).group_by(_c.key_id).order_by(_c.key_id)
    with engine.begin() as connection:
        return {row.key_id: row[1] for row in connection.execute(query)}


def rewrap(
    engine: sa.Engine, wrapper: Wrapper, told: Callable[[int], None] = lambda done: None
) -> int:
    """Wraps what another than the newest master key wraps; how many data keys those were.

    A batch is a transaction: a kill in between leaves each key under one or the other, and both
    open. Raises Unreadable where a key is under a master key that nobody has any more.
    """
    newest = wrapper.wrap(bytes(32), "probe").key_id
    done = 0
    while True:
        with engine.begin() as connection:
            rows = connection.execute(
                sa.select(customer_keys)
                .where(_c.key_id != newest)
                .order_by(_c.tenant, _c.customer_id)
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            ).all()
            for row in rows:
                context = context_of(row.tenant, row.customer_id)
                key = wrapper.unwrap(Wrapped(row.key_id, bytes(row.wrapped)), context)
                fresh = wrapper.wrap(key, context)
                connection.execute(
                    sa.update(customer_keys)
                    .where(_c.tenant == row.tenant, _c.customer_id == row.customer_id)
                    .values(key_id=fresh.key_id, wrapped=fresh.data)
                )
        if not rows:
            return done
        done += len(rows)
        told(done)
