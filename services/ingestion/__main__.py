"""`python -m services.ingestion`: the door, with four ways in and three out."""

from rapport.v1 import services_pb2_grpc
from services.common.database import connect
from services.common.handling import TransactionalProcessor
from services.common.http import HttpServer
from services.common.kafka import Producer
from services.common.rpc import GrpcServer
from services.common.service import ConsumerPart, Part, Service, load_settings, run
from services.common.topics import MESSAGE_REDACTED
from services.ingestion.chat import LARGEST_FRAME_BYTES
from services.ingestion.door import build_door
from services.ingestion.erasure_servicer import erasure_answers
from services.ingestion.handler import DeliveryHandler
from services.ingestion.http import create_app
from services.ingestion.inbound import InboundPart
from services.ingestion.opting_out import opt_out_part
from services.ingestion.servicer import SERVICE, ChatServicer
from services.ingestion.settings import IngestionSettings


def main() -> None:
    name = "ingestion"
    settings = load_settings(IngestionSettings, name)
    engine = connect(settings.database_url, name)
    producer = Producer(settings.connection(), name, delivery_seconds=settings.patience_seconds)
    door = build_door(settings, producer)
    app = create_app(door, settings.allowed_origins, demo_shop=settings.demo_shop)
    chat = (services_pb2_grpc.add_ChatServiceServicer_to_server, ChatServicer(door), SERVICE)
    answers = erasure_answers(door)
    parts: list[Part] = [  # drained in this order too: streams end before servers wait for them
        door.streams,
        HttpServer(app, settings.host, settings.http_port, frame_bytes=LARGEST_FRAME_BYTES),
        GrpcServer(name, settings.host, settings.grpc_port, [chat, answers]),
        InboundPart(settings, door.acceptor, producer),
        ConsumerPart(
            settings,
            TransactionalProcessor(DeliveryHandler(settings.tenant, door.sender.wake), engine),
            producer,
            patient=[MESSAGE_REDACTED],  # who wrote it need not be told at once
        ),
        door.sender,
        door.housekeeping,
        door.rights,
        door.transcripts,
        opt_out_part(settings, engine, producer),
        door.store,
    ]
    close = [lambda: producer.close(5), engine.dispose]
    run(Service(name, settings, parts, engine=engine, close=close))


if __name__ == "__main__":
    main()
