"""The records in PostgreSQL."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, get_type_hints

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from services.backoffice.records import KEY_REUSED, Outcome, R, Record, Records, Result
from services.backoffice.tables import DEMO_LOADS, RESULTS, TABLES
from services.common.database import as_transient

# A caller's deadline is at most 30 seconds; nobody waits that long for another's transaction.
LOCK_TIMEOUT = sa.text("set local lock_timeout = '5s'")


class SqlStore:
    """Keeps records and results in the schema `backoffice`. Safe to use from several threads."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def run_once(
        self,
        tenant: str,
        key: str,
        fingerprint: str,
        *,
        changes: bool,
        now: datetime,
        work: Callable[[Records], Result],
        customer_id: str = "",
    ) -> Result:
        """As `Store.run_once`.

        Of two runs with one key at the same time, the second waits at the key's row until the
        first has committed, and then reads its result; when the first fails, the second runs.
        """
        try:
            with self._engine.begin() as connection:
                connection.execute(LOCK_TIMEOUT)
                if key and not _claims(connection, tenant, key, fingerprint, now, customer_id):
                    return _first_result(connection, tenant, key, fingerprint)
                result = work(SqlRecords(connection, tenant, lock=changes))
                if key:
                    _keep(connection, tenant, key, result)
                return result
        except DBAPIError as error:
            raise as_transient(error) or error from error

    def load_demo(self, tenant: str, made_for: date, records: Iterable[Record]) -> bool:
        """Puts the demo data once for each day, over what was made of it before.

        False when the records of this day are there already.
        """
        newer = insert(DEMO_LOADS).values(tenant=tenant, made_for=made_for)
        newer = newer.on_conflict_do_update(
            index_elements=[DEMO_LOADS.c.tenant],
            set_={"made_for": made_for},
            where=DEMO_LOADS.c.made_for != made_for,
        )
        with self._engine.begin() as connection:
            if connection.execute(newer.returning(DEMO_LOADS.c.tenant)).first() is None:
                return False
            store = SqlRecords(connection, tenant, lock=False)
            for record in records:
                store.put(record)
        return True

    def forget_results(self, before: datetime) -> int:
        """Deletes the results of keys that were used before then; how many there were."""
        with self._engine.begin() as connection:
            return connection.execute(sa.delete(RESULTS).where(RESULTS.c.run_at < before)).rowcount


class SqlRecords:
    """The records of one tenant within `connection`'s transaction."""

    def __init__(self, connection: sa.Connection, tenant: str, *, lock: bool) -> None:
        self._connection = connection
        self._tenant = tenant
        self._lock = lock

    def find(self, kind: type[R], number: str) -> R | None:
        found = self.where(kind, number=number)
        return found[0] if found else None

    def where(self, kind: type[R], **equal: str) -> list[R]:
        table = TABLES[kind]
        # In one order everywhere, so that two actions never wait for each other's rows.
        query = sa.select(table).where(table.c.tenant == self._tenant)
        query = query.order_by(table.c.number.collate("C"))
        for name, value in equal.items():
            query = query.where(table.c[name] == value)
        if self._lock:
            query = query.with_for_update()
        return [_record(kind, row) for row in self._connection.execute(query).mappings()]

    def put(self, record: Record) -> None:
        table = TABLES[type(record)]
        values = {
            field.name: _plain(getattr(record, field.name)) for field in dataclasses.fields(record)
        }
        statement = insert(table).values(tenant=self._tenant, **values)
        statement = statement.on_conflict_do_update(
            index_elements=[table.c.tenant, table.c.number],
            set_={name: statement.excluded[name] for name in values if name != "number"},
        )
        self._connection.execute(statement)


def _claims(
    connection: sa.Connection,
    tenant: str,
    key: str,
    fingerprint: str,
    now: datetime,
    customer_id: str,
) -> bool:
    """Whether this run is the first of its key; its row is locked from here on."""
    claim = insert(RESULTS).values(
        tenant=tenant, key=key, fingerprint=fingerprint, run_at=now, customer_id=customer_id
    )
    first = claim.on_conflict_do_nothing().returning(RESULTS.c.key)
    return connection.execute(first).first() is not None


def _of_key(tenant: str, key: str) -> sa.ColumnElement[bool]:
    return sa.and_(RESULTS.c.tenant == tenant, RESULTS.c.key == key)


def _first_result(connection: sa.Connection, tenant: str, key: str, fingerprint: str) -> Result:
    row = connection.execute(sa.select(RESULTS).where(_of_key(tenant, key))).one()
    if row.fingerprint != fingerprint:
        return KEY_REUSED
    return Result(Outcome(row.outcome), dict(row.facts), row.detail)


def _keep(connection: sa.Connection, tenant: str, key: str, result: Result) -> None:
    values = {"outcome": result.outcome.value, "facts": result.facts, "detail": result.detail}
    connection.execute(sa.update(RESULTS).where(_of_key(tenant, key)).values(values))


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else value


def _record(kind: type[R], row: Mapping[Any, Any]) -> R:
    """A row as its record: words become states again, JSON lists become tuples."""
    values = {name: row[name] for name in get_type_hints(kind)}
    for name, hint in get_type_hints(kind).items():
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            values[name] = hint(values[name])
        elif isinstance(values[name], list):
            values[name] = tuple(tuple(part) for part in values[name])
    return kind(**values)
