"""An open door is for loopback alone."""

import os
import subprocess
import sys

import pytest

from services.ingestion.settings import IngestionSettings


@pytest.mark.parametrize(
    ("host", "access", "is_open"),
    [
        ("127.0.0.1", "auto", True),
        ("::1", "auto", True),
        ("localhost", "open", True),
        ("127.0.0.1", "keys", False),
        ("0.0.0.0", "auto", False),
        ("10.0.0.7", "auto", False),
        ("door.example", "auto", False),
        ("::", "keys", False),
    ],
)
def test_a_door_is_open_on_loopback_alone(host: str, access: str, is_open: bool) -> None:
    settings = IngestionSettings(host=host, access=access, trusted_network=True)  # type: ignore[arg-type]
    assert settings.is_open() == is_open


def test_an_open_door_beyond_loopback_does_not_start() -> None:
    environment = os.environ | {
        "RAPPORT_INGESTION_HOST": "0.0.0.0",
        "RAPPORT_INGESTION_ACCESS": "open",
    }
    ended = subprocess.run(
        [sys.executable, "-m", "services.ingestion"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 2
    assert "must ask for keys" in ended.stderr
