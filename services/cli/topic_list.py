"""What `rapport topics list` says."""

from typing import Any

from rich.table import Table

from services.cli.cluster import sizes
from services.common.kafka import Connection
from services.common.topics import TOPICS, Topic, dead_letter_topics


def listing(connection: Connection | None, *, dead_letters: bool) -> list[dict[str, Any]]:
    """One object for each topic; `records` and `exists` are None without a broker."""
    rows = [_row(topic.name, topic, topic.writer, topic.readers) for topic in TOPICS]
    if dead_letters:
        rows += [
            _row(name, topic, name.split(".")[-2], ())
            for name, topic in sorted(dead_letter_topics().items())
        ]
    found = sizes(connection, [row["name"] for row in rows]) if connection else {}
    for row in rows:
        size = found.get(row["name"])
        row["exists"] = None if connection is None else size is not None
        row["partitions_found"] = size.partitions if size else None
        row["records"] = size.records if size else None
    return rows


def _row(name: str, topic: Topic, writer: str, readers: tuple[str, ...]) -> dict[str, Any]:
    return {
        "name": name,
        "summary": topic.summary,
        "writer": writer,
        "readers": list(readers),
        "kept": "for ever" if topic.retention is None else _words(topic.retention.total_seconds()),
        "compacted": topic.compacted,
        "sensitive": topic.sensitive,
    }


def _words(seconds: float) -> str:
    hours = int(seconds // 3600)
    return f"{hours // 24} d" if hours >= 48 else f"{hours} h"


def topic_table(rows: list[dict[str, Any]]) -> Table:
    """The listing for people."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("topic", "written by", "read by", "kept", "sensitive", "records"):
        # A name that is cut off is of no use; the other columns may fold.
        table.add_column(
            heading,
            justify="right" if heading == "records" else "left",
            no_wrap=heading == "topic",
            overflow="fold",
        )
    for row in rows:
        absent = row["exists"] is False
        table.add_row(
            row["name"],
            row["writer"],
            ", ".join(row["readers"]) or "–",
            row["kept"],
            "yes" if row["sensitive"] else "",
            "[red]absent[/]" if absent else "" if row["records"] is None else str(row["records"]),
        )
    return table
