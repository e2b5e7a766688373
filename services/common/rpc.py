"""gRPC: a server with health, reflection and a deadline on every call; a channel for clients."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from functools import partial
from typing import Any, NoReturn, TypeVar

import grpc
from google.protobuf.message import DecodeError
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1._async import HealthServicer
from grpc_reflection.v1alpha import reflection

from services.common import metrics
from services.common.callers import permits
from services.common.failures import Transient
from services.common.logs import logger
from services.common.tls import Tls, caller_of, ours

log = logger(__name__)

LONGEST_CALL_SECONDS = 30.0
MESSAGE_BYTES = 1024 * 1024
DOMAIN = "rapport"
Registration = tuple[Callable[[Any, grpc.aio.Server], None], Any, str]
Context = grpc.aio.ServicerContext[Any, Any]
F = TypeVar("F", bound=Callable[..., Any])


async def refuse(context: Context, field: str, detail: str, *, reason: str = "") -> NoReturn:
    """Ends a call with INVALID_ARGUMENT, the field and the reason also in google.rpc.BadRequest,
    and in google.rpc.ErrorInfo where there is a code for it."""
    message = f"{field}: {detail}" if field else detail
    status = status_pb2.Status(code=code_pb2.INVALID_ARGUMENT, message=message)
    violation = error_details_pb2.BadRequest.FieldViolation(field=field, description=detail)
    status.details.add().Pack(error_details_pb2.BadRequest(field_violations=[violation]))
    if reason:
        status.details.add().Pack(error_details_pb2.ErrorInfo(reason=reason, domain=DOMAIN))
    metadata = (("grpc-status-details-bin", status.SerializeToString()),)
    await context.abort(grpc.StatusCode.INVALID_ARGUMENT, message, metadata)
    raise AssertionError("abort raises")


def hears_undecodable(method: F) -> F:
    """Marks a method that takes a stream and goes on after a request that is no protobuf: it gets
    None in its place. Any other stream ends there."""
    method.hears_undecodable = True  # type: ignore[attr-defined]
    return method


async def _refuse_undecodable(context: Context) -> NoReturn:
    await refuse(context, "", "the request must be protobuf in valid UTF-8", reason="UNDECODABLE")


def _or_none(deserialize: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """None for bytes that are no such message: gRPC itself would answer UNKNOWN."""

    def decoded(data: bytes) -> Any:
        try:
            return deserialize(data)
        except DecodeError:
            return None

    return decoded


async def _decoded(requests: AsyncIterator[Any], context: Context) -> AsyncIterator[Any]:
    async for request in requests:
        if request is None:
            await _refuse_undecodable(context)
        yield request


def _streaming(handler: Any, admit: Callable[[Context], Awaitable[None]]) -> Any:
    """A handler that answers in a stream, and bytes that are no protobuf as all others do."""

    async def answer(request: Any, context: Context) -> AsyncIterator[Any]:
        await admit(context)
        if request is None:
            await _refuse_undecodable(context)
        async with aclosing(handler.unary_stream(request, context)) as responses:
            async for response in responses:
                yield response

    async def converse(requests: AsyncIterator[Any], context: Context) -> AsyncIterator[Any]:
        await admit(context)
        if not hasattr(handler.stream_stream, "hears_undecodable"):
            requests = _decoded(requests, context)
        async with aclosing(handler.stream_stream(requests, context)) as responses:
            async for response in responses:
                yield response

    decode, encode = _or_none(handler.request_deserializer), handler.response_serializer
    if handler.request_streaming:
        return grpc.stream_stream_rpc_method_handler(converse, decode, encode)
    return grpc.unary_stream_rpc_method_handler(answer, decode, encode)


class _Guard(grpc.aio.ServerInterceptor):
    """Times calls, refuses those of callers who may not, those without a deadline or that are no
    protobuf, and answers faults without their text."""

    def __init__(self, service: str, *, admits_all: bool) -> None:
        self._service = service
        self._admits_all = admits_all

    async def _admit(self, method: str, context: Context) -> None:
        caller = caller_of(context)
        if not self._admits_all and not permits(method, caller):
            log.warning("caller_refused", method=method, caller=caller)
            await context.abort(
                grpc.StatusCode.PERMISSION_DENIED, f"{caller or 'nobody'} may not call {method}"
            )

    async def intercept_service(self, continuation: Any, details: Any) -> Any:
        handler = await continuation(details)
        if handler is None:
            return None
        method = details.method.rsplit("/", 1)[-1]
        plumbing = details.method.startswith("/grpc.")
        admit = partial(self._admit, details.method)
        if handler.unary_unary is None:
            return handler if plumbing and self._admits_all else _streaming(handler, admit)
        inner = handler.unary_unary

        async def unary(request: Any, context: Context) -> Any:
            began = time.perf_counter()
            try:
                await admit(context)
                remaining = context.time_remaining()
                if not plumbing and (remaining is None or remaining > LONGEST_CALL_SECONDS):
                    await context.abort(
                        grpc.StatusCode.INVALID_ARGUMENT,
                        f"set a deadline of at most {LONGEST_CALL_SECONDS:.0f} s on every call",
                    )
                if request is None:
                    await _refuse_undecodable(context)
                return await inner(request, context)
            except grpc.aio.AbortError:
                raise
            except Transient as error:
                await context.abort(grpc.StatusCode.UNAVAILABLE, error.reason)
            except Exception as error:
                log.exception("call_failed", method=method, error=type(error).__name__)
                await context.abort(grpc.StatusCode.INTERNAL, "internal error; see the log")
            finally:
                code = context.code()
                name = code.name if isinstance(code, grpc.StatusCode) else "OK"
                metrics.GRPC_REQUESTS.labels(self._service, method, name).inc()
                elapsed = time.perf_counter() - began
                metrics.GRPC_SECONDS.labels(self._service, method).observe(elapsed)

        return grpc.unary_unary_rpc_method_handler(
            unary, _or_none(handler.request_deserializer), handler.response_serializer
        )


class GrpcServer:
    """A part of a service: serves the registered servicers on `host:port`.

    `registrations` are (add_XServicer_to_server, servicer, full name of the gRPC service). With an
    identity, `tls` or else the process's, callers show a certificate and may call what is declared
    in services/common/callers.py.
    """

    def __init__(
        self,
        service: str,
        host: str,
        port: int,
        registrations: Sequence[Registration],
        *,
        tls: Tls | None = None,
    ) -> None:
        self._service = service
        self._tls = tls
        self._address = f"{host}:{port}"
        self._registrations = registrations
        self._server: grpc.aio.Server | None = None
        self._health = HealthServicer()
        self.port = port

    async def start(self) -> None:
        """Binds and serves; OSError when the port is taken."""
        tls = self._tls or ours()
        server = grpc.aio.server(
            interceptors=[_Guard(self._service, admits_all=tls is None)],
            options=[
                ("grpc.max_receive_message_length", MESSAGE_BYTES),
                ("grpc.so_reuseport", 0),
            ],
        )
        names = [health_pb2.DESCRIPTOR.services_by_name["Health"].full_name]
        for add, servicer, name in self._registrations:
            add(servicer, server)
            names.append(name)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        reflection.enable_server_reflection([*names, reflection.SERVICE_NAME], server)
        try:
            if tls is None:
                self.port = server.add_insecure_port(self._address)
            else:
                self.port = server.add_secure_port(self._address, tls.server_credentials())
        except RuntimeError as error:
            raise OSError(f"cannot listen on {self._address}") from error
        await server.start()
        for name in ["", *names]:
            await self._health.set(name, health_pb2.HealthCheckResponse.SERVING)
        self._server = server

    def ready(self) -> bool:
        """Whether calls are answered."""
        return self._server is not None

    async def drain(self) -> None:
        """Refuses new calls and waits a little for those under way."""
        if self._server is not None:
            await self._health.enter_graceful_shutdown()
            await self._server.stop(grace=3)
            self._server = None


def channel(address: str, *, tls: Tls | None = None) -> grpc.aio.Channel:
    """An asyncio channel to a service of this platform, with `tls` or the process's identity."""
    tls = tls or ours()
    if tls is None:
        return grpc.aio.insecure_channel(address, options=_CLIENT_OPTIONS)
    return grpc.aio.secure_channel(address, tls.channel_credentials(), options=_CLIENT_OPTIONS)


def blocking_channel(address: str, *, tls: Tls | None = None) -> grpc.Channel:
    """A channel for code that runs in a thread, such as a consumer's handler."""
    tls = tls or ours()
    if tls is None:
        return grpc.insecure_channel(address, options=_CLIENT_OPTIONS)
    return grpc.secure_channel(address, tls.channel_credentials(), options=_CLIENT_OPTIONS)


_CLIENT_OPTIONS = [
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 2_000),
    ("grpc.max_receive_message_length", MESSAGE_BYTES),
]
