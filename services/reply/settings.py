"""Settings of the reply service."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from services.common.settings import ServiceSettings
from services.reply.knowledge import FOLDER


class ReplySettings(ServiceSettings):
    """What the reply service needs beside what all need."""

    model_config = SettingsConfigDict(env_prefix="RAPPORT_REPLY_")

    admin_port: int = Field(default=9104, ge=0, le=65535, description="/metrics, /livez, /readyz.")
    grpc_port: int = Field(default=50054, ge=0, le=65535, description="gRPC; 0 picks a free one.")
    knowledge_folder: Path = Field(default=FOLDER, description="Articles by industry, Markdown.")
    actions_address: str = Field(
        default="127.0.0.1:50057",
        description="host:port of the ActionService; empty: routine tasks are not carried out.",
    )
    actions_seconds: float = Field(
        default=0.3, gt=0, le=10, description="Deadline of one call of the ActionService."
    )
