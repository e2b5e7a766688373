"""Asks redaction for the values behind placeholders; each time is on record there.

With mutual TLS redaction answers the door alone: run it where the door runs, with its certificate.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc

from rapport.v1 import services_pb2, services_pb2_grpc
from services.cli import running
from services.cli.identity import identity
from services.cli.options import state_folder
from services.common.rpc import blocking_channel

PURPOSE = "access"
CALL_SECONDS = 5.0


@contextmanager
def revealer(
    address: str, state: Path | None, tenant: str
) -> Iterator[Callable[[str, str], str | None]]:
    """Puts values into a text of a conversation; None while redaction cannot be asked."""
    address = address or _known_address(state)
    if not address:
        yield lambda conversation_id, text: None
        return
    channel = blocking_channel(address, tls=identity())
    stub = services_pb2_grpc.RedactionServiceStub(channel)

    def reveal(conversation_id: str, text: str) -> str | None:
        request = services_pb2.RevealRequest(
            tenant=tenant, conversation_id=conversation_id, text=text, purpose=PURPOSE
        )
        try:
            return stub.Reveal(request, timeout=CALL_SECONDS).text
        except grpc.RpcError:
            return None

    try:
        yield reveal
    finally:
        channel.close()


def _known_address(state: Path | None) -> str:
    if named := os.environ.get("RAPPORT_INGESTION_REDACTION_ADDRESS"):
        return named
    found = running.find(state_folder(state))
    return found.services["redaction"].grpc if found else ""
