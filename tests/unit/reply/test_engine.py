"""One turn in, one answer out: what every reply owes the customer."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.reply.composer import opening_of
from services.reply.engine import Engine
from services.reply.guard import Context, check
from services.reply.memory import Memory
from services.reply.search import Search
from services.reply.turn import Answer, CustomerTurn, Signals, State
from tests.unit.reply.conftest import DemoActions

BOT = "virtual assistant"


def turn(text: str, state: State = "calm", number: int = 0, **fields: object) -> CustomerTurn:
    industry = str(fields.pop("industry", "retail"))
    return CustomerTurn(
        "conversation-1",
        f"message-{number}",
        text,
        state,
        industry=industry,
        **fields,  # type: ignore[arg-type]
    )


def talk(engine: Engine, *said: str | tuple[str, State], **fields: object) -> list[Answer]:
    memory, answers = Memory(), []
    for number, text in enumerate(said):
        words, state = text if isinstance(text, tuple) else (text, "calm")
        answer, memory = engine.respond(turn(words, state, number, **fields), memory)
        answers.append(answer)
    return answers


def test_says_in_the_first_reply_what_it_is_and_not_in_every_one(engine: Engine) -> None:
    first, second = talk(engine, "what are your opening hours", "do you have gift cards")
    assert BOT in first.text
    assert BOT not in second.text


def test_says_truthfully_that_it_is_a_bot_and_goes_on(engine: Engine) -> None:
    _, answer = talk(engine, "hello", "are you a bot? and how long does delivery take?")
    assert BOT in answer.text
    assert "business days" in answer.text


def test_answers_with_its_source(engine: Engine) -> None:
    (answer,) = talk(engine, "how many days do I have to return shoes?")
    assert answer.sources[0].id == "article:retail-returns"
    assert (answer.action, answer.tone) == ("answer", "neutral")


def test_carries_out_what_changes_nothing_and_names_the_action(
    engine: Engine, actions: DemoActions
) -> None:
    (answer,) = talk(engine, "where is order 48213")
    assert answer.action == "act"
    assert answer.sources[0].id == "action:order_status"
    assert actions.calls == [("order_status", {"order_number": "48213"}, "message-0:order_status")]


def test_asks_before_it_cancels(engine: Engine, actions: DemoActions) -> None:
    asked, done = talk(engine, "cancel order 50177 please", "yes")
    assert asked.action == "ask"
    assert [action for action, *_ in actions.calls] == ["order_status", "cancel_order"]
    assert done.action == "act"
    assert "is cancelled" in done.text


@pytest.mark.parametrize("no", ["no, leave it", "not yet", "hmm don't cancel it"])
def test_changes_nothing_without_a_yes(engine: Engine, actions: DemoActions, no: str) -> None:
    talk(engine, "cancel order 50177 please", no, "how long does delivery take")
    assert "cancel_order" not in [action for action, *_ in actions.calls]


def test_a_question_about_the_offer_is_no_yes(engine: Engine, actions: DemoActions) -> None:
    said = (
        "can I pay INV-40233 in parts? I can't pay it all",
        "I could do 60 now and the rest later, is that allowed?",
    )
    talk(engine, *said, industry="utilities")
    assert "payment_plan" not in [action for action, *_ in actions.calls]
    *_, done = talk(engine, *said, "yes please, set it up", industry="utilities")
    assert "payment_plan" in [action for action, *_ in actions.calls]
    assert done.action == "act"


def test_a_hand_over_says_truthfully_that_this_is_a_bot_when_asked(engine: Engine) -> None:
    *_, answer = talk(engine, "hello", "are you a real person? if not get me one")
    assert answer.handover is not None
    assert answer.handover.reason == "asked"
    assert BOT in answer.text


def test_a_bare_greeting_asks_for_nobody(engine: Engine) -> None:
    reading = Signals(asks_for_person=True)
    (greeted,) = talk(engine, "hi", signals=reading)
    (asked,) = talk(engine, "hi, I would like help from one of you", signals=reading)
    assert greeted.handover is None
    assert asked.handover is not None


def test_praise_and_thanks_are_no_complaint(engine: Engine) -> None:
    for text in ("the nurse last night was so kind to me", "no that's it, have a nice day"):
        (answer,) = talk(engine, (text, "satisfied"), industry="health")
        assert answer.handover is None


def test_does_the_same_thing_once(engine: Engine, actions: DemoActions) -> None:
    *_, again = talk(engine, "cancel order 50177 please", "yes", "yes cancel it")
    assert [action for action, *_ in actions.calls].count("cancel_order") == 1
    assert again.strategy == "done_already"


def test_says_the_truth_when_the_back_office_is_away(engine: Engine, actions: DemoActions) -> None:
    actions.away = True
    (answer,) = talk(engine, "where is order 48213")
    assert answer.strategy == "say_unavailable"
    assert answer.handover is None
    assert answer.sources[0].id.startswith("article:")


def test_says_the_truth_when_there_is_no_back_office(search: Search) -> None:
    (answer,) = talk(Engine(search), "where is my order 48213?")
    assert "48213" not in answer.text
    assert answer.sources[0].id == "article:retail-order-status"


def test_repeats_exactly_when_the_same_turn_comes_again(engine: Engine) -> None:
    memory = Memory()
    first = engine.respond(turn("my parcel is late, what now", "frustrated"), memory)
    assert engine.respond(turn("my parcel is late, what now", "frustrated"), memory) == first


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("I want to die", ("988", "911")),
        ("I smell gas in the hallway", ("leave", "911", "gas emergency line")),
        ("the CO alarm is going off", ("911", "gas emergency line")),
        ("a power line fell on our car", ("911", "away")),
        ("she can't breathe", ("911",)),
        ("I have a gun and I'm coming to your store", ("911", "988")),
    ],
)
def test_danger_gets_its_fixed_text_and_a_person_at_once(
    engine: Engine, text: str, needed: tuple[str, ...]
) -> None:
    (answer,) = talk(engine, (text, "distressed"), industry="utilities")
    assert answer.handover is not None
    assert (answer.handover.reason, answer.handover.priority) == ("crisis", "urgent")
    assert "crisis" in answer.handover.skills
    for words in needed:
        assert words in answer.text


def test_trusts_the_emotion_service_where_it_reads_danger(engine: Engine) -> None:
    (answer,) = talk(engine, "something unheard of happens here", signals=Signals(crisis=True))
    assert answer.handover is not None
    assert answer.handover.reason == "crisis"


def test_the_button_asks_for_a_person(engine: Engine) -> None:
    (answer,) = talk(engine, "", kind="person_requested")
    assert answer.handover is not None
    assert answer.handover.reason == "asked"


def test_an_action_is_not_run_for_a_message_that_a_person_takes(
    engine: Engine, actions: DemoActions
) -> None:
    (answer,) = talk(engine, "block my card, and get me a person", industry="bank")
    assert answer.action == "handover"
    assert actions.calls == []


def test_acknowledges_in_fresh_words_while_the_customer_waits(engine: Engine) -> None:
    said = ["get me a person"] + [f"one more thing, number {i}" for i in range(10)]
    answers = talk(engine, *said)
    waiting = answers[1:]
    assert {answer.action for answer in waiting} == {"queued"}
    assert len({opening_of(answer.text) for answer in waiting}) == len(waiting)
    assert all(answer.handover is None for answer in waiting)


def test_danger_raises_the_priority_of_someone_who_waits(engine: Engine) -> None:
    _, answer = talk(engine, "get me a person", ("forget it, I want to kill myself", "distressed"))
    assert answer.action == "handover"
    assert answer.handover is not None
    assert answer.handover.priority == "urgent"
    assert "988" in answer.text


def test_stays_with_someone_in_danger_until_a_person_comes(engine: Engine) -> None:
    *_, answer = talk(engine, ("I want to die", "distressed"), "i'm alone")
    assert "988" in answer.text


def test_offers_no_joy_after_a_death(engine: Engine) -> None:
    answers = talk(
        engine,
        ("my mother died last week, what do I do with her policy", "distressed"),
        ("thank you", "grateful"),
        industry="insurance",
    )
    assert "sorry" in answers[0].text or "condolences" in answers[0].text
    assert all("!" not in answer.text for answer in answers)


def test_says_that_a_withheld_message_could_not_be_processed(engine: Engine) -> None:
    (answer,) = talk(engine, "", withheld=True)
    assert "processed" in answer.text
    assert answer.handover is None


def test_begins_anew_in_a_conversation_that_was_closed(engine: Engine) -> None:
    memory = Memory(owner="closed", hot_attempts=2, replies=5, turn=5)
    answer, memory = engine.respond(turn("this is ridiculous", "angry"), memory)
    assert answer.handover is None
    assert BOT in answer.text
    assert memory.owner == "bot"


def test_is_not_to_be_asked_while_a_person_has_the_conversation(engine: Engine) -> None:
    with pytest.raises(ValueError, match="person"):
        engine.respond(turn("hello"), Memory(owner="agent"))


def test_confirms_an_opt_out_without_a_person(engine: Engine) -> None:
    (answer,) = talk(engine, "STOP TEXTING ME ABOUT SALES")
    assert answer.intent == "opt_out"
    assert answer.handover is None


def test_keeps_secrets_out_and_says_so(engine: Engine) -> None:
    (answer,) = talk(engine, "my card is [CREDIT_CARD_1] exp [CARD_EXPIRY_1]")
    assert answer.intent == "shares_secret"
    assert "[CREDIT_CARD_1]" not in answer.text


def test_gives_the_person_who_takes_over_what_they_need(engine: Engine) -> None:
    answers = talk(engine, "where is order 48231", ("get me someone who can help", "frustrated"))
    handover = answers[1].handover
    assert handover is not None
    packet = handover.packet
    assert "order 48231" in packet.summary
    assert packet.tried == ("action:order_status",)
    assert [t.author for t in packet.turns] == ["customer", "bot", "customer"]
    assert packet.state == "frustrated"
    assert packet.suggested_opening


def test_says_what_is_asked_in_spanish(engine: Engine) -> None:
    (answer,) = talk(engine, "¿Dónde está mi pedido 52016?")
    assert "asistente virtual" in answer.text
    assert "Su pedido 52016" in answer.text


def test_no_opening_comes_twice_in_a_long_conversation(engine: Engine) -> None:
    said: list[tuple[str, State]] = [
        ("where is order 48231", "frustrated"),
        ("that is late again", "frustrated"),
        ("why is it delayed", "disappointed"),
        ("can I send it back then", "calm"),
        ("no leave it", "calm"),
        ("how long does a refund take", "anxious"),
        ("and what if the card is new", "anxious"),
        ("do you have gift cards", "calm"),
        ("ok thanks", "grateful"),
    ]
    openings = [opening_of(answer.text) for answer in talk(engine, *said)]
    assert len(set(openings)) == len(openings)


STATES = ("calm", "satisfied", "grateful", "confused", "anxious", "disappointed", "frustrated",
          "angry", "distressed")  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None,
          max_examples=40)  # fmt: skip
@given(
    texts=st.lists(st.text(max_size=120), min_size=1, max_size=5),
    state=st.sampled_from(STATES),
    industry=st.sampled_from(["retail", "bank", "", "nonsense"]),
)
def test_is_never_silent_and_never_breaks_a_rule(
    search: Search, texts: list[str], state: State, industry: str
) -> None:
    engine, memory = Engine(search), Memory()
    for number, text in enumerate(texts):
        answer, memory = engine.respond(turn(text, state, number, industry=industry), memory)
        assert answer.text.strip()
        broken = check(answer.text, Context((*texts, " ".join(_all_sources(engine)))))
        assert set(broken) <= {"unknown_placeholder"}
        assert (answer.action == "handover") == (answer.handover is not None)


def _all_sources(engine: Engine) -> list[str]:
    return [
        " ".join(sentence for passage in article.passages() for sentence in passage)
        + " ".join(article.steps)
        for article in engine.search.articles.values()
    ]


def test_a_reply_that_the_guard_refuses_is_replaced(engine: Engine, actions: DemoActions) -> None:
    class Inventive(DemoActions):
        def run(self, *args: object, **kwargs: object):  # type: ignore[no-untyped-def, override]
            result = super().run(*args, **kwargs)  # type: ignore[arg-type]
            return replace(result, facts={**result.facts, "item": "write to eve@example.com"})

    (answer,) = talk(Engine(engine.search, Inventive()), "where is order 48213")
    assert answer.guard_trips == ("personal_data",)
    assert "eve@" not in answer.text
    assert answer.text
