"""Every metric, declared once: `rapport_<thing>_<unit>[_total]`, base units, bounded labels.

A label is never an id and never a text.
"""

from prometheus_client import Counter, Gauge, Histogram

FAST = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
SLOW = (0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.25, 0.5, 1, 2, 5, 15, 60)

# The loop of every consumer.
EVENTS = Counter(
    "rapport_events_total",
    "Events taken from a topic, by what became of them (handled, repeated, dead_letter).",
    ["service", "topic", "outcome"],
)
DEAD_LETTERS = Counter(
    "rapport_dead_letters_total",
    "Records that could not be processed, by the code of the reason.",
    ["service", "topic", "reason"],
)
BATCH_SECONDS = Histogram(
    "rapport_batch_seconds",
    "Time of one micro-batch by stage (handle and store, produce, commit).",
    ["service", "stage"],
    buckets=FAST,
)
BATCH_RECORDS = Histogram(
    "rapport_batch_records",
    "Records in a micro-batch.",
    ["service"],
    buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500),
)
EVENT_AGE = Histogram(
    "rapport_event_age_seconds",
    "From the time of an event to the acknowledgement of what followed from it.",
    ["service", "topic"],
    buckets=SLOW,
)
LAG = Gauge(
    "rapport_consumer_lag_records", "Records not yet read from a topic.", ["service", "topic"]
)
RETRIES = Counter(
    "rapport_batch_retries_total", "Micro-batches tried again, by reason.", ["service", "reason"]
)
OUTBOX_PENDING = Gauge(
    "rapport_outbox_pending_events", "Events stored and not yet published.", ["service"]
)

# Rights of customers, in every service that holds something of them.
RETENTION_DELETED = Counter(
    "rapport_retention_deleted_rows_total",
    "Rows deleted because they were older than their limit.",
    ["service", "table"],
)
ERASURES_OPEN = Gauge("rapport_erasures_open", "Requests for erasure without a receipt yet.")
ERASURE_DUE = Gauge(
    "rapport_erasure_due_seconds",
    "Time left until the nearest deadline of open requests for erasure (acknowledge, answer); "
    "negative once it has passed.",
    ["deadline"],
)

# gRPC servers.
GRPC_REQUESTS = Counter(
    "rapport_grpc_requests_total", "Calls answered.", ["service", "method", "code"]
)
GRPC_SECONDS = Histogram(
    "rapport_grpc_request_seconds", "Time of a unary call.", ["service", "method"], buckets=FAST
)

# The door.
DOOR_EVENTS = Counter(
    "rapport_door_events_total",
    "Events offered at the door, by way in, type and outcome (accepted, repeated, or the error).",
    ["way", "type", "outcome"],
)
DOOR_SECONDS = Histogram(
    "rapport_door_accept_seconds",
    "From an event at the door to its acknowledgement by the broker.",
    ["way"],
    buckets=FAST,
)
DOOR_DELIVERIES = Counter(
    "rapport_door_deliveries_total", "Things delivered to listeners, by way out.", ["way"]
)
DOOR_STREAMS = Gauge("rapport_door_streams", "Open streams, by way out.", ["way"])
WEBHOOKS = Counter(
    "rapport_webhooks_total",
    "Attempts to deliver a webhook, by what came of them (delivered, retried, dead).",
    ["outcome"],
)
WEBHOOK_SECONDS = Histogram(
    "rapport_webhook_seconds", "From an event to its delivery by webhook.", buckets=SLOW
)
WEBHOOKS_PENDING = Gauge(
    "rapport_webhooks_pending", "Events that wait for receivers of webhooks, of all replicas."
)
WEBHOOKS_OLDEST = Gauge(
    "rapport_webhooks_oldest_seconds", "Age of the oldest event that waits for a receiver."
)

# Redaction.
ENTITIES = Counter("rapport_redaction_entities_total", "Spans replaced, by type.", ["type"])
WITHHELD = Counter(
    "rapport_redaction_withheld_total", "Texts that did not pass because redaction failed closed."
)
REVEALS = Counter("rapport_redaction_reveals_total", "Placeholders revealed, by type.", ["type"])

# Emotion.
STATES = Counter("rapport_emotion_states_total", "Customers' messages by care state.", ["state"])
INFERENCE_SECONDS = Histogram(
    "rapport_emotion_inference_seconds", "Time to score one text.", buckets=FAST
)
MODEL_RELEASES = Counter(
    "rapport_emotion_releases_total",
    "Released models, by what became of them (serving, unchanged, or why it was refused).",
    ["outcome"],
)

# Reply.
REPLIES = Counter("rapport_replies_total", "Replies by action and tone.", ["action", "tone"])
REPLY_SECONDS = Histogram(
    "rapport_reply_seconds",
    "From the door to the reply that was decided.",
    buckets=SLOW,
)
HANDOVERS = Counter("rapport_handovers_total", "Hand-overs requested, by reason.", ["reason"])
GUARD_TRIPS = Counter(
    "rapport_reply_guard_trips_total", "Replies that the guard refused, by rule.", ["rule"]
)

# Routing.
QUEUE_LENGTH = Gauge("rapport_routing_waiting", "Conversations waiting for a person.", ["queue"])
QUEUE_OLDEST = Gauge(
    "rapport_routing_oldest_wait_seconds", "Longest wait of those waiting.", ["queue"]
)
MOVES = Counter(
    "rapport_routing_moves_total", "Moves of conversations, by states.", ["from_state", "to_state"]
)
ROUND_SECONDS = Histogram(
    "rapport_routing_round_seconds", "Time of one assignment round.", buckets=FAST
)

# Insights.
LIVE_MESSAGES = Gauge(
    "rapport_insights_messages_per_minute",
    "Customers' messages in the last full minute, by queue.",
    ["queue"],
)
LIVE_STATES = Gauge(
    "rapport_insights_states_per_minute",
    "Care states read in the last full minute, by queue.",
    ["queue", "state"],
)
LIVE_HANDOVERS = Gauge(
    "rapport_insights_handovers_per_minute",
    "Hand-overs requested in the last full minute, by queue.",
    ["queue"],
)
OUTCOMES = Counter("rapport_outcomes_total", "Conversations closed, by resolution.", ["resolution"])
CSAT = Histogram("rapport_csat_score", "CSAT as customers gave it.", buckets=(1, 2, 3, 4, 5))

# Back office.
ACTIONS = Counter(
    "rapport_actions_total", "Routine tasks run, by action and outcome.", ["action", "outcome"]
)
