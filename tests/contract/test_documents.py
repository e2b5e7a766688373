"""The documents say what the code says: THE MAP, the protos and the settings classes."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from rapport.v1 import (
    conversation_pb2,
    message_pb2,
    outcome_pb2,
    release_pb2,
    reply_pb2,
    services_pb2,
)
from services.common.documents import catalogue
from services.common.documents.__main__ import between, derived
from services.common.documents.contracts import Contracts, read
from services.common.documents.inbound import door_models
from services.common.documents.settings_table import EACH, environment_names, settings_classes
from services.common.topics import TOPICS, dead_letter_topics

ROOT = Path(__file__).resolve().parents[2]
ASYNCAPI = ROOT / "docs/asyncapi.yaml"


@pytest.fixture(scope="module")
def contracts() -> Contracts:
    return read(ROOT / "protos")


@pytest.fixture(scope="module")
def api() -> dict[str, Any]:
    return yaml.safe_load(ASYNCAPI.read_text())


def test_no_derived_document_has_drifted() -> None:
    differing = [path.name for path, text in derived(ROOT).items() if path.read_text() != text]
    assert differing == [], "run: .venv/bin/python -m services.common.documents"


def test_a_hand_made_change_between_the_markers_is_noticed() -> None:
    text = "a\n<!-- x:begin -->\nold\n<!-- x:end -->\nb\n"
    assert between(text, "x", "new") == "a\n<!-- x:begin -->\nnew\n<!-- x:end -->\nb\n"
    with pytest.raises(ValueError, match="markers"):
        between(text + "<!-- x:begin -->", "x", "new")


def test_every_topic_and_dead_letter_topic_is_a_channel(api: dict[str, Any]) -> None:
    addresses = {channel["address"] for channel in api["channels"].values()}
    assert addresses == {topic.name for topic in TOPICS} | set(dead_letter_topics())


def test_each_channel_has_the_writer_of_the_map_and_no_other(api: dict[str, Any]) -> None:
    writers: dict[str, set[str]] = {}
    for operation in api["operations"].values():
        if operation["action"] == "send":
            channel = operation["channel"]["$ref"].removeprefix("#/channels/")
            writers.setdefault(channel, set()).add(operation["tags"][0]["name"])
    for topic in TOPICS:
        assert writers[topic.name] == {topic.writer.replace(" ", "-")}


def test_the_catalogue_names_every_field_that_travels(contracts: Contracts) -> None:
    text = (ROOT / "docs/events.md").read_text()
    roots = tuple(catalogue.full_name(topic) for topic in TOPICS if topic.message_type)
    messages, _ = contracts.reachable(roots)
    for message in messages:
        assert f"### {catalogue.short(message.name)}\n" in text
        for field in message.fields:
            assert f"| `{field.name}` | {field.number} |" in text


@pytest.mark.parametrize(
    "module",
    [conversation_pb2, message_pb2, outcome_pb2, release_pb2, reply_pb2, services_pb2],
)
def test_contracts_read_from_the_protos_equal_the_generated_modules(
    module: Any, contracts: Contracts
) -> None:
    for descriptor in module.DESCRIPTOR.message_types_by_name.values():
        fields = contracts.messages[descriptor.full_name].fields
        assert [(field.name, field.number) for field in fields] == [
            (field.name, field.number) for field in descriptor.fields
        ]


def test_comments_of_the_protos_reach_the_documents(contracts: Contracts) -> None:
    kind = contracts.messages["rapport.v1.MessageRedacted"].fields[1]
    assert kind.name == "kind"
    fields = contracts.messages["rapport.v1.MessageRedacted"].fields
    withheld = next(each for each in fields if each.name == "withheld")
    assert withheld.comment.startswith("Redaction could not say that the text is clean")


def test_maps_and_optional_fields_are_told_apart(contracts: Contracts) -> None:
    fields = {field.name: field for field in contracts.messages["rapport.v1.MessageRef"].fields}
    assert (fields["attributes"].map_value, fields["attributes"].repeated) == ("string", False)
    csat = next(
        field
        for field in contracts.messages["rapport.v1.OutcomeMeasured"].fields
        if field.name == "csat"
    )
    assert csat.optional


def test_every_event_type_of_the_door_is_described_with_its_fields() -> None:
    text = (ROOT / "docs/events.md").read_text()
    for kind, model in door_models().items():
        section = text.split(f"### `{kind}`")[1].split("\n### ")[0]
        data = model.model_json_schema()["$defs"][model.model_fields["data"].annotation.__name__]
        for name in data["properties"]:
            assert f"| `{name}` |" in section


def test_no_schema_of_the_document_refers_to_one_that_is_not_there(api: dict[str, Any]) -> None:
    schemas = api["components"]["schemas"]
    references = set(re.findall(r"#/components/schemas/([\w.]+)", ASYNCAPI.read_text()))
    assert references <= set(schemas)
    assert set(schemas) <= references


def test_settings_are_documented_and_none_is_named_twice() -> None:
    text = (ROOT / "docs/settings.md").read_text()
    for service, settings in settings_classes().items():
        names = list(environment_names(settings).values())
        assert len(names) == len(set(names)), service
        for name in names:
            of_each = name.replace(f"RAPPORT_{service.upper()}_", EACH)
            assert f"| `{name}` |" in text or f"| `{of_each}` |" in text


def _check(document: Path) -> subprocess.CompletedProcess[str]:
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are absent: apt-get install nodejs npm")
    command = [str(ROOT / "deploy/asyncapi-check"), str(document)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)


def test_the_asyncapi_parser_accepts_the_document() -> None:
    done = _check(ASYNCAPI)
    assert done.returncode == 0, done.stderr
    assert "AsyncAPI 3.0.0" in done.stdout


def test_the_asyncapi_parser_would_refuse_a_wrong_document(
    tmp_path: Path, api: dict[str, Any]
) -> None:
    operation = next(iter(api["operations"].values()))
    operation["channel"]["$ref"] = "#/channels/nowhere"
    wrong = tmp_path / "asyncapi.yaml"
    wrong.write_text(yaml.safe_dump(api))
    done = _check(wrong)
    assert done.returncode == 1
    assert "nowhere" in done.stderr
