"""Rotation of the master key: every data key is wrapped anew, no value is lost, nothing stops."""

import base64
import os
import stat
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path

import grpc
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from rapport.v1 import keys_pb2, keys_pb2_grpc
from services.cli.app import app
from services.common.database import connect
from services.common.failures import Transient
from services.common.migrations import migrate
from services.redaction.cipher import Unreadable
from services.redaction.keys import StoredKeys
from services.redaction.kms import KeyServiceWrapper
from services.redaction.master import MasterKey, Wrapped, add_key, master_keys, read_keys
from services.redaction.rotation import counts, rewrap

pytestmark = pytest.mark.integration

CUSTOMERS = [("default", f"k{number}") for number in range(12)]


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    migrate("redaction", database_url)
    made = connect(database_url, "redaction")
    yield made
    made.dispose()


def sealed(keys: StoredKeys) -> list[str]:
    """A fingerprint under each customer's key: it changes when the key does."""
    return [keys.of(*customer).fingerprint("value") for customer in CUSTOMERS]


def run(url: str, file: Path, *words: str) -> str:
    environment = {"DATABASE_URL": url, "RAPPORT_REDACTION_MASTER_KEY_FILE": str(file)}
    done = CliRunner().invoke(app, ["vault", *words], env=environment)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_rotation_by_file_changes_every_wrapping_and_no_key(
    engine: sa.Engine, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "master.key"
    running = master_keys("", [], file)
    before = sealed(StoredKeys(engine, running))
    name = StoredKeys(engine, running).pseudonym("default", "ann@example.com")
    old = running.key_id
    assert counts(engine) == {old: len(CUSTOMERS) + 1}

    assert f"{len(CUSTOMERS) + 1} keys wrapped anew" in run(database_url, file, "rotate")
    (new,) = counts(engine)
    assert new != old
    assert [key.key_id for key in read_keys(file)] == [new, old]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "newest" in run(database_url, file, "status")

    # A service that runs since before reads the new key when it meets it, and wraps with it.
    again = StoredKeys(engine, running)
    assert sealed(again) == before
    assert again.pseudonym("default", "ann@example.com") == name
    StoredKeys(engine, running).of("default", "a-new-customer")
    assert set(counts(engine)) == {new}

    run(database_url, file, "rotate")
    assert len(read_keys(file)) == 2, "the first key wraps nothing and is dropped"
    assert sealed(StoredKeys(engine, master_keys("", [], file))) == before


def test_an_interrupted_rotation_leaves_both_keys_and_can_be_finished(
    engine: sa.Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "master.key"
    before = sealed(StoredKeys(engine, master_keys("", [], file)))
    add_key(file, lambda key_id: True)
    monkeypatch.setattr("services.redaction.rotation.BATCH", 5)

    def killed(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rewrap(engine, master_keys("", [], file), killed)
    assert sorted(counts(engine).values()) == [5, len(CUSTOMERS) - 5]
    assert sealed(StoredKeys(engine, master_keys("", [], file))) == before
    run(database_url, file, "rotate", "--rewrap-only")
    assert list(counts(engine).values()) == [len(CUSTOMERS)]
    assert sealed(StoredKeys(engine, master_keys("", [], file))) == before


def test_a_rotation_by_environment_needs_the_former_key(engine: sa.Engine) -> None:
    old, new = (base64.b64encode(os.urandom(32)).decode() for _ in range(2))
    before = sealed(StoredKeys(engine, master_keys(old, [], None)))
    with pytest.raises(Unreadable):
        rewrap(engine, master_keys(new, [], None))
    assert sealed(StoredKeys(engine, master_keys(old, [], None))) == before
    assert rewrap(engine, master_keys(new, [old], None)) == len(CUSTOMERS)
    assert sealed(StoredKeys(engine, master_keys(new, [], None))) == before
    assert rewrap(engine, master_keys(new, [], None)) == 0


class KeyService(keys_pb2_grpc.KeyServiceServicer):
    """As an enterprise would put it before its own."""

    def __init__(self) -> None:
        self.keys = [MasterKey(os.urandom(32))]

    def Wrap(
        self, request: keys_pb2.WrapRequest, context: grpc.ServicerContext
    ) -> keys_pb2.WrapResponse:
        made = self.keys[0].wrap(request.key, request.context)
        return keys_pb2.WrapResponse(key_id=made.key_id, wrapped=made.data)

    def Unwrap(
        self, request: keys_pb2.UnwrapRequest, context: grpc.ServicerContext
    ) -> keys_pb2.UnwrapResponse:
        for key in self.keys:
            if key.key_id == request.key_id:
                try:
                    found = key.unwrap(Wrapped(key.key_id, request.wrapped), request.context)
                except Unreadable:
                    break
                return keys_pb2.UnwrapResponse(key=found)
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, "not wrapped by this key")
        raise AssertionError("abort raises")


def test_a_key_service_keeps_the_master_key_to_itself(engine: sa.Engine) -> None:
    service = KeyService()
    server = grpc.server(futures.ThreadPoolExecutor(2))
    keys_pb2_grpc.add_KeyServiceServicer_to_server(service, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    wrapper = KeyServiceWrapper(f"127.0.0.1:{port}")
    try:
        before = sealed(StoredKeys(engine, wrapper))
        with pytest.raises(Unreadable):
            wrapper.unwrap(wrapper.wrap(bytes(32), "default\0k1"), "default\0k2")
        service.keys.insert(0, MasterKey(os.urandom(32)))
        assert rewrap(engine, wrapper) == len(CUSTOMERS)
        assert list(counts(engine)) == [service.keys[0].key_id]
        del service.keys[1]
        assert sealed(StoredKeys(engine, wrapper)) == before
    finally:
        server.stop(None)
    with pytest.raises(Transient):
        StoredKeys(engine, wrapper).of("default", "another")
