"""What every way in and every way out shares."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from services.common.broker import Producer
from services.common.logs import logger
from services.ingestion.acceptance import Acceptor
from services.ingestion.access import Access, Caller
from services.ingestion.access_record import AccessRecord
from services.ingestion.adapters.connections import Connections
from services.ingestion.consent_store import ConsentStore
from services.ingestion.erasure_store import ErasureStore
from services.ingestion.housekeeping import Housekeeping
from services.ingestion.limits import Limiter
from services.ingestion.publishing import BrokerPublisher
from services.ingestion.record import Entry
from services.ingestion.reveal import RedactionRevealer, Revealer
from services.ingestion.rights import Rights
from services.ingestion.sealing import read_sealer
from services.ingestion.settings import IngestionSettings
from services.ingestion.store import PostgresStore
from services.ingestion.streams import Streams
from services.ingestion.tenancy import conversation_key
from services.ingestion.tokens import OidcTokens
from services.ingestion.transcripts import Transcripts
from services.ingestion.webhooks.connecting import Guard, Line
from services.ingestion.webhooks.outbox import Outbox
from services.ingestion.webhooks.sender import Patience, Sender
from services.ingestion.webhooks.subscriptions import Subscriptions

log = logger(__name__)


@dataclass(frozen=True)
class Door:
    """Takes events in, follows conversations, reveals what goes out."""

    acceptor: Acceptor
    streams: Streams
    revealer: Revealer
    housekeeping: Housekeeping
    rights: Rights
    store: PostgresStore
    access: Access
    limiter: Limiter
    sender: Sender
    subscriptions: Subscriptions
    transcripts: Transcripts
    line: Line
    connections: Connections
    adapter_folders: tuple[Path, ...] = ()

    def key(self, caller: Caller, conversation_id: str) -> str:
        """The key of a conversation of the caller's tenant, by the id that the tenant knows."""
        return conversation_key(caller.tenant, self.acceptor.tenant, conversation_id)

    async def follow(
        self, caller: Caller, key: str, after: int, way: str, *, shown: bool
    ) -> AsyncGenerator[list[Entry], None]:
        """As Streams.follow, until the caller's key is revoked or its time is over."""
        async with aclosing(self.streams.follow(key, after, way, shown=shown)) as batches:
            async for entries in batches:
                if not await self.access.still(caller):
                    return
                yield entries


def build_door(settings: IngestionSettings, producer: Producer) -> Door:
    """The door over PostgreSQL and a broker."""
    store = PostgresStore(settings.database_url, connections=settings.connections)
    key = settings.digest_key
    publisher = BrokerPublisher(producer, "ingestion")
    consents = ConsentStore(store, settings.tenant)
    rights = Rights(ErasureStore(store, settings.tenant), publisher)
    revealer = RedactionRevealer(settings.redaction_address, settings.tenant)
    acceptor = Acceptor(
        store,
        publisher,
        rights,
        revealer,
        consents,
        tenant=settings.tenant,
        digest_key=key.get_secret_value().encode() if key else None,
        patience_seconds=settings.patience_seconds,
        max_in_flight=settings.max_in_flight,
    )
    record = AccessRecord(
        store,
        events_per_second=settings.events_per_second,
        burst=settings.burst,
        event_bytes=settings.event_bytes,
    )
    if settings.is_open():
        log.warning("door_is_open", detail="no key is asked for: development, loopback")
    sealer = read_sealer(settings.secret_key.get_secret_value(), settings.secret_key_file)
    guard = Guard(allow_loopback=settings.webhook_loopback)
    line = Line(guard)
    sender = Sender(
        Outbox(store),
        line,
        sealer,
        revealer,
        patience=Patience(settings.webhook_attempts, settings.webhook_first_wait_seconds),
    )
    return Door(
        acceptor=acceptor,
        streams=Streams(store, settings.database_url, most=settings.max_streams),
        revealer=revealer,
        housekeeping=Housekeeping(acceptor, store.purge),
        rights=rights,
        store=store,
        access=Access(
            record,
            tokens=_tokens(settings),
            open_for=settings.tenant if settings.is_open() else None,
        ),
        limiter=Limiter(record),
        sender=sender,
        subscriptions=Subscriptions(store, guard, sender, sealer),
        transcripts=Transcripts(
            consents,
            publisher,
            home=settings.tenant,
            unless_refused=settings.recording == "unless_refused",
            minutes=settings.transcript_minutes,
        ),
        line=line,
        connections=Connections(store, sealer),
        adapter_folders=(settings.adapters_folder,) if settings.adapters_folder else (),
    )


def _tokens(settings: IngestionSettings) -> OidcTokens | None:
    if not settings.oidc_issuer:
        return None
    return OidcTokens(
        settings.oidc_issuer,
        settings.oidc_audience,
        keys_url=settings.oidc_keys_url,
        tenant_claim=settings.oidc_tenant_claim,
    )
