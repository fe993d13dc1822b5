"""A real OPA server with a policy bundle."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import urllib3

from gatekeeper.policy.bundle import PolicyBundle
from tests.support.ports import free_port, wait_until
from tests.support.workspace import REPOSITORY, require_service


@dataclass
class OpaServer:
    """A running OPA process."""

    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self.process.kill()
        self.process.wait()


def opa_binary() -> str:
    """The installed OPA; skips or fails the test when there is none."""
    binary = shutil.which("opa")
    require_service("OPA", binary is not None)
    assert binary is not None
    return binary


def launch_opa(binary: str, bundle_directory: Path) -> OpaServer:
    """Start OPA over a bundle directory and wait until it has loaded it."""
    port = free_port()
    command = [binary, "run", "--server", "--addr", f"127.0.0.1:{port}", "--log-level", "error"]
    process = subprocess.Popen(
        [*command, "--bundle", str(bundle_directory)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    server = OpaServer(f"http://127.0.0.1:{port}", process)
    wait_until(lambda: _is_healthy(server.url), 20, "OPA does not answer")
    return server


@pytest.fixture(scope="session")
def start_opa() -> Iterator[Callable[[Path], OpaServer]]:
    """Starts OPA servers over bundle directories; all of them are ended with the session."""
    binary = opa_binary()
    servers: list[OpaServer] = []

    def start(bundle_directory: Path) -> OpaServer:
        servers.append(launch_opa(binary, bundle_directory))
        return servers[-1]

    yield start
    for server in servers:
        server.kill()


@pytest.fixture(scope="session")
def opa_server(start_opa: Callable[[Path], OpaServer], tmp_path_factory: pytest.TempPathFactory) -> OpaServer:
    """OPA with the shipped policy."""
    directory = tmp_path_factory.mktemp("bundle")
    PolicyBundle.load(REPOSITORY / "policies").write(directory)
    return start_opa(directory)


def _is_healthy(url: str) -> bool:
    with urllib3.PoolManager(retries=False, timeout=1) as http:
        try:
            return http.request("GET", f"{url}/health?bundles").status == 200
        except urllib3.exceptions.HTTPError:
            return False
