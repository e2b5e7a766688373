"""What customers' messages say of their feelings, asked of EmotionService and kept for a while."""

from collections.abc import Sequence

import grpc
from cachetools import LRUCache

from rapport.v1 import common_pb2, reply_pb2, services_pb2
from services.desk.calls import Calls
from services.desk.curve import Felt
from services.desk.entries import Entry
from services.desk.words import state_word

MOST_KEPT = 50_000
TURNS_BEFORE = 12
AT_ONCE = 16
_AUTHORS = {
    "customer": common_pb2.AUTHOR_CUSTOMER,
    "bot": common_pb2.AUTHOR_BOT,
    "agent": common_pb2.AUTHOR_AGENT,
}


class Readings:
    """Each message is read once. Agents' and the bot's are never read."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._known: LRUCache[str, Felt] = LRUCache(MOST_KEPT)

    async def of(self, entries: Sequence[Entry]) -> list[Felt]:
        """What is known of a conversation's messages of the customer, in their order. While the
        emotion service is away, those that were not read yet are left out."""
        readable = [i for i, entry in enumerate(entries) if entry.readable]
        unread = [i for i in readable if entries[i].id not in self._known]
        for begin in range(0, len(unread), AT_ONCE):
            part = unread[begin : begin + AT_ONCE]
            requests = [
                services_pb2.ScoreTextRequest(
                    text=entries[i].text,
                    context=turns_of(entries[max(0, i - TURNS_BEFORE) : i]),
                    author=common_pb2.AUTHOR_CUSTOMER,
                )
                for i in part
            ]
            try:
                read = await self._calls.read(requests)
            except grpc.aio.AioRpcError:
                break
            for i, reading in zip(part, read, strict=True):
                state = state_word(reading.state)
                if state:
                    self._known[entries[i].id] = Felt(entries[i].id, state, reading.valence)
        found = (self._known.get(entries[i].id) for i in readable)
        return [felt for felt in found if felt is not None]


def turns_of(entries: Sequence[Entry]) -> list[reply_pb2.Turn]:
    """What was said, as turns."""
    return [
        reply_pb2.Turn(author=_AUTHORS[entry.kind], text=entry.text)
        for entry in entries
        if entry.kind in _AUTHORS and entry.text
    ]
