"""Settings of the back office."""

from zoneinfo import ZoneInfo

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from services.common.settings import ServiceSettings


class BackofficeSettings(ServiceSettings):
    """What the back office needs to run."""

    model_config = SettingsConfigDict(env_prefix="RAPPORT_BACKOFFICE_")

    grpc_port: int = Field(default=50057, ge=0, le=65535, description="gRPC; 0 picks a free one.")
    admin_port: int = Field(default=9107, ge=0, le=65535, description="/metrics, /livez, /readyz.")
    demo_data: bool = Field(
        default=True,
        description="Puts fictitious records of the tenant 'default' at the first start of a day.",
    )
    timezone: str = Field(
        default="America/New_York", description="Time zone of the days and hours that are told."
    )
    keep_results_days: int = Field(
        default=30, ge=1, description="How long an idempotency key keeps its first result."
    )
    threads: int = Field(default=8, ge=1, description="Actions that run at the same time.")

    @field_validator("timezone")
    @classmethod
    def _exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("no such time zone") from None
        return value
