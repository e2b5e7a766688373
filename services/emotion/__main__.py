"""Emotion service: message.redacted -> message.scored, and texts scored over gRPC."""

from concurrent.futures import ThreadPoolExecutor

from rapport.v1.services_pb2_grpc import add_EmotionServiceServicer_to_server
from services.common.database import connect
from services.common.handling import StatefulProcessor
from services.common.rights import rights_part
from services.common.rpc import GrpcServer
from services.common.service import ConsumerPart, Part, Service, load_settings, producer_of, run
from services.emotion.handler import EmotionHandler
from services.emotion.holdings import HOLDINGS
from services.emotion.releases import ReleasesPart
from services.emotion.scorer import Scorer
from services.emotion.servicer import SERVICE, EmotionServicer
from services.emotion.serving import BatchwiseProcessor, Serving
from services.emotion.settings import EmotionSettings


def main() -> None:
    settings = load_settings(EmotionSettings, "emotion")
    engine = connect(settings.database_url, "emotion")
    producer = producer_of(settings, "emotion")
    serving = Serving(Scorer.load(settings.model_folder))
    processor = StatefulProcessor(
        EmotionHandler(serving), engine, cache_conversations=settings.cache_conversations
    )
    batchwise = BatchwiseProcessor(processor, serving)
    executor = ThreadPoolExecutor(settings.score_threads, thread_name_prefix="score")
    add = add_EmotionServiceServicer_to_server, EmotionServicer(serving, executor), SERVICE
    parts: list[Part] = [
        ReleasesPart(settings.connection(), serving, settings.model_store),
        ConsumerPart(settings, batchwise, producer),
        rights_part("emotion", settings, engine, producer, HOLDINGS),
        GrpcServer("emotion", settings.host, settings.grpc_port, [add]),
    ]
    close = [producer.close, engine.dispose, executor.shutdown]
    run(Service("emotion", settings, parts, engine=engine, close=close))


if __name__ == "__main__":
    main()
