"""A service with one gRPC part, for test_service.py to run as a process."""

import sys
import threading
from typing import Any

from rapport.v1 import services_pb2, services_pb2_grpc
from services.common.rpc import GrpcServer
from services.common.service import Service, ThreadPart, load_settings, run
from services.common.settings import ServiceSettings


class Worker:
    """Runs until stopped, or fails at once when told to."""

    def __init__(self) -> None:
        self._stopping = threading.Event()

    def run(self) -> None:
        if "fail" in sys.argv:
            raise RuntimeError("on purpose")
        self._stopping.wait()

    def stop(self) -> None:
        if "hang" not in sys.argv:
            self._stopping.set()


class Scorer(services_pb2_grpc.EmotionServiceServicer):
    async def ScoreText(self, request: Any, context: Any) -> Any:
        if request.text == "bug":
            raise KeyError("a customer's text")
        return services_pb2.ScoreTextResponse()


if __name__ == "__main__":
    settings = load_settings(ServiceSettings, "test")
    registration = (
        services_pb2_grpc.add_EmotionServiceServicer_to_server,
        Scorer(),
        "rapport.v1.EmotionService",
    )
    server = GrpcServer("test", "127.0.0.1", int(sys.argv[1]), [registration])
    settings = settings.model_copy(update={"admin_port": int(sys.argv[2])})
    run(Service("test", settings, [server, ThreadPart("worker", Worker)]))
