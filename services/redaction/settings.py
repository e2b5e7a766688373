"""Settings of redaction."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from services.common.settings import ServiceSettings


class RedactionSettings(ServiceSettings):
    """RAPPORT_REDACTION_<NAME>."""

    model_config = SettingsConfigDict(
        env_prefix="RAPPORT_REDACTION_", extra="ignore", populate_by_name=True
    )

    grpc_port: int = Field(default=50052, ge=0, le=65535, description="gRPC; 0 picks a free one.")
    admin_port: int = Field(default=9102, ge=0, le=65535, description="/metrics, /livez, /readyz.")
    master_key: SecretStr = Field(
        default=SecretStr(""),
        description="Master key of the vault: base64 of 32 bytes. Goes before the file.",
    )
    master_key_file: Path | None = Field(
        default=Path(".state/redaction/master.key"),
        description="File of the master key; made at the first start, readable by its owner.",
    )
    longest_text: int = Field(
        default=100_000, ge=1, description="Longest text in characters; a longer one is withheld."
    )
    allow: list[str] = Field(
        default=[],
        description="The company's own phones, e-mails, streets and names, as a JSON list.",
    )
    revealers: list[str] = Field(
        default=["deliver", "access"],
        description="Purposes for which placeholders may be revealed: to the customer in a reply, "
        "and in the export that they asked for.",
    )
