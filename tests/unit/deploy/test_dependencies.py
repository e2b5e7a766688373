"""The bill of materials names what is pinned; the look-up of advisories says what it found."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
KNOWN = {
    "dependencies": [
        {"name": "fine", "version": "1.0", "vulns": []},
        {
            "name": "brittle",
            "version": "2.0",
            "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"], "aliases": []}],
        },
    ]
}


def audit(tmp_path: Path, script: str) -> subprocess.CompletedProcess[str]:
    """deploy/audit with something in place of pip-audit, which gets its arguments."""
    stand_in = tmp_path / "pip-audit"
    stand_in.write_text("#!/usr/bin/env bash\nreport=${@: -1}\n" + script)
    stand_in.chmod(0o755)
    return subprocess.run(
        [ROOT / "deploy/audit", "requirements.txt"],
        env={"PATH": "/usr/bin:/bin", "AUDIT": str(stand_in)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_clean_is_said(tmp_path: Path) -> None:
    done = audit(tmp_path, "exit 0\n")
    assert (done.returncode, done.stdout) == (
        0,
        "requirements.txt: no vulnerability is known\n",
    )


def test_a_known_vulnerability_is_named_and_fails(tmp_path: Path) -> None:
    done = audit(tmp_path, f"echo '{json.dumps(KNOWN)}' > \"$report\"\nexit 1\n")
    assert done.returncode == 1
    assert done.stdout == "brittle 2.0: PYSEC-1, mended in 2.1\n"


def test_advisories_out_of_reach_are_a_skip_that_is_said(tmp_path: Path) -> None:
    done = audit(tmp_path, "echo 'requests.exceptions.ConnectionError: no route' >&2\nexit 1\n")
    assert done.returncode == 0
    assert done.stdout == ""
    assert done.stderr.startswith("SKIPPED")


def test_any_other_failure_is_a_failure(tmp_path: Path) -> None:
    done = audit(tmp_path, "echo 'no such option' >&2\nexit 2\n")
    assert done.returncode == 2
    assert "no such option" in done.stderr


def test_the_bill_of_materials_has_every_pinned_package_with_its_hashes(tmp_path: Path) -> None:
    tool = ROOT / ".state/audit/bin/cyclonedx-py"
    if not tool.exists():
        pytest.skip("make sbom sets up what writes it")
    file = tmp_path / "sbom.json"
    done = subprocess.run(
        ["make", "-s", "sbom", f"SBOM={file}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = json.loads(file.read_text())
    assert made["bomFormat"] == "CycloneDX"
    assert made["metadata"]["component"]["name"] == "rapport"
    pinned = dict(
        re.findall(
            r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", (ROOT / "requirements.txt").read_text(), re.M
        )
    )
    named = {part["name"]: part for part in made["components"]}
    assert pinned == {name: part["version"] for name, part in named.items()}
    for part in named.values():
        assert part["purl"].startswith("pkg:pypi/")
        assert any(reference.get("hashes") for reference in part["externalReferences"]), part
