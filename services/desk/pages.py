"""The pages and their pieces, from templates."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.desk.entries import Entry
from services.desk.packet import Line
from services.desk.words import DISPOSITIONS, STATES, WARMTH

FOLDER = Path(__file__).resolve().parent


class Pages:
    """Templates, compiled once. Everything is escaped unless it is Markup."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(states=STATES, warmth=WARMTH, dispositions=DISPOSITIONS)

    def page(self, name: str, **values: Any) -> str:
        """A page or a piece by the name of its template."""
        return self._templates.get_template(name).render(**values)

    def line(self, line: Line) -> str:
        """A conversation in the inbox."""
        return self.page("line.html", line=line)

    def entry(self, entry: Entry, *, own: bool) -> str:
        """One thing said or done."""
        return self.page("entry.html", entry=entry, own=own)

    def badge(self, message_id: str, state: str) -> str:
        """What was read of one message."""
        return self.page("badge.html", message_id=message_id, state=state)
