"""Which broker and database a command talks to: the environment's, or the running platform's."""

import os
from pathlib import Path

import typer

from services.cli import running
from services.cli.cluster import connection_of
from services.cli.options import state_folder
from services.common.kafka import Connection


def broker_or_none(state: Path | None) -> Connection | None:
    """The broker to use; None where none is set and no platform runs."""
    if servers := os.environ.get("KAFKA_BOOTSTRAP_SERVERS"):
        return connection_of(os.environ, servers)
    found = running.find(state_folder(state))
    return connection_of(os.environ, found.bootstrap_servers) if found else None


def broker_of(state: Path | None) -> Connection:
    """The broker to use; ends the command with exit code 1 where there is none."""
    connection = broker_or_none(state)
    if connection is None:
        typer.echo("no broker: set KAFKA_BOOTSTRAP_SERVERS, or start 'rapport up'", err=True)
        raise typer.Exit(1)
    return connection


def database_of(state: Path | None) -> str:
    """DATABASE_URL, or the running platform's; ends the command where there is neither."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        found = running.find(state_folder(state))
        url = found.database_url if found else ""
    if not url:
        typer.echo("no database: set DATABASE_URL, or start 'rapport up'", err=True)
        raise typer.Exit(1)
    return url
