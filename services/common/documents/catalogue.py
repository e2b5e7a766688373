"""Markdown for people: the path table, the topics and the messages."""

from datetime import timedelta

from services.common.documents.contracts import Contracts, Field
from services.common.topics import TOPICS, Topic


def path_table(link_root: str) -> str:
    """The path of a message, one row a topic. `link_root` leads to the repository's root."""
    rows = [
        [
            f"`{topic.name}`",
            topic.summary,
            _service(topic.writer, link_root),
            ", ".join(_service(reader, link_root) for reader in topic.readers) or "–",
            kept(topic),
            "yes" if topic.sensitive else "no",
        ]
        for topic in TOPICS
    ]
    return table(["topic", "what it says", "written by", "read by", "kept", "sensitive"], rows)


def topics(contracts: Contracts) -> str:
    """One section a topic, with everything THE MAP says of it."""
    return "\n\n".join(_topic(topic, contracts) for topic in TOPICS)


def messages(contracts: Contracts) -> str:
    """One section for each message and each enum that a topic's value contains."""
    roots = tuple(full_name(topic) for topic in TOPICS if topic.message_type is not None)
    reached, enums = contracts.reachable(roots)
    parts = []
    for message in reached:
        parts.append(f"### {short(message.name)}\n\n{message.comment}".rstrip())
        parts.append(_fields(message.fields))
    for enum in enums:
        parts.append(f"### {short(enum.name)}\n\n{enum.comment}".rstrip())
        rows = [[f"`{value.name}`", str(value.number), value.comment] for value in enum.values]
        parts.append(table(["value", "number", "meaning"], rows))
    return "\n\n".join(parts)


def kept(topic: Topic) -> str:
    """How long records stay, as people say it."""
    if topic.retention is None:
        return "newest of each key (compacted)"
    newest = ", the newest of each key (compacted)" if topic.compacted else ""
    return duration(topic.retention) + newest


def duration(span: timedelta) -> str:
    """Days or hours, such as "30 d" or "1 h": whole days where there are any, else whole hours."""
    if span.days:
        return f"{span.days} d"
    return f"{int(span.total_seconds() // 3600)} h"


def full_name(topic: Topic) -> str:
    """Full name of the topic's protobuf message."""
    assert topic.message_type is not None
    return topic.message_type.DESCRIPTOR.full_name


def short(name: str) -> str:
    """Name without its package."""
    return name.rsplit(".", 1)[-1]


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table; cells are written as they are, but for bars and line ends."""
    lines = [head, ["---"] * len(head)]
    lines += [[" ".join(cell.replace("|", "\\|").split()) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |".replace("  |", " |") for line in lines)


def _topic(topic: Topic, contracts: Contracts) -> str:
    if topic.message_type is None:
        value = "CloudEvents 1.0 in structured JSON"
    else:
        value = _type_link(full_name(topic))
    dead = [f"`{name}`" for name in topic.dead_letters().values()]
    rows = [
        ["value", value],
        ["key", f"`{topic.key}`"],
        ["written by", topic.writer],
        ["read by", _readers(topic)],
        ["partitions", str(topic.partitions)],
        ["kept", kept(topic)],
        ["sensitive", _sensitivity(topic)],
        ["dead letters", ", ".join(dead) or "–"],
    ]
    parts = [f"### `{topic.name}`", f"{topic.summary}.", table(["", ""], rows)]
    if topic.message_type is not None:
        parts.append(_fields(contracts.messages[full_name(topic)].fields))
    return "\n\n".join(parts)


def _readers(topic: Topic) -> str:
    named = ", ".join(topic.readers) or "no service of the platform"
    return f"every replica of {named}, all of it" if topic.broadcast else named


def _sensitivity(topic: Topic) -> str:
    if not topic.sensitive:
        return "no: personal data is replaced by placeholders"
    allowed = " and ".join(dict.fromkeys((topic.writer, *topic.readers)))
    return f"yes: holds raw text; access for {allowed} alone"


def _fields(fields: tuple[Field, ...]) -> str:
    rows = [
        [f"`{field.name}`", str(field.number), _field_type(field), field.comment]
        for field in fields
    ]
    return table(["field", "number", "type", "meaning"], rows)


def _field_type(field: Field) -> str:
    if field.map_value:
        return f"map of string to {_type_link(field.map_value)}"
    words = ["list of"] * field.repeated + ["optional"] * field.optional
    return " ".join([*words, _type_link(field.type)])


def _type_link(name: str) -> str:
    if not name.startswith("rapport.v1."):
        return name
    return f"[{short(name)}](#{short(name).lower()})"


def _service(name: str, link_root: str) -> str:
    return name if " " in name else f"[{name}]({link_root}services/{name}/)"
