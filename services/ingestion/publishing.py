"""Publishes from the event loop by a producer that blocks."""

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor

from services.common.broker import Producer
from services.common.events import Outgoing, encode


class BrokerPublisher:
    """One thread hands records over: `send` may wait for metadata, and the loop must not."""

    def __init__(self, producer: Producer, service: str) -> None:
        self._producer = producer
        self._service = service
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="publish")

    async def publish(self, outgoing: Outgoing, traceparent: str | None) -> None:
        """Returns once all in-sync replicas have the event; Transient when they have not."""
        value = outgoing.message.SerializeToString(deterministic=True)
        headers = encode(outgoing, source=self._service, traceparent=traceparent)

        def send() -> "Future[tuple[int, int]]":
            return self._producer.send(
                outgoing.topic.name, key=outgoing.key.encode(), value=value, headers=headers
            )

        sent = await asyncio.get_running_loop().run_in_executor(self._thread, send)
        # A caller that stops waiting does not call back what is on its way.
        await asyncio.shield(asyncio.wrap_future(sent))

    def close(self) -> None:
        """Ends the thread; nothing is published afterwards."""
        self._thread.shutdown(wait=False, cancel_futures=True)
