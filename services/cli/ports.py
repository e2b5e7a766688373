"""Which ports the platform listens on: the planned ones, or free ones where they are taken."""

import random
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback address now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: a connection that lingers from an earlier run takes no port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port(taken: Iterable[int] = (), *, free: Callable[[int], bool] = is_free) -> int:
    """A free port that is not in `taken`, outside the range that outgoing connections use."""
    lowest_outgoing = 32_768
    with suppress(OSError, ValueError):
        text = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text()
        lowest_outgoing = int(text.split()[0])
    first, last = (15_000, lowest_outgoing) if lowest_outgoing > 16_000 else (61_000, 65_500)
    reserved = set(taken)
    for port in random.sample(range(first, last), min(500, last - first)):
        if port not in reserved and free(port):
            return port
    raise RuntimeError(f"no free port between {first} and {last}")


def choose(
    plan: dict[str, int], *, fixed: bool, free: Callable[[int], bool] = is_free
) -> tuple[dict[str, int], dict[str, int]]:
    """A port for each name of `plan`.

    `fixed` keeps the planned ports that are free; otherwise every port is picked. The second
    result names the planned ports that were taken.
    """
    chosen: dict[str, int] = {}
    moved: dict[str, int] = {}
    for name, planned in plan.items():
        if fixed and planned not in chosen.values() and free(planned):
            chosen[name] = planned
            continue
        if fixed:
            moved[name] = planned
        chosen[name] = free_port({*chosen.values(), *plan.values()}, free=free)
    return chosen, moved
