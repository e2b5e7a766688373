"""axe-core on a page that is open in a browser."""

from functools import cache
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

_RUN = "() => axe.run(document, {resultTypes: ['violations']})"


@cache
def _source() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


def violations(page: Page) -> list[str]:
    """What axe finds wrong, each as "impact rule: place"; shadow trees are looked at too."""
    page.evaluate(_source())
    found = page.evaluate(_RUN)["violations"]
    return [
        f"{rule['impact']} {rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]
