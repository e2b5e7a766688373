"""Tokens of an identity provider: one that is served here, with keys of its own."""

import hmac
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import jwt
import orjson
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from fastapi import FastAPI

from services.common.failures import Transient
from services.common.http import HttpServer
from services.common.topics import MESSAGE_RECEIVED
from services.ingestion import tokens
from services.ingestion.http import create_app
from services.ingestion.rejections import Reason, Rejected
from services.ingestion.tokens import OidcTokens
from tests.unit.ingestion.conftest import House
from tests.unit.ingestion.offers import sent

pytestmark = pytest.mark.anyio
AUDIENCE = "rapport"


@dataclass
class Provider:
    """Publishes its keys, and signs tokens."""

    issuer: str = ""
    keys: dict[str, Any] = field(default_factory=dict)
    asked: int = 0
    away: bool = False

    def published(self) -> dict[str, Any]:
        self.asked += 1
        if self.away:
            raise RuntimeError("away")
        found = []
        for key_id, key in self.keys.items():
            kind = jwt.algorithms.ECAlgorithm
            if isinstance(key, rsa.RSAPrivateKey):
                kind = jwt.algorithms.RSAAlgorithm  # type: ignore[assignment]
            described = json.loads(kind.to_jwk(key.public_key()))
            found.append(described | {"kid": key_id, "use": "sig"})
        return {"keys": found}

    def token(self, key_id: str = "one", algorithm: str = "ES256", **claims: Any) -> str:
        made = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": "crm",
            "exp": time.time() + 60,
            "tenant": "acme",
            "scope": "openid rapport:publish rapport:read rapport:nonsense",
        } | claims
        made = {name: value for name, value in made.items() if value is not None}
        return jwt.encode(made, self.keys[key_id], algorithm, headers={"kid": key_id})


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    provider = Provider(keys={"one": ec.generate_private_key(ec.SECP256R1())})
    app = FastAPI()
    app.get("/keys")(provider.published)

    @app.get("/.well-known/openid-configuration")
    def discovery() -> dict[str, str]:
        return {"issuer": provider.issuer, "jwks_uri": f"{provider.issuer}/keys"}

    server = HttpServer(app, "127.0.0.1", 0)
    await server.start()
    provider.issuer = f"http://127.0.0.1:{server.port}"
    yield provider
    await server.drain()


async def refused(reader: OidcTokens, token: str) -> str:
    with pytest.raises(Rejected) as caught:
        await reader.caller(token)
    assert caught.value.reason is Reason.UNAUTHENTICATED
    return caught.value.detail


async def test_a_token_names_tenant_and_scopes(provider: Provider) -> None:
    reader = OidcTokens(provider.issuer, AUDIENCE)
    caller = await reader.caller(provider.token())
    assert (caller.tenant, caller.scopes) == ("acme", {"publish", "read"})
    assert caller.limited
    await reader.caller(provider.token(aud=[AUDIENCE, "other"], scope=["rapport:read"]))
    assert provider.asked == 1


async def test_what_is_wrong_with_a_token_keeps_it_out(provider: Provider) -> None:
    reader = OidcTokens(provider.issuer, AUDIENCE)
    for claims in (
        {"exp": time.time() - 60},
        {"exp": None},
        {"aud": "another"},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"nbf": time.time() + 600},
        {"tenant": None},
        {"tenant": "acme/order-1"},
        {"tenant": ["acme"]},
    ):
        await refused(reader, provider.token(**claims))
    head, body, signature = provider.token().split(".")
    forged = jwt.encode({"tenant": "other"}, "x" * 32, "HS256").split(".")[1]
    await refused(reader, f"{head}.{forged}.{signature}")
    await refused(reader, f"{head}.{body}.")
    await refused(reader, "a.b.c")
    await refused(reader, "x" * 10_000)


async def test_no_algorithm_and_a_shared_secret_are_refused(provider: Provider) -> None:
    provider.keys["rsa"] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    reader = OidcTokens(provider.issuer, AUDIENCE)
    await reader.caller(provider.token("rsa", "RS256"))
    claims = jwt.decode(provider.token(), options={"verify_signature": False})
    await refused(reader, jwt.encode(claims, "", "none", headers={"kid": "one"}))
    public = provider.keys["rsa"].public_key()
    encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    # By hand: the library would not sign so.
    header = jwt.utils.base64url_encode(orjson.dumps({"alg": "HS256", "kid": "rsa"}))
    signed = header + b"." + jwt.utils.base64url_encode(orjson.dumps(claims))
    digest = hmac.digest(public.public_bytes(encoding, form), signed, "sha256")
    await refused(reader, f"{signed.decode()}.{jwt.utils.base64url_encode(digest).decode()}")


async def test_a_new_key_is_found_and_unknown_ones_do_not_ask_without_end(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = OidcTokens(provider.issuer, AUDIENCE)
    await reader.caller(provider.token())
    provider.keys = {"two": ec.generate_private_key(ec.SECP256R1())}
    for _ in range(5):
        await refused(reader, provider.token("two"))
    assert provider.asked == 1
    monkeypatch.setattr(tokens, "ASK_AGAIN_SECONDS", 0.0)
    assert (await reader.caller(provider.token("two"))).tenant == "acme"
    assert provider.asked == 2


async def test_known_keys_outlast_an_outage_and_without_any_it_is_said(provider: Provider) -> None:
    reader = OidcTokens(provider.issuer, AUDIENCE)
    await reader.caller(provider.token())
    provider.away = True
    reader._asked_at -= tokens.FRESH_SECONDS
    assert (await reader.caller(provider.token())).tenant == "acme"
    with pytest.raises(Transient):
        await OidcTokens(provider.issuer, AUDIENCE).caller(provider.token())


async def test_the_door_takes_a_token_for_its_tenant_alone(
    house: House, provider: Provider, conversation: str
) -> None:
    access = replace(house.door.access, open_for=None, tokens=OidcTokens(provider.issuer, AUDIENCE))
    app = create_app(replace(house.door, access=access))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:

        async def post(**claims: Any) -> httpx.Response:
            headers = {
                "content-type": "application/cloudevents+json",
                "authorization": f"Bearer {provider.token(**claims)}",
            }
            body = orjson.dumps(sent(conversation))
            return await client.post("/v1/events", content=body, headers=headers)

        assert (await post()).status_code == 202
        assert (await post(scope="rapport:read")).status_code == 403
        assert (await post(exp=0)).status_code == 401
        seen = await client.get(
            f"/v1/conversations/{conversation}",
            headers={"authorization": f"Bearer {provider.token(tenant='other')}"},
        )
        assert seen.status_code == 404
        provider.away = True
        access.tokens._keys.clear()  # type: ignore[union-attr]
        access.tokens._asked_at -= tokens.FRESH_SECONDS  # type: ignore[union-attr]
        assert (await post()).status_code == 503
    [published] = house.published(MESSAGE_RECEIVED, f"acme/{conversation}")
    assert published.message.ref.tenant == "acme"
