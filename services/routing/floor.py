"""Everything of routing but the network, put together."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from services.common.outbox import Outbox
from services.routing.assignment import Assigner, Assignment
from services.routing.commands import Commands
from services.routing.erasing import Erasing
from services.routing.handler import RoutingHandler
from services.routing.moves import Moves
from services.routing.servicer import RoutingServicer
from services.routing.settings import RoutingSettings
from services.routing.watching import Watchers


@dataclass(frozen=True)
class Floor:
    """What moves conversations, and who is told of it."""

    outbox: Outbox
    watchers: Watchers
    handler: RoutingHandler
    servicer: RoutingServicer
    assigner: Assigner
    rights: dict[str, Any]


def build_floor(settings: RoutingSettings, engine: sa.Engine) -> Floor:
    """All over one database; nothing connects yet."""
    clock = partial(datetime.now, UTC)
    outbox, watchers = Outbox("routing"), Watchers()
    moves = Moves(outbox)
    erasing = Erasing(moves, clock)
    assignment = Assignment(engine, moves, clock, settings.rules(), settings.patience())
    servicer = RoutingServicer(
        Commands(engine, moves, clock, presence=timedelta(seconds=settings.presence_seconds)),
        watchers,
        clock,
        presence_seconds=settings.presence_seconds,
    )
    return Floor(
        outbox,
        watchers,
        RoutingHandler(moves, clock),
        servicer,
        Assigner(engine, assignment, watchers.changed),
        {"first": erasing.first, "erased": erasing.erased},
    )
