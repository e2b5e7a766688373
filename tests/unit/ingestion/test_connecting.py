"""Where webhooks may go: the open internet, whatever a name says and whenever it says it."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from services.ingestion.webhooks.connecting import Guard, Line, Refused, Unreached, is_public

pytestmark = pytest.mark.anyio
PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.0.0.7",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
    ],
)
def test_what_is_not_the_open_internet_is_told_apart(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", [PUBLIC, "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_the_open_internet_is_open(address: str) -> None:
    assert is_public(address)


def naming(*answers: list[str]) -> Guard:
    """A guard whose names resolve to these, one after the other."""
    given = iter(answers)

    async def resolver(host: str, port: int) -> list[str]:
        return next(given)

    return Guard(resolver=resolver)


@pytest.mark.parametrize(
    "url",
    [
        "http://receiver.example/hook",
        "http://127.0.0.1/hook",
        "https://127.0.0.1/hook",
        "https://localhost/hook",
        "https://[::1]/hook",
        "https://[::ffff:127.0.0.1]/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://127.1/",
        "https://10.0.0.7:8443/",
        "https://no-such-name.invalid/",
        "gopher://receiver.example/",
        "https://receiver.example:99999/",
        "https://rec\u0435iver.example/",
        "https://receiver.example/ x",
        "https://receiver.example/" + "x" * 2048,
    ],
)
async def test_a_subscription_may_not_have_such_a_url(url: str) -> None:
    with pytest.raises(Refused):
        await Guard().check(url)


async def test_all_addresses_of_a_name_count() -> None:
    await naming([PUBLIC]).check("https://receiver.example/hook")
    with pytest.raises(Refused):
        await naming([PUBLIC, "10.0.0.7"]).check("https://receiver.example/hook")
    with pytest.raises(Refused):
        await naming([]).check("https://receiver.example/hook")


async def test_in_development_this_machine_may_be_told_and_no_other_private_one() -> None:
    guard = Guard(allow_loopback=True)
    await guard.check("http://127.0.0.1:9/hook")
    for url in ("https://10.0.0.7/", "http://10.0.0.7/", "https://169.254.169.254/"):
        with pytest.raises(Refused):
            await guard.check(url)

    async def resolver(host: str, port: int) -> list[str]:
        return [PUBLIC]

    with pytest.raises(Refused):
        await Guard(allow_loopback=True, resolver=resolver).check("http://receiver.example/")


class Trap:
    """A server on this machine that nobody may reach."""

    def __init__(self) -> None:
        self.visits = 0
        self.port = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.visits += 1
            writer.close()

        self._server = await asyncio.start_server(visit, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()


@pytest.fixture
async def trap() -> AsyncIterator[Trap]:
    trap = Trap()
    await trap.start()
    yield trap
    await trap.stop()


async def test_a_name_that_resolves_to_something_else_by_then_leads_nowhere(trap: Trap) -> None:
    guard = naming([PUBLIC], ["127.0.0.1"], ["::ffff:127.0.0.1"])
    url = f"https://receiver.example:{trap.port}/hook"
    await guard.check(url)  # public when the subscription is made
    line = Line(guard)
    for _ in range(2):
        with pytest.raises(Unreached) as caught:
            await line.post(url, {}, b"{}")
        assert caught.value.code == "refused_address"
    assert trap.visits == 0
    await line.close()


async def test_the_address_that_was_checked_is_the_one_connected_to(
    trap: Trap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One look at the name for each connection: nothing resolves it a second time."""
    looked = []

    async def resolver(host: str, port: int) -> list[str]:
        looked.append(host)
        return ["127.0.0.1"]

    def nowhere(*arguments: object, **options: object) -> None:
        raise AssertionError("looked up again")

    line = Line(Guard(allow_loopback=True, resolver=resolver))
    real = socket.getaddrinfo

    def only_numbers(host: str | bytes | None, *arguments: object, **options: object) -> object:
        if host in ("127.0.0.1", b"127.0.0.1"):
            return real(host, *arguments, **options)  # type: ignore[arg-type]
        return nowhere()

    monkeypatch.setattr(socket, "getaddrinfo", only_numbers)
    with pytest.raises(Unreached):
        await line.post(f"http://receiver.example:{trap.port}/hook", {}, b"{}")
    assert looked == ["receiver.example"]
    assert trap.visits == 1
    await line.close()


async def test_a_certificate_of_nobody_known_is_not_trusted(trap: Trap) -> None:
    line = Line(Guard(allow_loopback=True))
    with pytest.raises(Unreached) as caught:
        await line.post(f"https://127.0.0.1:{trap.port}/hook", {}, b"{}")
    assert caught.value.code == "not_connected"
    await line.close()
