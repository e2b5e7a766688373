"""Foreign payloads: each adapter against the examples of its vendor, and whom the door believes."""

import asyncio
import base64
import hashlib
import hmac
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import orjson
import psycopg
import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from services.common.topics import MESSAGE_RECEIVED
from services.ingestion.adapters.mapping import adapters, at, load_adapter, read_payload
from services.ingestion.adapters.signatures import SnsSignatures, check_twilio
from services.ingestion.cloudevents import read_event
from services.ingestion.http import create_app
from services.ingestion.keyring import Keyring
from services.ingestion.rejections import Rejected
from tests.unit.ingestion.conftest import House
from tests.unit.ingestion.offers import NOW

pytestmark = pytest.mark.anyio
EXAMPLES = Path(__file__).parent / "adapters"
TOPIC = "arn:aws:sns:us-east-1:000000000000:chat"


def examples() -> list[Any]:
    found = []
    for file in sorted(EXAMPLES.glob("*.yaml")):
        for example in yaml.safe_load(file.read_text()):
            found.append(pytest.param(file.stem, example, id=f"{file.stem}: {example['name']}"))
    return found


def payload_of(example: dict[str, Any]) -> dict[str, Any]:
    if "inner" in example:
        return notification(example["inner"])
    payload: dict[str, Any] = example["payload"]
    return payload


def notification(inner: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An SNS notification around a chat item."""
    return {
        "Type": "Notification",
        "MessageId": "n-1",
        "TopicArn": TOPIC,
        "Message": orjson.dumps(inner).decode(),
        "Timestamp": "2026-03-02T14:59:58.500Z",
    } | changes


def sent_as(name: str, payload: dict[str, Any]) -> tuple[bytes, str]:
    """The body of a payload, and its content type."""
    if adapters()[name].body == "form":
        return urlencode(payload).encode(), "application/x-www-form-urlencoded"
    return orjson.dumps(payload), "application/json"


@pytest.mark.parametrize(("name", "example"), examples())
async def test_a_payload_becomes_the_events_that_it_says(
    name: str, example: dict[str, Any]
) -> None:
    adapter = adapters()[name]
    body, _ = sent_as(name, payload_of(example))
    documents = adapter.documents(read_payload(adapter, body))
    envelope = {"specversion": "1.0", "source": f"/adapters/{name}"}
    assert documents == [envelope | event for event in example["events"]]
    for document in documents:
        read_event(document, NOW)  # the door takes what the adapter makes


async def test_every_adapter_has_examples_of_something_taken_and_something_passed_over() -> None:
    assert set(adapters()) == {file.stem for file in EXAMPLES.glob("*.yaml")}
    for name in adapters():
        told = yaml.safe_load((EXAMPLES / f"{name}.yaml").read_text())
        types = {event["type"] for example in told for event in example["events"]}
        assert types == {rule.type for rule in adapters()[name].events}


async def test_an_adapter_of_ones_own_is_a_file_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "intercom.yaml").write_text(
        """
        summary: another system
        body: json
        signature: none
        source: intercom
        events:
          - when: {kind: said}
            type: rapport.message.sent.v1
            id: {from: id}
            data: {text: {from: words.text}}
        """
    )
    found = adapters(tmp_path)
    assert set(found) == {*adapters(), "intercom"}
    [document] = found["intercom"].documents({"kind": "said", "id": 7, "words": {"text": "Hi"}})
    assert (document["id"], document["data"]) == (7, {"text": "Hi"})


@pytest.mark.parametrize(
    "change",
    [
        {"body": "xml"},
        {"signature": "trust-me"},
        {"events": []},
        {"more": 1},
        {"events": [{"when": {}, "type": "no.such.type", "id": {"from": "id"}, "data": {}}]},
        {
            "events": [
                {
                    "when": {},
                    "type": "rapport.message.sent.v1",
                    "id": {"from": "id", "is": "x"},
                    "data": {},
                }
            ]
        },
    ],
)
async def test_a_file_that_makes_no_sense_is_refused(change: dict[str, Any]) -> None:
    rule = {
        "when": {"kind": "said"},
        "type": "rapport.message.sent.v1",
        "id": {"from": "id"},
        "data": {"text": {"from": "text"}},
    }
    good = {"summary": "x", "body": "json", "signature": "none", "source": "x", "events": [rule]}
    load_adapter(yaml.safe_dump(good))
    with pytest.raises(ValueError, match=r"."):
        load_adapter(yaml.safe_dump(good | change))


async def test_a_path_leads_to_a_value_or_to_nothing() -> None:
    item = {"a": {"b": {"c": 1}}, "x.y": 2, "n": None}
    assert (at(item, "a.b.c"), at(item, "x.y"), at(item, "n")) == (1, 2, None)
    assert at(item, "a.b.c.d") is at(item, "q") is at(item, "a.q.c") is None


async def test_twilios_own_example_of_a_signature_fits() -> None:
    """The example of Twilio's documentation, with its token of 12345."""
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+12349013030",
        "Digits": "1234",
        "From": "+12349013030",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    check_twilio("12345", url, fields, "0/KCTR6DLpKmkAf8muzZqo1nDgQ=")
    for wrong in (
        ("12346", url, fields, "0/KCTR6DLpKmkAf8muzZqo1nDgQ="),
        ("12345", url + "&x=1", fields, "0/KCTR6DLpKmkAf8muzZqo1nDgQ="),
        ("12345", url, fields | {"Digits": "1235"}, "0/KCTR6DLpKmkAf8muzZqo1nDgQ="),
        ("12345", url, fields, None),
    ):
        with pytest.raises(Rejected):
            check_twilio(*wrong)


class Amazon:
    """Signs as SNS does, with a certificate of its own."""

    URL = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self._key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .sign(self._key, hashes.SHA256())
        )
        self._pem = certificate.public_bytes(serialization.Encoding.PEM)
        self.fetched: list[str] = []

    async def fetch(self, url: str) -> bytes:
        self.fetched.append(url)
        return self._pem

    def signed(self, message: dict[str, Any], version: str = "2") -> dict[str, Any]:
        names = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token"]
        names += ["TopicArn", "Type"]
        text = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
        digest = hashes.SHA256() if version == "2" else hashes.SHA1()
        signature = self._key.sign(text.encode(), padding.PKCS1v15(), digest)
        return message | {
            "SignatureVersion": version,
            "Signature": base64.b64encode(signature).decode(),
            "SigningCertURL": self.URL,
        }


async def test_what_amazon_signed_is_believed_and_nothing_else() -> None:
    amazon = Amazon()
    sns = SnsSignatures(amazon.fetch)
    message = notification({"Type": "MESSAGE"})
    for version in ("1", "2"):
        await sns.check(TOPIC, amazon.signed(message, version))
        await sns.check(TOPIC, amazon.signed(message | {"Subject": "hello"}, version))
    assert amazon.fetched == [Amazon.URL]
    good = amazon.signed(message)
    for wrong in (
        good | {"Message": "{}"},
        good | {"TopicArn": TOPIC + "-other"},
        good | {"Signature": "AAAA"},
        good | {"Signature": None},
        good | {"SignatureVersion": "1"},
        good | {"SigningCertURL": "https://sns.us-east-1.amazonaws.com.evil.example/x.pem"},
        good | {"SigningCertURL": "http://sns.us-east-1.amazonaws.com/x.pem"},
        good | {"SigningCertURL": "https://sns.us-east-1.amazonaws.com@evil.example/x.pem"},
        good | {"SigningCertURL": "https://sns.us-east-1.amazonaws.com/upload/x.pem"},
        message,
    ):
        with pytest.raises(Rejected):
            await sns.check(TOPIC, wrong)
    with pytest.raises(Rejected):
        await sns.check(TOPIC + "-other", amazon.signed(message))
    assert amazon.fetched == [Amazon.URL]  # nobody made the door fetch from elsewhere


@dataclass
class Client:
    house: House
    http: httpx.AsyncClient
    tenant: str

    async def connect(self, name: str, secret: str) -> str:
        """The address that the vendor is to call."""
        made = await self.http.post(
            f"/v1/adapters/{name}/connections",
            json={"address": "https://door.example", "secret": secret},
        )
        assert made.status_code == 201, made.text
        return str(made.json()["url"])

    async def vendor(
        self, url: str, name: str, payload: dict[str, Any], **headers: str
    ) -> httpx.Response:
        """The vendor calls, and shows no key of ours."""
        body, kind = sent_as(name, payload)
        request = self.http.build_request(
            "POST",
            url.replace("https://door.example", "http://door"),
            content=body,
            headers={"content-type": kind, **headers},
        )
        del request.headers["authorization"]
        return await self.http.send(request)


@pytest.fixture
async def client(house: House, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    tenant = f"t{uuid.uuid4().hex[:12]}"
    _, key = Keyring(house.url).create(tenant, "test", ["admin"])
    door = replace(house.door, access=replace(house.door.access, open_for=None))
    transport = httpx.ASGITransport(create_app(door), raise_app_exceptions=False)
    headers = {"authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://door", headers=headers
    ) as http:
        yield Client(house, http, tenant)


def zendesk(conversation: str) -> dict[str, Any]:
    [example, _] = yaml.safe_load((EXAMPLES / "zendesk-messaging.yaml").read_text())
    payload: dict[str, Any] = example["payload"]
    payload["events"][0]["payload"]["conversation"]["id"] = conversation
    return payload


async def test_zendesk_is_believed_by_its_key(client: Client, conversation: str) -> None:
    url = await client.connect("zendesk-messaging", "shared-key-of-zendesk")
    payload = zendesk(conversation)
    for shown in ({}, {"x-api-key": "another-key"}):
        refused = await client.vendor(url, "zendesk-messaging", payload, **shown)
        assert refused.status_code == 401
    assert not client.house.published(MESSAGE_RECEIVED, f"{client.tenant}/{conversation}")
    shown = {"x-api-key": "shared-key-of-zendesk"}
    for _ in range(2):  # what the vendor sends again happens once
        taken = await client.vendor(url, "zendesk-messaging", payload, **shown)
        assert (taken.status_code, taken.json()) == (200, {"accepted": 1})
    [event] = client.house.published(MESSAGE_RECEIVED, f"{client.tenant}/{conversation}")
    assert event.message.text == "My order never came."
    assert event.message.ref.tenant == client.tenant


async def test_twilio_is_believed_by_its_signature(client: Client, conversation: str) -> None:
    url = await client.connect("twilio-conversations", "token-of-twilio")
    [example, *_] = yaml.safe_load((EXAMPLES / "twilio-conversations.yaml").read_text())
    payload = example["payload"] | {"ConversationSid": conversation}
    signed = url + "".join(name + payload[name] for name in sorted(payload))
    digest = hmac.new(b"token-of-twilio", signed.encode(), hashlib.sha1).digest()
    shown = {"x-twilio-signature": base64.b64encode(digest).decode()}
    forged = payload | {"Body": "Refund me"}
    assert (await client.vendor(url, "twilio-conversations", forged, **shown)).status_code == 401
    taken = await client.vendor(url, "twilio-conversations", payload, **shown)
    assert (taken.status_code, taken.json()) == (200, {"accepted": 1})
    [event] = client.house.published(MESSAGE_RECEIVED, f"{client.tenant}/{conversation}")
    assert event.message.text == "Where is my parcel?"


async def test_amazon_confirms_and_then_tells(
    client: Client, conversation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    amazon = Amazon()
    monkeypatch.setattr(client.house.door.line, "get", amazon.fetch)
    # The application asks for the line's way to fetch when it is made.
    door = replace(client.house.door, access=replace(client.house.door.access, open_for=None))
    transport = httpx.ASGITransport(create_app(door), raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://door", headers=client.http.headers
    ) as http:
        client.http = http
        url = await client.connect("amazon-connect", TOPIC)
        wanted = "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=abc"
        asked = {
            "Type": "SubscriptionConfirmation",
            "MessageId": "s-1",
            "Token": "abc",
            "TopicArn": TOPIC,
            "Message": "You have chosen to subscribe.",
            "SubscribeURL": wanted,
            "Timestamp": "2026-03-02T14:59:58.500Z",
        }
        assert (await client.vendor(url, "amazon-connect", asked)).status_code == 401
        assert wanted not in amazon.fetched
        confirmed = await client.vendor(url, "amazon-connect", amazon.signed(asked))
        assert (confirmed.status_code, confirmed.json()) == (200, {"accepted": 0})
        assert wanted in amazon.fetched
        elsewhere = amazon.signed(asked | {"SubscribeURL": "https://10.0.0.7/"})
        assert (await client.vendor(url, "amazon-connect", elsewhere)).status_code == 400
        [example, *_] = yaml.safe_load((EXAMPLES / "amazon-connect.yaml").read_text())
        inner = example["inner"] | {"InitialContactId": conversation}
        taken = await client.vendor(url, "amazon-connect", amazon.signed(notification(inner)))
        assert (taken.status_code, taken.json()) == (200, {"accepted": 1})
    [event] = client.house.published(MESSAGE_RECEIVED, f"{client.tenant}/{conversation}")
    assert event.message.text == "I still wait for my refund."


async def test_a_relay_of_ones_own_shows_a_key(client: Client, conversation: str) -> None:
    posted = await client.http.post("/v1/adapters/zendesk-messaging", json=zendesk(conversation))
    assert posted.json() == {"accepted": 1}
    assert len(client.house.published(MESSAGE_RECEIVED, f"{client.tenant}/{conversation}")) == 1
    _, reader = Keyring(client.house.url).create(client.tenant, "test", ["read"])
    client.http.headers["authorization"] = f"Bearer {reader}"
    refused = await client.http.post("/v1/adapters/zendesk-messaging", json=zendesk("c"))
    assert refused.status_code == 403
    del client.http.headers["authorization"]
    refused = await client.http.post("/v1/adapters/zendesk-messaging", json=zendesk("c"))
    assert refused.status_code == 401


async def test_connections_are_the_tenants_own_and_their_secrets_sealed(
    client: Client, house: House, conversation: str
) -> None:
    url = await client.connect("zendesk-messaging", "shared-key-of-zendesk")
    listed = await client.http.get("/v1/adapters/zendesk-messaging/connections")
    [connection] = listed.json()
    assert connection["url"] == url
    assert "shared-key-of-zendesk" not in listed.text
    with psycopg.connect(house.url) as database:
        rows = database.execute("select sealed from ingestion.adapter_connections").fetchall()
    assert not any(b"shared-key-of-zendesk" in bytes(row[0]) for row in rows)
    # Under another adapter's name the connection is none.
    other = url.replace("zendesk-messaging", "twilio-conversations")
    payload = {"EventType": "x"}
    assert (await client.vendor(other, "twilio-conversations", payload)).status_code == 401
    path = f"/v1/adapters/zendesk-messaging/connections/{connection['id']}"
    _, foreign = Keyring(house.url).create("other-" + client.tenant, "test", ["admin"])
    theirs = {"authorization": f"Bearer {foreign}"}
    assert (await client.http.delete(path, headers=theirs)).status_code == 404
    mine = "/v1/adapters/zendesk-messaging/connections"
    assert (await client.http.get(mine, headers=theirs)).json() == []
    assert (await client.http.delete(path)).status_code == 204
    shown = {"x-api-key": "shared-key-of-zendesk"}
    gone = await client.vendor(url, "zendesk-messaging", zendesk(conversation), **shown)
    assert gone.status_code == 401


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("no-such-system", b"{}", 404),
        ("zendesk-messaging", b"not json", 400),
        ("zendesk-messaging", b"[]", 400),
        ("zendesk-messaging", b'{"events": {}}', 400),
        ("zendesk-messaging", b'{"events": [1]}', 400),
        ("zendesk-messaging", orjson.dumps({"events": [{}] * 101}), 400),
        ("zendesk-messaging", b'{"events": []}', 200),
        ("amazon-connect", b'{"Message": "not json"}', 400),
        ("amazon-connect", b'{"Message": 1}', 400),
        ("twilio-conversations", b"\xff\xfe", 400),
        ("twilio-conversations", b"EventType=onMessageRemoved", 200),
        ("zendesk-messaging", b" " * (1024 * 1024 + 1), 413),
    ],
)
async def test_a_payload_of_another_form_is_refused(
    client: Client, name: str, body: bytes, status: int
) -> None:
    answer = await client.http.post(f"/v1/adapters/{name}", content=body)
    assert answer.status_code == status, answer.text


async def test_what_the_contract_refuses_is_refused_with_its_field(
    client: Client, conversation: str
) -> None:
    payload = zendesk(conversation)
    payload["events"][0]["payload"]["message"]["author"]["userId"] = "ann@mail.example"
    answer = await client.http.post("/v1/adapters/zendesk-messaging", json=payload)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "data.customer_id"
    await asyncio.sleep(0)
    assert not client.house.published(MESSAGE_RECEIVED, f"{client.tenant}/{conversation}")
