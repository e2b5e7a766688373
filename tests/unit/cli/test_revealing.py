"""The export asks redaction as the door: with mutual TLS nobody else is answered."""

import asyncio
from pathlib import Path

import pytest

from services.cli.certificates import make_certificates
from services.cli.revealing import revealer
from tests.unit.common.test_callers import Connect, served


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    make_certificates(folder, ["server", "ingestion", "operator"])
    return folder


@pytest.mark.parametrize(("name", "shown"), [("ingestion", "ingestion"), ("operator", None)])
def test_values_are_for_who_has_the_doors_certificate(
    certificates: Path, monkeypatch: pytest.MonkeyPatch, name: str, shown: str | None
) -> None:
    for what, file in (
        ("CAFILE", "ca.pem"),
        ("CERTFILE", f"{name}.pem"),
        ("KEYFILE", f"{name}.key"),
    ):
        monkeypatch.setenv(f"RAPPORT_TLS_{what}", str(certificates / file))

    def ask(address: str) -> str | None:
        with revealer(address, None, "default") as reveal:
            return reveal("c1", "[PERSON_1]")

    async def story(connect: Connect) -> None:
        assert await asyncio.to_thread(ask, connect.address) == shown

    served(certificates, story)


def test_where_redaction_is_away_nothing_is_revealed(tmp_path: Path) -> None:
    with revealer("127.0.0.1:9", None, "default") as reveal:
        assert reveal("c1", "[PERSON_1]") is None
    with revealer("", tmp_path, "default") as reveal:
        assert reveal("c1", "[PERSON_1]") is None
