"""Consents in the door's database; and the place that a message which the customer did not begin
has to pass."""

import uuid
from datetime import datetime

from services.ingestion.consents import Consent, Known
from services.ingestion.holdings import CLOSINGS, HOLDINGS
from services.ingestion.rejections import Reason, Rejected
from services.ingestion.store import Connection, PostgresStore

# The newest word counts, in whichever order they come.
KEEP_CONSENT = """
insert into ingestion.consents as known (tenant, customer_id, kind, granted, changed_at, said_in)
values (%(tenant)s, %(customer_id)s, %(to)s, %(granted)s, %(at)s, %(said_in)s)
on conflict (tenant, customer_id, kind) do update
    set granted = excluded.granted, changed_at = excluded.changed_at, said_in = excluded.said_in
    where known.changed_at <= excluded.changed_at
"""
_REFUSED = """
select exists (
    select from consents
    where (tenant, customer_id, kind) = (%(tenant)s, %(customer_id)s, 'contact') and not granted
) and not exists (select from conversations where conversation_id = %(key)s)
"""
_OVER = """
select c.conversation_id, c.customer_id, c.began_at
from closings join conversations as c using (conversation_id)
left join consents as word
    on (word.tenant, word.customer_id, word.kind)
        = (case when strpos(conversation_id, '/') > 0 then split_part(conversation_id, '/', 1)
            else %(home)s end, c.customer_id, 'recording')
where closed_at < %(before)s and not coalesce(word.granted, %(otherwise)s)
order by closed_at limit 500
"""


def values_of(consent: Consent) -> dict[str, object]:
    """Parameters of KEEP_CONSENT."""
    return {
        "tenant": consent.tenant,
        "customer_id": consent.customer_id,
        "to": consent.to,
        "granted": consent.granted,
        "at": consent.at,
        "said_in": consent.said_in,
    }


class ConsentStore:
    """All over the door's pool. Raises Transient when the database is away."""

    def __init__(self, store: PostgresStore, home: str) -> None:
        self._store = store
        self._home = home

    async def take(self, event_id: str, digest: bytes, consent: Consent) -> Known | None:
        """Keeps a consent, in one transaction with the event's id; what is known of that event
        where it was taken before."""

        async def work(connection: Connection) -> Known | None:
            async with connection.transaction():
                values = {"id": uuid.UUID(event_id), "digest": digest, "at": consent.at}
                cursor = await connection.execute(
                    "insert into accepted (event_id, digest, conversation_id, sequence,"
                    " accepted_at) values (%(id)s, %(digest)s, '', 0, %(at)s)"
                    " on conflict do nothing returning 1",
                    values,
                )
                if await cursor.fetchone() is not None:
                    await connection.execute(KEEP_CONSENT, values_of(consent))
                    return None
                cursor = await connection.execute(
                    "select digest, published from accepted where event_id = %(id)s", values
                )
                row = await cursor.fetchone()
                return None if row is None else Known(bytes(row[0]), row[1])

        return await self._store.run(work)

    async def admit_outreach(self, tenant: str, customer_id: str, key: str) -> None:
        """Lets a message of ours through, unless it begins a conversation with a customer who does
        not want to be contacted: then Rejected OPTED_OUT. Answers are always let through."""
        values = {"tenant": tenant, "customer_id": customer_id, "key": key}

        async def work(connection: Connection) -> bool:
            row = await (await connection.execute(_REFUSED, values)).fetchone()
            return bool(row and row[0])

        if await self._store.run(work):
            raise Rejected(Reason.OPTED_OUT)

    async def over(
        self, before: datetime, *, unless_refused: bool
    ) -> list[tuple[str, str, datetime]]:
        """Conversations that closed before then and may not be kept: id, customer, beginning."""
        values = {"home": self._home, "before": before, "otherwise": unless_refused}

        async def work(connection: Connection) -> list[tuple[str, str, datetime]]:
            cursor = await connection.execute(_OVER, values)
            return [(row[0], row[1], row[2]) for row in await cursor.fetchall()]

        return await self._store.run(work)

    async def settle(self, before: datetime) -> None:
        """What closed before then and may be kept is kept: it is not looked at again."""

        async def work(connection: Connection) -> None:
            await connection.execute("delete from closings where closed_at < %s", (before,))

        await self._store.run(work)

    async def forget(self, conversation_ids: list[str]) -> None:
        """Deletes what was said in conversations, as far as the door has it."""

        async def work(connection: Connection) -> None:
            async with connection.transaction():
                for held in (CLOSINGS, *(held for held in HOLDINGS if held.said)):
                    await connection.execute(
                        f"delete from {held.table} where conversation_id = any(%s)",
                        (conversation_ids,),
                    )
                await connection.execute(
                    "update records set replied = null where conversation_id = any(%s)",
                    (conversation_ids,),
                )

        await self._store.run(work)
