"""A floor on a fresh database for each test."""

from collections.abc import Iterator

import pytest

from services.common.database import connect
from services.common.migrations import migrate
from tests.unit.routing.floor import Floor


@pytest.fixture
def floor(database_url: str) -> Iterator[Floor]:
    migrate("routing", database_url)
    engine = connect(database_url, "routing", pool_size=8)
    yield Floor(engine)
    engine.dispose()
