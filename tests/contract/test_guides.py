"""What the hand-written pages tell people to do, and where they send them, exists."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from services.cli.app import app
from services.common.documents.settings_table import EACH, environment_names, settings_classes

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def code_of(page: Path) -> Iterator[str]:
    """Every line of a code block and every piece of code within a sentence."""
    text = page.read_text()
    for block in re.findall(r"^ *```\w*\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL):
        yield from block.splitlines()
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def told(pattern: str) -> set[tuple[str, str]]:
    """Page and match of everything that the pages' code says by this pattern."""
    return {
        (page.name, match)
        for page in PAGES
        for line in code_of(page)
        for match in re.findall(pattern, line)
    }


def test_every_target_that_a_page_tells_to_make_exists() -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    mentioned = told(r"\bmake ([a-z][a-z0-9-]*)")
    assert len(mentioned) >= 5
    for page, target in mentioned:
        assert target in targets, f"{page}: make {target}"


def commands(words: list[str]) -> bool:
    """Whether `rapport` has this command; words after a command are its arguments."""
    command: Any = typer.main.get_command(app)
    for word in words:
        if not hasattr(command, "commands"):
            return True
        if word not in command.commands:
            return False
        command = command.commands[word]
    return True


def test_every_command_of_rapport_that_a_page_tells_exists() -> None:
    mentioned = told(r"(?:^|[ (])rapport ([a-z]+(?: [a-z]+)?)")
    assert len(mentioned) >= 5
    for page, words in mentioned:
        assert commands(words.split()), f"{page}: rapport {words}"
    assert not commands(["topics", "appply"])


@pytest.mark.parametrize("file", ["deploy/compose.yaml", "k8s/base/migrate.yaml"])
def test_every_command_that_a_deployment_runs_exists(file: str) -> None:
    runs = re.findall(r'"services\.cli\.app", "(\w+)", "(\w+)"', (ROOT / file).read_text())
    assert sorted(runs) == [("db", "migrate"), ("topics", "apply")]
    assert all(commands(list(run)) for run in runs)


def test_every_setting_that_a_page_names_exists() -> None:
    own_tools = {
        "RAPPORT_KEY",
        "RAPPORT_STATE",
        "RAPPORT_KAFKA_JARS",
        "RAPPORT_SHARED_DATA",
        "RAPPORT_VERSION",
    }
    known = own_tools | {
        name
        for service, settings in settings_classes().items()
        for name in environment_names(settings).values()
    }
    known |= {
        name.replace(f"RAPPORT_{service.upper()}_", EACH)
        for service, settings in settings_classes().items()
        for name in environment_names(settings).values()
    }
    for page, name in told(r"\b(RAPPORT_[A-Z0-9_<>]+)"):
        assert name in known or name == EACH + "<NAME>", f"{page}: {name}"


def test_every_test_that_the_architecture_names_as_a_guard_exists() -> None:
    text = (ROOT / "docs/architecture.md").read_text()
    guards = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", text)
    assert len(guards) >= 9
    for path, name in guards:
        assert f"def {name}(" in (ROOT / path).read_text(), f"{path} has no {name}"


def test_every_link_leads_somewhere() -> None:
    for page in PAGES:
        text = page.read_text()
        for target, anchor in re.findall(r"\]\(([^)#:\s]*)(?:#([^)]*))?\)", text):
            path = page.parent / target if target else page
            assert path.exists(), f"{page.name} links to {target}"
            if anchor and path.suffix == ".md":
                assert anchor in anchors(path), f"{page.name} links to {target}#{anchor}"


def anchors(page: Path) -> set[str]:
    """Names of a page's sections, as Git hosts make them of headings."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
