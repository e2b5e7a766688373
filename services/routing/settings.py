"""Settings of routing."""

from datetime import timedelta

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from services.common.settings import ServiceSettings
from services.routing.assignment import Patience
from services.routing.matching import Rules


class RoutingSettings(ServiceSettings):
    """RAPPORT_ROUTING_<NAME>."""

    model_config = SettingsConfigDict(
        env_prefix="RAPPORT_ROUTING_", extra="ignore", populate_by_name=True
    )

    pace_seconds: float = Field(
        default=0.1, ge=0, le=10, description="Least time from one micro-batch to the next."
    )
    grpc_port: int = Field(default=50055, ge=0, le=65535, description="gRPC; 0 picks a free one.")
    admin_port: int = Field(default=9105, ge=0, le=65535, description="/metrics, /livez, /readyz.")
    connections: int = Field(default=10, ge=3, le=100, description="Database connections.")
    offer_seconds: float = Field(
        default=20, gt=0, description="How long an offer stands before the next agent is asked."
    )
    presence_seconds: float = Field(
        default=60, gt=0, description="Silence after which an agent's conversations queue again."
    )
    wrap_up_seconds: float = Field(
        default=60, gt=0, description="How long an ended conversation waits for its wrap-up."
    )
    rest_seconds: float = Field(
        default=30, gt=0, description="Rest before an agent is offered again what was passed by."
    )
    ageing_seconds: float = Field(
        default=120, gt=0, description="Waiting that raises a priority by one step, up to high."
    )
    overdue_seconds: float = Field(
        default=1_800, gt=0, description="Waiting after which only urgent ones go first."
    )
    relax_skills_seconds: float = Field(
        default=45, ge=0, description="Waiting after which an agent without the skills will do."
    )
    relax_language_seconds: float = Field(
        default=300, ge=0, description="Waiting after which the language does not matter either."
    )

    def patience(self) -> Patience:
        """How long offers, silence and wrapping up may last."""
        return Patience(
            offer=timedelta(seconds=self.offer_seconds),
            presence=timedelta(seconds=self.presence_seconds),
            wrap_up=timedelta(seconds=self.wrap_up_seconds),
        )

    def rules(self) -> Rules:
        """How waiting counts in matching."""
        return Rules(
            ageing=timedelta(seconds=self.ageing_seconds),
            overdue=timedelta(seconds=self.overdue_seconds),
            relax_skills=timedelta(seconds=self.relax_skills_seconds),
            relax_language=timedelta(seconds=self.relax_language_seconds),
            rest=timedelta(seconds=self.rest_seconds),
        )
