"""What THE MAP gives each user at the broker."""

from dataclasses import replace

from services.common.topic_rights import Right, rights, user_of, users
from services.common.topics import INBOUND, KEPT_BY, MESSAGE_RECEIVED, MODEL_RELEASED, TOPICS
from services.insights.changelogs import SETTINGS


def of(user: str) -> list[Right]:
    return [right for right in rights() if right.user == user]


def test_each_topic_has_one_user_that_may_write_it() -> None:
    for topic in TOPICS:
        writers = [
            r.user
            for r in rights()
            if r.kind == "TOPIC" and r.name == topic.name and r.operation == "WRITE"
        ]
        assert writers == [user_of(topic.writer)]


def test_raw_text_is_for_redaction_alone() -> None:
    reads = [r for r in rights() if r.name == MESSAGE_RECEIVED.name and r.operation == "READ"]
    assert [right.user for right in reads] == ["redaction"]
    assert [right.user for right in rights() if right.name == INBOUND.name] == [
        "ingestion",
        user_of(INBOUND.writer),
    ]


def test_a_reader_may_bury_what_it_cannot_process_and_not_dig_it_up() -> None:
    dead = MESSAGE_RECEIVED.dead_letters_of("redaction")
    assert Right("redaction", "TOPIC", dead, "WRITE") in rights()
    assert not [right for right in rights() if right.name == dead and right.operation == "READ"]


def test_who_follows_a_broadcast_needs_no_group_and_has_no_dead_letters() -> None:
    only = replace(MODEL_RELEASED, readers=("desk",))
    found = [right for right in rights([only]) if right.user == "desk"]
    assert found == [Right("desk", "TOPIC", only.name, "READ")]


def test_who_only_writes_reads_nothing() -> None:
    assert of("learning") == [Right("learning", "TOPIC", MODEL_RELEASED.name, "WRITE")]
    assert {right.operation for right in of("other-systems")} == {"WRITE"}


def test_a_prefix_reaches_what_its_own_service_keeps_and_nothing_on_the_map() -> None:
    names = [topic.name for topic in TOPICS] + [
        n for t in TOPICS for n in t.dead_letters().values()
    ]
    for right in rights():
        if right.prefixed and right.kind == "TOPIC":
            assert not [name for name in names if name.startswith(right.name)]
        if right.prefixed and right.kind == "GROUP":
            others = [f"rapport.{user}" for user in users()]
            assert not [other for other in others if other.startswith(right.name)]
    assert all(name.startswith(KEPT_BY["insights"]) for name in SETTINGS)
