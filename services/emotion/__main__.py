"""Emotion service: message.redacted -> message.scored, and ScoreText over gRPC."""

from concurrent.futures import ThreadPoolExecutor

from rapport.v1 import services_pb2, services_pb2_grpc
from services.common.database import connect
from services.common.handling import StatefulProcessor
from services.common.rpc import GrpcServer
from services.common.service import ConsumerPart, Part, Service, load_settings, producer_of, run
from services.common.topics import REPLY_CREATED
from services.emotion.handler import EmotionHandler
from services.emotion.scorer import Scorer
from services.emotion.servicer import EmotionServicer
from services.emotion.settings import EmotionSettings


def main() -> None:
    settings = load_settings(EmotionSettings, "emotion")
    engine = connect(settings.database_url, "emotion")
    producer = producer_of(settings, "emotion")
    scorer = Scorer.load(settings.model_folder)
    processor = StatefulProcessor(
        EmotionHandler(scorer), engine, cache_conversations=settings.cache_conversations
    )
    executor = ThreadPoolExecutor(settings.score_threads, thread_name_prefix="score")
    name = services_pb2.DESCRIPTOR.services_by_name["EmotionService"].full_name
    add = services_pb2_grpc.add_EmotionServiceServicer_to_server
    grpc = GrpcServer(
        "emotion",
        settings.host,
        settings.grpc_port,
        [(add, EmotionServicer(scorer, executor), name)],
    )
    parts: list[Part] = [ConsumerPart(settings, processor, producer, patient=[REPLY_CREATED]), grpc]
    close = [producer.close, engine.dispose, executor.shutdown]
    run(Service("emotion", settings, parts, engine=engine, close=close))


if __name__ == "__main__":
    main()
