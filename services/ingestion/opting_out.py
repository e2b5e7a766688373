"""A customer who asks in their own words not to be contacted is heard here: emotion reads it."""

from collections.abc import Sequence
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from rapport.v1 import common_pb2, message_pb2
from services.common.database import as_transient
from services.common.events import Event, Outgoing, derive_id
from services.common.handling import Result
from services.common.ledger import execute
from services.common.service import ConsumerPart
from services.common.topics import MESSAGE_SCORED, Topic
from services.ingestion.consent_store import KEEP_CONSENT, values_of
from services.ingestion.consents import Consent
from services.ingestion.settings import IngestionSettings


class OptingOut:
    """Scored messages in, rapport.consent.changed.v1 out. A repeat keeps and sends the same."""

    service = "ingestion"
    reads: tuple[Topic, ...] = (MESSAGE_SCORED,)

    def __init__(self, engine: sa.Engine, home: str) -> None:
        self._engine = engine
        self._home = home

    def process(self, events: Sequence[Event[Any]]) -> list[Result]:
        try:
            return [self._process(event) for event in events]
        except (DBAPIError, psycopg.Error) as error:
            raise as_transient(error) or error from error

    def forget(self) -> None:
        """Nothing is cached here."""

    def purge(self) -> None:
        """The door's housekeeping does that."""

    def _process(self, event: Event[message_pb2.MessageScored]) -> Result:
        scored = event.message
        ref = scored.ref
        if ref.author != common_pb2.AUTHOR_CUSTOMER or not scored.reading.signals.opt_out:
            return Result(traceparent=event.traceparent)
        if not ref.customer_id or not ref.message_id:
            return Result(failure="missing_id")
        consent = Consent(
            ref.tenant or self._home,
            ref.customer_id,
            "contact",
            granted=False,
            at=event.time,
            said_in=ref.message_id,
        )
        with self._engine.begin() as connection:
            execute(connection, KEEP_CONSENT, values_of(consent))
        outgoing: Outgoing = consent.changed(derive_id(ref.message_id, "opt-out"))
        return Result((outgoing,), event.traceparent)


def opt_out_part(settings: IngestionSettings, engine: sa.Engine, producer: Any) -> ConsumerPart:
    """The consumer, in a group of its own: nobody waits for it, so it reads twice a second."""
    paced = settings.model_copy(update={"pace_seconds": 0.5})
    return ConsumerPart(
        paced, OptingOut(engine, settings.tenant), producer, group="ingestion.consents"
    )
