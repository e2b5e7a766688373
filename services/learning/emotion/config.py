"""The one configuration file, read into frozen dataclasses."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

DEFAULT = Path(__file__).with_name("config.toml")


@dataclass(frozen=True)
class Stage:
    """How one stage of training runs; rates are per step, lengths in WordPiece tokens."""

    folder: Path
    epochs: int
    batch_size: int
    max_tokens: int
    learning_rate: float
    head_learning_rate: float
    layer_decay: float
    weight_decay: float
    warm_up: float
    dropout: float = 0.1
    bucket: int = 64
    replay: int = 0
    clip: float = 1.0
    rare_share: float = 0.0
    rare_limit: float = 1.0
    label_smoothing: float = 0.0


@dataclass(frozen=True)
class Config:
    seed: int
    threads: int
    encoder_jar: Path
    goemotions: Stage
    care: Stage
    export_folder: Path
    opset: int
    vocabulary: int


def load(path: Path = DEFAULT) -> Config:
    """Reads the file; raises TypeError for an unknown or missing entry of a stage."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    return Config(
        seed=raw["seed"],
        threads=raw["threads"],
        encoder_jar=Path(raw["encoder_jar"]),
        goemotions=_stage(raw["goemotions"]),
        care=_stage(raw["care"]),
        export_folder=Path(raw["export"]["folder"]),
        opset=raw["export"]["opset"],
        vocabulary=raw["export"]["vocabulary"],
    )


def _stage(raw: dict[str, object]) -> Stage:
    values = dict(raw)
    values["folder"] = Path(str(values["folder"]))
    return Stage(**values)  # type: ignore[arg-type]
