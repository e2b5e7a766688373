"""Rejections as HTTP says them: application/problem+json (RFC 9457)."""

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from services.common.failures import Transient
from services.common.logs import logger
from services.ingestion.rejections import Reason, Rejected, Violation

log = logger(__name__)

MEDIA_TYPE = "application/problem+json"
_BY_STATUS = {404: Reason.NOT_FOUND, 405: Reason.METHOD}


class FieldError(BaseModel):
    """One field and what is wrong with it."""

    field: str = Field(description="Such as data.text; empty for the body as a whole.")
    detail: str


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it."""

    type: str = Field(description="urn:rapport:problem:… ; stable, to branch on.")
    title: str
    status: int
    detail: str
    errors: list[FieldError]
    retry_after: int | None = Field(default=None, description="Seconds, as in Retry-After.")
    results: list[dict[str, Any]] | None = Field(
        default=None, description="Of a batch: what became of each event, in order."
    )


def as_problem(rejected: Rejected) -> dict[str, Any]:
    """The members of the problem."""
    reason = rejected.reason
    problem: dict[str, Any] = {
        "type": f"urn:rapport:problem:{reason.code}",
        "title": reason.title,
        "status": reason.http,
        "detail": rejected.detail or reason.title,
        "errors": [{"field": v.field, "detail": v.detail} for v in rejected.violations],
    }
    if rejected.retry_after is not None:
        problem["retry_after"] = rejected.retry_after
    return problem


def problem_response(
    rejected: Rejected, *, headers: Mapping[str, str] | None = None, **members: Any
) -> Response:
    """The response; `members` are added to the problem."""
    sent = dict(headers or {})
    if rejected.reason is Reason.UNAUTHENTICATED:
        sent["WWW-Authenticate"] = "Bearer"
    if rejected.retry_after is not None:
        sent["Retry-After"] = str(rejected.retry_after)
    return Response(
        orjson.dumps(as_problem(rejected) | members),
        status_code=rejected.reason.http,
        media_type=MEDIA_TYPE,
        headers=sent,
    )


def install(app: FastAPI) -> None:
    """Every error of the application becomes a problem."""

    @app.exception_handler(Rejected)
    async def on_rejected(request: Request, error: Rejected) -> Response:
        return problem_response(error)

    @app.exception_handler(RequestValidationError)
    async def on_bad_parameter(request: Request, error: RequestValidationError) -> Response:
        return problem_response(
            Rejected(
                Reason.INVALID,
                *[Violation(str(e["loc"][-1]), e["msg"]) for e in error.errors()],
            )
        )

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> Response:
        reason = _BY_STATUS.get(error.status_code, Reason.INVALID)
        return problem_response(Rejected(reason), headers=error.headers)

    @app.exception_handler(Transient)
    async def on_outage(request: Request, error: Transient) -> Response:
        log.warning("not_answered", reason=error.reason)
        return problem_response(Rejected(Reason.UNAVAILABLE, retry_after=2))

    @app.exception_handler(ClientDisconnect)
    async def on_gone(request: Request, error: ClientDisconnect) -> Response:
        return problem_response(Rejected(Reason.INVALID, detail="the body did not arrive"))

    @app.exception_handler(Exception)
    async def on_fault(request: Request, error: Exception) -> Response:
        log.error("request_failed", error=type(error).__name__, path=request.url.path[:64])
        return problem_response(Rejected(Reason.FAULT))
