"""Days and hours around the day on which the demo data is made."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Calendar:
    """Counts days from `now`, an aware time."""

    now: datetime

    def day(self, offset: int) -> date:
        """The day `offset` days after today; before it when negative."""
        return self.now.date() + timedelta(days=offset)

    def at(self, offset: int, hour: int, minute: int = 0) -> datetime:
        """That hour of the day `offset` days after today, on the local clock."""
        return datetime.combine(self.day(offset), time(hour, minute), self.now.tzinfo)
