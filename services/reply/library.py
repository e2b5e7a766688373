"""Loads what the engine answers from: the articles and the sentence encoder. Wiring."""

from pathlib import Path

from services.reply.encoder import Encoder
from services.reply.knowledge import FOLDER, load
from services.reply.search import Search


def load_search(folder: Path = FOLDER) -> Search:
    """Search over the articles of `folder`; KnowledgeError or EncoderUnfit when it cannot be."""
    return Search(load(folder), Encoder.load())
