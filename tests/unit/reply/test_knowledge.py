"""Articles are checked when they are loaded, and each is found by what it says it answers."""

from pathlib import Path

import pytest

from services.reply.encoder import Encoder
from services.reply.knowledge import INDUSTRIES, KnowledgeError, load, split_sentences
from services.reply.search import Search, texts_to_encode

GOOD = """---
id: bank-hours
title: Opening hours
industry: bank
issue: the opening hours
keywords: [hours]
questions: ["When are you open?"]
---
We are open from 9 to 5.
"""


def write(folder: Path, text: str, name: str = "bank/hours.md") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return folder


def test_has_articles_for_every_industry_in_english_and_for_routine_matters_in_spanish() -> None:
    articles = load()
    assert len(articles) >= 70
    for industry in (*INDUSTRIES, "general"):
        english = [a for a in articles if a.industry == industry and a.language == "en"]
        assert len(english) >= 10
    assert len([a for a in articles if a.language == "es"]) >= 20


def test_reads_answer_additions_and_steps(tmp_path: Path) -> None:
    text = GOOD + "\nOn Sundays we rest.\n\n## Steps\n1. Open the door.\n2. Come in.\n"
    (article,) = load(write(tmp_path, text))
    assert article.answer == ("We are open from 9 to 5.",)
    assert article.more == (("On Sundays we rest.",),)
    assert article.steps == ("Open the door.", "Come in.")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (("id: bank-hours", "id: Bank Hours"), "id"),
        (("title: Opening hours\n", ""), "title"),
        (("industry: bank", "industry: zoo"), "industry"),
        (("industry: bank", "industry: retail"), "industry"),
        (("keywords: [hours]", "keywords: []"), "keywords"),
        (("questions: [", "questions: [1, "), "questions"),
        (("issue: the opening hours", "issue: x"), "issue"),
        (("issue:", "colour: red\nissue:"), "colour"),
        (("We are open from 9 to 5.\n", "\n"), "answer"),
        (("9 to 5.", "9 to 5. A. B is here. C is there. D is too. E as well."), "answer"),
        (("9 to 5.\n", "9 to 5.\n\n## Steps\n1. Only one.\n"), "steps"),
        (("9 to 5.\n", "9 to 5.\n\n## Steps\n- Open\n- Close\n"), "steps"),
    ],
)
def test_names_file_and_field_of_a_wrong_article(
    tmp_path: Path, change: tuple[str, str], field: str
) -> None:
    write(tmp_path, GOOD.replace(*change))
    with pytest.raises(KnowledgeError, match=rf"^bank/hours\.md: {field}"):
        load(tmp_path)


def test_refuses_two_articles_of_one_id_and_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="no articles"):
        load(tmp_path)
    write(write(tmp_path, GOOD), GOOD, "bank/again.md")
    with pytest.raises(KnowledgeError, match="used twice"):
        load(tmp_path)


def test_does_not_split_a_time_of_day() -> None:
    assert split_sentences("Open until 8 p.m. Eastern. On Sundays closed.") == (
        "Open until 8 p.m. Eastern.",
        "On Sundays closed.",
    )


def test_finds_an_article_by_each_of_its_questions(search: Search) -> None:
    missed = []
    for article in search.articles.values():
        industry = "" if article.industry == "general" else article.industry
        for question in article.questions:
            found = search.find(question, industry=industry, language=article.language)
            if found[0].article.id != article.id:
                missed.append((question, found[0].article.id))
    total = sum(len(article.questions) for article in search.articles.values())
    assert len(missed) / total < 0.02, missed


def test_keeps_the_vectors_of_all_articles_beside_the_model() -> None:
    encoder = Encoder.load()
    assert [text for text in texts_to_encode(load()) if not encoder.knows(text)] == []
