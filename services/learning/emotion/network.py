"""MiniLM with mean pooling and two linear heads: 28 emotions and nine care states."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import BertConfig, BertModel

from services.learning.emotion.data import STATES


class EmotionNetwork(nn.Module):
    """Token ids and mask of shape (batch, tokens) to logits (batch, 28) and (batch, 9)."""

    def __init__(self, config: BertConfig, labels: int, dropout: float) -> None:
        super().__init__()
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.dropout = nn.Dropout(dropout)
        self.emotions = nn.Linear(config.hidden_size, labels)
        self.states = nn.Linear(config.hidden_size, len(STATES))

    def forward(self, input_ids: Any, attention_mask: Any) -> tuple[Any, Any]:
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask)
        mask = attention_mask.unsqueeze(-1).to(hidden.last_hidden_state.dtype)
        pooled = (hidden.last_hidden_state * mask).sum(1) / mask.sum(1)
        pooled = self.dropout(pooled)
        return self.emotions(pooled), self.states(pooled)


def base_folder(package: str) -> Path:
    """Where the base package keeps its weights; the package itself is never imported."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise FileNotFoundError(f"{package} is not installed: see requirements-train.in")
    return Path(found.origin).parent / "model"


def fresh(package: str, labels: int, dropout: float) -> EmotionNetwork:
    """The base model's encoder under new heads."""
    folder = base_folder(package)
    config = BertConfig.from_pretrained(folder)
    config._attn_implementation = "sdpa"
    network = EmotionNetwork(config, labels, dropout)
    base = BertModel.from_pretrained(folder, add_pooling_layer=False)
    network.encoder.load_state_dict(base.state_dict())
    for head in (network.emotions, network.states):
        nn.init.normal_(head.weight, std=0.02)
        nn.init.zeros_(head.bias)
    return network


def load(package: str, labels: int, checkpoint: Path, attention: str = "sdpa") -> EmotionNetwork:
    """A trained network in evaluation mode. `attention` is "eager" where the graph is exported."""
    config = BertConfig.from_pretrained(base_folder(package))
    config._attn_implementation = attention
    network = EmotionNetwork(config, labels, 0.1)
    network.load_state_dict(torch.load(checkpoint, map_location="cpu", weights_only=True))
    return network.eval()
