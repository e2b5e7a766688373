"""The door against its own OpenAPI document."""

import asyncio
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.common.http import HttpServer
from services.ingestion.contract import MODELS
from services.ingestion.http import create_app
from tests.unit.ingestion.conftest import House

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[3]


async def document(house: House) -> dict[str, Any]:
    transport = httpx.ASGITransport(create_app(house.door))
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        found: dict[str, Any] = (await client.get("/openapi.json")).json()
        return found


async def test_every_type_of_the_contract_is_in_the_document(house: House) -> None:
    found = await document(house)
    assert found["openapi"].startswith("3.1")
    schemas = found["components"]["schemas"]
    types = {schemas[model.__name__]["properties"]["type"]["const"] for model in MODELS.values()}
    assert types == MODELS.keys()


async def test_every_operation_declares_its_problems(house: House) -> None:
    for path in (await document(house))["paths"].values():
        for operation in path.values():
            problems = {status for status in operation["responses"] if not status.startswith("2")}
            assert {"400", "503", "default"} <= problems
            for status in problems:
                assert [*operation["responses"][status]["content"]] == ["application/problem+json"]
    posted = (await document(house))["paths"]["/v1/events"]["post"]["responses"]
    assert {"202", "400", "409", "413", "415", "429", "503"} <= posted.keys()


async def test_every_reference_leads_somewhere(house: House) -> None:
    found = await document(house)

    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            return own + [ref for value in node.values() for ref in references(value)]
        if isinstance(node, list):
            return [ref for value in node for ref in references(value)]
        return []

    names = {reference.removeprefix("#/components/schemas/") for reference in references(found)}
    assert names
    assert names <= found["components"]["schemas"].keys()


@pytest.mark.timeout(120)
async def test_the_door_keeps_to_its_document_under_fuzzing(house: House) -> None:
    """schemathesis as people run it. The stream is left out: it does not end."""
    program = shutil.which("schemathesis", path=str(Path(sys.executable).parent))
    assert program is not None
    server = HttpServer(create_app(house.door), "127.0.0.1", 0)
    await server.start()
    fuzzing = await asyncio.create_subprocess_exec(
        program,
        "run",
        f"http://127.0.0.1:{server.port}/openapi.json",
        "--phases=fuzzing",
        "--max-examples=60",
        "--seed=7",
        "--request-timeout=10",
        "--exclude-operation-id=follow_conversation",
        "--no-color",
        cwd=ROOT,
        env=os.environ
        | {
            "SCHEMATHESIS_HOOKS": "tests.unit.ingestion.schemathesis_hooks",
            "PYTHONPATH": str(ROOT),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await fuzzing.communicate()
    await server.drain()
    assert fuzzing.returncode == 0, output.decode()[:6000]
    assert b"Operations:       16 selected" in output
