"""The whole platform with certificates, and with users and rights at the broker."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import grpc
import psycopg
import pytest

from rapport.v1 import services_pb2, services_pb2_grpc
from services.cli.broker_access import apply_rights, make_users
from services.cli.certificates import BROKER, known_names, make_certificates, tls_of
from services.cli.kafka_security import ADMIN, MECHANISM, KafkaSecurity
from services.cli.local_kafka import LocalKafka
from services.cli.plan import Plan, kafka_jars
from services.cli.platform import Platform
from services.cli.ports import free_port
from services.common import tls, topic_rights
from services.common.kafka import apply_topics
from services.common.rpc import blocking_channel
from services.common.tls import Tls
from tests.harness import Customer, eventually

pytestmark = [pytest.mark.e2e, pytest.mark.integration, pytest.mark.timeout(300)]


@dataclass
class Secured:
    """A platform in which each service has a certificate and, at the broker, a user of its own."""

    platform: Platform
    certificates: Path

    def identity(self, name: str) -> Tls:
        return tls_of(self.certificates, name)


def files_of(identity: Tls) -> dict[str, str]:
    return {
        "RAPPORT_TLS_CAFILE": str(identity.cafile),
        "RAPPORT_TLS_CERTFILE": str(identity.certfile),
        "RAPPORT_TLS_KEYFILE": str(identity.keyfile),
    }


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    folder = tmp_path_factory.mktemp("secured")
    certificates, users = folder / "certificates", folder / "users"
    make_certificates(certificates, [*known_names(), "system-shop"])
    security = KafkaSecurity(tls_of(certificates, BROKER), "only for this test")
    ports = [client := free_port(), free_port([client])]
    kafka = LocalKafka(
        folder / "kafka", jars=kafka_jars(), ports=ports, logs=folder, security=security
    )

    def command(plan: Plan) -> list[str]:
        """The service, told its own certificate and its own user and nobody else's."""
        told = [f"{k}={v}" for k, v in files_of(tls_of(certificates, plan.name)).items()]
        own = users / f"{plan.name}.env"
        told += own.read_text().split() if own.exists() else []
        without = ["-u", "KAFKA_SASL_USERNAME", "-u", "KAFKA_SASL_PASSWORD"]
        return ["env", *without, *told, sys.executable, "-m", f"services.{plan.name}"]

    kafka.start()
    try:
        kafka.wait_ready(60)
        apply_topics(kafka.connection)
        make_users(kafka.connection, users, topic_rights.users())
        apply_rights(kafka.connection)
        inherited = os.environ | {
            "KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
            "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "KAFKA_SASL_MECHANISM": MECHANISM,
            "KAFKA_SASL_USERNAME": ADMIN,
            "KAFKA_SASL_PASSWORD": "only for this test",
            "KAFKA_SSL_CAFILE": str(certificates / "ca.pem"),
        }
        platform = Platform(
            folder / "state",
            fixed_ports=False,
            inherited=inherited,
            say=lambda _: None,
            command=command,
        )
        with platform:
            yield Secured(platform, certificates)
    finally:
        kafka.stop()


@pytest.fixture
def customer(secured: Secured) -> Iterator[Customer]:
    tls.use(secured.identity("system-shop"))
    customer = Customer(secured.platform.grpc_address("ingestion"))
    yield customer
    customer.close()
    tls.use(None)


def reveal(secured: Secured, name: str, conversation: str) -> str:
    address = secured.platform.grpc_address("redaction")
    with blocking_channel(address, tls=secured.identity(name)) as channel:
        stub = services_pb2_grpc.RedactionServiceStub(channel)
        request = services_pb2.RevealRequest(
            tenant="default", conversation_id=conversation, text="[PERSON_1]", purpose="deliver"
        )
        return str(stub.Reveal(request, timeout=10).text)


def test_a_customer_is_answered_and_the_door_alone_has_names_revealed(
    secured: Secured, customer: Customer
) -> None:
    conversation = "secured-1"
    customer.say(conversation, "Hi, my name is Maria Lopez. How long do I have to return shoes?")
    eventually(
        lambda: any(each.HasField("reply") for each in customer.hear(conversation, seconds=1)),
        60,
        "a reply, by way of every topic between",
    )
    assert reveal(secured, "ingestion", conversation) == "Maria Lopez"
    for name in ("reply", "desk", "operator", "system-shop"):
        with pytest.raises(grpc.RpcError) as refused:
            reveal(secured, name, conversation)
        assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED
    with psycopg.connect(secured.platform.database_url) as database:
        callers = {row[0] for row in database.execute("select caller from redaction.reveals")}
    assert callers == {"ingestion"}


def test_no_service_lacks_a_right_that_it_needs(secured: Secured) -> None:
    logs = {path.stem: path.read_text() for path in secured.platform.logs.glob("*.log")}
    assert set(logs) >= set(secured.platform.statuses())
    for service, text in logs.items():
        for word in ("uthorizationFailed", "windows_failed", "caller_refused"):
            expected = word == "caller_refused" and service == "redaction"
            assert (word in text) == expected, f"{service}: {word}"
