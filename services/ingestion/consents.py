"""What a customer agrees to, as the door knows it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rapport.v1 import rights_pb2
from services.common.events import Outgoing
from services.common.topics import CONSENT_CHANGED
from services.ingestion.translation import enum_number, timestamp

To = Literal["recording", "contact"]


@dataclass(frozen=True, slots=True)
class Consent:
    """One customer's word. `said_in` is the message in which they said so themselves."""

    tenant: str
    customer_id: str
    to: To
    granted: bool
    at: datetime
    said_in: str = ""

    def changed(self, consent_id: str) -> Outgoing:
        """The event that tells of it."""
        message = rights_pb2.ConsentChanged(
            consent_id=consent_id,
            tenant=self.tenant,
            customer_id=self.customer_id,
            to=enum_number(rights_pb2.ConsentTo, "CONSENT_TO", self.to),  # type: ignore[arg-type]
            granted=self.granted,
            changed_at=timestamp(self.at),
            said_in=self.said_in,
        )
        return Outgoing(CONSENT_CHANGED, self.customer_id, message, consent_id, self.at)


@dataclass(frozen=True, slots=True)
class Known:
    """An event that was taken before."""

    digest: bytes
    published: bool
