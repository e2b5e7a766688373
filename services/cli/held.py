"""What the platform holds, as its services declare it: how old it is, and all of one customer."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import sqlalchemy as sa
from google.protobuf.json_format import MessageToDict
from rich.table import Table

from rapport.v1 import reply_pb2
from services.cli.cluster import oldest
from services.common.database import connect
from services.common.holdings import By, Customer, Holding, look, rows_of
from services.common.kafka import Connection
from services.common.ledger import load_outgoing
from services.common.migrations import migrated_services
from services.common.topics import TOPICS
from services.ingestion.record import as_json, decode
from services.ingestion.tenancy import conversation_key

DOOR = "ingestion"
# Of no use to anybody without the keys, or to nobody at all.
_SECRETS = frozenset({"nonce", "ciphertext", "wrapped", "key", "digest", "fingerprint"})
Reveal = Callable[[str, str], str | None]
"""The text of a conversation with its values put back; None where that cannot be had."""


def holdings() -> dict[str, tuple[Holding, ...]]:
    """What each service with records declares."""
    return {
        service: importlib.import_module(f"services.{service}.holdings").HOLDINGS
        for service in migrated_services()
    }


def retention(database_url: str, broker: Connection | None, now: datetime) -> list[dict[str, Any]]:
    """One object for each table and topic; `overdue` where something is older than its limit by
    more than a day, or a segment: a job deletes it every ten minutes, topics do by themselves."""
    rows = []
    engine = connect(database_url, DOOR, pool_size=1)
    try:
        with engine.connect() as connection:
            for service, held in holdings().items():
                for each in held:
                    stored = look(connection, service, each)
                    rows.append(
                        _line(
                            f"{service}.{each.table}",
                            each.holds,
                            each.keep,
                            stored.rows,
                            stored.oldest,
                            now,
                            timedelta(days=1),
                        )
                    )
    finally:
        engine.dispose()
    found = oldest(broker, [topic.name for topic in TOPICS]) if broker else {}
    for topic in TOPICS:
        records, at = found.get(topic.name, (None, None))
        rows.append(
            _line(
                topic.name,
                topic.summary,
                topic.retention,
                records,
                at,
                now,
                topic.segment + timedelta(minutes=10),
            )
        )
    return rows


def _line(
    store: str,
    holds: str,
    keep: timedelta | None,
    rows: int | None,
    oldest_at: Any,
    now: datetime,
    grace: timedelta,
) -> dict[str, Any]:
    # Some tables know days alone, and some are not aged at all.
    is_time = isinstance(oldest_at, datetime)
    overdue = keep is not None and is_time and now - oldest_at > keep + grace
    return {
        "store": store,
        "holds": holds,
        "limit_seconds": None if keep is None else keep.total_seconds(),
        "rows": rows,
        "oldest": None if oldest_at is None else str(oldest_at),
        "overdue": overdue,
    }


def retention_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """The listing for people."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("store", "holds", "limit", "rows", "oldest"):
        table.add_column(
            heading,
            justify="right" if heading in ("limit", "rows") else "left",
            no_wrap=heading == "store",
            overflow="fold",
        )
    for row in rows:
        seconds = row["limit_seconds"]
        limit = "–" if seconds is None else _words(timedelta(seconds=seconds))
        shown = (row["oldest"] or "")[:16]
        table.add_row(
            row["store"],
            row["holds"],
            limit,
            "" if row["rows"] is None else str(row["rows"]),
            f"[red]{shown} overdue[/]" if row["overdue"] else shown,
        )
    return table


def _words(span: timedelta) -> str:
    return f"{span.days} d" if span.days else f"{int(span.total_seconds() // 3600)} h"


def export(
    database_url: str, tenant: str, customer_id: str, home: str, reveal: Reveal, now: datetime
) -> dict[str, Any]:
    """Everything that is held of one customer: conversations with their transcripts, values, and
    the rows of every table. `home` is the tenant that the door is set up for."""
    engine = connect(database_url, DOOR, pool_size=1)
    try:
        with engine.connect() as connection:
            conversations = _conversations(connection, tenant, customer_id, home)
            customer = Customer(
                tenant,
                customer_id,
                tuple(row["conversation_id"] for row in conversations),
                min((row["began_at"] for row in conversations), default=None),
            )
            stores = {
                f"{service}.{each.table}": [
                    _shown(row, each) for row in rows_of(connection, service, each, customer)
                ]
                for service, held in holdings().items()
                for each in held
                if each.by is not By.NOBODY
            }
            vault = stores["redaction.vault"]
            for row in conversations:
                key = row["conversation_id"]
                row["transcript"] = _transcript(connection, key)
                row["values"] = _values(key, vault, reveal)
    finally:
        engine.dispose()
    return {
        "tenant": tenant,
        "customer_id": customer_id,
        "made_at": now.isoformat(),
        "conversations": conversations,
        "stores": {name: rows for name, rows in stores.items() if rows},
    }


def _conversations(
    connection: sa.Connection, tenant: str, customer_id: str, home: str
) -> list[dict[str, Any]]:
    found = connection.execute(
        sa.text(
            "select conversation_id, channel, began_at, last_at from ingestion.conversations"
            " where customer_id = :customer_id order by began_at"
        ),
        {"customer_id": customer_id},
    ).mappings()
    prefix = conversation_key(tenant, home, "")
    return [
        dict(row)
        for row in found
        if row["conversation_id"].rpartition("/")[0] == prefix.rpartition("/")[0]
    ]


def _transcript(connection: sa.Connection, conversation_id: str) -> list[dict[str, Any]]:
    found = connection.execute(
        sa.text(
            "select position, event_id, type, payload, at from ingestion.deliveries"
            " where conversation_id = :id order by position"
        ),
        {"id": conversation_id},
    )
    return [
        as_json(decode(row[0], str(row[1]), row[2], bytes(row[3]), row[4]), readings=True)
        for row in found
    ]


def _values(
    conversation_id: str, vault: Sequence[Mapping[str, Any]], reveal: Reveal
) -> dict[str, Any]:
    """What the vault keeps of a conversation, by placeholder; None where it stays closed."""
    names = [row["placeholder"] for row in vault if row["conversation_id"] == conversation_id]
    found: dict[str, Any] = {}
    for name in names:
        value = reveal(conversation_id, name)
        found[name] = None if value == name else value
    return found


def _shown(row: Mapping[str, Any], holding: Holding) -> dict[str, Any]:
    plain = {name: value for name, value in row.items() if name not in _SECRETS}
    if holding.by is By.OUTGOING:
        plain["outgoing"] = [
            {"topic": each.topic.name, "message": MessageToDict(each.message)}
            for each in load_outgoing(bytes(row["outgoing"]))
        ]
    if holding.by is By.STATE:
        plain["state"] = orjson.loads(bytes(row["state"]))
    if isinstance(plain.get("context"), bytes):
        plain["context"] = MessageToDict(reply_pb2.ContextPacket.FromString(plain["context"]))
    # A transcript says the same, in words.
    plain.pop("payload", None)
    plain.pop("changed", None)
    plain.pop("replied", None)
    return plain


def default(value: Any) -> Any:
    """What orjson does not know."""
    return value.hex() if isinstance(value, bytes) else str(value)


def utc_now() -> datetime:
    """Now, with its zone."""
    return datetime.now(UTC)
