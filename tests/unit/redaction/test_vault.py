"""The vault: what is kept, that it opens only in its place, and that each reveal is recorded."""

import base64
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from rapport.v1 import common_pb2
from services.common.database import connect
from services.common.handling import StatefulProcessor
from services.common.migrations import migrate
from services.redaction.cipher import DataKey, Sealed, Unreadable
from services.redaction.entities import Found, Kind
from services.redaction.handler import RedactionHandler
from services.redaction.keys import StoredKeys
from services.redaction.master import MasterKey, master_keys
from services.redaction.placeholders import Numbered
from services.redaction.reveal import Revealing
from services.redaction.tables import customer_keys, reveals, vault
from services.redaction.vault import Vault, kept_value
from tests.unit.redaction.fakes import message

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
KEY = bytes(range(32))


@given(st.binary(max_size=300), st.text(max_size=30))
def test_what_is_sealed_opens_in_its_place(plaintext: bytes, place: str) -> None:
    key = DataKey(KEY)
    sealed = key.seal(plaintext, place)
    assert key.open(sealed, place) == plaintext
    assert key.seal(plaintext, place) == sealed
    with pytest.raises(Unreadable):
        key.open(sealed, place + "x")
    with pytest.raises(Unreadable):
        DataKey(KEY[::-1]).open(sealed, place)


@given(st.binary(min_size=1, max_size=50), st.data())
def test_a_changed_byte_is_noticed(plaintext: bytes, data: st.DataObject) -> None:
    key = DataKey(KEY)
    sealed = key.seal(plaintext, "here")
    at = data.draw(st.integers(0, len(sealed.ciphertext) - 1))
    changed = bytearray(sealed.ciphertext)
    changed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Unreadable):
        key.open(Sealed(sealed.nonce, bytes(changed)), "here")


def test_a_different_value_has_a_different_nonce() -> None:
    key = DataKey(KEY)
    assert key.seal(b"a", "p").nonce != key.seal(b"b", "p").nonce != key.seal(b"b", "q").nonce


def _numbered(kind: Kind, value: str) -> Numbered:
    return Numbered(Found(0, len(value), kind, 1.0), 1, value)


def test_security_codes_and_passwords_are_not_kept_and_cards_by_their_last_four() -> None:
    assert kept_value(_numbered(Kind.CVV, "123")) is None
    assert kept_value(_numbered(Kind.PASSWORD, "hunter2")) is None
    assert kept_value(_numbered(Kind.CREDIT_CARD, "4111 1111 1111 1234")) == "ending in 1234"
    assert kept_value(_numbered(Kind.CREDIT_CARD, "4821")) == "ending in 4821"
    assert kept_value(_numbered(Kind.CREDIT_CARD, "4111 1111")) is None
    assert kept_value(_numbered(Kind.PERSON, "Maria")) == "Maria"


def test_a_data_key_opens_only_under_its_master_key_and_customer() -> None:
    master = MasterKey(KEY)
    wrapped = master.wrap(b"k" * 32, "default\0u1")
    assert master.unwrap(wrapped, "default\0u1") == b"k" * 32
    for other, context in ((MasterKey(KEY[::-1]), "default\0u1"), (master, "default\0u2")):
        with pytest.raises(Unreadable):
            other.unwrap(wrapped, context)
    assert master.key_id != MasterKey(KEY[::-1]).key_id
    assert "k" * 32 not in repr(DataKey(b"k" * 32))


def test_the_master_key_file_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "state" / "master.key"
    first = master_keys("", [], file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert master_keys("", [], file).key_id == first.key_id
    assert [path.name for path in file.parent.iterdir()] == ["master.key"]
    file.chmod(0o644)
    with pytest.raises(ValueError, match="owner"):
        master_keys("", [], file)


def test_the_environment_s_key_goes_before_the_file_and_a_bad_one_is_refused() -> None:
    given_key = base64.b64encode(KEY).decode()
    assert master_keys(given_key, [], None).key_id == MasterKey(KEY).key_id
    for bad in ("not base64!", base64.b64encode(b"short").decode()):
        with pytest.raises(ValueError):
            master_keys(bad, [], None)
    with pytest.raises(ValueError, match="RAPPORT_REDACTION_MASTER_KEY"):
        master_keys("", [], None)


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    migrate("redaction", database_url)
    made = connect(database_url, "redaction")
    yield made
    made.dispose()


class Place:
    """Redaction on a real PostgreSQL."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.master = MasterKey(KEY)
        self.keys = StoredKeys(engine, self.master)
        handler = RedactionHandler(self.keys, self.keys.pseudonym)
        self.processor = StatefulProcessor(handler, engine)
        self.revealing = Revealing(Vault(engine), self.keys, lambda: AT)

    def say(self, text: str, number: int, **options: Any) -> str:
        (result,) = self.processor.process([message(text, number=number, **options)])
        assert result.failure is None
        return str(result.outgoing[0].message.text)  # type: ignore[attr-defined]

    def reveal(self, text: str, tenant: str = "default", conversation_id: str = "c1") -> str:
        return self.revealing.reveal(tenant, conversation_id, text, "door", "deliver").text

    def rows(self, table: sa.Table) -> list[Any]:
        with self.engine.begin() as connection:
            return list(connection.execute(sa.select(table)).all())


@pytest.fixture
def place(engine: sa.Engine) -> Place:
    return Place(engine)


@pytest.mark.integration
def test_a_value_comes_back_where_it_belongs_and_nowhere_else(place: Place) -> None:
    assert place.say("my name is Maria Lopez, call 415-555-0132", 1) == (
        "my name is [PERSON_1], call [PHONE_1]"
    )
    assert place.reveal("Hi [PERSON_1]! [PHONE_1]?") == "Hi Maria Lopez! 415-555-0132?"
    assert place.reveal("Hi [PERSON_1]", conversation_id="c2") == "Hi [PERSON_1]"
    assert place.reveal("Hi [PERSON_1]", tenant="other") == "Hi [PERSON_1]"
    assert place.reveal("Hi [PERSON_9]") == "Hi [PERSON_9]"


@pytest.mark.integration
def test_a_row_moved_to_another_conversation_does_not_open(place: Place) -> None:
    place.say("my name is Maria Lopez", 1)
    with place.engine.begin() as connection:
        connection.execute(sa.update(vault).values(conversation_id="c2"))
    assert place.reveal("[PERSON_1]", conversation_id="c2") == "[PERSON_1]"


@pytest.mark.integration
def test_every_reveal_is_recorded_without_the_value(place: Place) -> None:
    place.say("my name is Maria Lopez and my pin is 8305", 1)
    place.reveal("[PERSON_1] [PASSWORD_1]")
    (row,) = place.rows(reveals)
    assert (row.tenant, row.conversation_id, row.caller) == ("default", "c1", "door")
    assert (row.purpose, row.types, row.revealed_at) == ("deliver", ["PERSON"], AT)
    assert "Maria" not in str(tuple(row))


@pytest.mark.integration
def test_the_vault_holds_no_raw_value_no_code_and_no_password(place: Place) -> None:
    place.say("card 4111 1111 1111 1234 exp 08/27 cvv 737, password is Tul1ps&Rain", 1)
    rows = place.rows(vault)
    assert {row.type for row in rows} == {"CREDIT_CARD", "CARD_EXPIRY"}
    assert b"1234" not in b"".join(bytes(row.ciphertext) for row in rows)
    assert place.reveal("your card [CREDIT_CARD_1]") == "your card ending in 1234"
    assert place.reveal("[CVV_1] [PASSWORD_1]") == "[CVV_1] [PASSWORD_1]"


@pytest.mark.integration
def test_without_its_key_nothing_is_revealed(place: Place) -> None:
    place.say("my name is Maria Lopez", 1)
    with place.engine.begin() as connection:
        connection.execute(sa.delete(customer_keys))
    assert Place(place.engine).reveal("[PERSON_1]") == "[PERSON_1]"


@pytest.mark.integration
def test_parts_and_fuller_names_grow_in_the_vault(place: Place) -> None:
    place.say("this is Maria", 1)
    place.say("my name is Maria Lopez", 2)
    place.say("Maria again, card number 4539 1488", 3)
    place.say("0343 6467", 4)
    assert place.reveal("[PERSON_1], [CREDIT_CARD_1]") == "Maria Lopez, ending in 6467"


@pytest.mark.integration
def test_two_conversations_of_one_customer_share_the_key_and_no_value(place: Place) -> None:
    place.say("my name is Maria", 1)
    place.say("my name is Daniela", 1, conversation_id="c2")
    assert len(place.rows(customer_keys)) == 1
    assert place.reveal("[PERSON_1]", conversation_id="c2") == "Daniela"


@pytest.mark.integration
def test_a_repeated_event_writes_nothing_and_sends_the_same(place: Place) -> None:
    event = message("my name is Maria", number=1)
    (first,) = place.processor.process([event])
    (again,) = place.processor.process([event])
    assert again.repeated
    assert again.outgoing == first.outgoing
    assert len(place.rows(vault)) == 1


@pytest.mark.integration
def test_agents_values_are_the_conversation_s_too(place: Place) -> None:
    place.say("this is Kevin from support", 1, author=common_pb2.AUTHOR_AGENT)
    assert place.reveal("[PERSON_1]") == "Kevin"
