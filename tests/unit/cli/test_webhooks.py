"""`rapport webhooks` against a door that records what it was asked."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from services.cli.app import app

SUBSCRIPTION = {
    "id": "s-1",
    "url": "https://receiver.example/hook",
    "state": "paused",
    "reason": "the receiver is gone",
    "pending": 3,
    "dead": 2,
}
DEAD = {
    "event_id": "e-1",
    "type": "rapport.reply.created.v1",
    "conversation_id": "c-1",
    "at": "2026-03-02T15:00:00Z",
    "attempts": 16,
    "error": "status_500",
}
ANSWERS: dict[tuple[str, str], tuple[int, Any]] = {
    ("GET", "/v1/subscriptions"): (200, [SUBSCRIPTION]),
    ("GET", "/v1/subscriptions/s-1/deliveries"): (200, [DEAD]),
    ("POST", "/v1/subscriptions/s-1/replay"): (202, {"queued": 2}),
    ("POST", "/v1/subscriptions/s-1/pause"): (200, SUBSCRIPTION),
    ("POST", "/v1/subscriptions/s-1/test"): (200, {"delivered": False, "error": "timed_out"}),
}


class Asked:
    """A door that answers from the table."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, Any, str | None]] = []
        asked = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer()

            def do_POST(self) -> None:
                self._answer()

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                path, _, _query = self.path.partition("?")
                shown = self.headers.get("authorization")
                given = json.loads(body) if body else None
                asked.requests.append((self.command, self.path, given, shown))
                status, answer = ANSWERS.get(
                    (self.command, path), (404, {"detail": "There is no such thing here"})
                )
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(
            app,
            ["webhooks", *arguments, "--door", self.address],
            env={"RAPPORT_KEY": "rapport_key"},
        )


@pytest.fixture
def door() -> Iterator[Asked]:
    asked = Asked()
    yield asked
    asked.close()


def test_the_list_says_what_waits_and_why_it_is_paused(door: Asked) -> None:
    shown = door.run("list").stdout
    assert shown == (
        "s-1  paused (the receiver is gone)  3 waiting  2 dead  https://receiver.example/hook\n"
    )
    assert json.loads(door.run("list", "--json").stdout) == [SUBSCRIPTION]
    assert door.requests[0][3] == "Bearer rapport_key"


def test_dead_ones_are_shown_and_replayed(door: Asked) -> None:
    assert (
        "e-1  rapport.reply.created.v1  c-1  status_500  16 attempts"
        in door.run("dead", "s-1").stdout
    )
    assert door.run("replay", "s-1").stdout == "2 sent again\n"
    assert door.requests[-1][2] == {"state": "dead"}
    door.run("replay", "s-1", "--delivered", "--since", "2026-01-31T12:00:00Z", "--event", "e-1")
    assert door.requests[-1][2] == {
        "state": "delivered",
        "since": "2026-01-31T12:00:00Z",
        "event_ids": ["e-1"],
    }


def test_what_fails_is_said_with_an_exit_code(door: Asked) -> None:
    assert door.run("pause", "s-1").stdout == "paused\n"
    tested = door.run("test", "s-1")
    assert (tested.exit_code, tested.stdout) == (1, "not delivered: timed_out\n")
    missing = door.run("pause", "s-2")
    assert missing.exit_code == 1
    assert "404" in missing.stderr


def test_a_door_that_is_away_is_said() -> None:
    ended = CliRunner().invoke(app, ["webhooks", "list", "--door", "http://127.0.0.1:1"])
    assert ended.exit_code == 1
    assert "cannot be reached" in ended.stderr
