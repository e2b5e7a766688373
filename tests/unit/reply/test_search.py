"""How well questions find their articles, on questions that no article lists."""

from pathlib import Path

import numpy as np
import pytest

from services.reply.knowledge import load
from services.reply.search import FAIR, GOOD, Search

HERE = Path(__file__).parent
QUESTIONS = [line.split("\t") for line in (HERE / "questions.tsv").read_text().splitlines()]
OUTSIDE = (HERE / "out_of_scope.txt").read_text().splitlines()


def test_finds_the_article_of_questions_in_other_words(search: Search) -> None:
    right = answered = wrong = 0
    for industry, question, expected in QUESTIONS:
        best = search.find(question, industry="" if industry == "unknown" else industry)[0]
        fits = best.article.id in expected.split(",")
        right += fits
        if best.score >= GOOD:
            answered += fits
            wrong += not fits
    assert right / len(QUESTIONS) >= 0.88
    assert answered / len(QUESTIONS) >= 0.80
    assert wrong / len(QUESTIONS) <= 0.08


@pytest.mark.parametrize("industry", ["retail", "bank", "telecom", "software", ""])
def test_rejects_most_of_what_no_company_answers(search: Search, industry: str) -> None:
    scores = [
        found[0].score if (found := search.find(question, industry=industry)) else 0.0
        for question in OUTSIDE
    ]
    assert sum(score >= GOOD for score in scores) / len(scores) <= 0.06
    assert sum(score >= FAIR for score in scores) / len(scores) <= 0.20


def test_answers_from_the_industry_before_the_general_articles(search: Search) -> None:
    question = "I paid a day late and got a fee"
    assert search.find(question, industry="bank")[0].article.id == "bank-late-fee"
    assert search.find(question)[0].article.id == "general-late-fee"


def test_never_answers_from_another_industry(search: Search) -> None:
    found = search.find("where is my suitcase", industry="bank")
    assert {match.article.industry for match in found} <= {"bank", "general"}


def test_finds_the_question_in_a_long_story(search: Search) -> None:
    text = (
        "Hi, I hope you had a nice weekend, ours was busy with my sister's wedding in Ohio. "
        "Anyway, I wanted to ask how many days I have to return the shoes. "
        "They are lovely but a bit tight on my left foot, I should have known."
    )
    assert search.find(text, industry="retail")[0].article.id == "retail-returns"


def test_forgives_a_slip_of_the_finger_without_an_encoder() -> None:
    words_only = Search(load())
    found = words_only.find("how do I cancle my oder", industry="retail")
    assert found[0].article.id == "retail-cancel-order"


def test_finds_spanish_articles_by_words(search: Search) -> None:
    found = search.find("¿cuánto tarda el reembolso?", industry="retail", language="es")
    assert found[0].article.id == "general-es-refund"
    assert found[0].score >= GOOD


def test_has_nothing_to_say_to_nothing(search: Search) -> None:
    assert search.find("") == []
    assert search.find("[PERSON_1] [EMAIL_2]") == []
    assert search.find("good morning", language="fr") == []


def test_the_same_text_has_the_same_vector_whatever_came_before(search: Search) -> None:
    embed = search.embed
    assert embed is not None
    first = embed("where is my parcel")
    embed("something else entirely")
    assert np.array_equal(first, embed("where is my parcel"))
    assert np.linalg.norm(first) == pytest.approx(1.0, abs=1e-3)
