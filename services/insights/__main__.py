"""`python -m services.insights`: outcomes for the record, windows for the moment."""

from services.common.database import connect
from services.common.handling import StatefulProcessor
from services.common.rights import rights_part
from services.common.service import (
    ConsumerPart,
    Service,
    ThreadPart,
    load_settings,
    producer_of,
    run,
)
from services.insights.handler import InsightsHandler
from services.insights.holdings import HOLDINGS
from services.insights.settings import InsightsSettings
from services.insights.windows import Windows


def main() -> None:
    settings = load_settings(InsightsSettings, "insights")
    engine = connect(settings.database_url, "insights")
    producer = producer_of(settings, "insights")
    processor = StatefulProcessor(
        InsightsHandler(), engine, cache_conversations=settings.cache_conversations
    )
    parts = [
        ConsumerPart(settings, processor, producer),
        rights_part("insights", settings, engine, producer, HOLDINGS),
        ThreadPart("windows", lambda: Windows(settings)),
    ]
    close = [producer.close, engine.dispose]
    run(Service("insights", settings, parts, engine=engine, close=close))


if __name__ == "__main__":
    main()
