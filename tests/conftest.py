"""Real parts for tests: one PostgreSQL and one Apache Kafka for each test run."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from services.common.migrations import migrate


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("XDG_RUNTIME_DIR", "/tmp")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a PostgreSQL server: DATABASE_URL where it is set, or else an embedded one."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    from services.cli.local_postgres import LocalPostgres

    folder = tmp_path_factory.mktemp("postgres")
    server = LocalPostgres(folder, log=folder / "log", durable=False)
    server.start()
    try:
        server.wait_ready(30)
        yield server.url
    finally:
        server.stop()


@pytest.fixture
def database_url(postgres: str) -> Iterator[str]:
    """URL of a fresh, empty database."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"create database {name}")  # type: ignore[call-overload]
    yield make_url(postgres).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")  # type: ignore[call-overload]


@pytest.fixture
def migrated(database_url: str, request: pytest.FixtureRequest) -> str:
    """`database_url` with the schemas of the services named by `@pytest.mark.parametrize`-style
    indirect parameters, or of all services."""
    from services.common.migrations import migrated_services

    for service in getattr(request, "param", None) or migrated_services():
        migrate(service, database_url)
    return database_url


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of public data, for tests marked `corpus`."""
    folder = Path(os.environ.get("RAPPORT_SHARED_DATA", Path(__file__).parents[2] / "shared/data"))
    if not folder.is_dir():
        pytest.skip("no shared data beside this checkout")
    return folder


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Bootstrap servers of Apache Kafka with the topics of THE MAP: KAFKA_BOOTSTRAP_SERVERS
    where it is set, or else one started for this run."""
    from services.common.kafka import Connection, apply_topics

    if servers := os.environ.get("KAFKA_BOOTSTRAP_SERVERS"):
        apply_topics(Connection(servers))
        yield servers
        return
    from services.cli.local_kafka import LocalKafka
    from services.cli.ports import free_port

    folder = tmp_path_factory.mktemp("kafka")
    broker = LocalKafka(
        folder / "data",
        jars=Path(__file__).parents[1] / ".state/kafka/jars",
        ports=[client := free_port(), free_port([client])],
        logs=folder,
    )
    broker.start()
    try:
        broker.wait_ready(60)
        apply_topics(Connection(broker.bootstrap_servers))
        yield broker.bootstrap_servers
    finally:
        broker.stop()
