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

from services.learning.emotion import data, network, training, vocabulary
from services.learning.emotion.config import Config
from services.learning.emotion.training import HEADS

MODEL, TOKENIZER, CARD = "model.onnx", "tokenizer.json", "model.json"


def export(config: Config, checkpoint: Path, folder: Path, *, quantise: bool = True) -> Path:
    """Writes model.onnx, tokenizer.json and model.json into `folder`; returns the model's path.

    Inputs of the graph: `input_ids`, `attention_mask` and `token_type_ids`, int64, shape (batch,
    tokens). Outputs: logits of the heads, shape (batch, width).
    """
    labels = data.read_labels(config.goemotions.folder)
    kept = vocabulary.kept_tokens(
        training.base_tokenizer(config), _training_texts(config), config.vocabulary
    )
    model = network.load(len(labels), checkpoint, "eager")
    network.keep_tokens(model, kept)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        raw, fused = Path(work, "raw.onnx"), Path(work, "fused.onnx")
        _trace(model, raw, config)
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
    cut = vocabulary.cut(network.tokenizer_json(config.encoder_jar), kept)
    (folder / TOKENIZER).write_text(cut, encoding="utf-8")
    return folder / MODEL


def _training_texts(config: Config) -> list[str]:
    comments = data.read_comments(config.goemotions.folder / "train.tsv")
    utterances = data.read_utterances(config.care.folder / "train.jsonl")
    before = [turn.text for utterance in utterances for turn in utterance.context]
    return [c.text for c in comments] + [u.text for u in utterances] + before


def write_card(folder: Path, content: dict[str, Any]) -> Path:
    """Writes model.json: `content` with the files' SHA-256 and a version that follows from them."""
    sums = {name: digest(folder / name) for name in (MODEL, TOKENIZER)}
    card = {"version": f"bge-care-{sums[MODEL][:12]}", **content, "sha256": sums}
    path = folder / CARD
    path.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    return path


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _trace(model: Any, target: Path, config: Config) -> None:
    ids = torch.ones((1, 8), dtype=torch.int64)
    inputs = ("input_ids", "attention_mask", "token_type_ids")
    axes = {key: {0: "batch", 1: "tokens"} for key in inputs}
    torch.onnx.export(
        model,
        (ids, torch.ones_like(ids), torch.zeros_like(ids)),
        str(target),
        input_names=list(inputs),
        output_names=list(HEADS),
        dynamic_axes={**axes, **{key: {0: "batch"} for key in HEADS}},
        opset_version=config.opset,
        dynamo=False,
    )


def _fuse(source: Path, target: Path) -> None:
    fused = optimizer.optimize_model(
        str(source),
        model_type="bert",
        num_heads=network.ATTENTION_HEADS,
        hidden_size=network.HIDDEN,
        optimization_options=FusionOptions("bert"),
        opt_level=1,
    )
    _part_layer_norms(fused.model.graph)
    fused.save_model_to_file(str(target))


def _part_layer_norms(graph: Any) -> None:
    """Sums and LayerNormalization in place of ONNX Runtime's fused SkipLayerNormalization, which
    takes five times as long on a CPU (47 against 9 microseconds for 24 tokens, version 1.32)."""
    nodes = []
    for node in graph.node:
        if node.op_type != "SkipLayerNormalization":
            nodes.append(node)
            continue
        left, right, scale, shift, *bias = node.input
        (result,) = (output for output in node.output if output)
        summed = f"{result}_sum"
        nodes.append(onnx.helper.make_node("Add", [left, right], [summed]))
        if bias:
            nodes.append(onnx.helper.make_node("Add", [summed, *bias], [f"{summed}_biased"]))
            summed = f"{summed}_biased"
        epsilon = next(each.f for each in node.attribute if each.name == "epsilon")
        nodes.append(
            onnx.helper.make_node(
                "LayerNormalization", [summed, scale, shift], [result], axis=-1, epsilon=epsilon
            )
        )
    del graph.node[:]
    graph.node.extend(nodes)
