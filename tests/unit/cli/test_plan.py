"""What each service is told in its environment."""

from pathlib import Path

from services.cli.plan import environment, planned_ports


def told(**inherited: str) -> dict[str, str]:
    return environment(
        planned_ports(1),
        bootstrap_servers="127.0.0.1:9092",
        database_url="postgresql://here",
        state=Path("/state"),
        inherited=inherited,
    )


def test_tells_every_service_where_it_listens_and_whom_it_asks() -> None:
    environment = told()
    assert environment["RAPPORT_INGESTION_HTTP_PORT"] == "8080"
    assert environment["RAPPORT_INGESTION_GRPC_PORT"] == "50051"
    assert environment["RAPPORT_EMOTION_ADMIN_PORT"] == "9103"
    assert environment["RAPPORT_INGESTION_REDACTION_ADDRESS"] == "127.0.0.1:50052"
    assert environment["RAPPORT_REPLY_ACTIONS_ADDRESS"] == "127.0.0.1:50057"
    assert environment["KAFKA_BOOTSTRAP_SERVERS"] == "127.0.0.1:9092"
    assert environment["DATABASE_URL"] == "postgresql://here"


def test_passes_on_settings_that_the_caller_made() -> None:
    environment = told(LOG_LEVEL="DEBUG", RAPPORT_REPLY_SOMETHING="7", PATH="/bin")
    assert environment["LOG_LEVEL"] == "DEBUG"
    assert environment["RAPPORT_REPLY_SOMETHING"] == "7"
    assert environment["PATH"] == "/bin"


def test_addresses_of_this_platform_win_over_the_callers() -> None:
    environment = told(RAPPORT_INGESTION_HTTP_PORT="1", DATABASE_URL="postgresql://elsewhere")
    assert environment["RAPPORT_INGESTION_HTTP_PORT"] == "8080"
    assert environment["DATABASE_URL"] == "postgresql://here"


def test_what_belongs_to_the_state_is_kept_in_its_folder_unless_the_caller_says_where() -> None:
    assert told()["RAPPORT_REDACTION_MASTER_KEY_FILE"] == "/state/redaction/master.key"
    elsewhere = told(RAPPORT_REDACTION_MASTER_KEY_FILE="/vault/key")
    assert elsewhere["RAPPORT_REDACTION_MASTER_KEY_FILE"] == "/vault/key"
