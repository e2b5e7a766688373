"""An action happens once for each key, whatever is repeated, fails or runs at the same time."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.backoffice.demo import demo_records
from services.backoffice.records import (
    KINDS,
    Order,
    OrderStatus,
    Outcome,
    Records,
    Refund,
    Result,
)
from services.backoffice.store import SqlStore
from services.backoffice.tables import METADATA, RESULTS, TABLES
from services.common.database import connect
from services.common.failures import Transient


def test_the_same_key_gives_the_first_result(office: Any) -> None:
    first = office.ask("cancel_order", key="k-1", order_number="50177")
    again = office.ask("cancel_order", key="k-1", order_number="50177")
    assert first.outcome is Outcome.DONE
    assert again == first


def test_the_same_key_gives_the_first_result_even_of_what_was_not_found(office: Any) -> None:
    first = office.ask("order_status", key="k-2", order_number="99120")
    assert first.outcome is Outcome.NOT_FOUND
    assert office.ask("order_status", key="k-2", order_number="99120") == first


def test_a_key_with_other_content_is_refused_and_does_nothing(office: Any) -> None:
    office.ask("cancel_order", key="k-3", order_number="50177")
    other = office.ask("cancel_order", key="k-3", order_number="54466")
    assert (other.outcome, other.detail) == (Outcome.REFUSED, "idempotency_key_reused")
    assert office.record(Order, "54466").status is OrderStatus.PACKED
    assert office.ask("order_status", key="k-3", order_number="50177") == other


def test_a_key_of_one_tenant_means_nothing_in_another(office: Any) -> None:
    office.ask("order_status", key="k-4", order_number="48213")
    office.tenant = "elsewhere"
    assert office.ask("order_status", key="k-4", order_number="48213").detail == "order_number"


def test_without_a_key_each_look_is_fresh(office: Any) -> None:
    before = office.ask("order_status", key="", order_number="50177")
    office.ask("cancel_order", order_number="50177")
    after = office.ask("order_status", key="", order_number="50177")
    assert (before.facts["status"], after.facts["status"]) == ("being prepared", "cancelled")


def test_a_failure_half_way_leaves_nothing_and_the_key_free(office: Any) -> None:
    def breaks(records: Records) -> Result:
        order = records.find(Order, "50177")
        assert order is not None
        records.put(
            Refund(
                number="RF-1",
                customer_id="C-1003",
                for_number="50177",
                amount_cents=1,
                status="approved",
                paid_to="nobody",
            )
        )
        raise ZeroDivisionError

    arguments = {"changes": True, "now": office.now}
    with pytest.raises(ZeroDivisionError):
        office.store.run_once(office.tenant, "k-5", "f", work=breaks, **arguments)
    assert office.record(Refund, "RF-1") is None
    fine = Result(Outcome.DONE, {"a": "b"})
    done = office.store.run_once(office.tenant, "k-5", "g", work=lambda records: fine, **arguments)
    assert done == fine


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None
)
@given(
    facts=st.dictionaries(
        st.text("abc_", min_size=1, max_size=8),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40),
    ),
    outcome=st.sampled_from(list(Outcome)),
)
def test_a_result_comes_back_as_it_was(
    office: Any, facts: dict[str, str], outcome: Outcome
) -> None:
    result = Result(outcome, facts, "why")
    key = uuid.uuid4().hex
    for work in (lambda records: result, lambda records: pytest.fail("ran twice")):
        got = office.store.run_once(
            office.tenant, key, "f", changes=True, now=office.now, work=work
        )
        assert got == result


def test_every_demo_record_comes_back_as_it_was(office: Any) -> None:
    for record in demo_records(office.now):
        assert office.record(type(record), record.number) == record


def test_eight_runs_with_one_key_at_the_same_time_do_it_once(office: Any) -> None:
    runs = []
    barrier = threading.Barrier(8)

    def work(records: Records) -> Result:
        order = records.find(Order, "50177")
        assert order is not None
        runs.append(order)
        return Result(Outcome.DONE, {"run": str(len(runs))})

    def one() -> Result:
        barrier.wait(10)
        return office.store.run_once(  # type: ignore[no-any-return]
            office.tenant, "k-6", "f", changes=True, now=office.now, work=work
        )

    with ThreadPoolExecutor(8) as threads:
        results = [future.result(20) for future in [threads.submit(one) for _ in range(8)]]
    assert len(runs) == 1
    assert results == [Result(Outcome.DONE, {"run": "1"})] * 8


def test_two_cancellations_at_the_same_time_refund_once(office: Any) -> None:
    barrier = threading.Barrier(6)

    def one(number: int) -> Result:
        barrier.wait(10)
        return office.ask("cancel_order", key=f"k-{number}", order_number="50177")  # type: ignore[no-any-return]

    with ThreadPoolExecutor(6) as threads:
        results = list(threads.map(one, range(6)))
    assert sorted(result.detail for result in results) == ["", *["already_cancelled"] * 5]


@pytest.mark.integration
def test_the_second_run_goes_on_when_the_first_fails(backoffice_engine: sa.Engine) -> None:
    """A run that waits at its key's row runs itself when the first one rolls back."""
    store, tenant = SqlStore(backoffice_engine), uuid.uuid4().hex
    started, go_on = threading.Event(), threading.Event()
    now = demo_now()

    def fails(records: Records) -> Result:
        started.set()
        assert go_on.wait(10)
        raise ZeroDivisionError

    def run(work: Any) -> Result:
        return store.run_once(tenant, "k", "f", changes=True, now=now, work=work)

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(run, fails)
        assert started.wait(10)
        second = threads.submit(run, lambda records: Result(Outcome.DONE, {"by": "second"}))
        assert _waits_for_a_lock(backoffice_engine)
        go_on.set()
        with pytest.raises(ZeroDivisionError):
            first.result(10)
        assert second.result(10).facts == {"by": "second"}


def _waits_for_a_lock(engine: sa.Engine) -> bool:
    query = sa.text("select count(*) from pg_stat_activity where wait_event_type = 'Lock'")
    pause = threading.Event()
    for _ in range(200):
        with engine.connect() as connection:
            if connection.execute(query).scalar_one():
                return True
        pause.wait(0.02)
    return False


def demo_now() -> datetime:
    return datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.mark.integration
def test_an_outage_of_the_database_is_transient() -> None:
    engine = connect("postgresql://nobody@127.0.0.1:9/none", "backoffice")
    with pytest.raises(Transient):
        SqlStore(engine).run_once(
            "default",
            "k",
            "f",
            changes=True,
            now=demo_now(),
            work=lambda records: Result(Outcome.DONE, {}),
        )
    engine.dispose()


LOOP_TABLES = ("handled", "state", "outbox")


@pytest.mark.integration
def test_the_migrations_make_the_tables_that_the_code_uses(backoffice_engine: sa.Engine) -> None:
    assert set(TABLES) == set(KINDS)
    # Without the service's search path, in which the schema would not have its name.
    plain = sa.create_engine(backoffice_engine.url, poolclass=sa.NullPool)
    with plain.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table_schema": "backoffice",
                "include_schemas": True,
                "include_name": lambda name, kind, parents: (
                    name == "backoffice" if kind == "schema" else name not in LOOP_TABLES
                ),
            },
        )
        assert compare_metadata(context, METADATA) == []


@pytest.mark.integration
def test_demo_data_is_put_once_a_day_and_made_new_the_next(backoffice_engine: sa.Engine) -> None:
    store, tenant, now = SqlStore(backoffice_engine), uuid.uuid4().hex, demo_now()

    def status() -> OrderStatus:
        with backoffice_engine.connect() as connection:
            orders = TABLES[Order]
            query = sa.select(orders.c.status).where(
                orders.c.tenant == tenant, orders.c.number == "50177"
            )
            return OrderStatus(connection.execute(query).scalar_one())

    assert store.load_demo(tenant, now.date(), demo_records(now))
    with backoffice_engine.begin() as connection:
        orders = TABLES[Order]
        connection.execute(
            sa.update(orders).where(orders.c.tenant == tenant).values(status="cancelled")
        )
    assert not store.load_demo(tenant, now.date(), demo_records(now))
    assert status() is OrderStatus.CANCELLED
    tomorrow = now + timedelta(days=1)
    assert store.load_demo(tenant, tomorrow.date(), demo_records(tomorrow))
    assert status() is OrderStatus.BEING_PREPARED


@pytest.mark.integration
def test_old_results_are_forgotten_and_new_ones_kept(backoffice_engine: sa.Engine) -> None:
    store, tenant, now = SqlStore(backoffice_engine), uuid.uuid4().hex, demo_now()
    for key, age in (("old", timedelta(days=4000)), ("new", timedelta(0))):
        store.run_once(
            tenant,
            key,
            "f",
            changes=False,
            now=now - age,
            work=lambda records: Result(Outcome.DONE, {}),
        )
    assert store.forget_results(now - timedelta(days=3000)) == 1
    with backoffice_engine.connect() as connection:
        query = sa.select(RESULTS.c.key).where(RESULTS.c.tenant == tenant)
        assert connection.execute(query).scalars().all() == ["new"]
