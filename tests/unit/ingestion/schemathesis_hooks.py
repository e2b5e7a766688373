"""What the schema of the door cannot say to schemathesis: events do not come from the future."""

from hypothesis import strategies as st
from schemathesis.openapi import format

from tests.unit.ingestion.offers import NOW

_PAST = st.datetimes(max_value=NOW.replace(tzinfo=None))

format("date-time", _PAST.map(lambda at: at.isoformat() + "Z"))
