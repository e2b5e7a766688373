"""What the services read and write is what THE MAP says."""

import pytest

from services.common.rights import ErasureProcessor
from services.common.topics import TOPICS
from services.emotion.handler import EmotionHandler
from services.ingestion.handler import DeliveryHandler
from services.ingestion.opting_out import OptingOut
from services.insights.handler import InsightsHandler
from services.redaction.handler import RedactionHandler
from services.reply.handler import ReplyHandler
from services.routing.handler import RoutingHandler

HANDLERS = (
    DeliveryHandler,
    EmotionHandler,
    InsightsHandler,
    RedactionHandler,
    ReplyHandler,
    RoutingHandler,
)


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda handler: handler.service)
def test_a_handler_reads_what_the_map_says(handler: type) -> None:
    service = handler.service  # type: ignore[attr-defined]
    mapped = {
        t.name
        for t in TOPICS
        if service in t.readers and t.message_type is not None and not t.broadcast
    }
    rights = {t.name for t in ErasureProcessor.reads if service in t.readers}
    rights |= {t.name for t in OptingOut.reads if service == OptingOut.service}
    assert {t.name for t in handler.reads} | rights == mapped  # type: ignore[attr-defined]
