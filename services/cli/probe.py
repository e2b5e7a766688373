"""Asks a service's admin port how it is."""

import http.client

from services.cli.ports import LOOPBACK


def is_ready(port: int, *, timeout: float = 1.0) -> bool:
    """Whether /readyz on this port of the loopback address answers 200."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=timeout)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
