"""Texts in batches of like length, so that little padding is computed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]


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


def padded(rows: Sequence[tuple[Sequence[int], Sequence[int]]]) -> tuple[Ids, Ids, Ids]:
    """Ids, mask and segments of shape (rows, longest row); padding is 0, [PAD] in this vocabulary."""
    width = max(len(ids) for ids, _ in rows)
    ids = np.zeros((len(rows), width), dtype=np.int64)
    mask, segments = np.zeros_like(ids), np.zeros_like(ids)
    for number, (row, parts) in enumerate(rows):
        ids[number, : len(row)] = row
        mask[number, : len(row)] = 1
        segments[number, : len(row)] = parts
    return ids, mask, segments
