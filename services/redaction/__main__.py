"""`python -m services.redaction`: personal data stops here; the vault keeps what may be kept."""

from datetime import UTC, datetime
from functools import partial

from rapport.v1 import services_pb2_grpc
from services.common.database import connect
from services.common.handling import StatefulProcessor
from services.common.ledger import Ledger
from services.common.rights import rights_part
from services.common.rpc import GrpcServer
from services.common.service import ConsumerPart, Part, Service, load_settings, producer_of, run
from services.redaction.allowed import Allowed
from services.redaction.comments import Comments
from services.redaction.conversation import load
from services.redaction.handler import RedactionHandler
from services.redaction.holdings import HOLDINGS
from services.redaction.keys import StoredKeys
from services.redaction.reveal import Revealing
from services.redaction.servicer import SERVICE, RedactionServicer
from services.redaction.settings import RedactionSettings
from services.redaction.vault import Vault


def main() -> None:
    settings = load_settings(RedactionSettings, "redaction")
    master = settings.wrapper()
    load()
    engine = connect(settings.database_url, "redaction")
    producer = producer_of(settings, "redaction")
    keys = StoredKeys(engine, master)
    allowed = Allowed.of(settings.allow)
    handler = RedactionHandler(
        keys, keys.pseudonym, allowed=allowed, longest_text=settings.longest_text
    )
    processor = StatefulProcessor(handler, engine, cache_conversations=settings.cache_conversations)
    revealing = Revealing(Vault(engine), keys, partial(datetime.now, UTC))
    comments = Comments(Ledger("redaction", engine).find, keys, allowed)
    servicer = RedactionServicer(revealing, settings.revealers, comments)
    add = services_pb2_grpc.add_RedactionServiceServicer_to_server
    grpc = GrpcServer("redaction", settings.host, settings.grpc_port, [(add, servicer, SERVICE)])
    consumer = ConsumerPart(settings, processor, producer)
    rights = rights_part(
        "redaction", settings, engine, producer, HOLDINGS,
        known_as=handler.known_as, erased=keys.forget,
    )  # fmt: skip
    parts: list[Part] = [consumer, rights, grpc]
    run(Service("redaction", settings, parts, engine=engine, close=[producer.close]))


if __name__ == "__main__":
    main()
