"""deploy/compose.yaml and the image: they name what exists, and start in the right order."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.common.documents.settings_table import environment_names, settings_classes

ROOT = Path(__file__).resolve().parents[3]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
SERVICES = (
    "ingestion",
    "redaction",
    "emotion",
    "reply",
    "routing",
    "insights",
    "backoffice",
    "desk",
)
ONE_SHOTS = ("migrate", "topics")


def test_all_services_run_their_own_module() -> None:
    for name in SERVICES:
        assert COMPOSE["services"][name]["command"] == [f"services.{name}"]
    assert set(COMPOSE["services"]) == {*SERVICES, *ONE_SHOTS, "kafka", "postgres", "prometheus"}


def test_every_variable_is_a_setting_of_the_service_that_gets_it() -> None:
    for name in SERVICES:
        known = set(environment_names(settings_classes()[name]).values())
        assert set(COMPOSE["services"][name]["environment"]) <= known


def test_services_wait_for_the_schema_and_the_topics() -> None:
    services = COMPOSE["services"]
    assert services["topics"]["depends_on"]["migrate"]["condition"].endswith("successfully")
    for name in SERVICES:
        waits = services[name]["depends_on"]["topics"]["condition"]
        assert waits == "service_completed_successfully"


def test_services_run_confined_and_listen_on_loopback_of_the_host() -> None:
    for name in (*SERVICES, *ONE_SHOTS):
        service = COMPOSE["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
    published = [port for each in COMPOSE["services"].values() for port in each.get("ports", ())]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_the_key_of_the_vault_reaches_redaction_alone() -> None:
    holders = [
        name
        for name, service in COMPOSE["services"].items()
        if "MASTER_KEY" in yaml.safe_dump(service.get("environment", {}))
    ]
    assert holders == ["redaction"]


def test_the_final_stage_of_the_image_has_no_build_tools_and_no_root() -> None:
    final = (ROOT / "deploy/Dockerfile").read_text().split("\nFROM ")[-1]
    instructions = [line for line in final.splitlines() if not line.lstrip().startswith("#")]
    text = "\n".join(instructions)
    assert not re.search(r"\b(apt-get|pip|gcc|make|curl|wget)\b", text)
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert re.search(r'^ENTRYPOINT \["/opt/venv/bin/python", "-m"\]$', text, re.MULTILINE)


def test_what_the_image_copies_is_let_through_by_dockerignore() -> None:
    dockerfile = (ROOT / "deploy/Dockerfile").read_text()
    allowed = [
        line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")
    ]
    copied = [
        source
        for line in dockerfile.splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    ]
    assert copied
    for source in copied:
        assert (ROOT / source).exists()
        assert source in allowed


def test_docker_compose_reads_the_file() -> None:
    if shutil.which("docker") is None:
        pytest.skip("docker is absent")
    command = ["docker", "compose"]
    if subprocess.run([*command, "version"], capture_output=True, check=False).returncode != 0:
        pytest.skip("docker has no compose")
    done = subprocess.run(
        [*command, "-f", str(ROOT / "deploy/compose.yaml"), "config", "--quiet"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
