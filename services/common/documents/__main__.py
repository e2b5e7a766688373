"""Writes the derived documents, or says with `--check` which of them differ (exit 1)."""

import sys
import tomllib
from pathlib import Path
from typing import Any

import yaml

from services.common.documents import asyncapi, catalogue
from services.common.documents.contracts import read
from services.common.documents.inbound import door_types
from services.common.documents.settings_table import settings_tables

ROOT = Path(__file__).resolve().parents[3]
_NOTE = "Written by `python -m services.common.documents`; change the code it derives from."


def derived(root: Path) -> dict[Path, str]:
    """What each derived document should hold, by path.

    README.md and docs/events.md are written by hand but for the parts between their markers.
    """
    contracts = read(root / "protos")
    project: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    events = (root / "docs/events.md").read_text()
    events = between(events, "topics", catalogue.topics(contracts))
    events = between(events, "messages", catalogue.messages(contracts))
    events = between(events, "door", door_types())
    readme = between((root / "README.md").read_text(), "topics", catalogue.path_table(""))
    api = asyncapi.document(contracts, project["version"])
    return {
        root / "README.md": readme,
        root / "docs/events.md": events,
        root / "docs/asyncapi.yaml": f"# {_NOTE}\n" + _yaml(api),
        root / "docs/settings.md": f"# Settings\n\n{_NOTE}\n\n{settings_tables()}\n",
    }


def between(text: str, name: str, body: str) -> str:
    """`text` with what stands between `<!-- name:begin -->` and `<!-- name:end -->` replaced."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    if text.count(begin) != 1 or text.count(end) != 1:
        raise ValueError(f"expected the markers {begin} and {end} once each")
    head, rest = text.split(begin)
    _, tail = rest.split(end)
    return f"{head}{begin}\n{body}\n{end}{tail}"


def _yaml(data: dict[str, Any]) -> str:
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)


def main(arguments: list[str]) -> int:
    differing = []
    for path, text in derived(ROOT).items():
        if path.exists() and path.read_text() == text:
            continue
        differing.append(path.relative_to(ROOT))
        if "--check" not in arguments:
            path.write_text(text)
    for name in differing:
        sys.stdout.write(f"{'differs' if '--check' in arguments else 'wrote'}: {name}\n")
    return 1 if differing and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
