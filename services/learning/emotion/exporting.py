"""From checkpoint to what the service loads: ONNX, fused, INT8, with tokenizer and model.json."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions

from services.learning.emotion import data, network
from services.learning.emotion.config import Config

MODEL, TOKENIZER, CARD = "model.onnx", "tokenizer.json", "model.json"
HEADS, HIDDEN = 12, 384


def export(config: Config, checkpoint: Path, folder: Path, *, quantise: bool = True) -> Path:
    """Writes model.onnx, tokenizer.json and model.json into `folder`; returns the model's path.

    Inputs of the graph: `input_ids` and `attention_mask`, int64, shape (batch, tokens). Outputs:
    `emotions` (batch, 28) and `states` (batch, 9), logits.
    """
    labels = data.read_labels(config.goemotions.folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        raw, fused = Path(work, "raw.onnx"), Path(work, "fused.onnx")
        _trace(network.load(config.base_package, len(labels), checkpoint, "eager"), raw, config)
        _fuse(raw, fused)
        if quantise:
            # After fusion the graph's types are no longer inferable, hence DefaultTensorType.
            quantize_dynamic(
                fused,
                folder / MODEL,
                per_channel=True,
                weight_type=QuantType.QInt8,
                extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
            )
        else:
            shutil.copyfile(fused, folder / MODEL)
    shutil.copyfile(network.base_folder(config.base_package) / TOKENIZER, folder / TOKENIZER)
    return folder / MODEL


def write_card(folder: Path, content: dict[str, Any]) -> Path:
    """Writes model.json: `content` with the files' SHA-256 and a version that follows from them."""
    sums = {name: digest(folder / name) for name in (MODEL, TOKENIZER)}
    card = {"version": f"minilm-care-{sums[MODEL][:12]}", **content, "sha256": sums}
    path = folder / CARD
    path.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    return path


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _trace(model: Any, target: Path, config: Config) -> None:
    ids = torch.ones((1, 8), dtype=torch.int64)
    axes = {0: "batch", 1: "tokens"}
    torch.onnx.export(
        model,
        (ids, torch.ones_like(ids)),
        str(target),
        input_names=["input_ids", "attention_mask"],
        output_names=["emotions", "states"],
        dynamic_axes={
            "input_ids": axes,
            "attention_mask": axes,
            "emotions": {0: "batch"},
            "states": {0: "batch"},
        },
        opset_version=config.opset,
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
