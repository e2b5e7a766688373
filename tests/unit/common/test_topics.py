"""THE MAP is consistent in itself."""

import re

from services.common.topics import TOPICS, TOPICS_BY_NAME, dead_letter_topics


def test_names_are_past_tense_facts_with_a_version() -> None:
    for topic in TOPICS:
        assert re.fullmatch(r"rapport\.[a-z]+(\.[a-z]+)?\.v\d+", topic.name)
    assert len(TOPICS_BY_NAME) == len(TOPICS)


def test_every_value_has_one_topic_and_one_writer() -> None:
    types = [topic.message_type for topic in TOPICS if topic.message_type]
    assert len(types) == len(set(types))
    assert all(topic.writer for topic in TOPICS)


def test_raw_text_is_read_by_ingestion_and_redaction_alone_and_kept_an_hour() -> None:
    sensitive = {topic.name: topic for topic in TOPICS if topic.sensitive}
    assert set(sensitive) == {"rapport.inbound.v1", "rapport.message.received.v1"}
    for topic in sensitive.values():
        assert set(topic.readers) <= {"ingestion", "redaction"}
        assert topic.retention.total_seconds() == 3600
        assert int(topic.broker_settings()["retention.ms"]) == 3_600_000


def test_every_reader_has_dead_letters_as_sensitive_as_their_source() -> None:
    letters = dead_letter_topics()
    assert len(letters) == sum(len(topic.readers) for topic in TOPICS if not topic.broadcast)
    assert letters["rapport.message.received.v1.redaction.dlq"].sensitive
    assert not letters["rapport.message.scored.v1.reply.dlq"].sensitive
