"""What other systems may send, from the door's own models: JSON schemas and a table for people.

The models live in services/ingestion/contract.py. They are loaded by name: the common code knows
no service.
"""

import importlib
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from services.common.documents.catalogue import table

Schema = dict[str, Any]

# The name of a model's schema within the document; the door and the protos share some names.
_REFERENCE = "#/components/schemas/Door.{model}"


def door_models() -> dict[str, type[BaseModel]]:
    """The model of each event type that the door takes."""
    models: dict[str, type[BaseModel]] = importlib.import_module(
        "services.ingestion.contract"
    ).MODELS
    return models


def inbound_schemas() -> tuple[Schema, dict[str, Schema]]:
    """The schema of any inbound event, and the schemas it refers to by name."""
    models = list(door_models().values())
    _, found = models_json_schema(
        [(model, "validation") for model in models], ref_template=_REFERENCE
    )
    inbound = {
        "description": "CloudEvents 1.0 in structured JSON; (source, id) is idempotent.",
        "oneOf": [{"$ref": _REFERENCE.format(model=model.__name__)} for model in models],
    }
    return inbound, {f"Door.{name}": schema for name, schema in found["$defs"].items()}


def door_types() -> str:
    """One section for each event type: the fields of its `data`."""
    parts = []
    for kind, model in door_models().items():
        data = model.model_fields["data"].annotation
        assert isinstance(data, type)
        assert issubclass(data, BaseModel)
        schema = data.model_json_schema()
        required = schema.get("required", [])
        rows = [
            [
                f"`{name}`",
                _type(schema, field),
                "yes" if name in required else "",
                _meaning(schema, field),
            ]
            for name, field in schema["properties"].items()
        ]
        parts.append(f"### `{kind}`\n\n{schema.get('description', '')}")
        parts.append(table(["field", "type", "required", "meaning"], rows))
    return "\n\n".join(parts)


def _variants(schema: Schema, field: Schema) -> list[Schema]:
    """What a field may be, without null, its references followed."""
    kinds = [each for each in field.get("anyOf", [field]) if each.get("type") != "null"]
    return [
        schema["$defs"][kind["$ref"].rsplit("/", 1)[-1]] if "$ref" in kind else kind
        for kind in kinds
    ]


def _type(schema: Schema, field: Schema) -> str:
    words = []
    for kind in _variants(schema, field):
        if "enum" in kind:
            words.append(", ".join(f"`{value}`" for value in kind["enum"]))
        elif kind.get("format") == "date-time":
            words.append("date-time")
        elif kind.get("type") == "object":
            words.append("object of texts")
        else:
            words.append({"string": "text"}.get(kind["type"], str(kind["type"])))
    return " or ".join(words)


def _meaning(schema: Schema, field: Schema) -> str:
    kinds = _variants(schema, field)
    words = field.get("description") or " ".join(kind.get("description", "") for kind in kinds)
    longest = [kind["maxLength"] for kind in kinds if "maxLength" in kind]
    return f"{words} At most {longest[0]:,} characters.".strip() if longest else words
