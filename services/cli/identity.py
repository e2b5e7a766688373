"""Who a command is to the services that it calls."""

import os
from collections.abc import Mapping
from pathlib import Path

from services.common.tls import Tls

FILES = ("RAPPORT_TLS_CAFILE", "RAPPORT_TLS_CERTFILE", "RAPPORT_TLS_KEYFILE")


def identity(environment: Mapping[str, str] = os.environ) -> Tls | None:
    """The certificate that the environment names; None: plain text, to services without one."""
    named = [Path(environment[name]) for name in FILES if environment.get(name)]
    if not named:
        return None
    if len(named) != len(FILES):
        raise SystemExit(f"{', '.join(FILES)} go together")
    return Tls(*named)
