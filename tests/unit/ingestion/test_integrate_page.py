"""Every example of docs/integrate.md, run as it stands but for the addresses."""

import ast
import asyncio
import json
import os
import re
import shutil
import sys
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from rapport.v1 import services_pb2_grpc
from services.common.http import HttpServer
from services.common.rpc import GrpcServer
from services.common.topics import MESSAGE_RECEIVED
from services.ingestion.cloudevents import read_event
from services.ingestion.http import create_app
from services.ingestion.rejections import Reason
from services.ingestion.servicer import SERVICE, ChatServicer
from tests.unit.ingestion.conftest import House
from tests.unit.ingestion.offers import NOW

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/integrate.md").read_text()
EXAMPLES = re.findall(r"^```(sh|python)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@dataclass
class Reader:
    """Somebody who tries the examples."""

    house: House
    http: int
    grpc: int

    async def run(self, language: str, code: str) -> str:
        """Output of an example; fails when it does."""
        code = code.replace("127.0.0.1:8080", f"127.0.0.1:{self.http}")
        code = code.replace("127.0.0.1:50051", f"127.0.0.1:{self.grpc}")
        # One clock for all tests: the door must not take the reader's "now" for the future.
        code = code.replace("now.GetCurrentTime()", f"now.FromJsonString('{NOW.isoformat()}')")
        # Each test has events of its own in the shared database.
        code = code.replace("shop/web", f"shop/{self.http}").replace('"crm"', f'"crm-{self.http}"')
        code = code.replace("first-1", f"first-{self.http}")
        code = code.replace("first/try", f"first/{self.http}")
        code = re.sub(r"order-778(\d)", rf"order-{self.http}-\1", code)
        program = [sys.executable, "-c"] if language == "python" else ["bash", "-ec"]
        process = await asyncio.create_subprocess_exec(
            *program,
            code,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": f"{ROOT}/protos"},
        )
        output, errors = await asyncio.wait_for(process.communicate(), 20)
        assert process.returncode == 0, errors.decode()
        return output.decode()


@pytest.fixture
async def reader(house: House) -> AsyncIterator[Reader]:
    http = HttpServer(create_app(house.door), "127.0.0.1", 0)
    grpc = GrpcServer(
        "ingestion",
        "127.0.0.1",
        0,
        [(services_pb2_grpc.add_ChatServiceServicer_to_server, ChatServicer(house.door), SERVICE)],
    )
    await http.start()
    await grpc.start()
    yield Reader(house, http.port, grpc.port)
    await house.door.streams.drain()
    await http.drain()
    await grpc.drain()


def examples(part: str) -> list[str]:
    """Code of the examples that hold a word."""
    return [code for _, code in EXAMPLES if part in code]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the examples are for curl")
async def test_rest(reader: Reader) -> None:
    first, structured, binary, stream, transcript, *_ = [
        code for language, code in EXAMPLES if language == "sh"
    ]
    conversation = f"first-{reader.http}"
    await asyncio.to_thread(reader.house.replies, conversation, "Within 30 days.")
    accepted, _, stream_of_first = (await reader.run("sh", first)).partition("\n")
    assert json.loads(accepted.partition("}")[0] + "}")["sequence"] == 1
    assert "Within 30 days." in accepted + stream_of_first
    assert json.loads(await reader.run("sh", structured))["sequence"] == 1
    assert json.loads(await reader.run("sh", structured))["repeated"]
    conflict = structured.replace("Where is it?", "Hello?")
    assert json.loads(await reader.run("sh", conflict))["status"] == 409
    assert json.loads(await reader.run("sh", binary))["sequence"] == 2
    conversation = f"order-{reader.http}-1"
    await asyncio.to_thread(reader.house.replies, conversation, "It is on its way.")
    assert "event: reply" in await reader.run("sh", stream)
    shown = json.loads(await reader.run("sh", transcript))
    assert (shown["state"], shown["position"]) == ("bot", 1)


@pytest.mark.skipif(shutil.which("curl") is None, reason="the examples are for curl")
async def test_webhooks(reader: Reader) -> None:
    [code] = examples("v1/subscriptions")
    made = json.loads(await reader.run("sh", code))
    assert (made["state"], made["filters"]) == ("active", {"state": ["agent", "closed"]})
    assert made["secret"].startswith("whsec_")
    await reader.house.door.subscriptions.delete("default", uuid.UUID(made["id"]))


@pytest.mark.skipif(shutil.which("curl") is None, reason="the examples are for curl")
async def test_adapters(reader: Reader) -> None:
    [code] = examples("v1/adapters")
    made = json.loads(await reader.run("sh", code))
    expected = "https://door.example/v1/adapters/zendesk-messaging?connection="
    assert made["url"] == expected + made["id"]
    await reader.house.door.connections.delete("default", uuid.UUID(made["id"]))


@pytest.mark.skipif(shutil.which("curl") is None, reason="the examples are for curl")
async def test_rights(reader: Reader) -> None:
    [code] = examples("erasure.requested")
    consent, erasure = json.loads(await reader.run("sh", code))
    assert (consent["sequence"], erasure["sequence"]) == (0, 0)
    receipt = await reader.house.door.rights.receipt(erasure["id"], "default")
    assert receipt is not None
    assert (receipt["customer_id"], receipt["state"]) == ("customer-44", "requested")


async def test_websocket(reader: Reader) -> None:
    [code] = examples("websockets")
    assert "'type': 'accepted'" in await reader.run("python", code)


async def test_grpc(reader: Reader) -> None:
    [code] = examples("ChatServiceStub")
    await asyncio.to_thread(reader.house.replies, f"order-{reader.http}-3", "Soon.")
    assert (await reader.run("python", code)).split()[1:] == ["1", "False", "Soon."]
    [published] = reader.house.published(MESSAGE_RECEIVED, f"order-{reader.http}-3")
    assert published.message.text == "I still wait for my refund."


async def test_the_event_for_kafka_is_one_that_the_door_takes() -> None:
    [code] = examples("KafkaProducer")
    [event, *_] = [
        ast.literal_eval(each.value)
        for each in ast.parse(code).body
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Dict)
    ]
    read = read_event(event, NOW)
    assert read.id == "3001"


async def test_no_example_is_left_out() -> None:
    assert [language for language, _ in EXAMPLES] == ["sh"] * 5 + ["python"] * 3 + ["sh"] * 3


async def test_every_reason_is_in_the_table() -> None:
    rows = re.findall(r"^\| (\d{3}) \| (?:`(\w+)`|–) \| `(\w+)` \|", PAGE, re.MULTILINE)
    listed = {(int(status), code): grpc for status, grpc, code in rows}
    of_events = {
        reason
        for reason in Reason
        if reason not in (Reason.NOT_FOUND, Reason.METHOD, Reason.FAULT, Reason.FORBIDDEN_ORIGIN)
    }
    assert listed.keys() == {(reason.http, reason.code) for reason in of_events}
    for reason in of_events:
        assert listed[reason.http, reason.code] in (reason.grpc, "")
