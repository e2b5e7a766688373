"""`python -m services.routing`: the state of every conversation, and who takes it."""

from datetime import UTC, datetime
from functools import partial

from rapport.v1 import conversation_pb2_grpc
from services.common.database import connect
from services.common.handling import TransactionalProcessor
from services.common.outbox import Outbox
from services.common.rpc import GrpcServer
from services.common.service import (
    ConsumerPart,
    Part,
    Service,
    ThreadPart,
    load_settings,
    producer_of,
    relay_part,
    run,
)
from services.routing.assignment import Assigner, Assignment
from services.routing.commands import Commands
from services.routing.handler import RoutingHandler
from services.routing.moves import Moves
from services.routing.servicer import SERVICE, RoutingServicer
from services.routing.settings import RoutingSettings
from services.routing.watching import Watchers


def main() -> None:
    settings = load_settings(RoutingSettings, "routing")
    engine = connect(settings.database_url, "routing", pool_size=settings.connections)
    producer = producer_of(settings, "routing")
    clock = partial(datetime.now, UTC)
    outbox, watchers = Outbox("routing"), Watchers()
    moves = Moves(outbox)
    assignment = Assignment(engine, moves, clock, settings.rules(), settings.patience())
    commands = Commands(engine, moves, clock)
    servicer = RoutingServicer(
        commands, watchers, clock, presence_seconds=settings.presence_seconds
    )
    add = conversation_pb2_grpc.add_RoutingServiceServicer_to_server
    parts: list[Part] = [
        watchers,
        GrpcServer("routing", settings.host, settings.grpc_port, [(add, servicer, SERVICE)]),
        ConsumerPart(
            settings, TransactionalProcessor(RoutingHandler(moves, clock), engine), producer
        ),
        ThreadPart("assigner", lambda: Assigner(engine, assignment, watchers.changed)),
        relay_part(outbox, engine, producer),
    ]
    run(Service("routing", settings, parts, engine=engine, close=[producer.close, engine.dispose]))


if __name__ == "__main__":
    main()
