"""Who may call what, over real connections with real certificates."""

import asyncio
import pkgutil
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

import rapport.v1
from rapport.v1 import conversation_pb2, conversation_pb2_grpc, services_pb2, services_pb2_grpc
from services.cli.certificates import make_certificates, tls_of
from services.common.callers import CALLERS, permits
from services.common.rpc import GrpcServer, channel
from services.common.tls import Tls, caller_of

NAMES = ("server", "ingestion", "emotion", "desk", "operator", "system-shop")
DENIED, AWAY = grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.UNAVAILABLE


class Reveals(services_pb2_grpc.RedactionServiceServicer):
    async def Reveal(self, request: Any, context: Any) -> services_pb2.RevealResponse:
        return services_pb2.RevealResponse(text=caller_of(context))


class Offers(conversation_pb2_grpc.RoutingServiceServicer):
    async def WatchAssignments(self, request: Any, context: Any) -> AsyncIterator[Any]:
        assignment = conversation_pb2.Assignment(conversation_id=caller_of(context))
        yield conversation_pb2.WatchAssignmentsResponse(assignment=assignment)


class Chat(services_pb2_grpc.ChatServiceServicer):
    async def Converse(self, request_iterator: Any, context: Any) -> AsyncIterator[Any]:
        async for _ in request_iterator:
            accepted = services_pb2.PublishResponse(event_id=caller_of(context))
            yield services_pb2.ConverseResponse(accepted=accepted)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    make_certificates(folder, NAMES)
    make_certificates(folder / "another", ["ingestion"])
    return folder


class Connect:
    """Connects to one address: as somebody, with any identity, or with none."""

    def __init__(self, address: str, certificates: Path) -> None:
        self.address = address
        self._certificates = certificates
        self.opened: list[grpc.aio.Channel] = []

    def __call__(self, name: str = "", tls: Tls | None = None) -> grpc.aio.Channel:
        known = tls_of(self._certificates, name) if name else tls
        self.opened.append(channel(self.address, tls=known))
        return self.opened[-1]


Story = Callable[[Connect], Awaitable[None]]


def served(certificates: Path, story: Story) -> None:
    """Runs a story with a way to connect to a server of three services."""

    async def serve() -> None:
        server = GrpcServer(
            "test",
            "127.0.0.1",
            0,
            [
                (
                    services_pb2_grpc.add_RedactionServiceServicer_to_server,
                    Reveals(),
                    "rapport.v1.RedactionService",
                ),
                (
                    conversation_pb2_grpc.add_RoutingServiceServicer_to_server,
                    Offers(),
                    "rapport.v1.RoutingService",
                ),
                (
                    services_pb2_grpc.add_ChatServiceServicer_to_server,
                    Chat(),
                    "rapport.v1.ChatService",
                ),
            ],
            tls=tls_of(certificates, "server"),
        )
        await server.start()
        connect = Connect(f"127.0.0.1:{server.port}", certificates)
        try:
            await story(connect)
        finally:
            for each in connect.opened:
                await each.close()
            await server.drain()

    asyncio.run(asyncio.wait_for(serve(), 30))


async def reveal(link: grpc.aio.Channel) -> str:
    stub: Any = services_pb2_grpc.RedactionServiceStub(link)
    answer = await stub.Reveal(services_pb2.RevealRequest(), timeout=5)
    return str(answer.text)


async def watch(link: grpc.aio.Channel) -> list[str]:
    stub: Any = conversation_pb2_grpc.RoutingServiceStub(link)
    call = stub.WatchAssignments(conversation_pb2.WatchAssignmentsRequest(), timeout=5)
    return [each.assignment.conversation_id async for each in call]


async def converse(link: grpc.aio.Channel) -> str:
    stub: Any = services_pb2_grpc.ChatServiceStub(link)
    call = stub.Converse(timeout=5)
    await call.write(services_pb2.ConverseRequest())
    answer = await call.read()
    call.cancel()
    return str(answer.accepted.event_id)


async def refused(call: Awaitable[Any], code: grpc.StatusCode) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    assert caught.value.code() is code, caught.value.details()


def test_a_caller_who_may_is_known_by_the_name_in_the_certificate(certificates: Path) -> None:
    async def story(connect: Connect) -> None:
        assert await reveal(connect("ingestion")) == "ingestion"
        assert await watch(connect("desk")) == ["desk"]
        assert await converse(connect("system-shop")) == "system-shop"

    served(certificates, story)


def test_the_right_certificate_for_the_wrong_method_is_refused(certificates: Path) -> None:
    async def story(connect: Connect) -> None:
        for name in ("emotion", "desk", "operator", "system-shop", "server"):
            await refused(reveal(connect(name)), DENIED)
        for name in ("ingestion", "emotion", "system-shop"):
            await refused(watch(connect(name)), DENIED)
        await refused(converse(connect("emotion")), DENIED)

    served(certificates, story)


def test_nobody_gets_through_without_a_certificate_or_with_one_of_another_ca(
    certificates: Path,
) -> None:
    other = certificates / "another"

    async def story(connect: Connect) -> None:
        await refused(reveal(connect()), AWAY)  # plain text
        forged = Tls(certificates / "ca.pem", other / "ingestion.pem", other / "ingestion.key")
        await refused(reveal(connect(tls=forged)), AWAY)
        # A client, for its part, does not speak to a server of another CA.
        careful = Tls(other / "ca.pem", other / "ingestion.pem", other / "ingestion.key")
        await refused(reveal(connect(tls=careful)), AWAY)

    served(certificates, story)


def test_tls_without_a_certificate_of_ones_own_is_refused(certificates: Path) -> None:
    async def story(connect: Connect) -> None:
        anonymous = grpc.ssl_channel_credentials((certificates / "ca.pem").read_bytes())
        async with grpc.aio.secure_channel(connect.address, anonymous) as link:
            await refused(reveal(link), AWAY)

    served(certificates, story)


def test_everybody_known_may_ask_for_health_and_the_operator_alone_for_what_there_is(
    certificates: Path,
) -> None:
    async def ask(link: grpc.aio.Channel) -> bytes:
        stub: Any = reflection_pb2_grpc.ServerReflectionStub(link)
        call = stub.ServerReflectionInfo(timeout=5)
        await call.write(reflection_pb2.ServerReflectionRequest(list_services=""))
        answer = await call.read()
        call.cancel()
        return bytes(answer.SerializeToString())

    async def story(connect: Connect) -> None:
        health: Any = health_pb2_grpc.HealthStub(connect("emotion"))
        answer = await health.Check(health_pb2.HealthCheckRequest(), timeout=5)
        assert answer.status == health_pb2.HealthCheckResponse.SERVING
        await refused(ask(connect("emotion")), DENIED)
        assert b"RedactionService" in await ask(connect("operator"))

    served(certificates, story)


def test_reveal_is_for_ingestion_alone() -> None:
    method = "/rapport.v1.RedactionService/Reveal"
    assert CALLERS[method.removeprefix("/")] == ("ingestion",)
    assert permits(method, "ingestion")
    for caller in ("", "ingestion2", "system-ingestion", "desk", "operator", "redaction"):
        assert not permits(method, caller)


def test_a_method_that_is_not_declared_is_for_nobody() -> None:
    assert not permits("/rapport.v1.RedactionService/Dump", "ingestion")
    assert not permits("/rapport.v1.ChatService/Publish", "")


def test_every_method_of_every_service_is_declared_and_none_that_there_is_not() -> None:
    methods = set()
    for module in pkgutil.iter_modules(rapport.v1.__path__):
        if module.name.endswith("_pb2"):
            descriptor = import_module(f"rapport.v1.{module.name}").DESCRIPTOR
            for service in descriptor.services_by_name.values():
                methods |= {f"{service.full_name}/{method.name}" for method in service.methods}
    assert {method for method in CALLERS if not method.startswith("grpc.")} == methods
