"""Addresses of machines, version 4 and 6. Version numbers and firmware stay."""

import ipaddress
import re

from services.redaction.entities import CHECKED, LABELLED, Found, Kind
from services.redaction.label_words import Other
from services.redaction.numbers import LOOSE
from services.redaction.view import View

_V4 = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d]|\.\d)")
_DEFANGED = re.compile(r"(?<![\d.])(?:\d{1,3}[\[(]?\.[\])]?){3}\d{1,3}(?!\d)")
_V6 = re.compile(r"(?<![\w:])(?=[0-9A-Fa-f]{0,4}:)[0-9A-Fa-f:]{3,39}(?:\.\d{1,3}){0,3}(?![\w:])")
_SPOKEN_DOTS = frozenset({"dot", "point", "punto"})


def _is_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def find(view: View) -> list[Found]:
    found: list[Found] = []
    if "[.]" in view.text or "(.)" in view.text:
        for match in _DEFANGED.finditer(view.text):
            if _is_address(re.sub(r"[\[\]()]", "", match.group())):
                found.append(Found(match.start(), match.end(), Kind.IP_ADDRESS, CHECKED + 0.02))
    if "." in view.text:
        for match in _V4.finditer(view.text):
            if _is_address(match.group()) and not _is_version(view, match.start(), match.group()):
                found.append(Found(match.start(), match.end(), Kind.IP_ADDRESS, CHECKED + 0.02))
    if ":" in view.text:
        for match in _V6.finditer(view.text):
            value = match.group()
            if value.count(":") >= 2 and len(value) > 4 and _is_address(value):
                found.append(Found(match.start(), match.end(), Kind.IP_ADDRESS, CHECKED + 0.02))
    found.extend(_spoken(view))
    return found


def _is_version(view: View, start: int, value: str) -> bool:
    verdict = view.left(view.token_at(start))
    if Kind.IP_ADDRESS in verdict.meanings:
        return False
    before = view.text[max(0, start - 1) : start]
    if before in {"v", "V"}:
        return True
    return Other.LOOKALIKE in verdict.meanings and verdict.distance <= 6


def _spoken(view: View) -> list[Found]:
    """ "one ninety two dot one sixty eight dot one dot fourteen"."""
    found: list[Found] = []
    for run in view.runs:
        if not any(atom.spoken for atom in run) and " dot " not in view.text.lower():
            continue
        parts = [run[0].digits]
        first = 0
        for index, atom in enumerate(run[1:], start=1):
            if any(word in _SPOKEN_DOTS for word in atom.sep.lower().split()):
                parts.append(atom.digits)
            elif atom.gap == LOOSE:
                parts, first = [atom.digits], index
            else:
                parts[-1] += atom.digits
            after = run[index + 1] if index + 1 < len(run) else None
            ended = after is None or (
                not any(word in _SPOKEN_DOTS for word in after.sep.lower().split())
                and len(parts[-1] + after.digits) > 3
            )
            if len(parts) == 4 and ended and _is_address(".".join(str(int(p)) for p in parts)):
                found.append(Found(run[first].start, atom.end, Kind.IP_ADDRESS, LABELLED))
                break
    return found
