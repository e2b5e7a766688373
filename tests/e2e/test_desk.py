"""The desk in a real browser, over the whole platform."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from services.cli.platform import Platform
from tests.desk import ANGRY, WIDE, browser, chromium, fresh, line, says, signed_in
from tests.harness import Customer, eventually

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(chromium() is None, reason="chromium is absent: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with browser() as launched:
        yield launched


@pytest.fixture
def ada(chrome: Browser, platform: Platform) -> Iterator[Page]:
    """Ada at her desk; what the browser complains of fails the test."""
    context = chrome.new_context(viewport=WIDE)  # type: ignore[arg-type]
    page = signed_in(context, platform.desk, "ada")
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
    )
    yield page
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    context.close()
    assert complaints == []


def take(page: Page, conversation_id: str) -> None:
    """Waits for the offer, opens and accepts it."""
    line(page, conversation_id).wait_for(timeout=30_000)
    line(page, conversation_id).click()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_label("Your answer")).to_be_visible(timeout=15_000)


def answer(page: Page, text: str) -> None:
    """Writes to the customer and waits until it stands in the record."""
    page.get_by_label("Your answer").fill(text)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".said.own[data-position]").last).to_contain_text(text, timeout=15_000)


def states(customer: Customer, conversation_id: str) -> list[int]:
    """The states that the customer's own stream told."""
    heard = customer.hear(conversation_id, seconds=1)
    return [each.changed.to for each in heard if each.HasField("changed")]


def test_an_angry_customer_is_handed_over_answered_and_wrapped_up(
    ada: Page, customer: Customer
) -> None:
    conversation_id = fresh()
    says(customer, conversation_id, *ANGRY)
    take(ada, conversation_id)
    packet = ada.get_by_role("complementary", name="What you need to know")
    expect(packet.get_by_role("heading", name="What they want")).to_be_visible()
    expect(packet).to_contain_text("48213")
    expect(packet.locator("svg.curve circle")).to_have_count(3, timeout=15_000)
    expect(packet).to_contain_text("I've read everything")
    expect(ada.locator(".said.customer .state").last).to_have_text("frustrated")
    answer(ada, "I have your order here and will stay with you until it is solved.")
    heard = customer.hear(conversation_id, seconds=2)
    texts = [each.message.text for each in heard if each.HasField("message")]
    assert texts == ["I have your order here and will stay with you until it is solved."]
    customer.say(conversation_id, "Thank you, that is kind of you.")
    expect(ada.locator(".said.customer").last).to_contain_text("kind of you", timeout=15_000)
    expect(packet.locator("svg.curve circle")).to_have_count(4, timeout=15_000)
    answer(ada, "Gladly.")
    ada.get_by_role("button", name="Wrap up").click()
    ada.get_by_role("button", name="Close the conversation").click()
    expect(line(ada, conversation_id)).to_have_count(0)
    eventually(lambda: states(customer, conversation_id)[-1:] == [6], 15, "closed for the customer")


def test_what_was_not_answered_is_the_assistants_after_the_hand_back(
    ada: Page, customer: Customer
) -> None:
    conversation_id = fresh()
    says(customer, conversation_id, "I want to talk to a person, please.")
    take(ada, conversation_id)
    answer(ada, "Hello, how can I help?")
    customer.say(conversation_id, "How long do I have to return an item?")
    expect(ada.locator(".said.customer").last).to_contain_text("return an item", timeout=15_000)
    ada.get_by_role("button", name="Hand back").click()
    ada.get_by_role("dialog").get_by_role("button", name="Hand back").click()
    expect(line(ada, conversation_id)).to_have_count(0)

    def replies() -> list[str]:
        heard = customer.hear(conversation_id, seconds=1)
        return [each.reply.text for each in heard if each.HasField("reply")]

    said = eventually(lambda: len(replies()) > 1 and replies(), 20, "the assistant's answer")
    assert "return" in said[-1].lower()
