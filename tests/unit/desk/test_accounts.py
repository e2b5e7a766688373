"""Passwords, permissions, and sessions over a real PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from services.common.database import connect
from services.common.migrations import migrate
from services.desk import store
from services.desk.accounts import (
    Account,
    Act,
    BadAccount,
    Role,
    checked,
    hashed,
    matches,
    pause_after,
)
from services.desk.signing_in import SigningIn, TooManyAttempts

PASSWORD = "correct horse battery"


class Desk:
    def __init__(self, engine: sa.Engine) -> None:
        self.now = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
        self.engine = engine
        self.signing_in = SigningIn(
            engine, lambda: self.now, lasts=timedelta(hours=10), idle=timedelta(minutes=60)
        )
        with engine.begin() as connection:
            store.save_account(connection, Account("ada", Role.AGENT), hashed(PASSWORD))

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    migrate("desk", database_url)
    engine = connect(database_url, "desk")
    yield Desk(engine)
    engine.dispose()


def test_a_password_is_kept_as_argon2id_and_matches_itself_alone() -> None:
    kept = hashed(PASSWORD)
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept
    assert matches(kept, PASSWORD)
    assert not matches(kept, "correct horse")
    assert not matches(None, PASSWORD)


@pytest.mark.parametrize(
    ("name", "password"),
    [("Ada", PASSWORD), ("", PASSWORD), ("a b", PASSWORD), ("ada", "short"), ("ada", "x" * 1001)],
)
def test_a_bad_name_or_password_makes_no_account(name: str, password: str) -> None:
    with pytest.raises(BadAccount):
        checked(name, password)


def test_each_role_may_do_its_own() -> None:
    agent, supervisor, officer = (Account("x", role) for role in Role)
    assert agent.may(Act.ANSWER)
    assert not agent.may(Act.TAKE_OVER)
    assert not agent.may(Act.AUDIT)
    assert supervisor.may(Act.TAKE_OVER)
    assert not supervisor.may(Act.AUDIT)
    assert officer.may(Act.AUDIT)
    assert not officer.may(Act.ANSWER)
    assert not officer.may(Act.REVEAL)


def test_pauses_grow_with_the_attempts_up_to_a_quarter_of_an_hour() -> None:
    assert [pause_after(n) for n in (1, 4, 5, 6, 20)] == [0, 0, 15, 30, 900]


@pytest.mark.integration
def test_who_signs_in_has_a_session_until_it_ends(desk: Desk) -> None:
    cookie = desk.signing_in.sign_in("ada", PASSWORD)
    assert cookie is not None
    session = desk.signing_in.session(cookie)
    assert session is not None
    assert (session.account.name, session.account.role) == ("ada", Role.AGENT)
    with desk.engine.begin() as connection:
        assert cookie not in str(connection.execute(sa.select(store.sessions)).all())
    desk.signing_in.sign_out(session)
    assert desk.signing_in.session(cookie) is None


@pytest.mark.integration
def test_a_session_ends_when_it_is_idle_and_in_any_case_after_its_time(desk: Desk) -> None:
    cookie = desk.signing_in.sign_in("ada", PASSWORD)
    assert cookie is not None
    for _ in range(11):
        desk.wait(minutes=50)
        assert desk.signing_in.session(cookie)
    desk.wait(minutes=51)
    assert desk.signing_in.session(cookie) is None
    idle = desk.signing_in.sign_in("ada", PASSWORD)
    assert idle is not None
    desk.wait(minutes=61)
    assert desk.signing_in.session(idle) is None


@pytest.mark.integration
def test_guessing_is_slowed_down_even_for_the_right_password(desk: Desk) -> None:
    for _ in range(5):
        assert desk.signing_in.sign_in("ada", "wrong") is None
    with pytest.raises(TooManyAttempts):
        desk.signing_in.sign_in("ada", PASSWORD)
    desk.wait(seconds=16)
    assert desk.signing_in.sign_in("ada", PASSWORD)


@pytest.mark.integration
def test_nobody_is_denied_as_a_wrong_password_is(desk: Desk) -> None:
    assert desk.signing_in.sign_in("nobody", PASSWORD) is None


@pytest.mark.integration
def test_what_a_demonstration_made_is_gone_without_it(desk: Desk) -> None:
    desk.signing_in.make_demo_accounts("for all to see")
    assert desk.signing_in.sign_in("sam", "for all to see")
    desk.signing_in.make_demo_accounts("")
    assert desk.signing_in.sign_in("sam", "for all to see") is None


@pytest.mark.integration
def test_a_demonstration_that_goes_on_signs_nobody_out(desk: Desk) -> None:
    desk.signing_in.make_demo_accounts("for all to see")
    cookie = desk.signing_in.sign_in("sam", "for all to see")
    assert cookie
    desk.signing_in.make_demo_accounts("for all to see")
    assert desk.signing_in.session(cookie)
    desk.signing_in.make_demo_accounts("another")
    assert desk.signing_in.session(cookie) is None
