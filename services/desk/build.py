"""Everything of the desk but the servers, put together."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import sqlalchemy as sa
from starlette.applications import Starlette

from services.desk.actions import Actions
from services.desk.calls import Calls
from services.desk.http import Desk
from services.desk.live import Live
from services.desk.pages import Pages
from services.desk.readings import Readings
from services.desk.settings import DeskSettings
from services.desk.signing_in import SigningIn
from services.desk.sse import Streams


@dataclass(frozen=True)
class Built:
    """The application, and what has to be started and drained with it."""

    app: Starlette
    calls: Calls
    streams: Streams
    signing_in: SigningIn


def build_desk(settings: DeskSettings, engine: sa.Engine) -> Built:
    """All over one database and the platform's addresses; nothing connects yet."""
    calls, pages, streams = Calls(settings), Pages(), Streams()
    signing_in = SigningIn(
        engine,
        partial(datetime.now, UTC),
        lasts=timedelta(hours=settings.session_hours),
        idle=timedelta(minutes=settings.idle_minutes),
    )
    live = Live(calls, Readings(calls), pages, presence_seconds=settings.presence_seconds)
    desk = Desk(
        signing_in,
        calls,
        live,
        Actions(calls),
        pages,
        streams,
        secure_cookies=settings.cookies_are_secure(),
        demo=bool(settings.demo_password.get_secret_value()),
    )
    return Built(desk.app(), calls, streams, signing_in)
