"""OIDC: tokens of an identity provider, checked against the keys that it publishes (JWKS).

A token names its tenant in a claim, and its scopes in `scope` as `rapport:publish rapport:read`.
"""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import httpx
import jwt

from services.common.failures import Transient
from services.common.logs import logger
from services.ingestion.access import Caller, unauthenticated
from services.ingestion.keys import SCOPES
from services.ingestion.rejections import Rejected
from services.ingestion.tenancy import is_tenant

log = logger(__name__)

# Asymmetric alone: with a shared secret the published key would be one.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
FRESH_SECONDS = 600.0
# Tokens may name keys that do not exist: they must not make the door ask without end.
ASK_AGAIN_SECONDS = 30.0
FETCH_SECONDS = 5.0
CLOCK_SKEW_SECONDS = 30
LARGEST_TOKEN = 8 * 1024
PREFIX = "rapport:"


class OidcTokens:
    """Tokens of one issuer. `keys_url` is found by discovery where none is given."""

    def __init__(
        self, issuer: str, audience: str, *, keys_url: str = "", tenant_claim: str = "tenant"
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys_url = keys_url
        self._tenant_claim = tenant_claim
        self._keys: dict[str, jwt.PyJWK] = {}
        self._asked_at = -FRESH_SECONDS
        self._lock = asyncio.Lock()

    async def caller(self, token: str) -> Caller:
        """Who the token is; Rejected when it is not valid, Transient when that cannot be told."""
        if len(token) > LARGEST_TOKEN:
            raise unauthenticated("the token is too long")
        try:
            key = await self._key(str(jwt.get_unverified_header(token).get("kid", "")))
            claims = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self._audience,
                issuer=self._issuer,
                leeway=CLOCK_SKEW_SECONDS,
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.ExpiredSignatureError:
            raise unauthenticated("the token has expired") from None
        except jwt.PyJWTError:
            raise unauthenticated("the token is not valid") from None
        tenant = claims.get(self._tenant_claim)
        if not isinstance(tenant, str) or not is_tenant(tenant):
            raise unauthenticated(f"the token's claim {self._tenant_claim} names no tenant")
        return Caller(tenant, _scopes(claims), expires_at=float(claims["exp"]))

    async def _key(self, key_id: str) -> jwt.PyJWK:
        age = time.monotonic() - self._asked_at
        if age > FRESH_SECONDS or (key_id not in self._keys and age > ASK_AGAIN_SECONDS):
            async with self._lock:
                if time.monotonic() - self._asked_at >= age:  # nobody asked meanwhile
                    await self._ask()
        if key_id not in self._keys:
            raise _unknown()
        return self._keys[key_id]

    async def _ask(self) -> None:
        self._asked_at = time.monotonic()
        try:
            async with httpx.AsyncClient(timeout=FETCH_SECONDS) as client:
                url = self._keys_url or await self._discovered(client)
                document = (await client.get(url)).raise_for_status().json()
            keys = jwt.PyJWKSet.from_dict(document).keys
        except (httpx.HTTPError, ValueError, KeyError, jwt.PyJWTError) as error:
            # The keys that are known go on working: an outage there must not close the door.
            log.warning("identity_provider_away", error=type(error).__name__)
            if not self._keys:
                self._asked_at = -FRESH_SECONDS
                raise Transient("identity_provider_away") from None
            return
        self._keys = {str(key.key_id or ""): key for key in keys}

    async def _discovered(self, client: httpx.AsyncClient) -> str:
        address = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
        found = (await client.get(address)).raise_for_status().json()
        if found["issuer"] != self._issuer:
            raise ValueError("the issuer is another")
        return str(found["jwks_uri"])


def _unknown() -> Rejected:
    return unauthenticated("the token is signed by a key that its issuer does not publish")


def _scopes(claims: Mapping[str, Any]) -> frozenset[str]:
    given = claims.get("scope", claims.get("scp", ""))
    words = given.split() if isinstance(given, str) else [str(word) for word in given]
    return frozenset(
        word.removeprefix(PREFIX)
        for word in words
        if word.startswith(PREFIX) and word.removeprefix(PREFIX) in SCOPES
    )
