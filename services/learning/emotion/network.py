"""A BERT-shaped encoder with mean pooling and four linear heads."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import numpy_helper
from torch import nn
from transformers import BertConfig, BertModel

from services.learning.emotion.data import SIGNALS, STATES

ATTENTION_HEADS, HIDDEN = 12, 384
AFFECT = ("valence", "arousal", "satisfaction")


class EmotionNetwork(nn.Module):
    """Token ids, mask and segments of shape (batch, tokens) to logits of shape (batch, width).

    Heads and widths: emotions 28, states 9, signals 5, affect 3.
    """

    def __init__(self, config: BertConfig, labels: int, dropout: float) -> None:
        super().__init__()
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.dropout = nn.Dropout(dropout)
        self.emotions = nn.Linear(config.hidden_size, labels)
        self.states = nn.Linear(config.hidden_size, len(STATES))
        self.signals = nn.Linear(config.hidden_size, len(SIGNALS))
        self.affect = nn.Linear(config.hidden_size, len(AFFECT))

    @property
    def heads(self) -> tuple[Any, ...]:
        return self.emotions, self.states, self.signals, self.affect

    def forward(
        self, input_ids: Any, attention_mask: Any, token_type_ids: Any
    ) -> tuple[Any, Any, Any, Any]:
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        pooled = self.dropout((hidden * mask).sum(1) / mask.sum(1))
        emotions, states, signals, affect = (head(pooled) for head in self.heads)
        return emotions, states, signals, affect


def fresh(jar: Path, labels: int, dropout: float) -> EmotionNetwork:
    """The encoder whose weights a jar carries as an ONNX graph, under new heads."""
    network = EmotionNetwork(_config(), labels, dropout)
    network.encoder.load_state_dict(
        _weights(onnx.load_model_from_string(_member(jar, ".onnx")).graph)
    )
    for head in network.heads:
        nn.init.normal_(head.weight, std=0.02)
        nn.init.zeros_(head.bias)
    return network


def load(labels: int, checkpoint: Path, attention: str = "sdpa") -> EmotionNetwork:
    """A trained network in evaluation mode. `attention` is "eager" where the graph is exported."""
    network = EmotionNetwork(_config(attention), labels, 0.1)
    network.load_state_dict(torch.load(checkpoint, map_location="cpu", weights_only=True))
    return network.eval()


def keep_tokens(network: EmotionNetwork, kept: list[int]) -> None:
    """Leaves only these rows of the word embeddings, in this order."""
    words = network.encoder.embeddings.word_embeddings
    network.encoder.embeddings.word_embeddings = nn.Embedding.from_pretrained(words.weight[kept])


def tokenizer_json(jar: Path) -> str:
    """The encoder's tokenizer, which the jar carries too."""
    return _member(jar, "tokenizer.json").decode()


def _config(attention: str = "sdpa") -> BertConfig:
    config = BertConfig(
        vocab_size=30522,
        hidden_size=HIDDEN,
        num_hidden_layers=12,
        num_attention_heads=ATTENTION_HEADS,
        intermediate_size=4 * HIDDEN,
    )
    config._attn_implementation = attention
    return config


def _member(jar: Path, ending: str) -> bytes:
    if not jar.exists():
        raise FileNotFoundError(f"{jar} is missing: 'make train-emotion' fetches it")
    with zipfile.ZipFile(jar) as archive:
        return archive.read(next(name for name in archive.namelist() if name.endswith(ending)))


def _weights(model: Any) -> dict[str, Any]:
    """PyTorch's names and shapes. An exporter transposes the matrices and drops their names: each
    gets back that of the bias which is added to its product."""
    arrays = {each.name: numpy_helper.to_array(each) for each in model.initializer}
    named = {
        name: torch.from_numpy(array.copy())
        for name, array in arrays.items()
        if name.startswith(("embeddings.", "encoder.")) and not name.endswith("position_ids")
    }
    sums = {name: node for node in model.node if node.op_type == "Add" for name in node.input}
    for node in model.node:
        if node.op_type == "MatMul" and node.input[1] in arrays and node.output[0] in sums:
            for bias in sums[node.output[0]].input:
                if bias in named and bias.endswith(".bias"):
                    matrix = arrays[node.input[1]].T.copy()
                    named[bias.removesuffix("bias") + "weight"] = torch.from_numpy(matrix)
    return named
