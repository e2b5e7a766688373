"""Whose address it is. Imports nothing heavy: the command line asks too."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether nobody else's machine reaches a server that listens there."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
