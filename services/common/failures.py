"""What can go wrong with one event, as types. The loop decides by type, never by message.

A bad message harms itself alone (`Unprocessable`); an outage is not a bad message (`Transient`).
"""


class Unprocessable(Exception):
    """This event can never be handled: dead letter at once.

    `reason` is a code for headers, logs and metrics ("undecodable", "missing_ref"). It never
    holds a customer's text.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Transient(Exception):
    """The world is not ready (database away, peer unavailable): try the same batch again.

    After the bounded backoff the process exits without committing, so nothing is lost.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Fenced(Transient):
    """Another replica handled these conversations meanwhile: look at the stored state again."""

    def __init__(self) -> None:
        super().__init__("fenced")


class BreakerTripped(Exception):
    """Too many dead letters in a row: the fault is more likely here than in the messages."""
