"""Settings of redaction."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from services.common.settings import ServiceSettings
from services.redaction.kms import KeyServiceWrapper
from services.redaction.master import Wrapper, master_keys


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
    former_master_keys: list[SecretStr] = Field(
        default=[],
        description="With MASTER_KEY: those before it, as a JSON list, until "
        "`rapport vault rotate` has wrapped anew what they wrap.",
    )
    key_service: str = Field(
        default="",
        description="host:port of a KeyService that wraps data keys; no master key is used then.",
    )
    master_key_file: Path | None = Field(
        default=Path(".state/redaction/master.key"),
        description="File of the master keys, the newest first; made at the first start, readable "
        "by its owner.",
    )
    longest_text: int = Field(
        default=100_000, ge=1, description="Longest text in characters; a longer one is withheld."
    )
    allow: list[str] = Field(
        default=[],
        description="The company's own phones, e-mails, streets and names, as a JSON list.",
    )
    revealers: list[str] = Field(
        default=["deliver", "access", "agent"],
        description="Purposes for which placeholders may be revealed: to the customer in a reply "
        "and in the export that they asked for, and to an agent.",
    )

    def wrapper(self) -> Wrapper:
        """What wraps data keys; ValueError where no key is given, or a bad one."""
        if self.key_service:
            return KeyServiceWrapper(self.key_service)
        return master_keys(
            self.master_key.get_secret_value(),
            [key.get_secret_value() for key in self.former_master_keys],
            self.master_key_file,
        )
