"""What services declare to hold is what their schemas have: no table of a customer is forgotten."""

import importlib
from datetime import timedelta

import psycopg
import pytest

from services.common.holdings import By, Holding
from services.common.migrations import migrated_services
from services.common.topics import HOLDERS, TOPICS

ANSWER = timedelta(days=45)
PERSONAL = {"customer_id", "conversation_id", "outgoing"}


def holdings(service: str) -> dict[str, Holding]:
    declared = importlib.import_module(f"services.{service}.holdings").HOLDINGS
    return {each.table: each for each in declared}


def columns(url: str, service: str) -> dict[str, dict[str, str]]:
    """Types of the columns of each table of a service."""
    found: dict[str, dict[str, str]] = {}
    with psycopg.connect(url) as connection:
        for table, column, kind in connection.execute(
            "select table_name, column_name, data_type from information_schema.columns"
            " where table_schema = %s and table_name <> 'alembic_version'",
            (service,),
        ):
            found.setdefault(table, {})[column] = kind
    return found


@pytest.mark.integration
def test_every_table_is_declared_and_every_declaration_is_a_table(migrated: str) -> None:
    assert set(HOLDERS) | {"ingestion"} <= set(migrated_services())
    for service in migrated_services():
        tables = columns(migrated, service)
        assert set(holdings(service)) == set(tables), f"see services/{service}/holdings.py"
        for name, held in holdings(service).items():
            assert held.aged_by == "null" or held.aged_by in tables[name], f"{service}.{name}"


@pytest.mark.integration
def test_a_table_with_a_customer_or_a_conversation_says_how_it_is_erased(migrated: str) -> None:
    unsaid = []
    for service in migrated_services():
        for name, its in columns(migrated, service).items():
            held = holdings(service)[name]
            if its.keys() & PERSONAL and held.by is By.NOBODY:
                unsaid.append(f"{service}.{name}")
    # Marks of what was erased, ids of events that nothing follows from, tables that stay empty.
    assert set(unsaid) <= {
        "ingestion.handled",
        "ingestion.state",
        "routing.handled",
        "routing.state",
        "routing.erased",
        "backoffice.handled",
        "backoffice.state",
    }


def test_what_holds_redacted_text_is_forgotten_before_an_answer_is_due() -> None:
    for topic in TOPICS:
        if topic.retention is not None and topic.retention < timedelta(days=400):
            assert topic.retention + topic.segment < ANSWER, topic.name
    for service in (*HOLDERS, "ingestion"):
        for held in holdings(service).values():
            if held.by in (By.STATE, By.OUTGOING) or held.table in ("vault", "deliveries"):
                assert held.keep is not None, f"{service}.{held.table}"
                assert held.keep < ANSWER, f"{service}.{held.table}"
