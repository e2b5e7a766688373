"""Settings of the door."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from services.common.addresses import is_loopback
from services.common.settings import ServiceSettings
from services.ingestion.origins import checked_origin


class IngestionSettings(ServiceSettings):
    """RAPPORT_INGESTION_<NAME>."""

    model_config = SettingsConfigDict(
        env_prefix="RAPPORT_INGESTION_", extra="ignore", populate_by_name=True
    )

    http_port: int = Field(default=8080, ge=0, le=65535, description="REST and WebSocket.")
    grpc_port: int = Field(default=50051, ge=0, le=65535, description="gRPC; 0 picks a free one.")
    admin_port: int = Field(default=9101, ge=0, le=65535, description="/metrics, /livez, /readyz.")
    tenant: str = Field(
        default="default", min_length=1, max_length=64, description="Whose conversations these are."
    )
    redaction_address: str = Field(
        default="127.0.0.1:50052", description="Where redaction reveals placeholders, host:port."
    )
    digest_key: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="Key of the digests that tell a repeat from a conflict, at least 32 "
        "characters, the same for every replica. None: one that the database keeps.",
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Origins whose pages may call the door from a browser, beside its own, "
        "separated by commas: https://shop.example, or https://*.shop.example.",
    )
    demo_shop: bool = Field(
        default=False, description="Serves a shop with the widget under /demo: for development."
    )
    patience_seconds: float = Field(
        default=5.0, gt=0, le=30, description="Longest time an event waits for database and broker."
    )
    access: Literal["auto", "keys", "open"] = Field(
        default="auto",
        description="keys: everybody shows an API key or a token; open: nobody does, on loopback "
        "alone; auto: open on loopback, keys elsewhere.",
    )
    oidc_issuer: str = Field(
        default="", description="Identity provider whose tokens are taken too; none when empty."
    )
    oidc_audience: str = Field(default="rapport", description="Audience that its tokens must have.")
    oidc_keys_url: str = Field(
        default="", description="Its published keys (JWKS); found by discovery when empty."
    )
    oidc_tenant_claim: str = Field(
        default="tenant", description="Claim of its tokens that names the tenant."
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description="Key under which secrets of webhooks and adapters lie: base64 of 32 bytes. "
        "Goes before the file; without either there are no webhooks.",
    )
    secret_key_file: Path | None = Field(
        default=None, description="File of that key; made at the first start, for its owner alone."
    )
    webhook_attempts: int = Field(
        default=16, ge=1, le=100, description="Attempts until a webhook is given up."
    )
    webhook_first_wait_seconds: float = Field(
        default=5.0,
        gt=0,
        le=3600,
        description="Before the second attempt; three times as long each time, an hour at most.",
    )
    webhook_loopback: bool = Field(
        default=False,
        description="For development: webhooks may also go to this machine, by http too. On a door "
        "that listens on loopback alone.",
    )
    adapters_folder: Path | None = Field(
        default=None, description="Folder of adapters of your own (*.yaml) for foreign systems."
    )
    events_per_second: float = Field(
        default=100, gt=0, description="Events that a tenant may send, unless it has its own limit."
    )
    burst: int = Field(
        default=500, ge=100, description="Events that a tenant may send at once after a pause."
    )
    event_bytes: int = Field(
        default=64 * 1024, ge=1024, le=64 * 1024, description="Largest event of a tenant."
    )
    max_in_flight: int = Field(
        default=1_000, ge=1, description="Events on their way at once before 429."
    )
    max_streams: int = Field(default=5_000, ge=1, description="Open streams before 429.")
    recording: Literal["with_consent", "unless_refused"] = Field(
        default="with_consent",
        description="Whose transcripts outlive their conversation: of customers who agreed, or of "
        "all who did not refuse.",
    )
    transcript_minutes: int = Field(
        default=60,
        ge=0,
        description="How long after it closed a conversation counts as over: until then the "
        "customer may go on, and the transcript is there.",
    )
    connections: int = Field(default=10, ge=1, le=100, description="Database connections.")

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _between_commas(cls, origins: object) -> object:
        if not isinstance(origins, str):
            return origins
        return tuple(checked_origin(each) for each in origins.split(",") if each.strip())

    @field_validator("webhook_loopback")
    @classmethod
    def _webhooks_stay_outside(cls, allowed: bool, info: ValidationInfo) -> bool:
        if allowed and not is_loopback(str(info.data.get("host", ""))):
            raise ValueError("webhooks to this machine are for a door that listens on loopback")
        return allowed

    @field_validator("access")
    @classmethod
    def _open_on_loopback_alone(cls, access: str, info: ValidationInfo) -> str:
        if access == "open" and not is_loopback(str(info.data.get("host", ""))):
            raise ValueError("a door that listens beyond loopback must ask for keys")
        return access

    def is_open(self) -> bool:
        """Whether nobody is asked for a key."""
        return self.access == "open" or (self.access == "auto" and is_loopback(self.host))
