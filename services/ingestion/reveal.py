"""Placeholders become values again here alone, on the way to the customer."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Protocol, TypeVar

import grpc

from rapport.v1 import services_pb2, services_pb2_grpc
from services.common.failures import Transient
from services.common.logs import logger
from services.common.rpc import channel
from services.ingestion.placeholders import holds_placeholder, neutral
from services.ingestion.record import Entry, is_for_customer
from services.ingestion.tenancy import tenant_of

log = logger(__name__)
M = TypeVar("M")

ATTEMPTS = 4
FIRST_WAIT_SECONDS = 0.2
CALL_SECONDS = 2.0
_WORTH_WAITING = frozenset(
    {
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        grpc.StatusCode.ABORTED,
    }
)


class Revealer(Protocol):
    """Gives a text with its placeholders replaced: by values, or by neutral words."""

    async def reveal(self, conversation_id: str, text: str) -> str: ...

    async def reveal_to_agent(
        self, conversation_id: str, placeholder: str, agent_id: str
    ) -> str | None:
        """The value behind a placeholder, audited under the agent's name; None where none is kept.
        Transient when away."""

    async def reveals(self, tenant: str, limit: int) -> Sequence[services_pb2.AuditedReveal]:
        """What agents had revealed, the newest first. Transient when away."""


class Redactor(Protocol):
    """Gives a text about a conversation without its personal data; "" where that cannot be said.

    Transient when it cannot be had now: what is not redacted goes no further.
    """

    async def redact(self, conversation_id: str, text: str) -> str: ...


class RedactionRevealer:
    """Asks redaction, as the tenant whose conversation it is.

    While it is away, waits a bounded time, then says it in neutral words.
    """

    def __init__(
        self, address: str, tenant: str, *, first_wait: float = FIRST_WAIT_SECONDS
    ) -> None:
        self._address = address
        self._tenant = tenant
        self._first_wait = first_wait
        self._channel: grpc.aio.Channel | None = None

    async def reveal(self, conversation_id: str, text: str) -> str:
        if not holds_placeholder(text):
            return text
        request = services_pb2.RevealRequest(
            tenant=tenant_of(conversation_id, self._tenant),
            conversation_id=conversation_id,
            text=text,
            purpose="deliver",
        )
        stub = self._stub()
        for attempt in range(ATTEMPTS):
            try:
                response = await stub.Reveal(request, timeout=CALL_SECONDS)
            except grpc.aio.AioRpcError as error:
                log.warning("not_revealed", code=error.code().name, attempt=attempt)
                if error.code() not in _WORTH_WAITING:
                    break
                if attempt + 1 < ATTEMPTS:
                    await asyncio.sleep(self._first_wait * 3**attempt)
            else:
                return neutral(response.text)
        return neutral(text)

    async def reveal_to_agent(
        self, conversation_id: str, placeholder: str, agent_id: str
    ) -> str | None:
        request = services_pb2.RevealRequest(
            tenant=tenant_of(conversation_id, self._tenant),
            conversation_id=conversation_id,
            text=placeholder,
            purpose="agent",
            agent_id=agent_id,
        )
        answer = await _answer(self._stub().Reveal(request, timeout=CALL_SECONDS))
        return answer.text if answer.revealed else None

    async def reveals(self, tenant: str, limit: int) -> Sequence[services_pb2.AuditedReveal]:
        request = services_pb2.ListRevealsRequest(tenant=tenant, limit=limit)
        return (await _answer(self._stub().ListReveals(request, timeout=CALL_SECONDS))).reveals

    async def redact(self, conversation_id: str, text: str) -> str:
        """As Redactor. Whatever redaction answers but the text, it is not had."""
        request = services_pb2.RedactRequest(
            tenant=tenant_of(conversation_id, self._tenant),
            conversation_id=conversation_id,
            text=text,
        )
        return (await _answer(self._stub().Redact(request, timeout=CALL_SECONDS))).text

    def _stub(self) -> "services_pb2_grpc.RedactionServiceAsyncStub":
        if self._channel is None:  # a channel belongs to the event loop it is made in
            self._channel = channel(self._address)
        return services_pb2_grpc.RedactionServiceStub(self._channel)

    async def close(self) -> None:
        """Closes the channel to redaction."""
        if self._channel is not None:
            await self._channel.close()
            self._channel = None


async def _answer(call: Awaitable[M]) -> M:
    try:
        return await call
    except grpc.aio.AioRpcError as error:
        raise Transient(f"redaction_{error.code().name.lower()}") from error


async def for_customer(
    revealer: Revealer, conversation_id: str, entries: list[Entry], *, own: bool = False
) -> list[Entry]:
    """What the customer is shown of these entries, revealed; `own`: their own messages too."""
    shown = []
    for entry in entries:
        if is_for_customer(entry.message, own=own):
            text = await revealer.reveal(conversation_id, entry.text)
            shown.append(entry if text == entry.text else entry.saying(text))
    return shown
