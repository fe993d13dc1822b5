"""Registers the fixtures of tests/support. Unit tests have no network."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from pytest_socket import disable_socket, enable_socket

# in this order, for what a module imports must have been registered before it
pytest_plugins = [
    "tests.support.postgres",
    "tests.support.databases",
    "tests.support.server",
    "tests.support.served",
    "tests.support.browser",
    "tests.support.go",
    "tests.support.house",
    "tests.support.office",
    "tests.support.opa",
]

settings.register_profile(
    "gatekeeper", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("gatekeeper")


@pytest.fixture(autouse=True)
def network_only_where_it_belongs(request: pytest.FixtureRequest):
    """Contract and end-to-end tests talk to real services; unit tests talk to nobody."""
    if "unit" in request.path.parts:
        disable_socket(allow_unix_socket=True)
    yield
    enable_socket()
