"""Lists of names and ordinary words, loaded once. Where they come from is told in `make`."""

import functools
import json
from pathlib import Path

_FOLDER = Path(__file__).parent


@functools.cache
def _lists(file: str) -> dict[str, frozenset[str]]:
    content: dict[str, dict[str, str]] = json.loads((_FOLDER / file).read_text(encoding="utf-8"))
    return {
        name: frozenset(word for line in letters.values() for word in line.split())
        for name, letters in content.items()
    }


def load() -> None:
    """Reads the lists now rather than with the first message."""
    _lists("names.json")
    _lists("words.json")


def is_first_name(low: str) -> bool:
    return low in _lists("names.json")["first"]


def is_common_first_name(low: str) -> bool:
    return low in _lists("names.json")["common"]


def is_surname(low: str) -> bool:
    return low in _lists("names.json")["last"]


def is_name(low: str) -> bool:
    return is_first_name(low) or is_surname(low)


def is_ordinary(low: str) -> bool:
    """A word that people write in lower case, whether or not it is a name too."""
    return low in _lists("words.json")["ordinary"]


def is_frequent(low: str) -> bool:
    """An ordinary word that is met all the time."""
    return low in _lists("words.json")["frequent"]
