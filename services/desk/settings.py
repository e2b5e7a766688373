"""Settings of the desk."""

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from services.common.addresses import is_loopback
from services.common.settings import ServiceSettings
from services.desk.promises import Promises


class DeskSettings(ServiceSettings):
    """RAPPORT_DESK_<NAME>."""

    model_config = SettingsConfigDict(
        env_prefix="RAPPORT_DESK_", extra="ignore", populate_by_name=True
    )

    http_port: int = Field(default=8090, ge=0, le=65535, description="The desk's pages.")
    admin_port: int = Field(default=9108, ge=0, le=65535, description="/metrics, /livez, /readyz.")
    tenant: str = Field(
        default="default", min_length=1, max_length=64, description="Whose conversations these are."
    )
    door_address: str = Field(
        default="127.0.0.1:50051", description="Where the door's ChatService is, host:port."
    )
    door_key: SecretStr = Field(
        default=SecretStr(""),
        description="API key that is shown at the door (scopes publish, feedback, read, reveal); "
        "none for a door on loopback.",
    )
    routing_address: str = Field(
        default="127.0.0.1:50055", description="Where RoutingService is, host:port."
    )
    reply_address: str = Field(
        default="127.0.0.1:50054", description="Where ReplyService drafts answers, host:port."
    )
    emotion_address: str = Field(
        default="127.0.0.1:50053", description="Where EmotionService reads messages, host:port."
    )
    session_hours: float = Field(
        default=10, gt=0, le=72, description="Time after which everybody signs in again."
    )
    idle_minutes: float = Field(
        default=60, gt=0, description="Time without a request after which a session ends."
    )
    presence_seconds: float = Field(
        default=15, gt=0, le=30, description="How often routing is told that an open desk is there."
    )
    answer_within_seconds: float = Field(
        default=120, gt=0, description="Waiting in a queue that is promised at most."
    )
    answer_within: dict[str, float] = Field(
        default_factory=dict,
        description='What other queues promise, as JSON: {"billing": 300}.',
    )
    secure_cookies: bool | None = Field(
        default=None,
        description="Whether cookies go over HTTPS alone. None: yes, unless the service listens on "
        "a loopback address.",
    )
    demo_password: SecretStr = Field(
        default=SecretStr(""),
        description="Makes the accounts ada, ben, sam and pat with this password, for a "
        "demonstration on a loopback address; none when empty.",
    )
    connections: int = Field(default=5, ge=1, le=100, description="Database connections.")

    @model_validator(mode="after")
    def _demonstrations_stay_at_home(self) -> "DeskSettings":
        if self.demo_password.get_secret_value() and not self.on_loopback():
            raise ValueError("demo_password is for a desk that listens on a loopback address alone")
        return self

    def on_loopback(self) -> bool:
        """Whether nobody else's machine can reach the desk."""
        return is_loopback(self.host)

    def cookies_are_secure(self) -> bool:
        """Whether cookies go over HTTPS alone."""
        return not self.on_loopback() if self.secure_cookies is None else self.secure_cookies

    def promises(self) -> Promises:
        """How long the queues promise to let people wait."""
        return Promises(self.answer_within_seconds, self.answer_within)
