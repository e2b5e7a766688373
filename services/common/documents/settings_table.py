"""Markdown tables of every setting, from the settings classes themselves."""

import importlib
import inspect
import json
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from services.common.documents.catalogue import table
from services.common.settings import ServiceSettings

EACH = "RAPPORT_<SERVICE>_"
SERVICES = Path(__file__).resolve().parents[2]


def settings_classes() -> dict[str, type[BaseSettings]]:
    """The settings class of each service by the service's name.

    They are found by their place, services/<name>/settings.py, and loaded by name: the common
    code knows no service.
    """
    found: dict[str, type[BaseSettings]] = {}
    for path in sorted(SERVICES.glob("*/settings.py")):
        name = path.parent.name
        if name == "common":
            continue
        module = importlib.import_module(f"services.{name}.settings")
        classes = [
            value
            for value in vars(module).values()
            if inspect.isclass(value)
            and issubclass(value, BaseSettings)
            and value.__module__ == module.__name__
        ]
        if len(classes) != 1:
            raise RuntimeError(f"services/{name}/settings.py declares {len(classes)} settings")
        found[name] = classes[0]
    return found


def environment_names(settings: type[BaseSettings]) -> dict[str, str]:
    """The environment variable of each field of a settings class."""
    prefix = str(settings.model_config.get("env_prefix") or "")
    names = {}
    for name, field in settings.model_fields.items():
        alias = field.validation_alias
        names[name] = alias if isinstance(alias, str) else f"{prefix}{name}".upper()
    return names


def settings_tables() -> str:
    """The shared settings once, then what each service adds or sets otherwise."""
    shared = ServiceSettings.model_fields
    usual = [name for name, field in shared.items() if isinstance(field.validation_alias, str)]
    others = [name for name in shared if name not in usual]
    parts = ["## Shared by all services", _rows(ServiceSettings, usual)]
    parts += ["## Of each service, under its own name", _rows(ServiceSettings, others, EACH)]
    for service, settings in settings_classes().items():
        own = [
            name
            for name, field in settings.model_fields.items()
            if name not in shared or field.default != shared[name].default
        ]
        parts += [f"## {service}", _rows(settings, own)]
    return "\n\n".join(parts)


def _rows(settings: type[BaseSettings], names: list[str], prefix: str = "") -> str:
    variables = environment_names(settings)
    rows = [
        [
            f"`{prefix}{variables[name]}`",
            _type_words(field.annotation),
            _default(field),
            _meaning(field),
        ]
        for name, field in settings.model_fields.items()
        if name in names
    ]
    return table(["variable", "type", "default", "meaning"], rows)


def _meaning(field: FieldInfo) -> str:
    limits = [
        f"{word} {getattr(limit, name)}"
        for limit in field.metadata
        for name, word in (("ge", "at least"), ("gt", "over"), ("le", "at most"), ("lt", "under"))
        if getattr(limit, name, None) is not None
    ]
    text = field.description or ""
    return f"{text} ({', '.join(limits)})" if limits else text


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=False)
    if value is PydanticUndefined or field.default_factory is not None:
        return "required" if field.is_required() else "computed"
    if isinstance(value, SecretStr):
        return "secret" if value.get_secret_value() else "none"
    if value is None or value in ("", (), []):
        return "none"
    if isinstance(value, list):
        value = json.dumps(value)
    if isinstance(value, Path) and value.is_relative_to(SERVICES.parent):
        value = value.relative_to(SERVICES.parent)
    return f"`{str(value).lower()}`" if isinstance(value, bool) else f"`{value}`"


def _type_words(annotation: Any) -> str:
    arguments = [part for part in get_args(annotation) if part is not type(None)]
    if get_origin(annotation) in (tuple, list):
        return f"list of {_type_words(arguments[0])}"
    if get_origin(annotation) is not None and all(isinstance(part, str) for part in arguments):
        return " or ".join(f"`{part}`" for part in arguments)
    if arguments:
        return " or ".join(_type_words(part) for part in arguments)
    names = {"str": "text", "int": "whole number", "float": "number", "bool": "`true` or `false`"}
    name = getattr(annotation, "__name__", str(annotation))
    return {"SecretStr": "secret", "Path": "path"}.get(name) or names.get(name, name)
