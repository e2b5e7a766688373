"""Signing in and out, and who a request comes from. Everything blocks on the database."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from services.desk import store
from services.desk.accounts import Account, Role, Session, hashed, matches, pause_after

# A request a second need not write each time that it was there.
TOUCH_SECONDS = 60.0


class TooManyAttempts(Exception):
    """This account takes no password for now."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"try again in {seconds:.0f} s")
        self.seconds = seconds


class SigningIn:
    """Sessions over one database."""

    def __init__(
        self,
        engine: sa.Engine,
        clock: Callable[[], datetime],
        *,
        lasts: timedelta,
        idle: timedelta,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._lasts = lasts
        self._idle = idle

    def sign_in(self, name: str, password: str) -> str | None:
        """The cookie of a new session; None where name or password is wrong. TooManyAttempts
        after several wrong ones in a row."""
        now = self._clock()
        with self._engine.begin() as connection:
            found = store.find_password(connection, name)
            kept, failures, closed_until = found or (None, 0, None)
            if closed_until is not None and closed_until > now:
                raise TooManyAttempts((closed_until - now).total_seconds())
            if not matches(kept, password):
                failures += 1
                pause = pause_after(failures)
                until = now + timedelta(seconds=pause) if pause else None
                store.note_attempt(connection, name, failures, until)
                return None
            store.note_attempt(connection, name, 0, None)
            cookie = secrets.token_urlsafe(32)
            store.begin_session(
                connection,
                key=_key(cookie),
                name=name,
                csrf=secrets.token_urlsafe(24),
                ends_at=now + self._lasts,
                now=now,
            )
            return cookie

    def session(self, cookie: str) -> Session | None:
        """Whose cookie it is; None when the session is over or never was."""
        now, key = self._clock(), _key(cookie)
        with self._engine.begin() as connection:
            row = store.find_session(connection, key)
            if row is None:
                return None
            if row.ends_at <= now or now - row.seen_at > self._idle:
                store.end_session(connection, key)
                return None
            if (now - row.seen_at).total_seconds() > TOUCH_SECONDS:
                store.touch_session(connection, key, now)
            return Session(store.account_of(row), row.csrf, key)

    def sign_out(self, session: Session) -> None:
        """Ends the session, in all tabs."""
        with self._engine.begin() as connection:
            store.end_session(connection, session.key)

    def set_presence(self, name: str, presence: str) -> None:
        """What the account says of being there, for all its tabs."""
        with self._engine.begin() as connection:
            store.set_presence(connection, name, presence)

    def make_demo_accounts(self, password: str) -> None:
        """The accounts of a demonstration with this password; with "", there are none any more.

        A desk that is started again with the same password signs nobody out.
        """
        with self._engine.begin() as connection:
            kept = [store.find_demo_password(connection, account.name) for account in DEMO]
            if password and None not in kept and matches(kept[0], password):
                return
            store.remove_demo_accounts(connection)
            for account in DEMO if password else ():
                store.save_account(connection, account, hashed(password), demo=True)


DEMO = (
    Account("ada", Role.AGENT, languages=("en", "es"), capacity=6),
    Account("ben", Role.AGENT, languages=("en",), capacity=6),
    Account("sam", Role.SUPERVISOR, languages=("en", "es"), capacity=6, presence="busy"),
    Account("pat", Role.PRIVACY_OFFICER, presence="away"),
)


def _key(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
