"""`make help` and the check of the machine, on machines that lack things."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "deploy" / "setup" / "system"
NEEDED = ("bash", "sed", "head", "id", "dirname", "cat", "ls", "env")


def machine(folder: Path, **programs: str) -> Path:
    """A folder that is all that PATH names: the tools of a bare system, and these programs."""
    folder.mkdir()
    for name in NEEDED:
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    for name, body in programs.items():
        program = folder / name.replace("_", "-")
        program.write_text(f"#!/bin/sh\n{body}\n")
        program.chmod(0o755)
    return folder


def check(path: Path, checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    # A copy, so that jars which this checkout happens to have do not count.
    script = checkout / "deploy" / "setup" / "system"
    script.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(SCRIPT, script)
    return subprocess.run(
        [script, "--plan"],
        env={"PATH": str(path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


NEW_PYTHON = 'case "$2" in *version_info*1*venv*) echo 11;; *print*) echo 11;; esac; exit 0'
NO_VENV = 'case "$2" in *ensurepip*) exit 1;; *print*) echo 11;; esac; exit 0'
OLD_PYTHON = 'case "$1" in --version) echo Python 3.9.2;; esac; exit 1'
JAVA_17 = "echo 'openjdk version \"17.0.1\"' >&2"
JAVA_8 = "echo 'openjdk version \"1.8.0_392\"' >&2"
APT_CACHE = 'case "$3" in openjdk-17*) exit 0;; *) echo "Package: $3";; esac'


def test_nothing_is_done_where_nothing_is_missing(tmp_path: Path) -> None:
    path = machine(tmp_path / "bin", python3=NEW_PYTHON, java=JAVA_17, mvn="true")
    done = check(path, tmp_path)
    assert (done.returncode, done.stdout) == (0, "")


def test_installs_what_is_missing_and_says_so_beforehand(tmp_path: Path) -> None:
    path = machine(
        tmp_path / "bin", python3=NO_VENV, java=JAVA_8, apt_get="exit 9", apt_cache=APT_CACHE
    )
    done = check(path, tmp_path)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Missing on this machine: python3-venv java maven.")
    # This Debian has no openjdk-17 any more: the next one that it has is taken.
    assert lines[-1].endswith("python3.11-venv openjdk-21-jre-headless maven")
    assert ("sudo" in lines[-1]) is (os.geteuid() != 0)


def test_elsewhere_names_what_is_missing(tmp_path: Path) -> None:
    done = check(machine(tmp_path / "bin", python3=NEW_PYTHON), tmp_path)
    assert done.returncode == 1
    assert "Missing: java maven" in done.stderr
    assert "compose.yaml" in done.stderr


def test_an_old_python_is_named(tmp_path: Path) -> None:
    done = check(machine(tmp_path / "bin", python3=OLD_PYTHON), tmp_path)
    assert done.returncode == 1
    assert "Python 3.11 or newer" in done.stderr
    assert "3.9.2" in done.stderr


def test_a_cluster_of_ones_own_needs_no_java(tmp_path: Path) -> None:
    path = machine(tmp_path / "bin", python3=NEW_PYTHON)
    done = check(path, tmp_path, KAFKA_BOOTSTRAP_SERVERS="kafka:9092")
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    declared = re.search(r"\.PHONY: (.*?[^\\])\n", makefile, re.DOTALL)
    assert declared is not None
    targets = set(declared[1].replace("\\\n", " ").split())
    output = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    listed = set(re.findall(r"^  make ([a-z0-9-]+)", output, re.MULTILINE))
    assert listed == targets
