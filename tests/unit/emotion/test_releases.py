"""A released model is checked before it serves; one that is refused changes nothing."""

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rapport.v1 import release_pb2
from services.cli.app import app
from services.common import metrics
from services.common.events import Outgoing, Record, encode
from services.common.topics import MODEL_RELEASED
from services.emotion import store
from services.emotion.releases import Releases
from services.emotion.scorer import MODEL_FOLDER, Scorer
from services.emotion.serving import Serving
from services.learning.releasing import release_of
from tests.models import make_model, shipped_version

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
TEXT = "This is the third time I am calling!"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a fit model, and one whose network is no network."""
    folder = tmp_path_factory.mktemp("models")
    make_model(folder, "next")
    make_model(folder, "garbage", onnx=b"no network")
    return folder


@pytest.fixture(scope="module")
def shipped() -> Scorer:
    return Scorer.load()


def record_of(released: release_pb2.ModelReleased) -> Record:
    outgoing = Outgoing(MODEL_RELEASED, "emotion", released, released.release_id, AT)
    headers = tuple(encode(outgoing, source="learning"))
    value = released.SerializeToString()
    return Record(MODEL_RELEASED.name, 0, 0, b"emotion", value, headers)


def released_by_digests(models: Path, version: str) -> release_pb2.ModelReleased:
    """As a release that nobody checked."""
    digests = store.digests(models / version)
    return release_pb2.ModelReleased(
        release_id="0b0f1f9e-6a3c-5c9e-8f43-2d5c5f7c2b11",
        model="emotion",
        version=version,
        files=[release_pb2.ModelFile(name=name, sha256=d) for name, d in digests.items()],
    )


def counted(outcome: str) -> float:
    return metrics.MODEL_RELEASES.labels(outcome)._value.get()  # type: ignore[no-any-return]


def releases(serving: Serving, models: Path) -> Releases:
    return Releases(serving, None, models)  # type: ignore[arg-type]


def test_a_release_takes_the_place_of_what_serves_and_can_be_rolled_back(
    models: Path, shipped: Scorer
) -> None:
    serving = Serving(shipped)
    before = shipped.score(TEXT)
    releases(serving, models).take([record_of(release_of(models, "next", AT))])
    assert serving.scorer.model_version == "next"
    assert serving.scorer.score(TEXT).states != before.states
    releases(serving, MODEL_FOLDER).take(
        [record_of(release_of(MODEL_FOLDER, shipped_version(), AT))]
    )
    assert serving.scorer.score(TEXT) == before


def test_a_release_of_what_serves_loads_nothing(models: Path, shipped: Scorer) -> None:
    serving, before = Serving(shipped), counted("unchanged")
    release = release_pb2.ModelReleased(
        release_id="0b0f1f9e-6a3c-5c9e-8f43-2d5c5f7c2b11",
        model="emotion",
        version=shipped.model_version,
    )
    releases(serving, models).take([record_of(release)])
    assert serving.scorer is shipped
    assert counted("unchanged") == before + 1


@pytest.mark.parametrize("name", ["model.json", "model.onnx", "tokenizer.json"])
def test_a_file_that_was_tampered_with_is_refused(
    tmp_path: Path, shipped: Scorer, name: str
) -> None:
    folder = make_model(tmp_path, "next")
    release = release_of(tmp_path, "next", AT)
    with (folder / name).open("ab") as file:
        file.write(b" ")
    serving, before = Serving(shipped), counted("wrong_sha256")
    releases(serving, tmp_path).take([record_of(release)])
    assert serving.scorer is shipped
    assert counted("wrong_sha256") == before + 1


def test_a_card_that_was_rewritten_to_fit_other_files_is_refused(
    tmp_path: Path, shipped: Scorer
) -> None:
    make_model(tmp_path, "next")
    release = release_of(tmp_path, "next", AT)
    (tmp_path / "next").rename(tmp_path / "aside")
    make_model(tmp_path, "next", onnx=b"another network")
    serving = Serving(shipped)
    releases(serving, tmp_path).take([record_of(release)])
    assert serving.scorer is shipped


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ("garbage", "unfit"),
        ("nowhere", "not_in_store"),
        ("../next", "bad_version"),
        ("", "bad_version"),
    ],
)
def test_what_cannot_serve_is_refused_and_counted(
    models: Path, shipped: Scorer, version: str, reason: str
) -> None:
    serving, before = Serving(shipped), counted(reason)
    known = version if (models / version / "model.json").is_file() and version else "next"
    release = released_by_digests(models, known)
    release.version = version
    releases(serving, models).take([record_of(release)])
    assert serving.scorer is shipped
    assert counted(reason) == before + 1


def test_a_folder_that_holds_another_version_is_refused(tmp_path: Path, shipped: Scorer) -> None:
    make_model(tmp_path, "next").rename(tmp_path / "other")
    release = released_by_digests(tmp_path, "other")
    with pytest.raises(store.Refused, match="wrong_version"):
        store.load(tmp_path, "other", {file.name: file.sha256 for file in release.files})


def test_a_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    (make_model(tmp_path, "next") / "tokenizer.json").unlink()
    with pytest.raises(store.Refused, match="missing_file"):
        store.digests(tmp_path / "next")


def test_a_card_may_not_point_out_of_its_folder(tmp_path: Path) -> None:
    folder = make_model(tmp_path, "next")
    card = json.loads((folder / "model.json").read_bytes())
    card["sha256"] = {"../../etc/passwd": "0"}
    (folder / "model.json").write_text(json.dumps(card))
    with pytest.raises(store.Refused, match="bad_card"):
        store.digests(folder)


def test_of_several_releases_the_newest_that_is_fit_serves(models: Path, shipped: Scorer) -> None:
    serving = Serving(shipped)
    records = [record_of(released_by_digests(models, name)) for name in ("next", "garbage")]
    releases(serving, models).take([*records, Record(MODEL_RELEASED.name, 0, 2, b"x", b"\xff")])
    assert serving.scorer.model_version == "next"


def test_a_release_of_another_model_is_passed_by(models: Path, shipped: Scorer) -> None:
    serving = Serving(shipped)
    release = released_by_digests(models, "next")
    release.model = "reply"
    releases(serving, models).take([record_of(release)])
    assert serving.scorer is shipped


def test_the_command_releases_nothing_that_emotion_would_refuse(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    done = CliRunner().invoke(app, ["model", "release", "garbage", "--store", str(models)])
    assert done.exit_code == 1
    assert "garbage in " in done.output
    assert "is not released: unfit" in done.output


def test_another_model_waits_for_the_micro_batch_in_hand(shipped: Scorer) -> None:
    serving, other = Serving(shipped), Scorer.load()
    with serving.batch:
        swapping = threading.Thread(target=serving.swap, args=(other,))
        swapping.start()
        swapping.join(timeout=0.2)
        assert swapping.is_alive()
        assert serving.scorer is shipped
    swapping.join(timeout=10)
    assert serving.scorer is other
