"""The tables of the desk: accounts and sessions. All works in the caller's transaction."""

from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from services.common.database import schema
from services.desk.accounts import Account, Role

SCHEMA = "desk"
_metadata = schema(SCHEMA)
_time = sa.DateTime(timezone=True)
accounts = sa.Table(
    "accounts",
    _metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("role", sa.Text),
    sa.Column("password", sa.Text),
    sa.Column("skills", ARRAY(sa.Text)),
    sa.Column("languages", ARRAY(sa.Text)),
    sa.Column("capacity", sa.Integer),
    sa.Column("presence", sa.Text),
    sa.Column("failures", sa.Integer),
    sa.Column("closed_until", _time),
    sa.Column("demo", sa.Boolean),
)
sessions = sa.Table(
    "sessions",
    _metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("name", sa.Text),
    sa.Column("csrf", sa.Text),
    sa.Column("ends_at", _time),
    sa.Column("seen_at", _time),
)
_a, _s = accounts.c, sessions.c


def save_account(
    connection: sa.Connection, account: Account, password: str, *, demo: bool = False
) -> None:
    """Makes an account, or makes it anew. `password` is a hash."""
    values = {each.name: getattr(account, each.name) for each in fields(account)}
    values |= {
        "role": account.role.value,
        "skills": list(account.skills),
        "languages": list(account.languages),
        "password": password,
        "demo": demo,
    }
    statement = insert(accounts).values(**values, failures=0)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[_a.name],
            set_={**{name: statement.excluded[name] for name in values}, "failures": 0},
        )
    )


def remove_account(connection: sa.Connection, name: str) -> bool:
    """Removes an account with its sessions; whether there was one."""
    return connection.execute(sa.delete(accounts).where(_a.name == name)).rowcount > 0


def remove_demo_accounts(connection: sa.Connection) -> None:
    """Removes what a demonstration has left."""
    connection.execute(sa.delete(accounts).where(_a.demo))


def find_demo_password(connection: sa.Connection, name: str) -> str | None:
    """The hash of an account of the demonstration; None where there is none."""
    return connection.scalar(sa.select(_a.password).where(_a.name == name, _a.demo))


def list_accounts(connection: sa.Connection) -> list[Account]:
    """All accounts, by name."""
    return [account_of(row) for row in connection.execute(sa.select(accounts).order_by(_a.name))]


def find_password(connection: sa.Connection, name: str) -> tuple[str, int, datetime | None] | None:
    """The hash, the failures in a row and until when none is taken; the row is locked."""
    row = connection.execute(
        sa.select(_a.password, _a.failures, _a.closed_until)
        .where(_a.name == name)
        .with_for_update()
    ).one_or_none()
    return None if row is None else (row.password, row.failures, row.closed_until)


def note_attempt(
    connection: sa.Connection, name: str, failures: int, closed_until: datetime | None
) -> None:
    """Notes how an attempt to sign in went."""
    connection.execute(
        sa.update(accounts)
        .where(_a.name == name)
        .values(failures=failures, closed_until=closed_until)
    )


def set_presence(connection: sa.Connection, name: str, presence: str) -> None:
    """What the account says of being there."""
    connection.execute(sa.update(accounts).where(_a.name == name).values(presence=presence))


def begin_session(
    connection: sa.Connection, *, key: str, name: str, csrf: str, ends_at: datetime, now: datetime
) -> None:
    """Begins a session; those that are over go."""
    connection.execute(sa.delete(sessions).where(_s.ends_at < now))
    connection.execute(
        sa.insert(sessions).values(key=key, name=name, csrf=csrf, ends_at=ends_at, seen_at=now)
    )


def find_session(connection: sa.Connection, key: str) -> Any:
    """The session with its account; None where there is none."""
    return connection.execute(
        sa.select(accounts, _s.csrf, _s.ends_at, _s.seen_at)
        .join_from(sessions, accounts, _s.name == _a.name)
        .where(_s.key == key)
    ).one_or_none()


def touch_session(connection: sa.Connection, key: str, now: datetime) -> None:
    """The session was used."""
    connection.execute(sa.update(sessions).where(_s.key == key).values(seen_at=now))


def end_session(connection: sa.Connection, key: str) -> None:
    """Ends a session."""
    connection.execute(sa.delete(sessions).where(_s.key == key))


def account_of(row: Any) -> Account:
    """The account in a row that has its columns."""
    return Account(
        name=row.name,
        role=Role(row.role),
        skills=tuple(row.skills),
        languages=tuple(row.languages),
        capacity=row.capacity,
        presence=row.presence,
    )
