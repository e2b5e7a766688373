"""Finds the platform that runs, by the file that it keeps in its state folder."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from services.cli.child import alive

FILE = "platform.json"


@dataclass(frozen=True)
class ServiceAddress:
    """Where one service listens; ports are 0 where it has none."""

    name: str
    pid: int
    admin: str
    grpc: str = ""
    http: str = ""
    log: str = ""


@dataclass(frozen=True)
class Running:
    """The platform as other commands see it."""

    pid: int
    started_at: str
    ready: bool
    bootstrap_servers: str
    database_url: str
    services: dict[str, ServiceAddress] = field(default_factory=dict)

    @property
    def door(self) -> str:
        """Base address of the front door, for HTTP and WebSocket."""
        return self.services["ingestion"].http

    def write(self, state: Path) -> None:
        """Replaces the file in one step; only its owner may read it (it may hold a password)."""
        draft = state / f".{FILE}.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(asdict(self), indent=2) + "\n")
        draft.rename(state / FILE)


def find(state: Path) -> Running | None:
    """The platform that runs on this state folder; None when none does."""
    try:
        document: dict[str, Any] = json.loads((state / FILE).read_text())
        addresses = {
            name: ServiceAddress(**address) for name, address in document.pop("services").items()
        }
        running = Running(**document, services=addresses)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return running if alive(running.pid) else None


def forget(state: Path) -> None:
    """Removes the file once the platform is down."""
    (state / FILE).unlink(missing_ok=True)
