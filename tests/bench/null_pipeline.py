"""The floor: as many hops over Apache Kafka as a message crosses, with no work in between.

Each hop is a process that reads one topic and writes the next, acknowledged by the broker, with
the clients and settings that the platform uses. No database, no decoding, no state.
"""

import subprocess
import sys
import threading
import time
import uuid

from kafka import KafkaAdminClient

from services.common.kafka import Connection, Consumer, Producer

HOPS = 3  # redaction, emotion, reply


def forward(servers: str, source: str, target: str) -> None:
    """Body of one hop's process."""
    consumer = Consumer(Connection(servers), f"floor.{target}", [source])
    producer = Producer(Connection(servers), "floor")
    while True:
        records = consumer.poll(0.2, 200)
        sent = [producer.send(target, key=r.key, value=r.value, headers=r.headers) for r in records]
        for future in sent:
            future.result(30)
        if records:
            consumer.commit(records)


class NullPipeline:
    """The chain of hops, as processes of its own, on topics of its own."""

    def __init__(self, servers: str, partitions: int = 6) -> None:
        self._servers = servers
        run = uuid.uuid4().hex[:8]
        self.topics = [f"floor.{run}.{hop}" for hop in range(HOPS + 1)]
        admin = KafkaAdminClient(**Connection(servers).arguments("floor"))
        admin.create_topics(
            {name: {"num_partitions": partitions, "replication_factor": 1} for name in self.topics}
        )
        admin.close()
        self._processes = [
            subprocess.Popen([sys.executable, "-m", "tests.bench.null_pipeline", servers, *pair])
            for pair in zip(self.topics, self.topics[1:], strict=False)
        ]

    def measure(self, rate: float, seconds: float, warm_up: float) -> list[float]:
        """Milliseconds from send to arrival behind the last hop, for records sent at `rate`/s."""
        producer = Producer(Connection(self._servers), "floor-source")
        sink = Consumer(Connection(self._servers), f"sink.{uuid.uuid4()}", [self.topics[-1]])
        sent: dict[bytes, float] = {}
        latencies: list[float] = []
        stop = threading.Event()

        def collect() -> None:
            while not stop.is_set():
                for record in sink.poll(0.2, 500):
                    began = sent.pop(record.value or b"", None)
                    if began is not None:
                        latencies.append((time.perf_counter() - began) * 1000)

        thread = threading.Thread(target=collect)
        thread.start()
        began = time.perf_counter()
        for number in range(int(rate * (warm_up + seconds))):
            due = began + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            value = uuid.uuid4().bytes * 20
            if number >= rate * warm_up:
                sent[value] = time.perf_counter()
            producer.send(self.topics[0], key=b"c%d" % (number % 100), value=value, headers=[])
        deadline = time.monotonic() + 10
        while sent and time.monotonic() < deadline:
            time.sleep(0.05)
        stop.set()
        thread.join()
        sink.close()
        producer.close()
        return latencies

    def close(self) -> None:
        """Ends the hops."""
        for process in self._processes:
            process.kill()
            process.wait()


if __name__ == "__main__":
    forward(*sys.argv[1:4])
