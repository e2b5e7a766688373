"""Adapter to ONNX Runtime: one text in, the network's probabilities out.

One text at a time. Dynamic INT8 takes its scale from the whole batch, so that in a batch a text's
score would depend on its neighbours (by up to 0.155 as measured) and a replay would be no replay.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from services.emotion.inputs import Turn, token_ids


class ModelUnfit(RuntimeError):
    """The folder's files are missing, or are not those that model.json names."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What the heads say.

    `emotions` (28,) and `signals` (5,): probabilities, each by itself; `states` (9,): summing to
    1; `valence` -1 to 1; `arousal` and `satisfaction` 0 to 1.
    """

    emotions: npt.NDArray[np.float32]
    states: npt.NDArray[np.float32]
    signals: npt.NDArray[np.float32]
    valence: float
    arousal: float
    satisfaction: float


HEADS = ("emotions", "states", "signals", "affect")


class EmotionModel:
    """The network with its tokenizer. Safe to call from several threads at once."""

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        tokenizer: Tokenizer,
        card: Mapping[str, Any],
    ) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self.version: str = card["version"]
        self.labels: tuple[str, ...] = tuple(card["labels"])
        self.state_names: tuple[str, ...] = tuple(card["states"])
        self.signal_names: tuple[str, ...] = tuple(card["signals"])
        self.threshold: float = card["threshold"]
        self.signal_thresholds: Mapping[str, float] = card["signal_thresholds"]
        self._emotions = _Calibration(**card["calibration"]["emotions"])
        self._signals = _Calibration(**card["calibration"]["signals"])
        self._temperature = np.float32(card["calibration"]["states"]["temperature"])

    @classmethod
    def load(cls, folder: Path) -> EmotionModel:
        """Reads model.json, checks both files against it, and warms up. Raises ModelUnfit."""
        try:
            card = json.loads((folder / "model.json").read_bytes())
            for name, expected in card["sha256"].items():
                if hashlib.sha256((folder / name).read_bytes()).hexdigest() != expected:
                    raise ModelUnfit(f"{name} is not the file that model.json names")
        except (OSError, KeyError, ValueError) as error:
            raise ModelUnfit(f"no usable model in {folder.name}: {type(error).__name__}") from error
        options = onnxruntime.SessionOptions()
        # One thread a session: a service scales by its consumers, not by oversubscribed cores.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        try:
            model = cls(session, tokenizer, card)
        except (KeyError, TypeError) as error:
            raise ModelUnfit(f"model.json of {folder.name} lacks {error}") from error
        model.score("warm up")
        return model

    def logits(self, text: str, context: Sequence[Turn] = ()) -> dict[str, npt.NDArray[np.float32]]:
        """What the heads say before calibration, by head, shape (width,)."""
        ids, segments = token_ids(self._tokenizer, text, context)
        outputs = self._session.run(
            HEADS,
            {
                "input_ids": np.array([ids], dtype=np.int64),
                "attention_mask": np.ones((1, len(ids)), dtype=np.int64),
                "token_type_ids": np.array([segments], dtype=np.int64),
            },
        )
        return {head: output[0] for head, output in zip(HEADS, outputs, strict=True)}

    def score(self, text: str, context: Sequence[Turn] = ()) -> Scores:
        """Scores one text of any kind and length, read with the turns before it, oldest first.

        The same input gives the same bits, whatever was scored before and in whatever process.
        """
        logits = self.logits(text, context)
        tempered = logits["states"] / self._temperature
        powers = np.exp(tempered - tempered.max())
        valence, arousal, satisfaction = map(float, _sigmoid(logits["affect"]))
        return Scores(
            self._emotions.probabilities(logits["emotions"]),
            powers / powers.sum(),
            self._signals.probabilities(logits["signals"]),
            2 * valence - 1,
            arousal,
            satisfaction,
        )


@dataclass(frozen=True, slots=True)
class _Calibration:
    """Platt's scaling of logits, one for all columns of a head (Platt 1999)."""

    scale: float
    shift: float

    def probabilities(self, logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return _sigmoid(logits * np.float32(self.scale) + np.float32(self.shift))


def _sigmoid(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-values)), dtype=np.float32)
