"""Settings of the door."""

from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import NoDecode, SettingsConfigDict

from services.common.settings import ServiceSettings


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
        description="Origins whose pages may call the door from a browser, separated by commas.",
    )
    patience_seconds: float = Field(
        default=5.0, gt=0, le=30, description="Longest time an event waits for database and broker."
    )
    max_in_flight: int = Field(
        default=1_000, ge=1, description="Events on their way at once before 429."
    )
    max_streams: int = Field(default=5_000, ge=1, description="Open streams before 429.")
    connections: int = Field(default=10, ge=1, le=100, description="Database connections.")
