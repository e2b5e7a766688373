"""The image's health check asks the port that the service in the container listens on."""

import importlib.util
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType

import pytest

from services.common.documents.settings_table import settings_classes

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def healthcheck() -> ModuleType:
    path = ROOT / "deploy/healthcheck.py"
    spec = importlib.util.spec_from_file_location("rapport_healthcheck", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class _Admin(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/livez" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def admin() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), _Admin)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_service_that_answers_is_live(healthcheck: ModuleType, admin: HTTPServer) -> None:
    assert healthcheck.live(admin.server_port)


def test_a_service_that_answers_with_an_error_is_not(
    healthcheck: ModuleType, admin: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Admin, "status", 503)
    assert not healthcheck.live(admin.server_port)


def test_a_port_where_nothing_listens_is_not_live(
    healthcheck: ModuleType, admin: HTTPServer
) -> None:
    port = admin.server_port
    admin.shutdown()
    admin.server_close()
    assert not healthcheck.live(port)


def test_the_port_of_the_environment_is_asked_and_no_other(healthcheck: ModuleType) -> None:
    environment = {"RAPPORT_REPLY_ADMIN_PORT": "9999", "RAPPORT_REPLY_GRPC_PORT": "50054"}
    assert list(healthcheck.ports(environment)) == [9999]


def test_without_one_the_default_ports_of_all_services_are_asked(healthcheck: ModuleType) -> None:
    defaults = {
        settings.model_fields["admin_port"].default for settings in settings_classes().values()
    }
    assert set(healthcheck.ports({})) == defaults
