"""RedactionService over a real connection."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import grpc
import pytest
from pydantic import TypeAdapter

from rapport.v1 import services_pb2, services_pb2_grpc
from services.cli.certificates import make_certificates, tls_of
from services.common.failures import Transient
from services.common.ledger import Found, Row
from services.common.rpc import GrpcServer, channel
from services.redaction.allowed import Allowed
from services.redaction.comments import Comments
from services.redaction.entities import Found as FoundValue
from services.redaction.entities import Kind
from services.redaction.handler import RedactionHandler
from services.redaction.placeholders import Numbered
from services.redaction.reveal import Revealing
from services.redaction.servicer import SERVICE, RedactionServicer
from services.redaction.state import RedactionState
from services.redaction.vault import AuditRow, VaultRow, rows_of
from tests.unit.redaction.fakes import MemoryKeys, message, pseudonym

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
T = TypeVar("T")


class MemoryVault:
    """Rows of one conversation, and what was recorded of their reveals."""

    def __init__(self, rows: list[VaultRow]) -> None:
        self.rows = rows
        self.recorded: list[tuple[str, str, list[str]]] = []
        self.callers: list[str] = []
        self.away = False

    def read(self, tenant: str, conversation_id: str, placeholders: set[str]) -> list[VaultRow]:
        if self.away:
            raise Transient("database_away")
        here = [r for r in self.rows if (r.tenant, r.conversation_id) == (tenant, conversation_id)]
        return [row for row in here if row.placeholder in placeholders]

    def audit(
        self,
        tenant: str,
        conversation_id: str,
        caller: str,
        purpose: str,
        types: list[str],
        at: datetime,
    ) -> None:
        self.recorded.append((conversation_id, purpose, types))
        self.callers.append(caller)

    def audited(self, tenant: str, purpose: str, limit: int) -> list[AuditRow]:
        rows = [
            AuditRow(conversation, caller, tuple(types), AT)
            for (conversation, why, types), caller in zip(self.recorded, self.callers, strict=True)
            if why == purpose
        ]
        return rows[::-1][:limit]


def vault_of(keys: MemoryKeys, *values: tuple[str, int, str]) -> MemoryVault:
    numbered = [Numbered(FoundValue(0, 1, Kind(kind), 1.0), n, value) for kind, n, value in values]
    return MemoryVault(rows_of(numbered, keys.of("default", "u1"), "default", "c1", "u1", AT))


def call(
    vault: MemoryVault,
    keys: MemoryKeys,
    use: Callable[["services_pb2_grpc.RedactionServiceAsyncStub"], Awaitable[T]],
    states: tuple[Row, ...] = (),
    *,
    certificates: Path | None = None,
) -> T:
    """Runs `use` against a served RedactionService; as ingestion, where there are certificates."""
    ours = tls_of(certificates, "redaction") if certificates else None
    theirs = tls_of(certificates, "ingestion") if certificates else None

    async def run() -> T:
        revealing = Revealing(vault, keys, lambda: AT)  # type: ignore[arg-type]
        comments = Comments(lambda ids, keys: Found({}, states), keys, Allowed())
        servicer = RedactionServicer(revealing, ["deliver", "agent"], comments)
        add = services_pb2_grpc.add_RedactionServiceServicer_to_server
        server = GrpcServer("redaction", "127.0.0.1", 0, [(add, servicer, SERVICE)], tls=ours)
        await server.start()
        link = channel(f"127.0.0.1:{server.port}", tls=theirs)
        try:
            return await use(services_pb2_grpc.RedactionServiceStub(link))
        finally:
            await link.close()
            await server.drain()

    return asyncio.run(run())


def request(text: str, **changes: str) -> services_pb2.RevealRequest:
    asked = {"tenant": "default", "conversation_id": "c1", "purpose": "deliver", "text": text}
    return services_pb2.RevealRequest(**(asked | changes))


def test_reveals_and_records() -> None:
    keys = MemoryKeys()
    vault = vault_of(keys, ("PERSON", 1, "Maria"), ("PHONE", 1, "[PERSON_1]"))
    answer = call(
        vault, keys, lambda stub: stub.Reveal(request("[PERSON_1] [PHONE_1] [SSN_1]"), timeout=5)
    )
    # A value that looks like a placeholder is not taken for one.
    assert (answer.text, answer.revealed) == ("Maria [PERSON_1] [SSN_1]", 2)
    assert vault.recorded == [("c1", "deliver", ["PERSON", "PHONE"])]


def test_who_had_something_revealed_is_recorded(tmp_path: Path) -> None:
    make_certificates(tmp_path, ["redaction", "ingestion"])
    keys = MemoryKeys()
    vault = vault_of(keys, ("PERSON", 1, "Maria"))
    call(
        vault,
        keys,
        lambda stub: stub.Reveal(request("[PERSON_1]"), timeout=5),
        certificates=tmp_path,
    )
    # Without a certificate there is the address alone to go by.
    call(vault, keys, lambda stub: stub.Reveal(request("[PERSON_1]"), timeout=5))
    assert vault.callers[0] == "ingestion"
    assert vault.callers[1].startswith("ipv4:127.0.0.1:")


def test_a_reveal_to_an_agent_is_recorded_under_the_agents_name_and_listed() -> None:
    keys = MemoryKeys()
    vault = vault_of(keys, ("PERSON", 1, "Maria"))

    async def use(stub: "services_pb2_grpc.RedactionServiceAsyncStub") -> object:
        await stub.Reveal(request("[PERSON_1]"), timeout=5)
        asked = request("[PERSON_1]", purpose="agent", agent_id="ada")
        assert (await stub.Reveal(asked, timeout=5)).text == "Maria"
        listed = services_pb2.ListRevealsRequest(tenant="default")
        return await stub.ListReveals(listed, timeout=5)

    (only,) = call(vault, keys, use).reveals  # type: ignore[attr-defined]
    assert (only.agent_id, only.conversation_id, list(only.types)) == ("ada", "c1", ["PERSON"])
    assert only.revealed_at.ToDatetime(UTC) == AT


def test_nothing_is_revealed_to_an_agent_without_a_name() -> None:
    keys = MemoryKeys()
    vault = vault_of(keys, ("PERSON", 1, "Maria"))
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        call(
            vault, keys, lambda stub: stub.Reveal(request("[PERSON_1]", purpose="agent"), timeout=5)
        )
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert vault.recorded == []


def test_a_text_without_placeholders_is_not_recorded() -> None:
    keys = MemoryKeys()
    vault = vault_of(keys, ("PERSON", 1, "Maria"))
    answer = call(vault, keys, lambda stub: stub.Reveal(request("hello"), timeout=5))
    assert (answer.text, answer.revealed, vault.recorded) == ("hello", 0, [])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"tenant": ""}, grpc.StatusCode.INVALID_ARGUMENT),
        ({"conversation_id": ""}, grpc.StatusCode.INVALID_ARGUMENT),
        ({"purpose": "curiosity"}, grpc.StatusCode.PERMISSION_DENIED),
        ({"purpose": ""}, grpc.StatusCode.PERMISSION_DENIED),
    ],
)
def test_refuses_what_is_incomplete_or_not_for_delivery(
    changes: dict[str, str], code: grpc.StatusCode
) -> None:
    keys = MemoryKeys()
    vault = vault_of(keys, ("PERSON", 1, "Maria"))
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        call(vault, keys, lambda stub: stub.Reveal(request("[PERSON_1]", **changes), timeout=5))
    assert refused.value.code() is code
    assert vault.recorded == []


def test_an_outage_is_unavailable() -> None:
    keys = MemoryKeys()
    vault = vault_of(keys, ("PERSON", 1, "Maria"))
    vault.away = True
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        call(vault, keys, lambda stub: stub.Reveal(request("[PERSON_1]"), timeout=5))
    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE


def test_redacts_a_comment_by_what_was_learned_and_keeps_nothing_of_it() -> None:
    keys = MemoryKeys()
    handler = RedactionHandler(keys, pseudonym)
    state = handler.handle(message("Hello, my name is Zbigniewa Quill."), None).state
    stored: tuple[Row, ...] = (("c1", 1, TypeAdapter(RedactionState).dump_json(state)),)
    vault = vault_of(keys)
    said = "zbigniewa says thanks! Call 415-555-0132 or a@b.example."
    asked = services_pb2.RedactRequest(tenant="default", conversation_id="c1", text=said)
    answer = call(vault, keys, lambda stub: stub.Redact(asked, timeout=5), stored)
    assert (answer.text, answer.withheld) == (
        "[PERSON] says thanks! Call [PHONE] or [EMAIL].",
        False,
    )
    assert vault.recorded == []
    unknown = call(vault, keys, lambda stub: stub.Redact(asked, timeout=5))
    assert "[PHONE] or [EMAIL]" in unknown.text


def test_a_comment_that_cannot_be_read_is_withheld_whole() -> None:
    keys = MemoryKeys()
    broken: tuple[Row, ...] = (("c1", 1, b"{}"),)
    asked = services_pb2.RedactRequest(tenant="default", conversation_id="c1", text="Good.")
    answer = call(vault_of(keys), keys, lambda stub: stub.Redact(asked, timeout=5), broken)
    assert (answer.text, answer.withheld) == ("", True)
