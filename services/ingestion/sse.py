"""A conversation as server-sent events."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import orjson

from services.common import metrics
from services.ingestion.access import Caller
from services.ingestion.door import Door
from services.ingestion.record import as_json
from services.ingestion.reveal import for_customer

WAY = "sse"
RECONNECT_MILLISECONDS = 1_000


async def server_sent_events(
    door: Door,
    caller: Caller,
    key: str,
    after: int,
    *,
    for_record: bool,
) -> AsyncGenerator[bytes, None]:
    """Events as bytes: `id` is the position, `event` the kind; comments keep the line alive."""
    yield f"retry: {RECONNECT_MILLISECONDS}\n\n".encode()
    async with aclosing(door.follow(caller, key, after, WAY, shown=not for_record)) as batches:
        async for entries in batches:
            if not for_record:
                shown = await for_customer(door.revealer, key, entries)
            else:
                shown = entries
            for entry in shown:
                data = as_json(entry, readings=for_record)
                yield b"id: %d\nevent: %s\ndata: %s\n\n" % (
                    entry.position,
                    data["type"].encode(),
                    orjson.dumps(data),
                )
                metrics.DOOR_DELIVERIES.labels(WAY).inc()
            if not shown:
                yield b": still here\n\n"
