"""A service that would speak in the clear to another machine does not start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.cli.certificates import make_certificates, tls_of
from services.common.documents.settings_table import settings_classes
from services.common.exposure import exposures, host_of
from services.common.settings import ServiceSettings
from services.reply.settings import ReplySettings

HERE = {
    "host": "127.0.0.1",
    "brokers": "127.0.0.1:9092,localhost:9094",
    "protocol": "PLAINTEXT",
    "peers": {"actions_address": "[::1]:50057", "none": ""},
    "database": "postgresql://postgres@/rapport?host=/run/postgres",
    "tls": False,
}


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("RAPPORT_", "KAFKA_")) or name == "DATABASE_URL":
            monkeypatch.delenv(name)


def test_on_loopback_nothing_is_exposed() -> None:
    assert list(exposures(**HERE)) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"host": "0.0.0.0"}, "listen on 0.0.0.0"),
        ({"host": "::"}, "listen on ::"),
        ({"brokers": "127.0.0.1:9092,kafka-2:9092"}, "Kafka at kafka-2:9092 without TLS"),
        ({"brokers": "kafka:9092", "protocol": "SASL_PLAINTEXT"}, "Kafka at kafka:9092"),
        ({"peers": {"actions_address": "backoffice:50057"}}, "backoffice:50057 (actions_address)"),
        ({"database": "postgresql://u:p@db:5432/rapport"}, "PostgreSQL without TLS"),
        ({"database": "postgresql://u:p@db/rapport?sslmode=prefer"}, "PostgreSQL without TLS"),
        ({"database": "postgresql://u@/rapport?host=10.0.0.7"}, "PostgreSQL without TLS"),
    ],
)
def test_what_leaves_this_machine_is_told(change: dict[str, object], told: str) -> None:
    (fault,) = exposures(**(HERE | change))  # type: ignore[arg-type]
    assert told in fault
    assert "RAPPORT_TRUSTED_NETWORK" in fault


@pytest.mark.parametrize(
    "change",
    [
        {"host": "0.0.0.0", "tls": True},
        {"brokers": "kafka:9093", "protocol": "SASL_SSL"},
        {"brokers": "kafka:9093", "protocol": "SSL"},
        {"peers": {"actions_address": "backoffice:50057"}, "tls": True},
        {"database": "postgresql://u:p@db/rapport?sslmode=verify-full"},
        {"database": "postgresql://u:p@localhost:5432/rapport"},
    ],
)
def test_with_tls_nothing_is_exposed(change: dict[str, object]) -> None:
    assert list(exposures(**(HERE | change))) == []  # type: ignore[arg-type]


def test_the_host_of_an_address() -> None:
    assert [host_of(each) for each in ("a:1", "[::1]:2", " b:3", "c")] == ["a", "::1", "b", "c"]


@pytest.mark.parametrize("service", sorted(settings_classes()))
def test_no_service_listens_on_a_network_without_tls(service: str) -> None:
    settings = settings_classes()[service]
    with pytest.raises(ValidationError, match=r"listen on 0\.0\.0\.0 without TLS"):
        settings(host="0.0.0.0")
    with pytest.raises(ValidationError, match="Kafka at kafka:9092 without TLS"):
        settings(kafka_bootstrap_servers="kafka:9092")
    trusted = settings(host="0.0.0.0", kafka_bootstrap_servers="kafka:9092", trusted_network=True)
    assert trusted.tls() is None  # type: ignore[attr-defined]
    settings()


def test_a_service_with_a_certificate_may_listen_anywhere(tmp_path: Path) -> None:
    make_certificates(tmp_path, ["reply"])
    tls = tls_of(tmp_path, "reply")
    files = {"tls_cafile": tls.cafile, "tls_certfile": tls.certfile, "tls_keyfile": tls.keyfile}
    settings = ReplySettings(host="0.0.0.0", actions_address="backoffice:50057", **files)
    assert settings.tls() == tls
    with pytest.raises(ValidationError, match="go together"):
        ServiceSettings(tls_cafile=tls.cafile)
    with pytest.raises(ValidationError, match="cannot be read"):
        ServiceSettings(**(files | {"tls_keyfile": tmp_path / "none.key"}))


def started(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "services.reply"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=os.environ | environment,
    )


def test_the_start_ends_with_a_line_for_each_thing_that_is_exposed() -> None:
    done = started(RAPPORT_REPLY_HOST="0.0.0.0", KAFKA_BOOTSTRAP_SERVERS="kafka:9092")
    assert done.returncode == 2
    first, second = done.stderr.splitlines()
    assert first.startswith(
        "rapport reply: it would listen on 0.0.0.0 without TLS: set RAPPORT_TLS"
    )
    assert second.startswith("rapport reply: it would speak to Kafka at kafka:9092 without TLS")


def test_a_service_does_not_start_with_another_ones_certificate(tmp_path: Path) -> None:
    make_certificates(tmp_path, ["emotion"])
    tls = tls_of(tmp_path, "emotion")
    done = started(
        RAPPORT_TLS_CAFILE=str(tls.cafile),
        RAPPORT_TLS_CERTFILE=str(tls.certfile),
        RAPPORT_TLS_KEYFILE=str(tls.keyfile),
    )
    assert done.returncode == 2
    assert done.stderr == "rapport reply: the certificate is emotion's\n"
