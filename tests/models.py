"""Models that differ from the shipped one, for tests of releases."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from services.emotion.scorer import MODEL_FOLDER


def shipped_version() -> str:
    return str(json.loads((MODEL_FOLDER / "model.json").read_bytes())["version"])


def make_model(store: Path, version: str, *, onnx: bytes | None = None) -> Path:
    """A model of another version under `store`: the shipped network, or bytes that are none.

    It reads differently: it is tempered by half.
    """
    folder = store / version
    shutil.copytree(MODEL_FOLDER, folder)
    card = json.loads((folder / "model.json").read_bytes())
    card["version"] = version
    card = _tempered(card)
    if onnx is not None:
        (folder / "model.onnx").write_bytes(onnx)
        card["sha256"]["model.onnx"] = hashlib.sha256(onnx).hexdigest()
    (folder / "model.json").write_text(json.dumps(card))
    return folder


def _tempered(part: Any, name: str = "") -> Any:
    """The same part of a card, every temperature in it halved."""
    if isinstance(part, dict):
        return {key: _tempered(value, key) for key, value in part.items()}
    return part / 2 if name.endswith("temperature") else part
