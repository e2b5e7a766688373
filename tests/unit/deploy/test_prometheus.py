"""Prometheus scrapes every service, and its alerts name metrics, labels and pages that exist."""

import importlib
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import Counter, Gauge, Histogram

from services.common import metrics
from services.common.documents.settings_table import settings_classes

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "deploy/prometheus"
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


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((FOLDER / "rules.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def declared() -> dict[str, set[str]]:
    """Every series that our processes export, with its labels."""
    series: dict[str, set[str]] = {}
    for metric in vars(metrics).values():
        if not isinstance(metric, Counter | Gauge | Histogram):
            continue
        (family,) = metric.describe()
        labels = set(metric._labelnames)
        endings = {Counter: ("_total",), Histogram: ("_bucket", "_count", "_sum"), Gauge: ("",)}
        for ending in endings[type(metric)]:
            series[family.name + ending] = labels | ({"le"} if ending == "_bucket" else set())
    return series


@pytest.mark.parametrize("environment", ["local", "compose"])
def test_all_services_are_scraped_on_their_admin_port(environment: str) -> None:
    groups = yaml.safe_load((FOLDER / f"targets/{environment}.yml").read_text())
    targets = {group["labels"]["app"]: group["targets"] for group in groups}
    assert set(targets) == set(SERVICES)
    for service, (target,) in targets.items():
        host, port = target.split(":")
        assert host == ("127.0.0.1" if environment == "local" else service)
        assert int(port) == settings_classes()[service].model_fields["admin_port"].default


def test_alerts_name_metrics_and_labels_that_are_declared() -> None:
    known = declared()
    for rule in rules():
        named = re.findall(r"\b(rapport_\w+)", rule["expr"])
        assert named or "up{" in rule["expr"]
        for name in named:
            assert name in known, f"{rule['alert']} asks for {name}"
        grouped = re.findall(r"by \(([^)]*)\)", rule["expr"])
        for label in {label.strip() for group in grouped for label in group.split(",")}:
            assert all(label in known[name] for name in named), f"{rule['alert']}: {label}"


def test_a_misspelt_metric_would_be_noticed() -> None:
    assert "rapport_dead_letters_total" in declared()
    assert "rapport_dead_letter_total" not in declared()
    assert "service" in declared()["rapport_consumer_lag_records"]


def test_each_alert_says_what_it_means_and_where_to_read_on() -> None:
    page = (ROOT / "docs/operations.md").read_text()
    anchors = {
        re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    }
    for rule in rules():
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"]
        path, anchor = rule["annotations"]["runbook"].split("#")
        assert path == "docs/operations.md"
        assert anchor in anchors, f"{rule['alert']}: no section {anchor}"


def test_each_alert_has_a_case_in_which_it_fires() -> None:
    tests = yaml.safe_load((FOLDER / "rules_test.yml").read_text())["tests"]
    fired = {
        case["alertname"]
        for test in tests
        for case in test["alert_rule_test"]
        if case["exp_alerts"]
    }
    assert fired == {rule["alert"] for rule in rules()}


@pytest.mark.parametrize(
    "arguments", [("check", "config", "prometheus.yml"), ("test", "rules", "rules_test.yml")]
)
def test_promtool_agrees(arguments: tuple[str, ...]) -> None:
    if shutil.which("promtool") is None:
        pytest.skip("promtool is absent: apt-get install prometheus")
    done = subprocess.run(
        ["promtool", *arguments], cwd=FOLDER, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_metrics_module_is_the_only_one_that_declares_metrics() -> None:
    declaring = [
        path
        for path in (ROOT / "services").rglob("*.py")
        if re.search(r"^\w+ = (Counter|Gauge|Histogram|Summary)\(", path.read_text(), re.MULTILINE)
    ]
    assert declaring == [Path(importlib.import_module("services.common.metrics").__file__ or "")]
