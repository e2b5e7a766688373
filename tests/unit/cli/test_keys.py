"""`rapport keys` over a real database."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from services.cli.app import app
from services.common.migrations import migrate

Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str) -> Run:
    migrate("ingestion", database_url)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["keys", *arguments], env={"DATABASE_URL": database_url})

    return run


def listed(run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("list", "--json").stdout)
    return found


def test_a_key_is_made_listed_and_revoked(run: Run) -> None:
    assert run("list").stdout == "no keys\n"
    made = run("create", "acme", "--name", "crm", "--scope", "publish", "--scope", "read")
    assert made.exit_code == 0
    key = made.stdout.strip()
    assert key.startswith("rapport_")
    [entry] = listed(run)
    assert (entry["tenant"], entry["name"], entry["scopes"]) == ("acme", "crm", ["publish", "read"])
    assert key.split("_")[1] == entry["key_id"]
    shown = run("list", "--tenant", "acme").stdout
    assert "never used" in shown
    assert key.rpartition("_")[2] not in shown
    assert run("list", "--tenant", "other").stdout == "no keys\n"
    assert run("revoke", entry["key_id"]).exit_code == 0
    assert run("revoke", entry["key_id"]).exit_code == 1
    assert listed(run)[0]["revoked_at"] is not None
    assert "revoked" in run("list").stdout


def test_a_public_key_is_for_chat(run: Run) -> None:
    made = run("create", "acme", "--public", "--origin", "https://shop.example", "--json")
    assert json.loads(made.stdout)["key"].startswith("rapportpub_")
    [entry] = listed(run)
    assert (entry["scopes"], entry["origins"]) == (["chat"], ["https://shop.example"])


def test_wrong_use_is_said_and_makes_nothing(run: Run) -> None:
    for arguments in (
        ("create", "acme"),
        ("create", "acme", "--scope", "fly"),
        ("create", "Acme Inc.", "--scope", "read"),
        ("create", "acme", "--public", "--scope", "read", "--origin", "https://shop.example"),
        ("limit", "acme", "--rate", "0"),
        ("limit", "acme", "--burst", "5"),
    ):
        assert run(*arguments).exit_code == 2, arguments
    assert listed(run) == []


def test_limits_are_set(run: Run, database_url: str) -> None:
    from services.ingestion.keyring import Keyring, TenantLimits

    assert run("limit", "acme", "--rate", "20", "--event-bytes", "2000").exit_code == 0
    assert Keyring(database_url).limits() == [TenantLimits("acme", 20.0, None, 2000)]
    run("limit", "acme")
    assert Keyring(database_url).limits() == []
