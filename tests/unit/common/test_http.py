"""The HTTP server of a process with a certificate."""

import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from services.cli.certificates import make_certificates, tls_of
from services.common import tls
from services.common.http import HttpServer


@pytest.fixture
def certificates(tmp_path: Path) -> Iterator[Path]:
    make_certificates(tmp_path, ["desk"])
    tls.use(tls_of(tmp_path, "desk"))
    yield tmp_path
    tls.use(None)


def test_it_speaks_https_and_nothing_else(certificates: Path) -> None:
    async def story() -> None:
        app = Starlette(routes=[Route("/", lambda request: PlainTextResponse(request.url.scheme))])
        server = HttpServer(app, "127.0.0.1", 0)
        await server.start()
        trusting = ssl.create_default_context(cafile=certificates / "ca.pem")
        async with httpx.AsyncClient(verify=trusting) as client:
            answer = await client.get(f"https://localhost:{server.port}/")
            assert answer.text == "https"
            with pytest.raises(httpx.TransportError):
                await client.get(f"http://localhost:{server.port}/")
        async with httpx.AsyncClient() as stranger:
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                await stranger.get(f"https://localhost:{server.port}/")
        await server.drain()

    asyncio.run(asyncio.wait_for(story(), 30))
