"""Word lists of words.yaml, loaded once."""

from pathlib import Path
from typing import Any

import yaml

_DATA: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text("utf-8"))


def word_set(name: str) -> frozenset[str]:
    """A list of words as a set."""
    return frozenset(str(_DATA[name]).split())


def word_map(name: str) -> dict[str, str]:
    """A table of words."""
    return {str(key): str(value) for key, value in _DATA[name].items()}
