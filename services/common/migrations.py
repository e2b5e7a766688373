"""Schema migrations by Alembic: a folder `migrations/` in each service that keeps records.

A service's `migrations/env.py` is one line: `from services.common.migrations import run; run()`.
"""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from services.common.database import connect

SERVICES = Path(__file__).resolve().parent.parent


def migrated_services() -> list[str]:
    """Names of the services that keep records."""
    return sorted(path.parent.parent.name for path in SERVICES.glob("*/migrations/env.py"))


def _config(service: str, connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SERVICES / service / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["service"] = service
    return config


def migrate(service: str, database_url: str, revision: str = "head") -> None:
    """Brings the schema of one service to `revision`. Safe to run from several places at once."""
    engine = connect(database_url, service, pool_size=1)
    try:
        with engine.begin() as connection:
            # Two migrations of one service at the same time would trip over each other.
            connection.execute(
                sa.text("select pg_advisory_xact_lock(hashtext(:name))"),
                {"name": f"rapport.migrate.{service}"},
            )
            connection.execute(sa.schema.CreateSchema(service, if_not_exists=True))
            command.upgrade(_config(service, connection), revision)
    finally:
        engine.dispose()


def is_current(service: str, connection: sa.Connection) -> bool:
    """Whether the schema is at the newest revision that this code knows."""
    script = ScriptDirectory.from_config(_config(service))
    migration = MigrationContext.configure(connection, opts={"version_table_schema": service})
    return migration.get_current_revision() == script.get_current_head()


def run() -> None:
    """Body of every `migrations/env.py`."""
    connection = context.config.attributes["connection"]
    service = context.config.attributes["service"]
    context.configure(connection=connection, version_table_schema=service)
    with context.begin_transaction():
        context.run_migrations()


def create_loop_tables(op: Any, service: str) -> None:
    """Tables that the loop and the outbox need, for a first migration. `op` is alembic's."""
    op.create_table(
        "state",
        sa.Column("conversation_id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("state", sa.LargeBinary, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, index=True),
        schema=service,
    )
    op.create_table(
        "handled",
        sa.Column("event_id", sa.Uuid, primary_key=True),
        sa.Column("outgoing", sa.LargeBinary, nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=False, index=True),
        schema=service,
    )
    op.create_table(
        "outbox",
        sa.Column("position", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False, unique=True),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.Column("traceparent", sa.Text),
        schema=service,
    )
