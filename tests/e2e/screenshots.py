"""Pictures of the pages in every width and light: `make screenshots`, to look at them.

A scene is a function that plays something on a running platform and saves what it looks like; add
it to SCENES.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from services.cli.plan import default_state
from services.cli.platform import Platform
from tests.desk import NARROW, WIDE, browser, chromium, line, signed_in

Save = Callable[[Any, str], None]
LOOKS: tuple[tuple[str, Any, Any], ...] = (
    ("1280-light", WIDE, "light"),
    ("1280-dark", WIDE, "dark"),
    ("390-light", NARROW, "light"),
    ("390-dark", NARROW, "dark"),
)


def say_as_agent(desk: Page, text: str) -> None:
    desk.get_by_label("Your answer").fill(text)
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".said.own[data-position]").last).to_contain_text(text, timeout=20_000)


def widget(chrome: Browser, platform: Platform, save: Save) -> None:
    """A customer asks, is answered, waits for a person, is helped, and says how it was."""
    agents = chrome.new_context(viewport=WIDE)  # type: ignore[arg-type]
    ada = signed_in(agents, platform.desk, "ada")
    for look, size, scheme in LOOKS:
        context = chrome.new_context(viewport=size, color_scheme=scheme, locale="en-US")
        page = context.new_page()
        page.goto(f"{platform.door}/demo")
        page.get_by_role("button", name="Open the chat").wait_for()
        save(page, f"widget-1-shop-{look}")
        page.get_by_role("button", name="Open the chat").click()
        box = page.get_by_role("textbox", name="Write a message")
        box.fill("Hi! Where is my order 48213?")
        box.press("Enter")
        page.locator(".turn.bot").wait_for()
        save(page, f"widget-2-answer-{look}")
        box.fill("That is too late, I need it for my trip on Thursday!")
        box.press("Enter")
        page.locator(".dots").wait_for()
        save(page, f"widget-3-typing-{look}")
        expect(page.locator(".turn.bot")).to_have_count(2)
        if page.get_by_role("button", name="Talk to a person").is_visible():
            page.get_by_role("button", name="Talk to a person").click()
        expect(page.locator(".strip")).to_contain_text("in line", timeout=20_000)
        save(page, f"widget-4-line-{look}")
        stored = "JSON.parse(Object.values(sessionStorage)[0]).conversation"
        line(ada, page.evaluate(stored)).click(timeout=30_000)
        ada.get_by_role("button", name="Accept").click()
        page.get_by_text("A person has joined the chat.").wait_for()
        say_as_agent(
            ada,
            "I can have a second jacket waiting for you at the airport on Wednesday. Shall I?",
        )
        page.locator(".turn.agent").wait_for()
        box.fill("Yes please, that saves my trip. Thank you!")
        box.press("Enter")
        expect(ada.locator(".said.customer").last).to_contain_text("saves my trip", timeout=20_000)
        save(page, f"widget-5-person-{look}")
        say_as_agent(ada, "It is done. Have a good trip!")
        page.get_by_text("It is done.").wait_for()
        ada.get_by_role("button", name="Wrap up").click()
        ada.get_by_role("button", name="Close the conversation").click()
        page.get_by_role("radio", name="5 of 5").check(force=True)
        save(page, f"widget-6-rating-{look}")
        context.close()
    agents.close()


SCENES: tuple[Callable[[Browser, Platform, Save], None], ...] = (widget,)


def main() -> None:
    """Writes the pictures to the folder that is named, or to .state/screenshots."""
    if chromium() is None:
        sys.exit("chromium is absent: apt-get install chromium")
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default_state() / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)

    def save(page: Any, name: str) -> None:
        page.wait_for_timeout(350)  # what moves has come to rest
        page.screenshot(path=folder / f"{name}.png")
        print(folder / f"{name}.png", flush=True)

    with (
        tempfile.TemporaryDirectory() as state,
        Platform(Path(state), fixed_ports=False) as platform,
        browser() as chrome,
    ):
        for scene in SCENES:
            scene(chrome, platform, save)


if __name__ == "__main__":
    main()
