"""One suite on both stores: a back office with the demo data, in memory and in PostgreSQL."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import psycopg
import pytest
import sqlalchemy as sa

from services.backoffice.actions import Request, run
from services.backoffice.demo import demo_records
from services.backoffice.memory_store import MemoryStore
from services.backoffice.records import Outcome, R, Records, Result, Store
from services.backoffice.store import SqlStore
from services.common.database import connect
from services.common.migrations import migrate

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("America/New_York"))


@dataclass
class Office:
    """A store with the demo data under a tenant of its own, on the morning of November 24."""

    store: Store
    tenant: str
    now: datetime = NOW

    def ask(
        self,
        action: str,
        customer: str = "",
        key: str | None = None,
        industry: str = "",
        **said: str,
    ) -> Result:
        """The result of an action; a key of its own unless one is given."""
        request = Request(
            action=action,
            customer_id=customer,
            industry=industry,
            tenant=self.tenant,
            key=uuid.uuid4().hex if key is None else key,
            parameters=said,
        )
        return run(request, self.store, self.now)

    def record(self, kind: type[R], number: str) -> R | None:
        """What the store holds now."""
        found: list[R | None] = []

        def look(records: Records) -> Result:
            found.append(records.find(kind, number))
            return Result(Outcome.DONE, {})

        self.store.run_once(self.tenant, "", "", changes=False, now=self.now, work=look)
        return found[0]


@pytest.fixture(scope="session")
def backoffice_engine(postgres: str) -> Iterator[sa.Engine]:
    """A migrated database that all tests of the back office share, each with its own tenant."""
    name = f"backoffice_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    url = sa.make_url(postgres).set(database=name).render_as_string(hide_password=False)
    migrate("backoffice", url)
    engine = connect(url, "backoffice", pool_size=8)
    yield engine
    engine.dispose()
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.integration)])
def office(request: pytest.FixtureRequest) -> Office:
    """The demo data in one of the two stores."""
    if request.param == "memory":
        return Office(MemoryStore(demo_records(NOW), tenant="default"), "default")
    tenant = f"tenant-{uuid.uuid4().hex[:8]}"
    store = SqlStore(request.getfixturevalue("backoffice_engine"))
    store.load_demo(tenant, NOW.date(), demo_records(NOW))
    return Office(store, tenant)
