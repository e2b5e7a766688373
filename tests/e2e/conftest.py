"""One whole platform for all end-to-end tests of a run."""

from collections.abc import Iterator

import pytest

from services.cli.platform import Platform
from tests.harness import Customer


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The platform, each service a process of its own, on ports and a state folder of its own."""
    state = tmp_path_factory.mktemp("platform")
    with Platform(state, fixed_ports=False, say=lambda _: None) as running:
        yield running


@pytest.fixture
def customer(platform: Platform) -> Iterator[Customer]:
    """A system that publishes over gRPC."""
    customer = Customer(platform.grpc_address("ingestion"))
    yield customer
    customer.close()
