"""What the manifests name exists in the code: services, settings, ports, secrets."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.common import topic_rights
from services.common.documents.settings_table import environment_names, settings_classes

ROOT = Path(__file__).resolve().parents[3]
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
Manifest = dict[str, Any]


def documents(*folders: str) -> list[Manifest]:
    """Every object in the YAML files of some folders, Kustomize's own files left out."""
    return [
        document
        for folder in folders
        for path in sorted((ROOT / folder).glob("*.yaml"))
        if path.name != "kustomization.yaml"
        for document in yaml.safe_load_all(path.read_text())
    ]


def of_kind(kind: str, *folders: str) -> dict[str, Manifest]:
    return {
        document["metadata"]["name"]: document
        for document in documents(*folders)
        if document["kind"] == kind
    }


def deployments() -> dict[str, Manifest]:
    found = of_kind("Deployment", "k8s/base")
    found.pop("any")  # the patch that every one of them gets
    return found


def container(deployment: Manifest) -> Manifest:
    (only,) = deployment["spec"]["template"]["spec"]["containers"]
    return only


def defaults(service: str) -> dict[str, Any]:
    settings = settings_classes()[service]
    return {name: field.default for name, field in settings.model_fields.items()}


def variables_of_the_code() -> set[str]:
    return {
        name
        for settings in settings_classes().values()
        for name in environment_names(settings).values()
    }


def test_each_service_has_settings_and_an_entry_point() -> None:
    assert set(settings_classes()) >= set(SERVICES)
    for service in SERVICES:
        assert (ROOT / "services" / service / "__main__.py").is_file()


def test_each_service_has_a_deployment_a_service_and_a_disruption_budget() -> None:
    for kind in ("Service", "PodDisruptionBudget"):
        assert set(of_kind(kind, "k8s/base")) == set(SERVICES)
    assert set(deployments()) == set(SERVICES)
    for service, deployment in deployments().items():
        assert container(deployment)["args"] == [f"services.{service}"]


@pytest.mark.parametrize("service", SERVICES)
def test_ports_of_a_deployment_are_those_that_the_service_listens_on(service: str) -> None:
    manifest = deployments()[service]
    ports = {port["name"]: port["containerPort"] for port in container(manifest)["ports"]}
    code = defaults(service)
    assert ports["admin"] == code["admin_port"]
    assert ports.get("grpc", 0) == code["grpc_port"]
    assert ports.get("http") == code.get("http_port")
    exposed = of_kind("Service", "k8s/base")[service]["spec"]["ports"]
    assert {port["name"]: port["port"] for port in exposed} == ports
    assert all(port["targetPort"] == port["name"] for port in exposed)
    annotations = manifest["spec"]["template"]["metadata"]["annotations"]
    assert annotations["prometheus.io/port"] == str(ports["admin"])


def test_every_environment_variable_of_the_manifests_is_a_setting() -> None:
    known = variables_of_the_code()
    configured = set(of_kind("ConfigMap", "k8s/base")["rapport-settings"]["data"])
    named = {
        variable["name"]
        for document in documents("k8s/base")
        if document["kind"] in ("Deployment", "Job")
        for part in ("containers", "initContainers")
        for each in document["spec"]["template"]["spec"].get(part, ())
        for variable in each.get("env", ())
    }
    assert configured | named <= known
    assert {f"RAPPORT_{service.upper()}_HOST" for service in SERVICES} <= configured


def test_addresses_in_the_manifests_are_services_and_their_ports() -> None:
    data = of_kind("ConfigMap", "k8s/base")["rapport-settings"]["data"]
    services = of_kind("Service", "k8s/base", "k8s/overlays/local")
    pairs = [re.fullmatch(r"([a-z]+):(\d+)", value) for value in data.values()]
    addresses = [(pair[1], int(pair[2])) for pair in pairs if pair]
    assert len(addresses) >= 3
    for name, port in addresses:
        assert port in {each["port"] for each in services[name]["spec"]["ports"]}


def test_the_key_of_the_vault_reaches_redaction_alone() -> None:
    holders = [
        document["metadata"]["name"]
        for document in documents("k8s/base")
        if "rapport-vault" in yaml.safe_dump(document)
    ]
    assert holders == ["redaction"]


def test_each_pod_has_its_own_certificate_and_its_own_user_at_the_broker() -> None:
    users = set(topic_rights.users())
    for service, manifest in deployments().items():
        (volume,) = manifest["spec"]["template"]["spec"]["volumes"]
        assert volume["secret"]["secretName"] == f"rapport-tls-{service}"
        told = [each["secretRef"]["name"] for each in container(manifest)["envFrom"][1:]]
        assert told == ([f"rapport-kafka-{service}"] if service in users else [])
    shared = of_kind("Deployment", "k8s/base")["any"]["spec"]["template"]["spec"]["containers"][0]
    assert "envFrom" not in shared
    assert {"name": "tls", "mountPath": "/tls", "readOnly": True} in shared["volumeMounts"]


def test_the_base_asks_for_tls_and_the_cluster_of_one_node_says_that_it_has_none() -> None:
    base = of_kind("ConfigMap", "k8s/base")["rapport-settings"]["data"]
    assert base["KAFKA_SECURITY_PROTOCOL"] == "SASL_SSL"
    files = {name for name in base if name.startswith("RAPPORT_TLS_")}
    assert len(files) == 3
    assert "RAPPORT_TRUSTED_NETWORK" not in base
    local = of_kind("ConfigMap", "k8s/overlays/local")["rapport-settings"]["data"]
    assert local["RAPPORT_TRUSTED_NETWORK"] == "true"
    assert {name for name, value in local.items() if value is None} >= files


def test_no_pod_runs_as_root_or_holds_a_token_of_the_cluster() -> None:
    for document in documents("k8s/base", "k8s/overlays/local"):
        if document["kind"] not in ("Job", "StatefulSet") and document["metadata"]["name"] != "any":
            continue
        pod = document["spec"]["template"]["spec"]
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        for each in [*pod["containers"], *pod.get("initContainers", ())]:
            assert each["securityContext"]["allowPrivilegeEscalation"] is False
            assert each["securityContext"]["capabilities"]["drop"] == ["ALL"]


def test_pods_are_given_longer_than_a_service_takes_to_drain() -> None:
    from services.common.service import DRAIN_SECONDS

    pod = of_kind("Deployment", "k8s/base")["any"]["spec"]["template"]["spec"]
    pause = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert pod["terminationGracePeriodSeconds"] > pause + 3 * DRAIN_SECONDS


def test_base_and_overlays_build_and_are_valid() -> None:
    if shutil.which("kubectl") is None and not (ROOT / ".state/kubectl").is_dir():
        pytest.skip("kubectl is absent: 'make k8s-check' installs one")
    command = [str(ROOT / "k8s/check")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all manifests are valid" in done.stdout


def test_the_local_broker_is_the_kafka_of_development() -> None:
    pom = (ROOT / "deploy/kafka/pom.xml").read_text()
    version = re.search(r"<kafka\.version>([\d.]+)<", pom)
    assert version
    broker = of_kind("StatefulSet", "k8s/overlays/local")["kafka"]
    assert container(broker)["image"] == f"apache/kafka:{version[1]}"
    compose = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
    assert compose["services"]["kafka"]["image"] == f"apache/kafka:{version[1]}"
