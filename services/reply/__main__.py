"""`python -m services.reply`: one answer for each message, or a person."""

from rapport.v1 import reply_pb2, reply_pb2_grpc
from services.common.database import connect
from services.common.handling import StatefulProcessor
from services.common.rights import rights_part
from services.common.rpc import GrpcServer
from services.common.service import ConsumerPart, Part, Service, load_settings, producer_of, run
from services.reply.actions_client import ActionsClient
from services.reply.handler import ReplyHandler
from services.reply.holdings import HOLDINGS
from services.reply.library import load_engine
from services.reply.servicer import ReplyServicer
from services.reply.settings import ReplySettings


def main() -> None:
    settings = load_settings(ReplySettings, "reply")
    engine = connect(settings.database_url, "reply")
    producer = producer_of(settings, "reply")
    actions = None
    if settings.actions_address:
        actions = ActionsClient(settings.actions_address, seconds=settings.actions_seconds)
    replying = load_engine(actions, settings.knowledge_folder)
    processor = StatefulProcessor(
        ReplyHandler(replying),
        engine,
        cache_conversations=settings.cache_conversations,
    )
    add = reply_pb2_grpc.add_ReplyServiceServicer_to_server
    name = reply_pb2.DESCRIPTOR.services_by_name["ReplyService"].full_name
    grpc = GrpcServer(
        "reply", settings.host, settings.grpc_port, [(add, ReplyServicer(replying.search), name)]
    )
    rights = rights_part("reply", settings, engine, producer, HOLDINGS)
    parts: list[Part] = [ConsumerPart(settings, processor, producer), rights, grpc]
    run(Service("reply", settings, parts, engine=engine, close=[producer.close, engine.dispose]))


if __name__ == "__main__":
    main()
