"""Which pages may talk to the door from a browser.

Browsers let any page open a WebSocket to anywhere, and tell the door where the page is from. A page
of the door's own address may; any other only where it is named. There is no name for all pages.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

_ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")
_LABELS = r"[a-z0-9-]+(\.[a-z0-9-]+)*\."


def checked_origin(origin: str) -> str:
    """An origin as browsers write it; ValueError with what is wrong.

    `https://shop.example`, `http://localhost:3000`, or `https://*.shop.example` for all names under
    one. Anything else would never match, or match what nobody meant.
    """
    origin = origin.strip().lower()
    if not _ORIGIN.fullmatch(origin):
        raise ValueError(
            f"{origin!r} is not an origin: write scheme, host and port as in https://shop.example, "
            "without a path; https://*.shop.example stands for every name under shop.example"
        )
    return origin


class Origins:
    """Decides by the headers `Origin` and `Host` of a request."""

    def __init__(self, named: Sequence[str] = ()) -> None:
        patterns = [re.escape(checked_origin(each)).replace(r"\*\.", _LABELS) for each in named]
        self.pattern = "|".join(patterns)

    def allows(self, origin: str | None, host: str | None) -> bool:
        """Whether a page of `origin` may talk to the door at `host`. Who sends no origin is no
        browser."""
        if origin is None or urlsplit(origin).netloc == host:
            return True
        return bool(self.pattern) and re.fullmatch(self.pattern, origin) is not None
