"""A request for erasure, as the door knows it. Pure."""

from dataclasses import dataclass, field
from datetime import datetime

from rapport.v1 import rights_pb2


@dataclass(frozen=True, slots=True)
class Erasure:
    """One request. `published_at` None: the services may not know of it yet."""

    erasure_id: str
    tenant: str
    customer_id: str
    conversation_ids: tuple[str, ...]
    began_at: datetime | None
    requested_at: datetime
    published_at: datetime | None = None
    completed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A request in the records; `digest` is that of the event that made it."""

    erasure: Erasure
    digest: bytes
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """A request with the answers so far."""

    erasure: Erasure
    answers: dict[str, rights_pb2.ErasureCompleted] = field(default_factory=dict)
    last_at: datetime | None = None
