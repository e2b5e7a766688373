"""The records in memory, for the filters that need no database and for unit tests.

Held to the SQL store's behaviour by tests/unit/backoffice/test_stores.py.
"""

import threading
from collections.abc import Callable, Iterable
from datetime import datetime

from services.backoffice.records import KEY_REUSED, R, Record, Records, Result

Rows = dict[tuple[type[Record], str], Record]


class MemoryStore:
    """Keeps records for as long as the process lives. Safe to use from several threads."""

    def __init__(self, records: Iterable[Record] = (), tenant: str = "default") -> None:
        rows: Rows = {(type(record), record.number): record for record in records}
        self._rows: dict[str, Rows] = {tenant: rows}
        self._results: dict[tuple[str, str], tuple[str, Result]] = {}
        self._lock = threading.Lock()

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
        """As `Store.run_once`. What `work` put is kept only when it returns."""
        with self._lock:
            if key and (tenant, key) in self._results:
                first_fingerprint, first = self._results[tenant, key]
                return first if first_fingerprint == fingerprint else KEY_REUSED
            transaction = _Transaction(self._rows.get(tenant, {}))
            result = work(transaction)
            self._rows[tenant] = transaction.rows
            if key:
                self._results[tenant, key] = (fingerprint, result)
            return result


class _Transaction:
    """Works on a copy: an exception on the way leaves the records as they were."""

    def __init__(self, rows: Rows) -> None:
        self.rows = dict(rows)

    def find(self, kind: type[R], number: str) -> R | None:
        record = self.rows.get((kind, number))
        return record if isinstance(record, kind) else None

    def where(self, kind: type[R], **equal: str) -> list[R]:
        found = [
            record
            for record in self.rows.values()
            if isinstance(record, kind)
            and all(getattr(record, name) == value for name, value in equal.items())
        ]
        return sorted(found, key=lambda record: record.number)

    def put(self, record: Record) -> None:
        self.rows[type(record), record.number] = record
