"""Signals by rule: what each is, and its near misses. Pure: no model is loaded here."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.emotion.inputs import Turn
from services.emotion.signals import Signals, read_signals

ASKS_FOR_PERSON = (
    "Can I speak to a human please?",
    "agent",
    "REPRESENTATIVE!!!",
    "no. person.",
    "let me talk to somebody real",
    "I am not going to explain this to a computer. Person. Now.",
    "why can't I just talk to someone",
    "I don't want to talk to a machine",
    "transfer me",
    "put me through to customer service",
    "please have an agent contact me",
    "could someone give me a call back this afternoon?",
    "can I uh can I talk to um a live person",
    "I want to speak to [PERSON_1] from yesterday",
    "escalate this to your manager please",
    "I won't type another word until I talk to a manager",
    "Would it be possible to hear a human voice about this?",
    "tlk 2 agent plz",
    "Quiero hablar con una persona, por favor.",
    "páseme con su supervisor",
    "necesito que me llamen",
    "no quiero hablar con una máquina",
)
NOT_FOR_PERSON = (
    "The agent yesterday was great",
    "I spoke to a representative last week and she fixed it",
    "I don't need to talk to anyone, just send the link",
    "Don't transfer me, I just want the balance",
    "do I have to call someone to cancel?",
    "every time I talk to an agent I get a different answer",
    "they transferred me three times",
    "nobody ever calls me back",
    "they promised to call me back on Monday",
    "just call me Sam",
    "your driver called me a liar",
    "I have to talk to my manager first",
    "Can a second person be added to my policy?",
    "great customer service!",
    "I need the agent code on my policy",
    "hablé con un agente ayer",
)
ASKS_IF_BOT = (
    "Are you a bot?",
    "am I talking to a real person?",
    "is this a human or a machine",
    "r u real",
    "who am I talking to",
    "Is there an actual person on the other end?",
    "bot?",
    "¿Es usted una persona o un robot?",
    "estoy hablando con una persona real?",
)
NOT_IF_BOT = (
    "I know you're a bot",
    "you're a bot, so just give me the link",
    "are you serious?",
    "are you open on Sunday?",
    "Is this a real discount?",
    "do you sell robot vacuums",
    "you people lied to me",
    "Is this real, can they put us out at Christmas?",
)
CRISIS = (
    "I want to die",
    "i'm going to kill myself tonight",
    "I just wish I could go to sleep and not wake up",
    "my family would be better off without me",
    "I don't want to be here anymore",
    "there's no point going on",
    "what's the point of living",
    "I took a whole bottle of pills",
    "I've got the pills here",
    "kms, I mean it, gonna kms",
    "I'll kill you",
    "I'm coming down there with a gun",
    "he says he'll kill me if he finds out",
    "my husband hits me",
    "it smells like gas in here",
    "smell of rotten eggs near the stove",
    "the carbon monoxide alarm is going off",
    "our sensor for carbon monoxide goes off and I feel dizzy",
    "a power line fell on my car",
    "there's a live wire down in my yard",
    "the outlet caught fire",
    "my mom is on oxygen and the power is out",
    "my ventilator battery is beeping",
    "my baby isn't breathing",
    "chest pains, what do I do",
    "ya no quiero vivir",
    "huele mucho a gas en mi cocina",
    "se cayó un cable de luz y echa chispas",
)
NOT_CRISIS = (
    "this app is killing me",
    "dying to get my package",
    "my wife will kill me if the flowers don't come",
    "I'd kill for a straight answer",
    "shoot me an email",
    "my phone died",
    "I almost had a heart attack when I saw the bill, what is the charge from your shop",
    "would it kill you to answer",
    "the suicide squad game isn't downloading",
    "how do I pay my gas bill",
    "do you sell carbon monoxide detectors?",
    "the beeper for co needs a new battery, which one fits?",
    "the line is down, no internet since noon",
    "does insurance cover a knife injury deductible",
    "I want to end my contract",
    "I'd rather die than call your phone line again",
    "take the battery out",
    "me muero de ganas de recibirlo",
)
OPT_OUT = (
    "STOP",
    "unsubscribe",
    "stop texting me",
    "take me off your mailing list",
    "please don't contact me again",
    "I no longer wish to receive texts",
    "how many times do I have to tell you to stop calling",
    "ya no me manden más mensajes",
    "dejen de llamarme",
)
NOT_OPT_OUT = (
    "stop charging me",
    "please stop the delivery",
    "stop sending me to the FAQ",
    "cancel my subscription",
    "Don't call me before nine please",
    "don't call me, email me",
    "why did you stop texting me updates?",
    "can I opt out of the extended warranty?",
    "please remove the late fee",
)
ABUSIVE = (
    "you're an idiot",
    "fuck you",
    "go to hell, all of you",
    "are you stupid?",
    "I hope you die",
    "I'll make your life hell",
    "you pathetic little man",
    "you braindead monkey",
    "eres un idiota",
    "vete a la mierda",
)
NOT_ABUSIVE = (
    "I am absolutely furious with this company",
    "this damn thing doesn't work",
    "your policy is idiotic",
    "I feel like an idiot for trusting you",
    "your driver called me a bitch",
    "the stupid remote won't pair",
    "sorry, I'm being stupid",
    "You stole my money",
    "what the hell is going on",
    "fucking finally",
)


@pytest.mark.parametrize(
    ("signal", "text"),
    [
        (signal, text)
        for signal, texts in (
            ("asks_for_person", ASKS_FOR_PERSON),
            ("asks_if_bot", ASKS_IF_BOT),
            ("crisis", CRISIS),
            ("opt_out", OPT_OUT),
            ("abusive", ABUSIVE),
        )
        for text in texts
    ],
)
def test_hears(signal: str, text: str) -> None:
    assert getattr(read_signals(text), signal)


@pytest.mark.parametrize(
    ("signal", "text"),
    [
        (signal, text)
        for signal, texts in (
            ("asks_for_person", NOT_FOR_PERSON),
            ("asks_if_bot", NOT_IF_BOT),
            ("crisis", NOT_CRISIS),
            ("opt_out", NOT_OPT_OUT),
            ("abusive", NOT_ABUSIVE),
        )
        for text in texts
    ],
)
def test_is_not_taken_in_by(signal: str, text: str) -> None:
    assert not getattr(read_signals(text), signal)


@pytest.mark.parametrize("text", ["yes please", "ok", "Sure, do that", "sí por favor"])
def test_yes_asks_for_a_person_only_where_one_was_offered(text: str) -> None:
    offer = Turn("bot", "Would you like me to connect you with an agent?")
    other = Turn("bot", "Shall I send it to the address on file?")
    assert read_signals(text, [offer]).asks_for_person
    assert not read_signals(text, [other]).asks_for_person
    assert not read_signals(text).asks_for_person


def test_no_declines_the_offer() -> None:
    offer = Turn("bot", "Would you like me to connect you with an agent?")
    assert not read_signals("no, you're fine, just tell me the date", [offer]).asks_for_person


@pytest.mark.parametrize(
    ("said", "answered", "text"),
    [
        ("I want to die", "Where are you right now?", "bus stop by the mill"),
        ("not doing great", "Are you thinking of hurting yourself?", "a bit"),
        ("there's gas in here", "Please leave the house and call 911.", "my sister is still in"),
        ("hm", "You can call or text 988 at any hour.", "tried. nobody picked up"),
    ],
)
def test_a_danger_lasts_over_the_turns_that_go_on_with_it(
    said: str, answered: str, text: str
) -> None:
    assert read_signals(text, [Turn("customer", said), Turn("bot", answered)]).crisis
    assert not read_signals(text).crisis


@pytest.mark.parametrize(
    ("said", "answered", "text"),
    [
        ("I smell gas", "Is everybody out of the house?", "we're all fine, they fixed the valve"),
        ("I'll kill him", "Are you in danger?", "no, sorry, it's an expression"),
        ("where is my parcel", "It arrives at noon.", "bus stop by the mill"),
    ],
)
def test_a_danger_ends_when_the_customer_says_so(said: str, answered: str, text: str) -> None:
    assert not read_signals(text, [Turn("customer", said), Turn("bot", answered)]).crisis


def test_joining_keeps_what_either_heard() -> None:
    joined = Signals(crisis=True).joined(Signals(abusive=True))
    assert joined == Signals(crisis=True, abusive=True)


def test_a_text_may_have_several_signals_at_once() -> None:
    signals = read_signals("I'll kill you, you idiot. Now get me your manager!")
    assert signals.crisis
    assert signals.abusive
    assert signals.asks_for_person


@given(st.text())
def test_any_text_has_signals(text: str) -> None:
    read_signals(text)


@pytest.mark.parametrize(
    "piece",
    [
        "a ",
        "gas ",
        "((",
        "you ",
        "i want to ",
        "stop ",
        "x",
        "not ",
        "can someone ",
        "kill ",
        "oxygen ",
    ],
)
def test_no_repetition_makes_the_reading_slow(piece: str) -> None:
    began = time.perf_counter()
    read_signals(piece * 20_000)
    assert time.perf_counter() - began < 2
