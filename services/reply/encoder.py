"""Adapter to ONNX Runtime: a text in, its sentence vector out (MiniLM-L6, 384, of length one).

One text at a time: dynamic INT8 takes its scale from the whole batch, so that in a batch a
vector would depend on its neighbours. The vectors of the articles are kept beside the model
(`vectors.npz`, by hash of model and text), since encoding a thousand questions takes seconds;
`python -m services.reply.encoder` writes them anew.
"""

import hashlib
import json
import sys
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

FOLDER = Path(__file__).parent / "model"
VECTORS = "vectors.npz"
MAX_TOKENS = 48
REMEMBERED = 2048


class EncoderUnfit(RuntimeError):
    """The folder's files are missing, or are not those that model.json names."""


class Encoder:
    """The sentence encoder with its tokenizer. Same text, same vector."""

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        tokenizer: Tokenizer,
        version: str,
        known: dict[str, NDArray[np.float32]],
    ) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._known = known
        self._recent: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self.version = version

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "Encoder":
        """Reads model.json and checks both files against it. Raises EncoderUnfit."""
        try:
            card = json.loads((folder / "model.json").read_bytes())
            for name, expected in card["sha256"].items():
                if hashlib.sha256((folder / name).read_bytes()).hexdigest() != expected:
                    raise EncoderUnfit(f"{name} is not the file that model.json names")
        except (OSError, KeyError, ValueError) as error:
            raise EncoderUnfit(
                f"no usable model in {folder.name}: {type(error).__name__}"
            ) from error
        options = onnxruntime.SessionOptions()
        # One thread: a service scales by its consumers, not by oversubscribed cores.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)
        session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        return cls(session, tokenizer, card["version"], _read(folder / VECTORS, card["version"]))

    def knows(self, text: str) -> bool:
        """Whether the text's vector is kept beside the model."""
        return _key(text) in self._known

    def __call__(self, text: str) -> NDArray[np.float32]:
        """Vector of a text, shape (384,), length one."""
        key = _key(text)
        if (known := self._known.get(key)) is not None:
            return known
        if (recent := self._recent.get(key)) is not None:
            return recent
        vector = self._encode(text)
        self._recent[key] = vector
        while len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)
        return vector

    def _encode(self, text: str) -> NDArray[np.float32]:
        encoding = self._tokenizer.encode(text)
        ids = np.array([encoding.ids], dtype=np.int64)
        mask = np.array([encoding.attention_mask], dtype=np.int64)
        (vectors,) = self._session.run(["embedding"], {"input_ids": ids, "attention_mask": mask})
        vector: NDArray[np.float32] = np.asarray(vectors[0], dtype=np.float32)
        return vector

    def store(self, texts: Iterable[str], folder: Path = FOLDER) -> int:
        """Writes the vectors of `texts` beside the model; returns how many."""
        vectors = {_key(text): self._encode(text) for text in texts}
        keys = sorted(vectors)
        np.savez_compressed(
            folder / VECTORS,
            version=np.array(self.version),
            keys=np.array(keys),
            vectors=np.stack([vectors[key] for key in keys]).astype(np.float16),
        )
        return len(keys)


def _key(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def _read(path: Path, version: str) -> dict[str, NDArray[np.float32]]:
    if not path.exists():
        return {}
    with np.load(path) as stored:
        if str(stored["version"]) != version:
            return {}
        vectors = stored["vectors"].astype(np.float32)
        return dict(zip(stored["keys"].tolist(), vectors, strict=True))


if __name__ == "__main__":
    from services.reply.knowledge import load
    from services.reply.search import texts_to_encode

    count = Encoder.load().store(texts_to_encode(load()))
    sys.stdout.write(f"{FOLDER / VECTORS}: {count} vectors\n")
