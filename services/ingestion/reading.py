"""Reads bodies of requests, no further than they may be long."""

from fastapi import Request

from services.ingestion.cloudevents import too_large


async def read_body(request: Request, limit: int) -> bytes:
    """The body, read no further than its limit in bytes."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise too_large(limit)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise too_large(limit)
    return bytes(body)
