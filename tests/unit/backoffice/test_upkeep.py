"""Demo data is there before the first call, and made new when the day changes."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from services.backoffice.settings import BackofficeSettings
from services.backoffice.upkeep import Upkeep

NOW = datetime(2026, 11, 24, 23, 59, tzinfo=UTC)


class Noted:
    """A store that notes what it is told; its second forgetting fails as an outage does."""

    def __init__(self) -> None:
        self.loaded: list[Any] = []
        self.forgot: list[datetime] = []

    def load_demo(self, tenant: str, made_for: Any, records: Any) -> bool:
        self.loaded.append((tenant, made_for, len(tuple(records)) > 100))
        return True

    def forget_results(self, before: datetime) -> int:
        self.forgot.append(before)
        if len(self.forgot) == 2:
            raise OperationalError("delete", {}, Exception("away"))
        return 0


def upkeep(store: Noted, now: Callable[[], datetime], *, demo_data: bool = True) -> Upkeep:
    return Upkeep(
        store,  # type: ignore[arg-type]
        now,
        demo_data=demo_data,
        keep_results=timedelta(days=30),
        round_seconds=0.01,
    )


async def rounds(part: Upkeep, enough: Callable[[], bool]) -> None:
    assert not part.ready()
    await part.start()
    assert part.ready()
    async with asyncio.timeout(5):
        while not enough():
            await asyncio.sleep(0.01)
    await part.drain()


def test_rounds_go_on_after_an_outage_and_see_the_day_change() -> None:
    store = Noted()
    times = iter([NOW, *[NOW + timedelta(minutes=2)] * 10_000])
    part = upkeep(store, lambda: next(times))
    asyncio.run(rounds(part, lambda: len(store.forgot) >= 3))
    assert store.loaded[0] == ("default", NOW.date(), True)
    assert store.loaded[1] == ("default", NOW.date() + timedelta(days=1), True)
    assert store.forgot[0] == NOW - timedelta(days=30)


def test_no_demo_data_where_none_is_wanted() -> None:
    store = Noted()
    part = upkeep(store, lambda: NOW, demo_data=False)
    asyncio.run(rounds(part, lambda: len(store.forgot) >= 1))
    assert store.loaded == []


def test_an_outage_at_the_start_ends_the_start() -> None:
    class Away(Noted):
        def forget_results(self, before: datetime) -> int:
            raise OperationalError("delete", {}, Exception("away"))

    with pytest.raises(OperationalError):
        asyncio.run(upkeep(Away(), lambda: NOW).start())


def test_settings_refuse_a_time_zone_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPORT_BACKOFFICE_TIMEZONE", "Europe/Atlantis")
    with pytest.raises(ValueError, match="no such time zone"):
        BackofficeSettings()
    monkeypatch.setenv("RAPPORT_BACKOFFICE_TIMEZONE", "America/Chicago")
    monkeypatch.setenv("RAPPORT_BACKOFFICE_DEMO_DATA", "false")
    settings = BackofficeSettings()
    assert (settings.timezone, settings.demo_data) == ("America/Chicago", False)
