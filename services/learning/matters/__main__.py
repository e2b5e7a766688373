"""`python -m services.learning.matters`: trains the head and writes services/reply/model/matters.npz.

Linear discriminants (Fisher 1936; covariance shrunk to its diagonal's mean, Ledoit and Wolf 2004)
over the sentence vectors: the examples of `examples.yaml` against "other", the questions of the
articles, and calm questions of the public sets (banking77, clinc150, bitext: see LICENCES.md there).
Half of the public questions is kept from training and sets each threshold, so that no more of them
are heard than is allowed. Prints recall in five-fold cross-validation.
"""

import csv
import json
import os
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from services.reply.encoder import FOLDER, Encoder
from services.reply.knowledge import load
from services.reply.matters import FILE, OTHER, confirmed, probabilities
from services.reply.plain import prepared

EXAMPLES = Path(__file__).with_name("examples.yaml")
SHARED = Path(os.environ.get("RAPPORT_SHARED_DATA") or "../shared/data")
# Of how many calm public questions in a thousand a matter may be heard.
ALLOWED = {
    "decision": 4.0,
    "staff": 2.0,
    "failed": 5.0,
    "useless": 5.0,
    "again": 3.0,
    "fraud": 1.0,
    "bereavement": 1.0,
    "unsafe": 0.5,
    "medical": 0.5,
    "breach": 1.0,
    "legal": 0.5,
    "person": 0.5,
}
# What asks for care or for a person in the public sets themselves.
_NOT_CALM = frozenset(
    {
        "compromised_card",
        "lost_or_stolen_card",
        "lost_or_stolen_phone",
        "cash_withdrawal_not_recognised",
        "card_payment_not_recognised",
        "direct_debit_payment_not_recognised",
        "report_fraud",
        "report_lost_card",
        "are_you_a_bot",
        "complaint",
        "contact_human_agent",
    }
)
# No threshold is below these: near misses of one's own industry are nearer than public questions.
LEAST, LEAST_OF_A_DECISION, LEAST_IN_ANSWER = 0.6, 0.75, 0.5
_IN_ANSWER = frozenset({"failed", "useless", "again"})
_ABOUT_COMPLAINTS = frozenset({"general-complaint"})
PUBLIC = 6_000
FOLDS, SHRINKAGE = 5, 0.3
# What the questions of articles and public sets weigh together, in examples.
NEGATIVES_WEIGH = 600.0

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


def public_questions(folder: Path) -> list[str]:
    """Calm questions of the public sets, shuffled, `PUBLIC` of them at most."""
    found = list(_public(folder))
    random.Random(3).shuffle(found)
    return found[:PUBLIC]


def _public(folder: Path) -> Iterator[str]:
    bank = folder / "banking77" / "train.csv"
    with bank.open(encoding="utf-8", newline="") as rows:
        yield from (r["text"] for r in csv.DictReader(rows) if r["category"] not in _NOT_CALM)
    clinc = json.loads((folder / "clinc150" / "data_full.json").read_text("utf-8"))
    yield from (text for text, intent in clinc["train"] if intent not in _NOT_CALM)
    bitext = folder / "bitext" / "Bitext_Sample_Customer_Service_Training_Dataset.csv"
    with bitext.open(encoding="utf-8", newline="") as rows:
        yield from (r["utterance"] for r in csv.DictReader(rows) if r["intent"] not in _NOT_CALM)


def fit(vectors: Floats, labels: NDArray[np.int64], weights: Doubles, count: int) -> Floats:
    """The discriminants as scores for softmax; (385, count), the bias last."""
    size = vectors.shape[1]
    means, spread = np.zeros((count, size)), np.zeros((size, size))
    for label in range(count):
        own = labels == label
        means[label] = np.average(vectors[own], axis=0, weights=weights[own])
        off = vectors[own] - means[label]
        spread += (off * weights[own, None]).T @ off
    spread /= weights.sum()
    mean_variance = np.trace(spread) / size
    spread = (1 - SHRINKAGE) * spread + SHRINKAGE * mean_variance * np.eye(size)
    slopes = np.linalg.solve(spread, means.T)
    shares = np.array([weights[labels == label].sum() for label in range(count)]) / weights.sum()
    bias = np.log(shares) - 0.5 * (means * slopes.T).sum(axis=1)
    return np.vstack([slopes, bias]).astype(np.float32)


def main() -> None:
    encoder = Encoder.load()
    examples: dict[str, list[str]] = yaml.safe_load(EXAMPLES.read_text("utf-8"))
    names = [name for name in examples if name != OTHER]
    said = [(text, names.index(n)) for n in names for text in examples[n]]
    said += [(text, len(names)) for text in examples[OTHER]]
    own = _vectors(encoder, [text for text, _ in said])
    labels = np.array([label for _, label in said])
    asked = public_questions(SHARED)
    calm = _vectors(encoder, asked)
    articles = [a for a in load() if a.language == "en" and a.id not in _ABOUT_COMPLAINTS]
    known = _vectors(encoder, [question for a in articles for question in a.questions])
    negatives = np.concatenate([known, calm[: len(calm) // 2]])
    held_out = calm[len(calm) // 2 :]

    def trained(chosen: NDArray[np.bool_]) -> Floats:
        vectors = np.concatenate([own[chosen], negatives])
        wanted = np.concatenate([labels[chosen], np.full(len(negatives), len(names))])
        weights = np.ones(len(vectors))
        weights[chosen.sum() :] = NEGATIVES_WEIGH / len(negatives)
        return fit(vectors, wanted, weights, len(names) + 1)

    folds = np.random.default_rng(0).integers(0, FOLDS, len(own))
    guessed = np.zeros((len(own), len(names) + 1), np.float32)
    for fold in range(FOLDS):
        guessed[folds == fold] = _read(own[folds == fold], trained(folds != fold))
    head = trained(np.ones(len(own), bool))
    calm_read = _read(held_out, head)
    for place, text in enumerate(asked[len(calm) // 2 :]):
        for i, name in enumerate(names):
            calm_read[place, i] *= confirmed(name, prepared(text))
    thresholds = [
        max(
            float(np.quantile(calm_read[:, i], 1 - ALLOWED[name] / 1000)),
            _least(name),
        )
        for i, name in enumerate(names)
    ]
    for i, name in enumerate(names):
        over = guessed[:, i] > thresholds[i]
        recall, near = over[labels == i].mean(), over[labels == len(names)].mean()
        sys.stdout.write(
            f"{name}: over {thresholds[i]:.2f}; recall {recall:.2f}, near {near:.3f}\n"
        )
    heard = (calm_read[:, : len(names)] > np.array(thresholds)).any(axis=1).mean()
    sys.stdout.write(f"any of them in {heard:.4f} of {len(held_out)} calm public questions\n")
    np.savez_compressed(
        FOLDER / FILE,
        version=np.array(encoder.version),
        names=np.array(names),
        head=head.astype(np.float32),
        thresholds=np.array(thresholds, np.float32),
    )


def _vectors(encoder: Encoder, texts: Sequence[str]) -> Floats:
    return np.stack([encoder(prepared(text)) for text in texts])


def _least(name: str) -> float:
    if name in _IN_ANSWER:
        return LEAST_IN_ANSWER
    return LEAST_OF_A_DECISION if name == "decision" else LEAST


def _read(vectors: Floats, head: Floats) -> Floats:
    return probabilities(vectors @ head[:-1] + head[-1])


if __name__ == "__main__":
    main()
