"""The command itself: help, wrong use, exit codes."""

import json
import sys
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from services.cli.app import app

runner = CliRunner()


def commands() -> list[list[str]]:
    """Every command, as its words."""
    found: list[list[str]] = []

    def walk(command: object, words: list[str]) -> None:
        inner = getattr(command, "commands", None)
        if inner is None:
            found.append(words)
        else:
            for name, each in inner.items():
                walk(each, [*words, name])

    walk(get_command(app), [])
    return found


def test_has_every_command_that_was_asked_for() -> None:
    assert {" ".join(words) for words in commands()} >= {
        "up",
        "down",
        "status",
        "chat",
        "agent",
        "replay",
        "demo",
        "topics apply",
        "topics list",
        "dlq list",
        "dlq show",
        "dlq replay",
        "db migrate",
        "score",
        "redact",
        "reply",
    }


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_help_of_each_command_has_an_example(words: list[str]) -> None:
    result = runner.invoke(app, [*words, "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert "Example" in result.output
    assert "rapport" in result.output.split("Example", 1)[1]


def test_wrong_use_is_exit_code_two() -> None:
    assert runner.invoke(app, ["nonsense"]).exit_code == 2
    assert runner.invoke(app, ["dlq", "show", "no.such.topic"]).exit_code == 2


def test_status_of_nothing_says_so(tmp_path: Path) -> None:
    plain = runner.invoke(app, ["status", "--state", str(tmp_path)])
    assert plain.exit_code == 1
    assert "no platform runs here" in plain.output
    machine = runner.invoke(app, ["status", "--state", str(tmp_path), "--json"])
    assert machine.exit_code == 1
    assert json.loads(machine.output) == {"running": False, "ready": False, "services": {}}


def test_down_where_nothing_runs_is_done(tmp_path: Path) -> None:
    result = runner.invoke(app, ["down", "--state", str(tmp_path)])
    assert result.exit_code == 0


def test_what_needs_a_broker_says_so_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KAFKA_BOOTSTRAP_SERVERS", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for words in (["topics", "apply"], ["dlq", "list"], ["db", "migrate"]):
        result = runner.invoke(app, [*words, "--state", str(tmp_path)])
        assert result.exit_code == 1
        assert "rapport up" in result.output


def test_topics_are_listed_without_a_broker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)
    result = runner.invoke(app, ["topics", "list", "--json", "--state", str(tmp_path)])
    rows = json.loads(result.output)
    assert [row["writer"] for row in rows if row["name"] == "rapport.message.scored.v1"] == [
        "emotion"
    ]


def test_replay_of_a_bad_file_is_exit_code_two(tmp_path: Path) -> None:
    file = tmp_path / "talks.jsonl"
    file.write_text('{"id":"a"}\n')
    result = runner.invoke(app, ["replay", str(file), "--state", str(tmp_path)])
    assert result.exit_code == 2
    assert "line 1: turns must be" in result.stderr


def test_help_imports_nothing_heavy() -> None:
    import subprocess

    program = (
        "import sys, services.cli.app\n"
        "heavy = {'kafka', 'grpc', 'sqlalchemy', 'onnxruntime', 'numpy', 'httpx', 'pydantic'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stderr.strip() == ""
