"""Settings of insights."""

import tempfile
from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from services.common.settings import ServiceSettings


class InsightsSettings(ServiceSettings):
    """RAPPORT_INSIGHTS_<NAME>."""

    model_config = SettingsConfigDict(
        env_prefix="RAPPORT_INSIGHTS_", extra="ignore", populate_by_name=True
    )

    pace_seconds: float = Field(
        default=0.5, ge=0, le=10, description="Least time from one micro-batch to the next."
    )
    admin_port: int = Field(default=9106, ge=0, le=65535, description="/metrics, /livez, /readyz.")
    state_folder: Path = Field(
        default_factory=lambda: Path(tempfile.gettempdir()) / "rapport-insights",
        description="Folder for what faust wants to write; nothing in it is missed when it goes.",
    )
    changelog_replication: int = Field(
        default=1, ge=1, description="Replicas of the windows' changelogs, when they are created."
    )
