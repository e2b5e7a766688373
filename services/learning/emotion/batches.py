"""Token ids in batches of like length, so that little padding is computed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

Ids = npt.NDArray[np.int64]


class Encoder:
    """Texts to token ids, cut at `max_tokens`, special tokens included."""

    def __init__(self, tokenizer_file: Path, max_tokens: int) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        return [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]


def bucketed(
    lengths: Sequence[int], batch_size: int, bucket: int, rng: random.Random
) -> Iterator[list[int]]:
    """Row numbers of each batch: shuffled, sorted within `bucket` batches, batches shuffled."""
    order = list(range(len(lengths)))
    rng.shuffle(order)
    batches = []
    step = batch_size * bucket
    for start in range(0, len(order), step):
        chunk = sorted(order[start : start + step], key=lambda row: lengths[row])
        batches += [chunk[at : at + batch_size] for at in range(0, len(chunk), batch_size)]
    rng.shuffle(batches)
    yield from batches


def padded(rows: Sequence[Sequence[int]]) -> tuple[Ids, Ids]:
    """Ids and mask of shape (rows, longest row), padded with 0, which is [PAD] in this vocabulary."""
    width = max(len(row) for row in rows)
    ids = np.zeros((len(rows), width), dtype=np.int64)
    mask = np.zeros_like(ids)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return ids, mask
