"""Loads what the engine answers from: the articles and the sentence encoder. Wiring."""

from pathlib import Path

from services.reply.actions import Actions
from services.reply.encoder import Encoder
from services.reply.engine import Engine
from services.reply.knowledge import FOLDER, load
from services.reply.matters import Matters
from services.reply.search import Search


def load_search(encoder: Encoder, folder: Path = FOLDER) -> Search:
    """Search over the articles of `folder`; KnowledgeError when it cannot be."""
    return Search(load(folder), encoder)


def load_engine(actions: Actions | None, folder: Path = FOLDER) -> Engine:
    """The engine with all that it needs; KnowledgeError, EncoderUnfit or MattersUnfit if not."""
    encoder = Encoder.load()
    return Engine(load_search(encoder, folder), actions, Matters.load(encoder))
