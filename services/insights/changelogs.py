"""The topics in which faust keeps the tables of the windows: internal to insights.

They are not on THE MAP, because nobody but the windows writes or reads them; the map names their
beginning (KEPT_BY), so that the broker lets insights have them. Their partitions must
be as many as those of the topics that are counted.
"""

import contextlib

from kafka import KafkaAdminClient
from kafka.errors import TopicAlreadyExistsError

from services.common.kafka import Connection
from services.common.topics import PARTITIONS

APP = "rapport.insights.windows"
COUNTS, QUEUES = "counts", "queues"
MINUTES_KEPT = 10

# Counts are of no use after some minutes; who is in which queue is, until the next move.
SETTINGS: dict[str, dict[str, str]] = {
    f"{APP}-{COUNTS}-changelog": {
        "cleanup.policy": "compact,delete",
        "retention.ms": str(MINUTES_KEPT * 60_000),
        "segment.ms": str(MINUTES_KEPT * 60_000),
    },
    f"{APP}-{QUEUES}-changelog": {"cleanup.policy": "compact"},
}


def create_missing(connection: Connection, *, replication: int) -> list[str]:
    """Creates the changelogs that are not there; returns their names.

    Where they were created by other means, the right to look at topics is enough.
    """
    admin = KafkaAdminClient(**connection.arguments("insights-admin"))
    try:
        there = set(admin.list_topics())
        missing = {
            name: {
                "num_partitions": PARTITIONS,
                "replication_factor": replication,
                "configs": settings,
            }
            for name, settings in SETTINGS.items()
            if name not in there
        }
        if missing:
            with contextlib.suppress(TopicAlreadyExistsError):  # another replica was quicker
                admin.create_topics(missing)
        return sorted(missing)
    finally:
        admin.close()
