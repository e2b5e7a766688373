"""Lines that are typed while other lines arrive."""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator


async def typed_lines() -> AsyncIterator[str]:
    """Lines of stdin as they are entered, without their ends; ends with the input.

    A thread of its own reads: a blocking read must not keep what arrives from being shown.
    """
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str | None] = asyncio.Queue()

    def tell(line: str | None) -> None:
        try:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        except RuntimeError:
            return  # the conversation ended first

    def read() -> None:
        for line in sys.stdin:
            tell(line.rstrip("\r\n"))
        tell(None)

    threading.Thread(target=read, name="stdin", daemon=True).start()
    while (line := await lines.get()) is not None:
        yield line


def is_terminal() -> bool:
    """Whether a person types and looks."""
    return sys.stdin.isatty() and sys.stdout.isatty()
