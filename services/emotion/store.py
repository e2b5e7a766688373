"""Released models as they lie on disk: found by their version, and checked file by file."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from services.emotion.scorer import Scorer

CARD = "model.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_TEXTS = ("", "Where is my order?", "This is the THIRD time, I am furious!!!", "¿Hola? 🙃")


class Refused(Exception):
    """A model that must not serve. `reason` is a code for logs and metrics."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def folder_of(store: Path, version: str) -> Path:
    """The folder named by the version in the store, or the store itself where it is that model.

    Raises Refused for a version that is no file name, or that is not there.
    """
    if not _NAME.fullmatch(version):
        raise Refused("bad_version")
    if (store / version).is_dir():
        return store / version
    if _card(store).get("version") == version:
        return store
    raise Refused("not_in_store")


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of the model in a folder: its card and what that names.

    Raises Refused where a file is missing.
    """
    card = _card(folder)
    names = [CARD, *card.get("sha256", ())]
    if len(names) == 1 or not all(_NAME.fullmatch(name) for name in names):
        raise Refused("bad_card")
    try:
        return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    except OSError as error:
        raise Refused("missing_file") from error


def load(store: Path, version: str, files: Mapping[str, str]) -> Scorer:
    """The scorer of a released version, loaded and warm. `files` are the digests to be met.

    Raises Refused where a file differs, is missing or was not named, and where the model cannot
    read a text.
    """
    folder = folder_of(store, version)
    if digests(folder) != files:
        raise Refused("wrong_sha256")
    try:
        scorer = Scorer.load(folder)
        for text in _TEXTS:
            scorer.score(text)
    except Exception as error:  # of whatever kind: a broken model must not end the service
        raise Refused("unfit") from error
    if scorer.model_version != version:
        raise Refused("wrong_version")
    return scorer


def _card(folder: Path) -> dict[str, Any]:
    try:
        card = json.loads((folder / CARD).read_bytes())
    except (OSError, ValueError):
        return {}
    return card if isinstance(card, dict) else {}
