"""Adapter to ONNX Runtime: one text in, the network's probabilities out.

One text at a time. Dynamic INT8 takes its scale from the whole batch, so that in a batch a text's
score would depend on its neighbours (by up to 0.155 as measured) and a replay would be no replay.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from services.emotion.wording import LONGEST

MAX_TOKENS = 256


class ModelUnfit(RuntimeError):
    """The folder's files are missing, or are not those that model.json names."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Probabilities: `emotions` (28,), each label by itself; `states` (9,), summing to 1."""

    emotions: npt.NDArray[np.float32]
    states: npt.NDArray[np.float32]


class EmotionModel:
    """The network with its tokenizer. Safe to call from several threads at once."""

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        tokenizer: Tokenizer,
        *,
        version: str,
        labels: tuple[str, ...],
        states: tuple[str, ...],
        threshold: float,
        temperature: float,
    ) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self.version = version
        self.labels = labels
        self.state_names = states
        self.threshold = threshold
        self._temperature = temperature

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
        model = cls(
            onnxruntime.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            ),
            tokenizer,
            version=card["version"],
            labels=tuple(card["labels"]),
            states=tuple(card["states"]),
            threshold=card["threshold"],
            temperature=card["state_temperature"],
        )
        model.score("warm up")
        return model

    def score(self, text: str) -> Scores:
        """Scores one text of any kind and length; of a long one, its two ends are read.

        The same text gives the same bits, whatever was scored before and in whatever process.
        """
        ids = np.array([self._ids(text)], dtype=np.int64)
        emotions, states = self._session.run(
            ["emotions", "states"], {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        )
        tempered = states[0] / np.float32(self._temperature)
        powers = np.exp(tempered - tempered.max())
        return Scores(1 / (1 + np.exp(-emotions[0])), powers / powers.sum())

    def _ids(self, text: str) -> list[int]:
        if len(text) > LONGEST:
            half = LONGEST // 2
            text = f"{text[:half]} {text[-half:]}"
        # Lone surrogates are no Unicode text; the tokenizer would refuse them.
        ids: list[int] = self._tokenizer.encode(text.encode("utf-8", "replace").decode()).ids
        if len(ids) > MAX_TOKENS:
            half = MAX_TOKENS // 2
            ids = ids[:half] + ids[-half:]
        return ids
