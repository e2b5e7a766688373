"""PostgreSQL: one database, one schema for each service, SQLAlchemy over psycopg 3."""

import psycopg
from sqlalchemy import URL, Engine, MetaData, create_engine, make_url
from sqlalchemy.exc import DBAPIError

from services.common.failures import Transient

# SQLSTATE classes that psycopg counts as operational, though trying again changes nothing.
STATEMENT_AT_FAULT = ("0A", "54")


def database_url(text: str) -> URL:
    """SQLAlchemy's URL of `DATABASE_URL`, with psycopg 3 as its driver."""
    if not text:
        raise ValueError("DATABASE_URL is not set: run 'rapport up', or point it at PostgreSQL")
    return make_url(text).set(drivername="postgresql+psycopg")


def connect(text: str, service: str, *, pool_size: int = 5) -> Engine:
    """Engine whose connections see the service's own schema first."""
    return create_engine(
        database_url(text),
        pool_size=pool_size,
        max_overflow=2,
        pool_pre_ping=False,
        pool_recycle=1800,
        hide_parameters=True,  # an error's text would hold them, and a log the error
        connect_args={
            "options": f"-csearch_path={service}",
            "application_name": f"rapport-{service}",
            "connect_timeout": 5,
        },
    )


def schema(service: str) -> MetaData:
    """Metadata for the tables of one service."""
    return MetaData(schema=service)


def as_transient(error: DBAPIError | psycopg.Error) -> Transient | None:
    """The outage behind a database error, or None where the statement itself is at fault."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    at_fault = str(getattr(cause, "sqlstate", None) or "").startswith(STATEMENT_AT_FAULT)
    outage = isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError) and not at_fault
    if outage or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return Transient("database_" + type(cause).__name__.lower())
    return None
