"""Tells receivers what is in the outbox: a part of the service, on its event loop."""

import asyncio
import random
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from rapport.v1 import message_pb2, reply_pb2
from services.common import metrics
from services.common.failures import Transient
from services.common.logs import logger
from services.ingestion.placeholders import holds_placeholder
from services.ingestion.reveal import Revealer
from services.ingestion.sealing import Sealer
from services.ingestion.webhooks import content, signing
from services.ingestion.webhooks.connecting import SEND_SECONDS, Line, Unreached
from services.ingestion.webhooks.outbox import LEASE_SECONDS, Leased, Outbox, Told

log = logger(__name__)

POLL_SECONDS = 1.0
REPORT_SECONDS = 15.0
PURGE_SECONDS = 3600.0
LINES_EACH = 8
# An attempt takes SEND_SECONDS at most, and a reveal before it about as long.
ATTEMPT_SECONDS = 2 * SEND_SECONDS
GONE = 410


@dataclass(frozen=True)
class Patience:
    """How often and how late a webhook is tried again: 5 s, 15 s, 45 s, … up to an hour."""

    attempts: int = 16
    first_wait: float = 5.0
    longest_wait: float = 3600.0

    def wait(self, attempts: int, asked: float | None) -> float:
        """Seconds after so many attempts; a receiver may ask for more, not for less."""
        usual = min(self.longest_wait, self.first_wait * 3.0 ** (attempts - 1))
        jittered = usual * random.uniform(0.8, 1.2)
        return min(self.longest_wait, max(jittered, asked or 0.0))


class Sender:
    """Leases lines and works on them; a slow receiver takes none of the others' room."""

    def __init__(
        self,
        outbox: Outbox,
        line: Line,
        sealer: Sealer | None,
        revealer: Revealer,
        *,
        patience: Patience = Patience(),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._outbox = outbox
        self._line = line
        self._sealer = sealer
        self._revealer = revealer
        self._patience = patience
        self._clock = clock
        self._working: Counter[uuid.UUID] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._events: asyncio.AbstractEventLoop | None = None
        self._main: list[asyncio.Task[None]] = []
        self._draining = False

    def wake(self) -> None:
        """There is something to tell. From any thread."""
        if self._events is not None and not self._events.is_closed():
            self._events.call_soon_threadsafe(self._wake.set)

    async def start(self) -> None:
        self._events = asyncio.get_running_loop()
        if self._sealer is None:
            log.warning("webhooks_are_off", detail="no secret key is set")
            return
        self._main = [
            asyncio.create_task(self._run(), name="webhooks"),
            asyncio.create_task(self._keep_house(), name="webhooks-upkeep"),
        ]

    async def drain(self) -> None:
        """Ends after the attempts under way; what waits is left to the others."""
        self._draining = True
        for task in self._main:
            task.cancel()
        await asyncio.gather(*self._main, return_exceptions=True)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=ATTEMPT_SECONDS)
        for task in self._tasks:
            task.cancel()
        await self._line.close()

    def ready(self) -> bool:
        return all(not task.done() for task in self._main)

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                claimed = await self._claim()
            except Transient as error:
                log.warning("webhooks_wait", reason=error.reason)
                await asyncio.sleep(POLL_SECONDS)
                continue
            if not claimed:
                try:
                    async with asyncio.timeout(POLL_SECONDS):
                        await self._wake.wait()
                except TimeoutError:
                    pass

    async def _claim(self) -> int:
        rooms = {name: max(0, LINES_EACH - count) for name, count in self._working.items()}
        lines = await self._outbox.claim(rooms, LINES_EACH)
        held_until = time.monotonic() + LEASE_SECONDS
        for line in lines:
            self._working[line.subscription_id] += 1
            task = asyncio.create_task(self._work(line, held_until))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return len(lines)

    async def _work(self, line: Leased, held_until: float) -> None:
        try:
            while not self._draining:
                # What is begun must end while the lease is ours.
                if time.monotonic() + ATTEMPT_SECONDS > held_until:
                    break
                told = await self._outbox.next(line)
                if told is None:
                    break
                if not await self._tell(line, told):
                    return
                held_until = time.monotonic() + LEASE_SECONDS - 1.0  # it was renewed just now
            await self._outbox.release(line)
        except Transient as error:
            log.warning("webhooks_wait", reason=error.reason)  # the lease runs out
        except Exception as error:
            log.exception("webhook_failed", error=type(error).__name__)
        finally:
            self._working[line.subscription_id] -= 1
            if self._working[line.subscription_id] <= 0:
                del self._working[line.subscription_id]
            self._wake.set()

    async def _tell(self, line: Leased, told: Told) -> bool:
        """Whether the next event of the line may follow."""
        error, asked = await self.attempt(line, told)
        if not error:
            metrics.WEBHOOKS.labels("delivered").inc()
            metrics.WEBHOOK_SECONDS.observe(max(0.0, self._clock() - told.at.timestamp()))
            return await self._outbox.settle(line, told, "delivered")
        attempts = told.attempts + 1
        log.warning(
            "webhook_not_delivered",
            reason=error,
            attempts=attempts,
            subscription_id=str(line.subscription_id),
        )
        if error == f"status_{GONE}":
            await self._outbox.pause(line.subscription_id, "the receiver is gone")
        if attempts >= self._patience.attempts:
            metrics.WEBHOOKS.labels("dead").inc()
            return await self._outbox.settle(line, told, "dead", error=error)
        metrics.WEBHOOKS.labels("retried").inc()
        wait = self._patience.wait(attempts, asked)
        await self._outbox.settle(line, told, "retried", error=error, wait=wait)
        return False

    async def attempt(self, line: Leased, told: Told) -> tuple[str, float | None]:
        """("", None) when it was delivered, else why not and how long the receiver asks to wait."""
        body = await self._body(line, told)
        return await self.post(line.subscription_id, told.sealed, told.url, told.event_id, body)

    async def post(
        self, subscription_id: uuid.UUID, sealed: bytes, url: str, event_id: str, body: bytes
    ) -> tuple[str, float | None]:
        """One signed POST; as `attempt`."""
        assert self._sealer is not None
        try:
            secret = self._sealer.open(sealed, f"subscription {subscription_id}")
        except ValueError:
            return "other_secret_key", None
        headers = signing.headers(secret, event_id, int(self._clock()), body) | {
            "content-type": "application/cloudevents+json",
            "user-agent": "rapport",
        }
        try:
            answer = await self._line.post(url, headers, body)
        except Unreached as error:
            return error.code, None
        if 200 <= answer.status < 300:
            return "", None
        return f"status_{answer.status}", answer.retry_after

    async def _body(self, line: Leased, told: Told) -> bytes:
        message = content.decoded(told.type, told.payload)
        if (
            told.reveal
            and isinstance(message, reply_pb2.ReplyCreated | message_pb2.MessageRedacted)
            and holds_placeholder(message.text)
        ):
            message.text = await self._revealer.reveal(line.conversation_id, message.text)
        return content.body(
            type_=told.type,
            event_id=told.event_id,
            key=line.conversation_id,
            at=told.at,
            message=message,
            tenant=told.tenant,
        )

    async def _keep_house(self) -> None:
        purge_at = time.monotonic() + PURGE_SECONDS
        while True:
            try:
                pending, oldest = await self._outbox.waiting()
                metrics.WEBHOOKS_PENDING.set(pending)
                metrics.WEBHOOKS_OLDEST.set(oldest)
                if time.monotonic() > purge_at:
                    purge_at = time.monotonic() + PURGE_SECONDS
                    await self._outbox.purge()
            except Transient as error:
                log.warning("webhooks_wait", reason=error.reason)
            await asyncio.sleep(REPORT_SECONDS)
