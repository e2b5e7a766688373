"""A real browser at the desk of a whole platform, for end-to-end tests and screenshots."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from services.cli.plan import DEMO_PASSWORD
from tests.harness import Customer, eventually

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 844}
ANGRY = (
    "Where is my order 48213? It was promised for Monday.",
    "That is no answer. I have waited two weeks and nobody cares!",
    "This is ridiculous. I am furious, let me speak to a real person right now!",
)


def chromium() -> str | None:
    """Debian's Chromium, or None where it is absent."""
    return shutil.which("chromium")


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        launched = launch(playwright)
        try:
            yield launched
        finally:
            launched.close()


def launch(playwright: Playwright) -> Browser:
    """One more headless Chromium, a process of its own."""
    return playwright.chromium.launch(
        executable_path=chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"]
    )


def signed_in(context: BrowserContext, desk: str, name: str) -> Page:
    """A page on which this person has signed in."""
    page = context.new_page()
    page.goto(f"{desk}/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{desk}/**")
    return page


def fresh(name: str = "case") -> str:
    """A conversation's id of its own."""
    return f"{name}-{uuid.uuid4().hex[:12]}"


def says(customer: Customer, conversation_id: str, *texts: str) -> None:
    """The customer writes, and waits each time for what comes back."""
    for text in texts:
        customer.say(conversation_id, text, attributes={"industry": "retail"})
        heard = len(customer.hear(conversation_id, seconds=0.4))
        eventually(
            lambda heard=heard: len(customer.hear(conversation_id, seconds=0.4)) > heard or heard,
            15,
            f"an answer in {conversation_id}",
        )


def line(page: Page, conversation_id: str) -> Any:
    """The conversation's line in the inbox."""
    return page.locator(f'#inbox a.line[data-id="{conversation_id}"]')
