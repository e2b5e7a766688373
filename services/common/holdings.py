"""What a service holds, table by table: whose it is, how long it is kept, and how it is erased.

A service declares its tables in `services/<name>/holdings.py`. From the declaration come erasure,
retention, `rapport retention`, the export for the customer and the receipt; a test holds it against
the migrated schemas, so that no table of a customer is forgotten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

import sqlalchemy as sa

ERASED, FORGOTTEN = b"erased", b"forgotten"
"""In place of a conversation's state: nothing of it is handled any more; or it begins anew."""

KEEP_EVENTS = timedelta(days=31)  # a day longer than any topic could repeat an event


class By(Enum):
    """How rows of a customer are found."""

    CUSTOMER = "tenant and customer_id"
    NUMBER = "tenant and the customer's id as number"
    CONVERSATION = "conversation_id"
    STATE = "conversation_id, which stays as a mark without content"
    OUTGOING = "the conversation within stored events"
    NOBODY = "not about a customer"


@dataclass(frozen=True)
class Holding:
    """One table. `aged_by` is the column that says how old a row is; `keep` None: no limit.

    `why_kept` is given where an erasure leaves the rows, and says for what reason; `said` where
    they hold what was said; `only` is a condition beside the age for rows to be old.
    """

    table: str
    holds: str
    by: By
    aged_by: str
    keep: timedelta | None
    why_kept: str = ""
    said: bool = False
    only: str = "true"


@dataclass(frozen=True)
class Customer:
    """Whose data it is. `began_at` is when the first of the conversations began."""

    tenant: str
    customer_id: str
    conversation_ids: tuple[str, ...] = ()
    began_at: datetime | None = None


@dataclass(frozen=True)
class Stored:
    """How much a table holds, and since when."""

    rows: int
    oldest: datetime | None


STATE = Holding(
    "state", "the course of each conversation", By.STATE, "changed_at", KEEP_EVENTS, said=True
)
HANDLED = Holding(
    "handled",
    "events that were handled, with what followed from them",
    By.OUTGOING,
    "handled_at",
    KEEP_EVENTS,
    said=True,
)
OUTBOX = Holding("outbox", "events about to be sent", By.NOBODY, "time", None)

_BY_IDS = frozenset({By.CONVERSATION, By.STATE, By.OUTGOING})
_FIRST_KEY = "convert_from(outgoing, 'UTF8')::jsonb #>> '{0,1}'"
# The version grows, so that a replica that has the conversation in hand finds itself overtaken.
_MARK = """
insert into {table} as known (conversation_id, version, state, changed_at)
select id, 1, :mark, now() from unnest(cast(:ids as text[])) as new (id) order by id
on conflict (conversation_id) do update
    set version = known.version + 1, state = excluded.state, changed_at = excluded.changed_at
    where known.state <> all(:marks)
returning version > 1
"""


def where(holding: Holding) -> str:
    """The condition that finds a customer's rows; its parameters are those of `parameters`."""
    return {
        By.CUSTOMER: "tenant = :tenant and customer_id = :customer_id",
        By.NUMBER: "tenant = :tenant and number = :customer_id",
        By.CONVERSATION: "conversation_id = any(:ids)",
        By.STATE: "conversation_id = any(:ids) and state <> all(:marks)",
        By.OUTGOING: f"handled_at >= :began_at and {_FIRST_KEY} = any(:ids)",
        By.NOBODY: "false",
    }[holding.by]


def parameters(holding: Holding, customer: Customer) -> dict[str, Any]:
    """What `where` asks for."""
    ids: dict[str, Any] = {"ids": sorted(customer.conversation_ids)}
    began_at = customer.began_at or datetime.max
    whose: dict[str, Any] = {"tenant": customer.tenant, "customer_id": customer.customer_id}
    return {
        By.CUSTOMER: whose,
        By.NUMBER: whose,
        By.CONVERSATION: ids,
        By.STATE: {**ids, "marks": [ERASED, FORGOTTEN]},
        By.OUTGOING: {**ids, "began_at": began_at},
        By.NOBODY: {},
    }[holding.by]


def erase(connection: sa.Connection, service: str, holding: Holding, customer: Customer) -> int:
    """Deletes the customer's rows in the caller's transaction; how many there were."""
    if holding.why_kept or holding.by is By.NOBODY:
        return 0
    if holding.by in _BY_IDS and not customer.conversation_ids:
        return 0
    table, values = f"{service}.{holding.table}", parameters(holding, customer)
    if holding.by is By.STATE:
        values = {**values, "marks": [ERASED], "mark": ERASED}
        marked = connection.execute(sa.text(_MARK.format(table=table)), values).scalars()
        return sum(marked)
    statement = sa.text(f"delete from {table} where {where(holding)}")
    return connection.execute(statement, values).rowcount


def forget(connection: sa.Connection, service: str, holding: Holding, customer: Customer) -> int:
    """Deletes what was said in the conversations, in the caller's transaction; how many rows."""
    if not holding.said:
        return 0
    table, values = f"{service}.{holding.table}", parameters(holding, customer)
    if holding.by is By.STATE:
        statement = (
            f"update {table} set version = version + 1, state = :mark, changed_at = now()"
            f" where {where(holding)}"
        )
        return connection.execute(sa.text(statement), {**values, "mark": FORGOTTEN}).rowcount
    condition = where(holding)
    if holding.by is By.CUSTOMER:  # a table with both: what was said elsewhere stays
        condition += " and conversation_id = any(:ids)"
        values = {**values, "ids": sorted(customer.conversation_ids)}
    return connection.execute(sa.text(f"delete from {table} where {condition}"), values).rowcount


def purge(engine: sa.Engine, service: str, holdings: Sequence[Holding]) -> dict[str, int]:
    """Deletes what is older than its limit; how many rows by table, of those that had any."""
    gone = {}
    for each in holdings:
        if each.keep is None:
            continue
        statement = sa.text(
            f"delete from {service}.{each.table}"
            f" where {each.aged_by} < now() - :keep and {each.only}"
        )
        with engine.begin() as connection:
            rows = connection.execute(statement, {"keep": each.keep}).rowcount
        if rows:
            gone[each.table] = rows
    return gone


def look(connection: sa.Connection, service: str, holding: Holding) -> Stored:
    """How many rows a table has, and how old the oldest is."""
    statement = sa.text(f"select count(*), min({holding.aged_by}) from {service}.{holding.table}")
    rows, oldest = connection.execute(statement).one()
    return Stored(rows, oldest)


def rows_of(
    connection: sa.Connection, service: str, holding: Holding, customer: Customer
) -> list[dict[str, Any]]:
    """The customer's rows as they are stored."""
    if holding.by is By.NOBODY or (holding.by in _BY_IDS and not customer.conversation_ids):
        return []
    statement = sa.text(f"select * from {service}.{holding.table} where {where(holding)}")
    found = connection.execute(statement, parameters(holding, customer)).mappings()
    return [dict(row) for row in found]
