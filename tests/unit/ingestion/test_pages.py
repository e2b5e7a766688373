"""What browsers are served."""

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from services.ingestion.pages import FOLDER, PARTS, install, widget_script

pytestmark = pytest.mark.anyio

LARGEST_BYTES = 30_000


def browser(*, demo_shop: bool = True) -> httpx.AsyncClient:
    """A client of an application that serves the pages alone."""
    app = FastAPI()
    install(app, demo_shop=demo_shop)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://door")


def test_the_widget_is_small() -> None:
    assert len(widget_script().encode()) < LARGEST_BYTES


async def test_the_widget_is_served_to_pages_of_all_origins() -> None:
    async with browser() as client:
        answer = await client.get("/widget.js", headers={"origin": "https://shop.example"})
        plain = await client.get("/widget.js", headers={"accept-encoding": "identity"})
    assert answer.text == widget_script()
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert plain.content == widget_script().encode()


async def test_a_browser_that_has_it_is_told_so() -> None:
    async with browser() as client:
        etag = (await client.get("/widget.js")).headers["etag"]
        again = await client.get("/widget.js", headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")


async def test_the_shop_is_served_where_the_setting_says_so() -> None:
    async with browser() as client:
        policy = (await client.get("/demo")).headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    async with browser(demo_shop=False) as client:
        assert (await client.get("/widget.js")).status_code == 200
        assert (await client.get("/demo")).status_code == 404


class _Named(HTMLParser):
    """Collects what a page loads, and what a strict policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: set[str] = set()
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("src", "href") and value and value.startswith("/"):
                self.loads.add(value)
            if name == "style" or name.startswith("on"):
                self.inline.append(f"{tag} {name}")


async def test_everything_that_the_shop_names_is_served() -> None:
    page = _Named()
    async with browser() as client:
        page.feed((await client.get("/demo")).text)
        assert page.inline == []
        assert {"/widget.js", "/demo/shop.css", "/demo/shop.js", "/demo/bed.svg"} <= page.loads
        for path in page.loads:
            assert (await client.get(path)).status_code == 200, path


@pytest.mark.parametrize(
    "banned",
    ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"],
)
def test_the_widget_does_nothing_that_a_strict_policy_forbids(banned: str) -> None:
    assert banned not in widget_script()


def test_the_dense_script_has_the_members_of_its_source() -> None:
    dense = widget_script()
    assert re.findall(r"^\s.*|^//.*", dense, re.MULTILINE) == []
    source = "\n".join((FOLDER / "widget" / name).read_text() for name in PARTS)
    members = r"(?<![\w&;])#([a-zA-Z]\w*)"
    script = dense[dense.index("\n", dense.index("const STYLE=")) :]
    assert len(set(re.findall(members, script))) == len(set(re.findall(members, source)))


@pytest.mark.skipif(shutil.which("node") is None, reason="node is absent")
def test_the_widget_is_javascript(tmp_path: Path) -> None:
    script = tmp_path / "widget.js"
    script.write_text(widget_script())
    checked = subprocess.run(["node", "--check", script], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
