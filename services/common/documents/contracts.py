"""The protobuf messages with their comments, as plain types.

The generated modules carry no comments, so the protos are compiled once more here, with their
source positions.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)

# Field numbers within descriptor.proto: what a path of SourceCodeInfo is made of.
_FILE_MESSAGE, _FILE_ENUM, _MESSAGE_FIELD, _ENUM_VALUE = 4, 5, 2, 2

_SCALARS = {
    FieldDescriptorProto.TYPE_DOUBLE: "double",
    FieldDescriptorProto.TYPE_FLOAT: "float",
    FieldDescriptorProto.TYPE_INT64: "int64",
    FieldDescriptorProto.TYPE_UINT64: "uint64",
    FieldDescriptorProto.TYPE_INT32: "int32",
    FieldDescriptorProto.TYPE_UINT32: "uint32",
    FieldDescriptorProto.TYPE_BOOL: "bool",
    FieldDescriptorProto.TYPE_STRING: "string",
    FieldDescriptorProto.TYPE_BYTES: "bytes",
}


@dataclass(frozen=True)
class Field:
    """One field. `type` is a scalar's name or a full name such as "rapport.v1.MessageRef"."""

    name: str
    number: int
    type: str
    comment: str
    repeated: bool = False
    optional: bool = False
    # A map's value type; `type` is "map" then, and the key is always a string.
    map_value: str | None = None


@dataclass(frozen=True)
class Message:
    """One message of the contract."""

    name: str
    comment: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Value:
    """One value of an enum."""

    name: str
    number: int
    comment: str


@dataclass(frozen=True)
class Enum:
    """One enum of the contract."""

    name: str
    comment: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Contracts:
    """Everything in the package `rapport.v1`, by full name."""

    messages: dict[str, Message]
    enums: dict[str, Enum]

    def reachable(self, roots: tuple[str, ...]) -> tuple[list[Message], list[Enum]]:
        """Messages and enums that the `roots` name, directly or not, in the order first met."""
        messages: dict[str, Message] = {}
        enums: dict[str, Enum] = {}
        waiting = list(roots)
        while waiting:
            name = waiting.pop(0)
            if name in self.enums:
                enums.setdefault(name, self.enums[name])
            elif name in self.messages and name not in messages:
                messages[name] = self.messages[name]
                waiting.extend(
                    field.map_value or field.type for field in self.messages[name].fields
                )
        return list(messages.values()), list(enums.values())


def read(protos: Path) -> Contracts:
    """Compiles `protos`/rapport/v1/*.proto. RuntimeError with protoc's words when it fails."""
    sources = sorted(str(path.relative_to(protos)) for path in protos.glob("rapport/v1/*.proto"))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "contracts.bin"
        command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{protos}"]
        command += ["--include_source_info", f"--descriptor_set_out={out}", *sources]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"protoc failed: {done.stderr.strip()}")
        files = FileDescriptorSet.FromString(out.read_bytes())
    messages: dict[str, Message] = {}
    enums: dict[str, Enum] = {}
    for file in files.file:
        comments = _comments(file)
        for index, message in enumerate(file.message_type):
            name = f"{file.package}.{message.name}"
            messages[name] = _message(name, message, (_FILE_MESSAGE, index), comments)
        for index, enum in enumerate(file.enum_type):
            name = f"{file.package}.{enum.name}"
            enums[name] = _enum(name, enum, (_FILE_ENUM, index), comments)
    return Contracts(messages, enums)


Comments = dict[tuple[int, ...], str]


def _comments(file: FileDescriptorProto) -> Comments:
    def texts() -> Iterator[tuple[tuple[int, ...], str]]:
        for location in file.source_code_info.location:
            comment = location.leading_comments or location.trailing_comments
            if comment:
                yield tuple(location.path), " ".join(comment.split())

    return dict(texts())


def _message(
    name: str, message: DescriptorProto, path: tuple[int, ...], comments: Comments
) -> Message:
    maps = {
        nested.name: _type(nested.field[1])
        for nested in message.nested_type
        if nested.options.map_entry
    }
    fields = []
    for index, field in enumerate(message.field):
        comment = comments.get((*path, _MESSAGE_FIELD, index), "")
        entry = maps.get(field.type_name.rsplit(".", 1)[-1]) if field.type_name else None
        fields.append(
            Field(
                name=field.name,
                number=field.number,
                type="map" if entry else _type(field),
                comment=comment,
                repeated=field.label == FieldDescriptorProto.LABEL_REPEATED and entry is None,
                optional=field.proto3_optional,
                map_value=entry,
            )
        )
    return Message(name, comments.get(path, ""), tuple(fields))


def _enum(name: str, enum: EnumDescriptorProto, path: tuple[int, ...], comments: Comments) -> Enum:
    values = tuple(
        Value(value.name, value.number, comments.get((*path, _ENUM_VALUE, index), ""))
        for index, value in enumerate(enum.value)
    )
    return Enum(name, comments.get(path, ""), values)


def _type(field: FieldDescriptorProto) -> str:
    return _SCALARS.get(field.type) or field.type_name.removeprefix(".")
