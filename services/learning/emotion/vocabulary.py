"""A smaller vocabulary for the shipped model: a third of a small encoder's bytes are its words.

Tokens that no training text has are dropped, rarest first (BERT's vocabulary is in the order of
frequency); a word that is gone is read by its pieces, since no letter and no piece of one is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tokenizers import Tokenizer


def kept_tokens(tokenizer: Tokenizer, texts: Iterable[str], size: int) -> list[int]:
    """Ids of at most `size` tokens in their old order: specials, letters, what the texts have,
    and then the most frequent of the others in Latin script.

    Raises ValueError where `size` is too small for what the texts have.
    """
    names = {number: token for token, number in tokenizer.get_vocab().items()}
    kept = {number for number, token in names.items() if _needed(token)}
    for encoding in tokenizer.encode_batch(list(texts)):
        kept.update(encoding.ids)
    if len(kept) > size:
        raise ValueError(f"the texts have {len(kept)} tokens, more than {size}")
    for number in sorted(names):
        if len(kept) == size:
            break
        if names[number].isascii() and not names[number].startswith("[unused"):
            kept.add(number)
    return sorted(kept)


def cut(tokenizer_json: str, kept: list[int]) -> str:
    """tokenizer.json with the kept tokens alone, numbered anew in their order."""
    content: dict[str, Any] = json.loads(tokenizer_json)
    new = {old: number for number, old in enumerate(kept)}
    model = content["model"]
    model["vocab"] = {token: new[old] for token, old in model["vocab"].items() if old in new}
    content["added_tokens"] = [
        {**token, "id": new[token["id"]]} for token in content["added_tokens"] if token["id"] in new
    ]
    for token in content["post_processor"]["special_tokens"].values():
        token["ids"] = [new[old] for old in token["ids"]]
    return json.dumps(content, ensure_ascii=False)


def _needed(token: str) -> bool:
    """Specials, and letters by themselves or inside a word: with these no Latin word is unknown."""
    special = token.startswith("[") and token.endswith("]") and not token.startswith("[unused")
    return special or (len(token.removeprefix("##")) == 1 and ord(token[-1]) < 0x250)
