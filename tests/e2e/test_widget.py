"""The customer's chat in a real browser, over the whole platform."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from rapport.v1 import message_pb2
from services.cli.platform import Platform
from services.common.topics import FEEDBACK_GIVEN, MESSAGE_RECEIVED
from tests.axe import violations
from tests.desk import NARROW, WIDE, browser, chromium, line, signed_in
from tests.harness import eventually, read_topic

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(180),
    pytest.mark.skipif(chromium() is None, reason="chromium is absent: apt-get install chromium"),
]
SLOW = 30_000
expect.set_options(timeout=15_000)
STORED = "JSON.parse(Object.values(sessionStorage)[0]).conversation"


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with browser() as launched:
        yield launched


@pytest.fixture
def shop(chrome: Browser, platform: Platform) -> Iterator[Callable[..., Page]]:
    """Opens the demo shop, with its chat; what the browser complains of fails the test."""
    complaints: list[str] = []
    contexts = []

    def opened(size: dict[str, int] = WIDE) -> Page:
        context = chrome.new_context(viewport=size, locale="en-US")  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(SLOW)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
        )
        page.goto(f"{platform.door}/demo")
        page.get_by_role("button", name="Open the chat").click()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def say(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name="Write a message")
    box.fill(text)
    box.press("Enter")


def answers(page: Page) -> list[str]:
    """What the assistant said, in the order of the window."""
    return page.locator(".turn.bot .text").all_inner_texts()


def own(page: Page) -> list[str]:
    """What the customer said, in the order of the window."""
    return page.locator(".turn.own .text").all_inner_texts()


def turns(page: Page) -> list[str]:
    """Who spoke, in the order of the window."""
    classes = page.locator(".turn").evaluate_all("all => all.map(node => node.classList[1])")
    return [str(each) for each in classes]


def received(platform: Platform, conversation_id: str) -> list[str]:
    """The texts of one conversation, as the door published them."""
    records = read_topic(platform.bootstrap_servers, MESSAGE_RECEIVED.name)
    return [
        message_pb2.MessageReceived.FromString(record.value or b"").text
        for record in records
        if record.key == conversation_id.encode()
    ]


def ratings(platform: Platform, conversation_id: str) -> list[message_pb2.FeedbackGiven]:
    """The ratings of one conversation."""
    records = read_topic(platform.bootstrap_servers, FEEDBACK_GIVEN.name)
    return [
        message_pb2.FeedbackGiven.FromString(record.value or b"")
        for record in records
        if record.key == conversation_id.encode()
    ]


def test_a_conversation_with_the_assistant(shop: Callable[..., Page]) -> None:
    page = shop()
    expect(page.get_by_text("You are chatting with an automated assistant")).to_be_visible()
    say(page, "Hi! Where is my order 48213?")
    expect(page.locator(".turn.bot .text").last).to_contain_text("48213")
    expect(page.locator(".turn.own .mark").last).to_have_text("Seen")
    expect(page.locator(".from")).to_contain_text("Source")
    say(page, "How long do I have to return it?")
    expect(page.locator(".turn.bot .text")).to_have_count(2)
    assert turns(page) == ["own", "bot", "own", "bot"]


def test_a_reload_in_mid_answer_loses_and_doubles_nothing(
    shop: Callable[..., Page], platform: Platform
) -> None:
    page = shop()
    texts = ["Where is my order 48213?", "And how long do I have to return it?"]
    for text in texts:
        say(page, text)
        page.reload()
    expect(page.locator(".turn.bot .text")).to_have_count(2)
    expect(page.locator(".turn.own .text")).to_have_count(2)
    assert own(page) == texts
    # The second may have been written before the first was answered.
    assert (turns(page)[0], turns(page)[-1]) == ("own", "bot")
    assert received(platform, page.evaluate(STORED)) == texts


def test_a_door_that_is_killed_and_started_again_costs_nothing(
    shop: Callable[..., Page], platform: Platform
) -> None:
    page = shop()
    say(page, "Where is my order 48213?")
    expect(page.locator(".turn.bot .text")).to_have_count(1)
    platform.kill("ingestion", restart=False)
    expect(page.get_by_text("No connection.")).to_be_visible()
    say(page, "Do you also ship to Canada?")
    say(page, "How long do I have to return it?")
    expect(page.locator(".turn.own .mark").last).to_have_text("Sending…")
    platform.revive("ingestion")
    expect(page.locator(".turn.bot .text")).to_have_count(3)
    expect(page.get_by_text("No connection.")).to_be_hidden()
    assert len(own(page)) == 3
    assert received(platform, page.evaluate(STORED)) == own(page)
    platform.wait_ready(60, "ingestion")


def test_a_person_is_asked_for_joins_and_gives_back_and_both_talks_are_rated(
    shop: Callable[..., Page], platform: Platform, chrome: Browser
) -> None:
    page = shop()
    say(page, "Where is my order 48213?")
    expect(page.locator(".turn.bot .text")).to_have_count(1)
    page.get_by_role("button", name="Talk to a person").click()
    expect(page.locator(".strip")).to_contain_text(re.compile(r"You are (number \d+ )?in line"))
    expect(page.get_by_text("You asked to talk to a person.")).to_be_visible()
    conversation_id = page.evaluate(STORED)
    context = chrome.new_context(viewport=WIDE)  # type: ignore[arg-type]
    ada = signed_in(context, platform.desk, "ada")
    line(ada, conversation_id).click(timeout=SLOW)
    ada.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("A person has joined the chat.")).to_be_visible()
    expect(page.locator(".now")).to_have_text("A person is with you")
    say(page, "Thank you for taking this.")
    expect(ada.locator(".said.customer").last).to_contain_text("taking this", timeout=SLOW)
    ada.get_by_label("Your answer").fill("Gladly. It left Denver this morning.")
    ada.keyboard.press("Control+Enter")
    expect(page.locator(".turn.agent .text")).to_have_text("Gladly. It left Denver this morning.")
    expect(page.locator(".turn.own .mark").last).to_have_text("Seen")
    ada.get_by_role("button", name="Hand back").click()
    ada.get_by_role("dialog").get_by_role("button", name="Hand back").click()
    talk = page.get_by_role("group", name="How was your talk with our team member?")
    talk.get_by_role("radio", name="5 of 5").check(force=True)
    page.get_by_label("Anything to add?").fill("So kind! Call me at 415-555-0132.")
    page.get_by_role("button", name="Send rating").click()
    expect(page.get_by_text("Thank you. Your rating has arrived.")).to_have_count(1)
    page.get_by_role("button", name="End chat").click()
    page.get_by_role("button", name="End it").click()
    chat = page.get_by_role("group", name="How was this chat?")
    chat.get_by_role("radio", name="4 of 5").check(force=True)
    page.get_by_role("button", name="Send rating").click()
    expect(page.get_by_text("Thank you. Your rating has arrived.")).to_have_count(2)
    page.reload()
    expect(page.get_by_text("The chat has ended.")).to_be_visible()
    expect(page.get_by_role("group")).to_have_count(0)  # not asked again
    found = eventually(
        lambda: len(given := ratings(platform, conversation_id)) == 2 and given, 20, "two ratings"
    )
    handover, conversation = found
    assert (handover.score, handover.about) == (5, message_pb2.FEEDBACK_SUBJECT_HANDOVER)
    assert handover.comment == "So kind! Call me at [PHONE]."
    assert (conversation.score, conversation.about) == (
        4,
        message_pb2.FEEDBACK_SUBJECT_CONVERSATION,
    )
    ada.get_by_role("button", name="Sign out").click()
    ada.wait_for_url("**/sign-in")
    context.close()


def test_it_speaks_spanish_and_is_answered_in_it(shop: Callable[..., Page]) -> None:
    page = shop()
    page.get_by_label("Language").select_option("es")
    expect(page.get_by_text("Está hablando con un asistente automático")).to_be_visible()
    box = page.get_by_role("textbox", name="Escriba un mensaje")
    box.fill("Hola, ¿cuánto tiempo tengo para devolver un artículo?")
    box.press("Enter")
    expect(page.locator(".turn.bot .text")).to_have_count(1)
    expect(page.get_by_role("button", name="Hablar con una persona")).to_be_visible()
    words = page.evaluate(
        "Object.entries(customElements.get('rapport-chat').words)"
        ".map(([language, words]) => [language, Object.keys(words).sort()])"
    )
    assert [language for language, _ in words] == ["en", "es"]
    assert words[0][1] == words[1][1]


@pytest.mark.parametrize(("size", "theme"), [(WIDE, "light"), (NARROW, "dark")])
def test_axe_finds_nothing_at_any_stage(
    shop: Callable[..., Page], size: dict[str, int], theme: str
) -> None:
    page = shop(size)
    page.evaluate(f"document.querySelector('rapport-chat').setAttribute('theme', '{theme}')")
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    assert violations(page) == []
    say(page, "Where is my order 48213?")
    expect(page.locator(".turn.own .mark")).to_have_text("Seen")
    assert violations(page) == []
    page.get_by_role("button", name="End chat").click()
    page.get_by_role("button", name="End it").click()
    page.get_by_role("radio", name="2 of 5").check(force=True)
    assert violations(page) == []
    page.get_by_role("button", name="Close the chat window").click()
    assert violations(page) == []


def test_it_works_by_keyboard_alone(shop: Callable[..., Page]) -> None:
    page = shop(NARROW)
    focused = "document.querySelector('rapport-chat').shadowRoot.activeElement"
    assert page.evaluate(f"{focused}.tagName") == "TEXTAREA"
    page.keyboard.type("I want to return my shoes, how long do I have?")
    page.keyboard.press("Enter")
    expect(page.locator(".turn.bot .text")).to_have_count(1)
    stops = []
    for _ in range(12):  # on a small screen Tab stays in the window, all the way round
        page.keyboard.press("Tab")
        stops.append(page.evaluate(f"{focused}?.textContent || {focused}?.ariaLabel || ''"))
    assert "" not in stops
    assert {"Talk to a person", "End chat", "Send", "Close the chat window"} <= set(stops)
    while page.evaluate(f"{focused}.textContent") != "End chat":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(f"{focused}.textContent") == "End it"
    page.keyboard.press("Enter")
    radio = page.get_by_role("radio", name="1 of 5")
    expect(radio).to_be_attached()
    while page.evaluate(f"{focused}.type") != "radio":
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    for _ in range(5):  # round the group, to wherever Tab had come in
        if page.locator(".value").inner_text() == "3 of 5: fair":
            break
        page.keyboard.press("ArrowRight")
    expect(page.locator(".value")).to_have_text("3 of 5: fair")
    page.keyboard.press("Tab")
    page.keyboard.type("It was all right.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Thank you. Your rating has arrived.")).to_be_visible()
    page.keyboard.press("Escape")
    assert page.evaluate(f"{focused}.ariaLabel") == "Open the chat"
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Larch & Loom")).to_be_visible()
