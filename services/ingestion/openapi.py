"""What FastAPI cannot know of itself: bodies that the door reads in several modes."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from services.ingestion.cloudevents import BATCH_EVENTS
from services.ingestion.contract import (
    ConsentChangedEvent,
    ConversationEndedEvent,
    ErasureRequestedEvent,
    FeedbackGivenEvent,
    MessageSentEvent,
    NoteAddedEvent,
    PersonRequestedEvent,
)
from services.ingestion.problems import MEDIA_TYPE, Problem

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
BINARY = "application/json"

_SCHEMES = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key (`rapport keys create`), or a token of your identity provider.",
    }
}
_EVENTS: tuple[type[BaseModel], ...] = (
    MessageSentEvent,
    PersonRequestedEvent,
    ConversationEndedEvent,
    FeedbackGivenEvent,
    ErasureRequestedEvent,
    ConsentChangedEvent,
    NoteAddedEvent,
)
_REFERENCE = "#/components/schemas/{model}"


def _one_of(models: tuple[type[BaseModel], ...]) -> dict[str, Any]:
    return {"oneOf": [{"$ref": _REFERENCE.format(model=model.__name__)} for model in models]}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Responses of a route for these statuses, and for whatever else goes wrong."""
    content = {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(model="Problem")}}}
    meanings = {
        400: "The event or a parameter is not valid; `errors` names the fields",
        401: "No key or token, or one that does not work",
        403: "The key does not allow this",
        404: "There is no such thing",
        409: "The id was used with other content, or the conversation does not allow it",
        413: "Too large",
        415: "Not a content type of CloudEvents",
        429: "Too much at once; see Retry-After",
        503: "The door cannot publish now; see Retry-After",
    }
    retry = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds"}}
    found: dict[int | str, dict[str, Any]] = {}
    for status in statuses:
        found[status] = {"description": meanings[status], "content": content}
        if status in (429, 503):
            found[status]["headers"] = retry
    return found | {"default": {"description": "Any other problem", "content": content}}


# OpenAPI has no words for headers that belong to one content type: binary mode is told in prose.
EVENTS_DESCRIPTION = """
Three modes of CloudEvents 1.0, by the content type:

- `application/cloudevents+json`: one event, at most 64 KiB.
- `application/cloudevents-batch+json`: at most 100 events and 1 MiB. All must be valid, or none is
  taken; those of one conversation are taken in their order. Where some are refused otherwise,
  `results` of the problem says what became of each.
- `application/json` with the headers `ce-specversion`, `ce-id`, `ce-source` and `ce-type` (and
  `ce-time`, `ce-subject`, `ce-traceparent` where wanted; values are percent-encoded UTF-8): binary
  mode, the body is the event's `data`.

The answer comes once the event is stored for good. `(source, id)` happens once: the same event
again is 202 with `repeated`, other content under it is 409. When it was sent does not count as
content. Ids and attributes pass on unredacted, so plain personal data in them is refused.
"""

EVENTS_REQUEST: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            STRUCTURED: {"schema": _one_of(_EVENTS)},
            BATCH: {
                "schema": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": BATCH_EVENTS,
                    "items": _one_of(_EVENTS),
                }
            },
        },
    },
}


def install(app: FastAPI) -> None:
    """Adds the schemas of events to the application's OpenAPI document."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
            )
            models: tuple[type[BaseModel], ...] = (*_EVENTS, Problem)
            _, definitions = models_json_schema(
                [(model, "validation") for model in models],
                ref_template=_REFERENCE,
            )
            schemas = made.setdefault("components", {}).setdefault("schemas", {})
            schemas |= definitions["$defs"]
            made["components"]["securitySchemes"] = _SCHEMES
            # None at all: a door on loopback may be open.
            made["security"] = [{"key": []}, {}]
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]
