"""An adapter: which items of a foreign payload become which events of the contract. Pure."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl

import orjson
import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.ingestion.contract import MODELS
from services.ingestion.rejections import invalid

FOLDER = Path(__file__).parent
MOST_ITEMS = 100
Scalar = str | int | float | bool


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldRule(_Part):
    """Where one value comes from: a constant, or a path such as `payload.message.id`.

    Of several paths all are joined, or with `first` the first one that is there counts. `words`
    puts one word for another; what is not among them becomes `otherwise`, or stays out.
    """

    is_: Scalar | None = Field(default=None, alias="is")
    from_: str | tuple[str, ...] | None = Field(default=None, alias="from")
    joint: str = "-"
    first: bool = False
    words: dict[str, str] | None = None
    otherwise: str | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> "FieldRule":
        if (self.is_ is None) == (self.from_ is None):
            raise ValueError("a field has either `is` or `from`")
        return self

    def value(self, item: Mapping[str, Any]) -> Any:
        """The value out of an item; None where it is not there."""
        if self.is_ is not None:
            return self.is_
        assert self.from_ is not None
        paths = (self.from_,) if isinstance(self.from_, str) else self.from_
        found = [value for path in paths if (value := at(item, path)) not in (None, "")]
        if not found or not (self.first or len(found) == len(paths)):
            value = None
        elif self.first or len(paths) == 1:
            value = found[0]
        else:
            value = self.joint.join(str(each) for each in found)
        if self.words is not None:
            return self.words.get(str(value), self.otherwise)
        return value


class EventRule(_Part):
    """Which items become an event of this type, and how. All of `when` must hold; an item that
    lacks one of `needs` is passed over (an attachment without a text)."""

    when: dict[str, Scalar | tuple[Scalar, ...]]
    needs: tuple[str, ...] = ()
    type: str
    id: FieldRule
    data: dict[str, FieldRule]

    @model_validator(mode="after")
    def _of_the_contract(self) -> "EventRule":
        if self.type not in MODELS:
            raise ValueError(f"{self.type} is no type of the contract")
        return self

    def fits(self, item: Mapping[str, Any]) -> bool:
        """Whether this rule is the item's."""
        for path, wanted in self.when.items():
            allowed = wanted if isinstance(wanted, tuple) else (wanted,)
            if at(item, path) not in allowed:
                return False
        return all(at(item, path) not in (None, "") for path in self.needs)


class Adapter(_Part):
    """One foreign system. `each` is the path of a list of items, `unwrap` of a string of JSON."""

    summary: str
    body: Literal["json", "form"]
    signature: Literal["twilio", "sns", "shared-key", "none"]
    source: str = Field(pattern=r"^[a-z0-9-]{1,64}$")
    each: str | None = None
    unwrap: str | None = None
    events: tuple[EventRule, ...] = Field(min_length=1)

    def documents(self, payload: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The CloudEvents of a payload, in its order, not checked yet; without what is passed
        over. Rejected where the payload is not of the form that the adapter says."""
        items = self._items(payload)
        if len(items) > MOST_ITEMS:
            raise invalid(self.each or "", f"holds at most {MOST_ITEMS} items")
        made = []
        for item in items:
            rule = next((rule for rule in self.events if rule.fits(item)), None)
            if rule is not None:
                data = {name: field.value(item) for name, field in rule.data.items()}
                made.append(
                    {
                        "specversion": "1.0",
                        "id": rule.id.value(item),
                        "source": f"/adapters/{self.source}",
                        "type": rule.type,
                        "data": {name: value for name, value in data.items() if value is not None},
                    }
                )
        return made

    def _items(self, payload: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        if self.unwrap is not None:
            payload = _unwrapped(payload, self.unwrap)
        if self.each is None:
            return [payload]
        items = at(payload, self.each)
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise invalid(self.each, "must be a list of objects")
        return items


def _unwrapped(payload: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    wrapped = at(payload, path)
    try:
        inner = orjson.loads(wrapped) if isinstance(wrapped, str) else None
    except orjson.JSONDecodeError:
        inner = None
    if not isinstance(inner, dict):
        raise invalid(path, "must hold a JSON object as a string")
    return inner


def at(item: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path; None where there is none. A key that holds dots goes first."""
    if path in item:
        return item[path]
    value: Any = item
    for name in path.split("."):
        if not isinstance(value, Mapping) or name not in value:
            return None
        value = value[name]
    return value


def read_payload(adapter: Adapter, body: bytes) -> dict[str, Any]:
    """The payload of a request; Rejected where it is not what the adapter reads."""
    try:
        if adapter.body == "form":
            pairs = parse_qsl(
                body.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=200
            )
            return dict(pairs)
        payload = orjson.loads(body)
    except ValueError:
        raise invalid("", f"the body must be {adapter.body} in valid UTF-8") from None
    if not isinstance(payload, dict):
        raise invalid("", "the body must be a JSON object")
    return payload


def load_adapter(text: str) -> Adapter:
    """An adapter as its file says; ValueError where it cannot be one."""
    return Adapter.model_validate(yaml.safe_load(text))


@cache
def adapters(*folders: Path) -> dict[str, Adapter]:
    """Adapters by name, those of the product and those in other folders, which go before."""
    found: dict[str, Adapter] = {}
    for file in _files((FOLDER, *folders)):
        found[file.stem] = load_adapter(file.read_text())
    return found


def _files(folders: Iterable[Path]) -> Iterable[Path]:
    for folder in folders:
        yield from sorted(folder.glob("*.yaml"))
