"""What every way in and every way out shares."""

from dataclasses import dataclass

from services.common.broker import Producer
from services.ingestion.acceptance import Acceptor
from services.ingestion.housekeeping import Housekeeping
from services.ingestion.publishing import BrokerPublisher
from services.ingestion.reveal import RedactionRevealer, Revealer
from services.ingestion.settings import IngestionSettings
from services.ingestion.store import PostgresStore
from services.ingestion.streams import Streams


@dataclass(frozen=True)
class Door:
    """Takes events in, follows conversations, reveals what goes out."""

    acceptor: Acceptor
    streams: Streams
    revealer: Revealer
    housekeeping: Housekeeping
    store: PostgresStore


def build_door(settings: IngestionSettings, producer: Producer) -> Door:
    """The door over PostgreSQL and a broker."""
    store = PostgresStore(settings.database_url, connections=settings.connections)
    key = settings.digest_key
    acceptor = Acceptor(
        store,
        BrokerPublisher(producer, "ingestion"),
        tenant=settings.tenant,
        digest_key=key.get_secret_value().encode() if key else None,
        patience_seconds=settings.patience_seconds,
        max_in_flight=settings.max_in_flight,
    )
    return Door(
        acceptor=acceptor,
        streams=Streams(store, settings.database_url, most=settings.max_streams),
        revealer=RedactionRevealer(settings.redaction_address, settings.tenant),
        housekeeping=Housekeeping(acceptor, store.purge),
        store=store,
    )
