"""uvicorn as a part of a service: it shares the event loop, and signals are not its business."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn

from services.common.tls import ours


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class HttpServer:
    """Serves an ASGI application on `host:port`: over HTTPS with the certificate of the process,
    if it has one. `frame_bytes`: the largest WebSocket frame."""

    def __init__(self, app: Any, host: str, port: int, *, frame_bytes: int = 1024 * 1024) -> None:
        tls = ours()
        self._config = uvicorn.Config(
            app,
            ssl_certfile=tls.certfile if tls else None,
            ssl_keyfile=tls.keyfile if tls else None,
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            ws_max_size=frame_bytes,
            ws_ping_interval=20,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=5,
            lifespan="off",
        )
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None
        self.port = port

    async def start(self) -> None:
        """Binds and serves; OSError when the port is taken."""
        bound = socket.create_server((self._config.host, self.port), backlog=2048)
        self.port = bound.getsockname()[1]
        self._server = _Server(self._config)
        self._task = asyncio.create_task(self._server.serve(sockets=[bound]), name="http")
        up = asyncio.create_task(self._server.up.wait())
        await asyncio.wait({up, self._task}, return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        if self._task.done():
            self._task.result()

    async def drain(self) -> None:
        """Takes no more connections and waits a little for the requests under way."""
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            await self._task

    def ready(self) -> bool:
        return self._server is not None and self._server.started and not self._server.should_exit
