"""How the local Kafka is set up, without starting it."""

from pathlib import Path

import pytest

from services.cli import local_kafka
from services.cli.local_kafka import (
    KafkaUnavailable,
    LocalKafka,
    Node,
    parse_java_version,
    properties,
)


@pytest.mark.parametrize(
    ("output", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('openjdk version "21" 2023-09-19', 21),
        ('java version "1.8.0_392"', 8),
        ("command not found", None),
    ],
)
def test_reads_the_version_of_java(output: str, version: int | None) -> None:
    assert parse_java_version(output) == version


def settings_of(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines())


def test_one_node_listens_on_the_loopback_address_alone() -> None:
    node = Node(1, 9092, 9093)
    settings = settings_of(properties(node, [node], Path("/data")))
    assert settings["listeners"] == "PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093"
    assert settings["auto.create.topics.enable"] == "false"
    assert settings["offsets.topic.replication.factor"] == "1"
    assert settings["group.initial.rebalance.delay.ms"] == "0"


def test_three_nodes_replicate_and_know_each_other() -> None:
    nodes = [Node(number, 9000 + number, 9100 + number) for number in (1, 2, 3)]
    for node in nodes:
        settings = settings_of(properties(node, nodes, Path("/data")))
        assert settings["node.id"] == str(node.number)
        assert settings["controller.quorum.voters"] == (
            "1@127.0.0.1:9101,2@127.0.0.1:9102,3@127.0.0.1:9103"
        )
        assert settings["offsets.topic.replication.factor"] == "3"
        assert settings["min.insync.replicas"] == "2"


def test_says_what_to_do_when_the_jars_are_missing(tmp_path: Path) -> None:
    kafka = LocalKafka(tmp_path / "data", jars=tmp_path, ports=[1, 2], logs=tmp_path)
    with pytest.raises(KafkaUnavailable, match="make setup"):
        kafka.start()


@pytest.mark.parametrize(("version", "found"), [(None, "no java"), (11, "version 11")])
def test_says_what_to_do_when_java_is_missing_or_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: int | None, found: str
) -> None:
    (tmp_path / "kafka_2.13-4.4.0.jar").touch()
    monkeypatch.setattr(local_kafka, "java_version", lambda: version)
    kafka = LocalKafka(tmp_path / "data", jars=tmp_path, ports=[1, 2], logs=tmp_path)
    with pytest.raises(KafkaUnavailable, match=f"Java 17 or newer and .*{found}.*make setup"):
        kafka.start()
