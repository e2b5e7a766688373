"""How the running platform is, asked from outside."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from services.cli.child import alive
from services.cli.probe import is_ready
from services.cli.running import Running, ServiceAddress


def inspect(found: Running | None) -> dict[str, Any]:
    """{"running", "ready", "pid", "door", ..., "services": {name: {"ready", "pid", ...}}}."""
    if found is None:
        return {"running": False, "ready": False, "services": {}}
    with ThreadPoolExecutor(max_workers=8) as pool:
        services = dict(zip(found.services, pool.map(_look, found.services.values()), strict=True))
    return {
        "running": True,
        "ready": all(service["ready"] for service in services.values()),
        "pid": found.pid,
        "started_at": found.started_at,
        "door": found.door,
        "kafka": found.bootstrap_servers,
        "services": services,
    }


def _look(service: ServiceAddress) -> dict[str, Any]:
    port = urlsplit(service.admin).port
    return {
        "ready": port is not None and is_ready(port),
        "alive": bool(service.pid) and alive(service.pid),
        **{name: value for name, value in asdict(service).items() if name != "name"},
    }
