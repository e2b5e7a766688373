"""Things in a customer's words that call for a person or for care, with their near misses.

The patterns are data (`signs/*.yaml`), each with examples of what says it and what only looks
like it. They work on `plain()` text, English and Spanish; what follows from a sign is `policy`'s.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from services.reply.plain import sentences

FOLDER = Path(__file__).parent / "signs"
CRISES = (
    "emergency",
    "gas",
    "carbon_monoxide",
    "power_line",
    "life_support",
    "violence",
    "self_harm",
)

_WORDS = {
    "kin": (
        r"(?:mother|mom|mum|mama|father|dad|papa|husband|wife|spouse|partner|son|daughter|child|"
        r"baby|brother|sister|grand(?:mother|father|ma|pa|son|daughter|parent)s?|nana|uncle|aunt|"
        r"cousin|niece|nephew|fiancee?|boyfriend|girlfriend|(?:best )?friend|twin|mother-in-law|"
        r"father-in-law)"
    ),
    "familia": (
        r"(?:madre|mama|padre|papa|esposo|esposa|marido|mujer|hijo|hija|hermano|hermana|abuelo|"
        r"abuela|tio|tia|primo|prima|bebe|novio|novia|suegro|suegra)"
    ),
    "person": (
        r"(?:(?:real |live |actual |human |living |another |different )*(?:person|human(?: being)?|"
        r"people|agent|agnet|repr?e?s[ae]?ntati?ve?s?|rep|operator|supervisor|manager|advis[eo]r|"
        r"associate|specialist|csr|someone|somebody|customer (?:service|care|support)|your boss|"
        r"the boss|higher up|nurse|doctor|pharmacist|technician|adjuster|banker))"
    ),
    "persona": (
        r"(?:(?:una |otra |un |algun |alguna |el |la |su )?(?:persona(?: real)?|agente|humano|"
        r"representante|asesora?|operadora?|supervisora?|gerente|encargad[oa]|alguien|"
        r"ejecutiv[oa]|ser humano))"
    ),
}


@dataclass(frozen=True)
class Sign:
    """One sign: what makes it, what unmakes it within a sentence, and examples of both.

    `not_with` names a sign whose patterns unmake it too.
    """

    name: str
    found: re.Pattern[str]
    unless: re.Pattern[str] | None
    not_with: str
    says: tuple[str, ...]
    near_misses: tuple[str, ...]


def _any(lines: str) -> re.Pattern[str]:
    for word, pattern in _WORDS.items():
        lines = lines.replace(f"<{word}>", pattern)
    return re.compile("|".join(f"(?:{line})" for line in lines.splitlines() if line.strip()))


def load(*files: str) -> dict[str, Sign]:
    """The signs of some files of the folder by name, in their order."""
    signs = {}
    for file in files:
        for name, entry in yaml.safe_load((FOLDER / file).read_text("utf-8")).items():
            unless = entry.get("unless")
            signs[name] = Sign(
                name,
                _any(entry["patterns"]),
                _any(unless) if unless else None,
                entry.get("not_with", ""),
                tuple(entry["says"]),
                tuple(entry["near_misses"]),
            )
    return signs


SIGNS: dict[str, Sign] = load("danger.yaml", "care.yaml", "talk.yaml")
ACTS: dict[str, Sign] = load("acts.yaml")
TASKS: dict[str, Sign] = load("tasks.yaml")


@lru_cache(maxsize=4096)
def signs_in(text: str) -> frozenset[str]:
    """Names of the signs of a plain text. Near misses are weighed sentence by sentence.

    "My phone died. My mother died last week." is a bereavement, for its second sentence.
    """
    parts = _parts(text)
    return frozenset(name for name, sign in SIGNS.items() if _says(sign, parts))


@lru_cache(maxsize=4096)
def acts_in(text: str) -> frozenset[str]:
    """What a plain text does: asks, thanks, accepts, denies and the like."""
    parts = _parts(text)
    return frozenset(name for name, act in ACTS.items() if _says(act, parts))


@lru_cache(maxsize=4096)
def tasks_in(text: str) -> tuple[str, ...]:
    """Routine tasks that a plain text asks for, the one named last first."""
    parts = _parts(text)
    single = sentences(text) or [text]
    found = []
    for name, task in TASKS.items():
        if _says(task, parts):
            places = [i for i, part in enumerate(single) if _says(task, (part,))]
            found.append((-max(places, default=0), name))
    return tuple(name for _, name in sorted(found, key=lambda item: item[0]))


def _parts(text: str) -> tuple[str, ...]:
    """The sentences of a text, and the whole when there are several."""
    parts = tuple(sentences(text))
    return (*parts, text) if len(parts) > 1 else (text,)


def _says(sign: Sign, parts: Iterable[str]) -> bool:
    return any(sign.found.search(part) and not _unmade(sign, part) for part in parts)


def unmade(name: str, text: str) -> bool:
    """Whether something in a plain text says that a sign is not meant."""
    return _unmade(SIGNS[name], text)


def _unmade(sign: Sign, part: str) -> bool:
    if sign.unless is not None and sign.unless.search(part):
        return True
    return bool(sign.not_with) and _says(SIGNS[sign.not_with], (part,))
