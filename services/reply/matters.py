"""What calls for a person or for care, heard by its meaning: linear discriminants of MiniLM vectors.

Beside the patterns of `signs`, which hear the plain words, this hears what is said in others
("what have you got for me so that I stay?"). English only, as the encoder is. Trained by
`python -m services.learning.matters`; a threshold per matter keeps calm questions out.
"""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from services.reply.encoder import FOLDER, Encoder
from services.reply.plain import prepared, sentences

FILE = "matters.npz"
OTHER = "other"
_MOST_PARTS = 3
# Fewer words than these carry too little meaning.
_LEAST_WORDS = 4
# A word that has to stand there too: meaning alone puts an old grandmother near a death.
_CONFIRMED_BY = {
    name: re.compile(rf"\b(?:{words})")
    for name, words in {
        "decision": r"can|could|would|will|any|want|need|please|owe|pay|refund|waiv|fee\b|credit|"
        r"except|discount|compensat|reimburs|match|offer|approv|extend|honor|override|reopen|give",
        "staff": r"agent|driver|employee|staff|clerk|attendant|technician|rep\b|representative|"
        r"manager|guy|man\b|woman|lady|worker|cashier|guard|teller|crew|nurse|doctor|receptionist|"
        r"installer|adjuster|broker|colleague|pharmacist|courier|supervisor|he\b|she\b|him\b|her\b|someone",
        "again": r"told|said|say\b|explain|sent\b|gave|repeat|ask(?:ed|s)?\b|times|call|contact|"
        r"transferred|passed|promis|writ|wrote|message|answered|heard|uploaded|start",
        "fraud": r"money|account|card|code|password|payment|transfer|scam|hack|stol|identit|log|"
        r"name|savings|dollars|remote|caller|sim\b",
        "bereavement": r"die[ds]?\b|dead|death|pass(?:ed|ing)|lost|funeral|buri|estate|executor|"
        r"widow|ashes|hospice|dying|gone\b|goodbye|no longer with|put .{0,20}to sleep|late\b|"
        r"obituary|killed|make it|last breath|hours left|grie",
        "unsafe": r"ex\b|ex-|husband|wife|boyfriend|girlfriend|partner|father|he\b|she\b|him\b|"
        r"her\b|abus|stalk|shelter|violen|protective|restrain|afraid|assault|hit",
        "medical": r"denie|refus|reject|pain|out of|no \w+ left|left\b|can'?t|won'?t|wrong|seizure|"
        r"tumou?r|cancer|bleed|scared|terrified|stuck|without|afford|fell|burn|allerg|didn'?t come",
        "breach": r"sent|gave|told|see\b|saw|read|disclos|shar|privac|leak|emailed|receiv|shows?\b|"
        r"announc|looked|out loud|access",
        "legal": r"lawyer|attorney|court|su(?:e|ing)\b|lawsuit|legal|law\b|regulator|commission|"
        r"department|subpoena|solicitor|agency|press\b|general\b|union|illegal|counsel|rights",
        "person": r"human|person|agent|someone|somebody|real|rep\b|representative|manager|"
        r"supervisor|boss|staff|team|member|call|phone|ring|speak|talk|put me|connect|bot\b|machine",
    }.items()
}

Floats = NDArray[np.float32]


class MattersUnfit(RuntimeError):
    """The head is missing, or was trained on another encoder."""


class Matters:
    """Names of the matters in a text. Same text, same names."""

    def __init__(
        self,
        embed: Callable[[str], Floats],
        names: tuple[str, ...],
        head: Floats,
        thresholds: Floats,
    ) -> None:
        """`head` is (385, names + other), the bias last; `thresholds` one for each name."""
        self._embed = embed
        self._names = names
        self._head = head
        self._thresholds = thresholds

    @classmethod
    def load(cls, encoder: Encoder, folder: Path = FOLDER) -> "Matters":
        """The head beside the encoder; MattersUnfit where it does not belong to it."""
        try:
            with np.load(folder / FILE) as stored:
                if str(stored["version"]) != encoder.version:
                    raise MattersUnfit(f"{FILE} was trained on another encoder")
                names = tuple(stored["names"].tolist())
                return cls(encoder, names, stored["head"], stored["thresholds"])
        except (OSError, KeyError, ValueError) as error:
            raise MattersUnfit(f"no usable {FILE}: {type(error).__name__}") from error

    def __call__(self, text: str) -> frozenset[str]:
        """Names of what a text brings, in any of its first sentences or as a whole."""
        whole = prepared(text)
        parts = sentences(whole)
        texts = [whole, *(parts[:_MOST_PARTS] if len(parts) > 1 else ())]
        spoken = [part for part in texts if len(part.split()) >= _LEAST_WORDS]
        if not spoken:
            return frozenset()
        vectors = np.stack([self._embed(part) for part in spoken])
        # Not by BLAS: its threads cost more than they give for so small a product.
        scores = np.einsum("ij,jk->ik", vectors, self._head[:-1]) + self._head[-1]
        heard = probabilities(scores)[:, : len(self._names)].max(axis=0)
        return frozenset(
            name
            for name, value, least in zip(self._names, heard, self._thresholds, strict=True)
            if value > least and confirmed(name, whole)
        )


def confirmed(name: str, text: str) -> bool:
    """Whether a prepared text has a word that goes with the matter, where one is needed."""
    words = _CONFIRMED_BY.get(name)
    return words is None or words.search(text) is not None


def probabilities(scores: Floats) -> Floats:
    """Softmax over the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return shares
