"""Why the door turns something away: one list of reasons for every way in.

A rejection holds field names and plain words, never a value that a customer or a system sent.
"""

from dataclasses import dataclass
from enum import Enum


class Reason(Enum):
    """(code, title, HTTP status, gRPC status, worth another try with the same bytes)."""

    INVALID = ("invalid_event", "The event is not valid", 400, "INVALID_ARGUMENT", False)
    UNAUTHENTICATED = (
        "unauthenticated",
        "The door does not know you",
        401,
        "UNAUTHENTICATED",
        False,
    )
    FORBIDDEN = ("forbidden", "The key does not allow this", 403, "PERMISSION_DENIED", False)
    FORBIDDEN_ORIGIN = (
        "forbidden_origin",
        "Pages of this origin may not talk to the door",
        403,
        "PERMISSION_DENIED",
        False,
    )
    FORBIDDEN_URL = (
        "forbidden_url",
        "The door does not connect there",
        403,
        "PERMISSION_DENIED",
        False,
    )
    NOT_FOUND = ("not_found", "There is no such thing here", 404, "NOT_FOUND", False)
    METHOD = (
        "method_not_allowed",
        "This method is not supported here",
        405,
        "UNIMPLEMENTED",
        False,
    )
    ID_CONFLICT = (
        "id_conflict",
        "Another event with this source and id was accepted before",
        409,
        "ALREADY_EXISTS",
        False,
    )
    UNKNOWN_CONVERSATION = (
        "unknown_conversation",
        "Nothing was ever said in this conversation",
        409,
        "FAILED_PRECONDITION",
        False,
    )
    OTHER_CUSTOMER = (
        "other_customer",
        "The conversation belongs to another customer",
        409,
        "FAILED_PRECONDITION",
        False,
    )
    ERASED_CONVERSATION = (
        "erased_conversation",
        "This conversation was erased; begin another one",
        409,
        "FAILED_PRECONDITION",
        False,
    )
    TOO_MANY = (
        "too_many",
        "The tenant has as many of these as it may have",
        409,
        "FAILED_PRECONDITION",
        False,
    )
    OPTED_OUT = (
        "opted_out",
        "The customer does not want to be contacted",
        409,
        "FAILED_PRECONDITION",
        False,
    )
    TOO_LARGE = ("too_large", "The request is too large", 413, "INVALID_ARGUMENT", False)
    MEDIA_TYPE = (
        "unsupported_media_type",
        "The content type is not one of a CloudEvent",
        415,
        "INVALID_ARGUMENT",
        False,
    )
    BUSY = ("busy", "Too many events are on their way", 429, "RESOURCE_EXHAUSTED", True)
    RATE_LIMITED = (
        "rate_limited",
        "More events than the tenant may send",
        429,
        "RESOURCE_EXHAUSTED",
        True,
    )
    FAULT = ("internal_fault", "The door failed", 500, "INTERNAL", False)
    UNAVAILABLE = ("unavailable", "The door cannot publish now", 503, "UNAVAILABLE", True)

    def __init__(self, code: str, title: str, http: int, grpc: str, transient: bool) -> None:
        self.code = code
        self.title = title
        self.http = http
        self.grpc = grpc
        self.transient = transient


@dataclass(frozen=True, slots=True)
class Violation:
    """One field and what is wrong with it: `data.text`, "must not be empty"."""

    field: str
    detail: str

    def under(self, prefix: str) -> "Violation":
        """The same violation of an event that is a part of something: `[3].data.text`."""
        return Violation(f"{prefix}.{self.field}" if self.field else prefix, self.detail)


class Rejected(Exception):
    """The door does not accept this. `retry_after` is in seconds, for the transient reasons."""

    def __init__(
        self,
        reason: Reason,
        *violations: Violation,
        detail: str = "",
        retry_after: int | None = None,
    ) -> None:
        super().__init__(reason.code)
        self.reason = reason
        self.violations = violations
        self.detail = detail or "; ".join(
            f"{v.field} {v.detail}" if v.field else v.detail for v in violations
        )
        self.retry_after = retry_after

    def renamed(self, prefix: str, by: str) -> "Rejected":
        """The same with fields under another name: `data.text` is `message.text` over gRPC."""
        violations = [
            Violation(by + v.field.removeprefix(prefix), v.detail)
            if v.field.startswith(prefix)
            else v
            for v in self.violations
        ]
        return Rejected(self.reason, *violations, retry_after=self.retry_after)


def invalid(field: str, detail: str) -> Rejected:
    """One field is wrong."""
    return Rejected(Reason.INVALID, Violation(field, detail))
