"""Says whether the service in this container is live; the image's HEALTHCHECK.

Asks /livez on the admin port of the environment (RAPPORT_<SERVICE>_ADMIN_PORT), or on each of the
default ports: a container runs one service, so one of them answers. Standard library alone, since
it starts every few seconds.
"""

import http.client
import os
import sys
from collections.abc import Mapping, Sequence

DEFAULT_PORTS = range(9101, 9109)


def ports(environment: Mapping[str, str]) -> Sequence[int]:
    """The admin ports to ask."""
    named = [
        int(value)
        for name, value in environment.items()
        if name.startswith("RAPPORT_") and name.endswith("_ADMIN_PORT") and value.isdigit()
    ]
    return named or DEFAULT_PORTS


def live(port: int) -> bool:
    """Whether /livez on this machine's `port` answers 200 within two seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if any(live(port) for port in ports(os.environ)) else 1)
