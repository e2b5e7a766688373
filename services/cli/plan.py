"""Which processes the platform has, on which ports, and what each is told in its environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import services
from services.cli.ports import LOOPBACK
from services.common.addresses import is_loopback

# The checkout (or the folder that holds the installed package).
ROOT = Path(services.__path__[0]).resolve().parent


@dataclass(frozen=True)
class Plan:
    """One service: its name and the ports that it listens on when they are free."""

    name: str
    admin: int
    grpc: int | None = None
    http: int | None = None

    @property
    def ports(self) -> dict[str, int]:
        """Planned ports by "<service> <kind>"."""
        kinds = {"http": self.http, "grpc": self.grpc, "admin": self.admin}
        return {f"{self.name} {kind}": port for kind, port in kinds.items() if port is not None}


SERVICES = (
    Plan("ingestion", admin=9101, grpc=50051, http=8080),
    Plan("redaction", admin=9102, grpc=50052),
    Plan("emotion", admin=9103, grpc=50053),
    Plan("reply", admin=9104, grpc=50054),
    Plan("routing", admin=9105, grpc=50055),
    Plan("insights", admin=9106),
    Plan("backoffice", admin=9107, grpc=50057),
    Plan("desk", admin=9108, http=8090),
)
DEMO_PASSWORD = "rapport"  # noqa: S105  # for accounts on this machine alone, and shown to everybody
KAFKA_PORTS = (9092, 9093, 9094, 9095, 9096, 9097)


def planned_ports(kafka_nodes: int) -> dict[str, int]:
    """Every planned port by name; `kafka_nodes` is 0 where the broker is not ours."""
    ports = {name: port for plan in SERVICES for name, port in plan.ports.items()}
    for index in range(kafka_nodes):
        ports[f"kafka {index + 1} clients"] = KAFKA_PORTS[2 * index]
        ports[f"kafka {index + 1} controllers"] = KAFKA_PORTS[2 * index + 1]
    return ports


def environment(
    ports: Mapping[str, int],
    *,
    bootstrap_servers: str,
    database_url: str,
    state: Path,
    inherited: Mapping[str, str],
) -> dict[str, str]:
    """Environment of every service: what it inherits, and where everything listens.

    What the caller's environment sets already wins, except for addresses of this very platform.
    """
    chosen = {
        "KAFKA_BOOTSTRAP_SERVERS": bootstrap_servers,
        "DATABASE_URL": database_url,
        "RAPPORT_ERASURE_ADDRESS": f"{LOOPBACK}:{ports['ingestion grpc']}",
        "RAPPORT_INGESTION_REDACTION_ADDRESS": f"{LOOPBACK}:{ports['redaction grpc']}",
        "RAPPORT_REPLY_ACTIONS_ADDRESS": f"{LOOPBACK}:{ports['backoffice grpc']}",
        "RAPPORT_DESK_DOOR_ADDRESS": f"{LOOPBACK}:{ports['ingestion grpc']}",
        "RAPPORT_DESK_EMOTION_ADDRESS": f"{LOOPBACK}:{ports['emotion grpc']}",
        "RAPPORT_DESK_REPLY_ADDRESS": f"{LOOPBACK}:{ports['reply grpc']}",
        "RAPPORT_DESK_ROUTING_ADDRESS": f"{LOOPBACK}:{ports['routing grpc']}",
        "PYTHONUNBUFFERED": "1",
        # One arena for all threads: eight processes on one machine.
        "MALLOC_ARENA_MAX": "2",
        # A product of one vector is not worth a second thread that spins for it.
        "OPENBLAS_NUM_THREADS": "1",
    }
    for plan in SERVICES:
        for name in plan.ports:
            service, kind = name.split()
            chosen[f"RAPPORT_{service}_{kind}_PORT".upper()] = str(ports[name])
    # What belongs to this platform's state, unless the caller keeps it elsewhere.
    defaults = {
        "RAPPORT_DESK_DEMO_PASSWORD": DEMO_PASSWORD,
        "RAPPORT_INGESTION_DEMO_SHOP": "true",
        "RAPPORT_INSIGHTS_STATE_FOLDER": str(state / "insights"),
        # A webhook may be tried on this machine, where nobody else can ask for one.
        "RAPPORT_INGESTION_WEBHOOK_LOOPBACK": str(
            is_loopback(inherited.get("RAPPORT_INGESTION_HOST", LOOPBACK))
        ),
        "RAPPORT_INGESTION_SECRET_KEY_FILE": str(state / "ingestion" / "secret.key"),
        "RAPPORT_REDACTION_MASTER_KEY_FILE": str(state / "redaction" / "master.key"),
    }
    return {**defaults, **inherited, **chosen}


def kafka_jars() -> Path:
    """Where `make setup` puts Kafka's jars."""
    return Path(os.environ.get("RAPPORT_KAFKA_JARS") or ROOT / ".state" / "kafka" / "jars")


def default_state() -> Path:
    """Folder of the platform's state: RAPPORT_STATE, or .state in the checkout."""
    return Path(os.environ.get("RAPPORT_STATE") or ROOT / ".state").resolve()
