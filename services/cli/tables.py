"""Tables that people read."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from services.cli.platform import Platform
from services.cli.supervision import Status

_COLOURS = {
    "ready": "green",
    "starting": "yellow",
    "waiting": "dim",
    "unready": "yellow",
    "restarting": "red",
    "failed": "red",
    "stopped": "dim",
}


def _table() -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("service", "state", "address", "admin", "note"):
        table.add_column(heading, overflow="fold")
    return table


def platform_table(platform: Platform) -> Table:
    """The platform as its own process sees it."""
    table = _table()
    own = "started here"
    kafka_state = "ready" if platform.broker_ready else "starting"
    table.add_row(
        "kafka",
        _coloured(kafka_state),
        platform.bootstrap_servers if platform.broker_ready else "",
        "",
        own if platform.kafka else "",
    )
    table.add_row(
        "postgres",
        _coloured("ready" if platform.database_ready else "starting"),
        "a socket under " + str(platform.state) if platform.database else "DATABASE_URL",
        "",
        own if platform.database else "",
    )
    statuses = platform.statuses()
    for name, address in platform.addresses().items():
        status = statuses.get(name, Status("waiting"))
        note = status.detail
        if status.restarts:
            note = f"{note} (starts again: {status.restarts})".strip()
        shown = "  ".join(part for part in (address.http, address.grpc) if part)
        table.add_row(name, _coloured(status.state), shown, address.admin, note)
        if name == "ingestion":
            shop = f"{platform.door}/demo"
            table.add_row("  demo shop", _coloured(status.state), shop, "", "the chat in a page")
    return table


def status_table(report: Mapping[str, Any]) -> Table:
    """The platform as another process sees it."""
    table = _table()
    table.add_row("kafka", "", report["kafka"], "", "")
    for name, service in report["services"].items():
        state = "ready" if service["ready"] else "unready" if service["alive"] else "stopped"
        shown = "  ".join(part for part in (service["http"], service["grpc"]) if part)
        table.add_row(name, _coloured(state), shown, service["admin"], "")
    return table


def _coloured(state: str) -> str:
    return f"[{_COLOURS.get(state, 'white')}]{state}[/]"
