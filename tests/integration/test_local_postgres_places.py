"""The local database starts from folders that only root may enter."""

import shutil
from pathlib import Path

import pytest

from services.cli import local_postgres

pytestmark = pytest.mark.integration


def test_a_closed_folder_gets_an_open_copy_with_its_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "closed" / "server"
    (package / "pginstall18" / "bin").mkdir(parents=True)
    (package / "pginstall18" / "bin" / "initdb").write_text("#!/bin/sh\n")
    package.with_name("server.libs").mkdir()
    (package.with_name("server.libs") / "libpq.so").write_text("")
    (tmp_path / "closed").chmod(0o700)
    (tmp_path / "copies").mkdir()
    monkeypatch.setattr(local_postgres.tempfile, "gettempdir", lambda: str(tmp_path / "copies"))
    monkeypatch.setattr(local_postgres.os, "geteuid", lambda: 0)
    if tmp_path.stat().st_uid != 0:
        pytest.skip("only root starts the server as another user")
    found = local_postgres._reachable(package / "pginstall18")
    assert found != package / "pginstall18"
    assert (found / "bin" / "initdb").exists()
    assert (found.parent.with_name("server.libs") / "libpq.so").exists()
    assert local_postgres._reachable(package / "pginstall18") == found
    shutil.rmtree(tmp_path / "copies")
