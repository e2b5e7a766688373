"""Settings of the emotion service."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from services.common.settings import ServiceSettings
from services.emotion.scorer import MODEL_FOLDER


class EmotionSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="RAPPORT_EMOTION_")

    admin_port: int = Field(default=9103, ge=0, le=65535, description="/metrics, /livez, /readyz.")
    grpc_port: int = Field(default=50053, ge=0, le=65535, description="gRPC; 0 picks a free one.")
    model_folder: Path = Field(
        default=MODEL_FOLDER, description="The model that serves until another one is released."
    )
    model_store: Path = Field(
        default=MODEL_FOLDER,
        description="Where released models lie, each in a folder named by its version.",
    )
    score_threads: int = Field(
        default=1, ge=1, le=64, description="Texts that ScoreText scores at the same time."
    )
