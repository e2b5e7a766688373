"""The articles and the encoder, loaded once; actions over the demo records, in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from services.backoffice import actions as backoffice
from services.backoffice.demo import demo_records
from services.backoffice.memory_store import MemoryStore
from services.reply.actions import ActionResult, ActionsUnavailable
from services.reply.engine import Engine
from services.reply.library import load_engine
from services.reply.search import Search

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=ZoneInfo("America/New_York"))


@dataclass
class DemoActions:
    """The back office over its demo records; `calls` are (action, parameters, key)."""

    store: MemoryStore = field(default_factory=lambda: MemoryStore(demo_records(NOW)))
    calls: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    away: bool = False

    def run(
        self,
        industry: str,
        customer_id: str,
        action: str,
        parameters: Mapping[str, str],
        idempotency_key: str,
    ) -> ActionResult:
        self.calls.append((action, dict(parameters), idempotency_key))
        if self.away:
            raise ActionsUnavailable
        request = backoffice.Request(
            action=action,
            customer_id=customer_id,
            industry=industry,
            key=idempotency_key,
            parameters=parameters,
        )
        result = backoffice.run(request, self.store, NOW)
        return ActionResult(result.outcome.value, result.facts, result.detail)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def whole() -> Engine:
    return load_engine(None)


@pytest.fixture(scope="session")
def search(whole: Engine) -> Search:
    return whole.search


@pytest.fixture
def actions() -> DemoActions:
    return DemoActions()


@pytest.fixture
def engine(whole: Engine, actions: DemoActions) -> Engine:
    return replace(whole, actions=actions)
