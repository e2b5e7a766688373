"""Apache Kafka with TLS, SCRAM and ACLs does what THE MAP says, and refuses all else."""

import gc
import ssl
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourceType,
)
from kafka.errors import KafkaError, TopicAuthorizationFailedError

from services.cli.broker_access import apply_rights, make_users
from services.cli.certificates import BROKER, make_certificates, tls_of
from services.cli.kafka_security import KafkaSecurity
from services.cli.local_kafka import LocalKafka
from services.cli.ports import free_port
from services.common.failures import Transient
from services.common.kafka import Connection, Consumer, Follower, Producer, apply_topics
from services.common.topic_rights import user_of, users
from services.common.topics import MESSAGE_RECEIVED, MODEL_RELEASED, TOPICS, dead_letter_topics
from services.insights import changelogs
from tests.harness import eventually

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]
USERS = sorted({user_of(t.writer) for t in TOPICS} | {r for t in TOPICS for r in t.readers})


class Secured:
    """A secured broker, and how each user reaches it."""

    def __init__(self, kafka: LocalKafka, security: KafkaSecurity, folder: Path) -> None:
        self.kafka = kafka
        self._security = security
        self.folder = folder

    def user(self, name: str) -> Connection:
        lines = (self.folder / f"{name}.env").read_text().splitlines()
        told = dict(line.split("=", 1) for line in lines)
        assert told["KAFKA_SASL_USERNAME"] == name
        password = told["KAFKA_SASL_PASSWORD"]
        return self._security.connection(self.kafka.bootstrap_servers, name, password)


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    folder = tmp_path_factory.mktemp("secured")
    make_certificates(folder / "certificates", [BROKER])
    security = KafkaSecurity(tls_of(folder / "certificates", BROKER), "only for this test")
    kafka = LocalKafka(
        folder / "data",
        jars=Path(__file__).parents[2] / ".state/kafka/jars",
        ports=[client := free_port(), free_port([client])],
        logs=folder,
        security=security,
    )
    kafka.start()
    try:
        kafka.wait_ready(60)
        apply_topics(kafka.connection)
        changelogs.create_missing(kafka.connection, replication=1)
        assert make_users(kafka.connection, folder / "users", users()) == USERS
        assert set(apply_rights(kafka.connection).values()) == {"given"}
        yield Secured(kafka, security, folder / "users")
    finally:
        kafka.stop()


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """kafka-python leaves the socket of a connection that failed, or that was still being made when
    its client was closed, to the garbage collector: it is for no later test to hear of."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def permitted() -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """(user, topic) of each write and each read that there is to be, straight from THE MAP."""
    writes = {(user_of(topic.writer), topic.name) for topic in TOPICS}
    reads = {(reader, topic.name) for topic in TOPICS for reader in topic.readers}
    for topic in TOPICS:
        if not topic.broadcast:
            writes |= {(reader, f"{topic.name}.{reader}.dlq") for reader in topic.readers}
    for name in changelogs.SETTINGS:
        writes.add(("insights", name))
        reads.add(("insights", name))
    return writes, reads


def every_topic() -> list[str]:
    return [topic.name for topic in TOPICS] + [*dead_letter_topics(), *changelogs.SETTINGS]


def writes(connection: Connection, topic: str) -> bool:
    """Whether a record gets there; each with a producer of its own, as a refusal may linger."""
    producer = Producer(connection, "rights", delivery_seconds=10)
    try:
        producer.send(topic, key=b"k", value=b"v", headers=[]).result(15)
    except (Transient, TopicAuthorizationFailedError) as error:
        assert "TopicAuthorizationFailed" in f"{type(error).__name__} {error}", error
        return False
    finally:
        producer.close(1)
    return True


def readable(connection: Connection, topics: Iterable[str]) -> set[str]:
    """Topics of which a fetch of the first partition is answered, in no group."""
    consumer = KafkaConsumer(
        **connection.arguments("rights"),
        enable_auto_commit=False,
        allow_auto_create_topics=False,
        fetch_max_wait_ms=50,
    )
    asked = {TopicPartition(topic, 0) for topic in topics}
    refused: set[str] = set()

    def all_answered() -> bool:
        try:
            consumer.poll(50)
        except TopicAuthorizationFailedError as error:
            refused.update(error.args[0])
        # Of a topic that may not even be described, a client learns from the metadata alone.
        refused.update(consumer._cluster.unauthorized_topics)
        answered = {place.topic for place in asked if consumer.highwater(place) is not None}
        assert not answered & refused
        found.update(answered)
        return found | refused >= {place.topic for place in asked}

    found: set[str] = set()
    try:
        consumer.assign(sorted(asked))
        for place in asked:
            consumer.seek(place, 0)
        eventually(all_answered, 30, "an answer about every topic")
    finally:
        consumer.close(autocommit=False)
    return found


def fill(secured: Secured) -> None:
    producer = Producer(secured.kafka.connection, "fill")
    sent = [producer.send(name, key=b"k", value=b"v", headers=[]) for name in every_topic()]
    for future in sent:
        future.result(15)
    producer.close()


@pytest.mark.parametrize("user", USERS)
def test_each_user_writes_what_the_map_says_and_nothing_else(secured: Secured, user: str) -> None:
    allowed = {topic for who, topic in permitted()[0] if who == user}
    connection = secured.user(user)
    assert {topic for topic in every_topic() if writes(connection, topic)} == allowed


@pytest.mark.parametrize("user", USERS)
def test_each_user_reads_what_the_map_says_and_nothing_else(secured: Secured, user: str) -> None:
    allowed = {topic for who, topic in permitted()[1] if who == user}
    assert readable(secured.user(user), every_topic()) == allowed


def test_those_who_look_after_the_cluster_read_all_of_it(secured: Secured) -> None:
    # So that a topic that is refused to everybody is refused for want of a right.
    assert readable(secured.kafka.connection, every_topic()) == set(every_topic())


@pytest.mark.parametrize("user", sorted({reader for topic in TOPICS for reader in topic.readers}))
def test_a_reader_joins_the_groups_of_its_service_and_no_other(secured: Secured, user: str) -> None:
    connection = secured.user(user)
    read = [topic.name for topic in TOPICS if user in topic.readers and not topic.broadcast]
    for group in (f"rapport.{user}", f"rapport.{user}.inbound"):
        member = Consumer(connection, group, read, instance=f"{user}-1")
        eventually(partial(joined, member), 30, f"{user} joins {group}")
        member.close()
    other = "emotion" if user != "emotion" else "reply"
    for group in (f"rapport.{other}", f"rapport.{user}s", "another"):
        member = Consumer(connection, group, read)
        with pytest.raises(Transient, match="GroupAuthorizationFailed"):
            eventually(partial(joined, member), 30, f"{user} is refused in {group}")
        member.close()


def joined(member: Consumer) -> bool:
    member.poll(0.2, 10)
    return member.joined()


def test_emotion_follows_the_releases_in_no_group(secured: Secured) -> None:
    fill(secured)
    follower = Follower(secured.user("emotion"), MODEL_RELEASED.name, "rights")
    try:
        assert eventually(lambda: follower.poll(0.2), 15, "a release")
    finally:
        follower.close()


def test_insights_makes_the_changelogs_of_its_windows_and_nobody_another_topic(
    secured: Secured,
) -> None:
    name = next(iter(changelogs.SETTINGS))
    admin = KafkaAdminClient(**secured.kafka.connection.arguments("test"))
    admin.delete_topics([name])
    admin.close()
    connection = secured.user("insights")
    eventually(
        lambda: name in changelogs.create_missing(connection, replication=1), 15, "it is gone"
    )
    for user in USERS:
        admin = KafkaAdminClient(**secured.user(user).arguments("test"))
        with pytest.raises(KafkaError, match="Authorization"):
            admin.create_topics({"other": {"num_partitions": 1, "replication_factor": 1}})
        admin.close()


def test_nobody_gets_in_without_tls_and_the_right_password(secured: Secured) -> None:
    servers = secured.kafka.bootstrap_servers
    right = secured.user("reply")
    strangers = {
        "no TLS": Connection(servers),
        "TLS and no password": replace(
            right, security_protocol="SSL", sasl_mechanism=None, sasl_username=None
        ),
        "another's password": replace(right, sasl_username="redaction"),
        "no such user": replace(right, sasl_username="nobody"),
        "a CA that did not sign the broker's certificate": replace(
            right, ssl_cafile=ssl.get_default_verify_paths().cafile
        ),
    }
    for why, connection in strangers.items():
        with pytest.raises(KafkaError):
            KafkaAdminClient(**connection.arguments("stranger"), bootstrap_timeout_ms=1_500)
            pytest.fail(why)
    KafkaAdminClient(**right.arguments("known"), bootstrap_timeout_ms=5_000).close()


def test_rights_that_the_map_does_not_give_are_taken_away(secured: Secured) -> None:
    sneaked = ACL(
        principal="User:reply",
        host="*",
        operation=ACLOperation.READ,
        permission_type=ACLPermissionType.ALLOW,
        resource_pattern=ResourcePattern(
            ResourceType.TOPIC, "rapport.", ACLResourcePatternType.PREFIXED
        ),
    )
    reply = secured.user("reply")
    admin = KafkaAdminClient(**secured.kafka.connection.arguments("test"))
    admin.create_acls([sneaked])
    admin.close()
    received = [MESSAGE_RECEIVED.name]
    eventually(lambda: readable(reply, received), 15, "reply reads what it must not")
    done = apply_rights(secured.kafka.connection)
    assert [right.name for right, what in done.items() if what == "taken away"] == ["rapport."]
    assert set(done.values()) == {"unchanged", "taken away"}
    eventually(lambda: not readable(reply, received), 15, "reply reads it no more")
    assert set(apply_rights(secured.kafka.connection).values()) == {"unchanged"}


def test_users_that_are_there_keep_their_passwords(secured: Secured) -> None:
    before = secured.user("reply")
    assert make_users(secured.kafka.connection, secured.folder, users()) == []
    assert secured.user("reply") == before
    assert (secured.folder / "reply.env").stat().st_mode & 0o777 == 0o600
