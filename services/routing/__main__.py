"""`python -m services.routing`: the state of every conversation, and who takes it."""

from rapport.v1 import conversation_pb2_grpc
from services.common.database import connect
from services.common.handling import TransactionalProcessor
from services.common.rights import rights_part
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
from services.routing.floor import build_floor
from services.routing.holdings import HOLDINGS
from services.routing.servicer import SERVICE
from services.routing.settings import RoutingSettings


def main() -> None:
    settings = load_settings(RoutingSettings, "routing")
    engine = connect(settings.database_url, "routing", pool_size=settings.connections)
    producer = producer_of(settings, "routing")
    floor = build_floor(settings, engine)
    add = conversation_pb2_grpc.add_RoutingServiceServicer_to_server
    rights = rights_part("routing", settings, engine, producer, HOLDINGS, **floor.rights)
    parts: list[Part] = [
        floor.watchers,
        GrpcServer("routing", settings.host, settings.grpc_port, [(add, floor.servicer, SERVICE)]),
        ConsumerPart(settings, TransactionalProcessor(floor.handler, engine), producer),
        rights,
        ThreadPart("assigner", lambda: floor.assigner),
        relay_part(floor.outbox, engine, producer),
    ]
    run(Service("routing", settings, parts, engine=engine, close=[producer.close, engine.dispose]))


if __name__ == "__main__":
    main()
