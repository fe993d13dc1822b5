"""The real server as a process of its own, to be killed and started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import urllib3

from gatekeeper.clock import utc_now
from gatekeeper.environment import read_settings
from gatekeeper.identity.service import IdentityService
from gatekeeper.storage.database import Database
from tests.support.databases import new_sqlite
from tests.support.ports import free_port, wait_until
from tests.support.workspace import REPOSITORY

_START_SECONDS = 40


@dataclass
class RunningGate:
    """A gate on a loopback port, in its own process group. Settings survive kills and restarts."""

    environ: dict[str, str]
    port: int
    log: Path
    process: subprocess.Popen[bytes] | None = None
    http: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(retries=False, timeout=30, maxsize=32)
    )

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gatekeeper", "serve"],
                cwd=REPOSITORY,
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(self._answers, _START_SECONDS, f"the gate does not answer: {self.output()}")

    def kill(self) -> None:
        """SIGKILL for the whole process group, at once."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(timeout=30)

    def restart(self) -> None:
        """Kill and start again."""
        self.kill()
        self.start()

    def token(self, name: str, *roles: str, acts_for: str | None = None) -> str:
        """A new principal's token, from the service that `gatekeeper principal add` asks as well."""
        settings = read_settings(self.environ)
        database = Database(settings.database_url)
        try:
            service = IdentityService(database, settings.session_seconds)
            return service.add(name, roles, utc_now(), acts_for=acts_for)[1]
        finally:
            database.close()

    def cli(self, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run `gatekeeper` with this gate's settings."""
        return subprocess.run(
            [sys.executable, "-m", "gatekeeper", *words],
            cwd=REPOSITORY,
            env={**self.environ, "GATEKEEPER_URL": self.url, **environ},
            capture_output=True,
            text=True,
            timeout=120,
        )

    def request(
        self, method: str, path: str, token: str | None = None, body: object = None, **headers: str
    ) -> tuple[int, object]:
        """Status and JSON of one request; `body` is sent as JSON unless it is bytes."""
        sent = {"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        answer = self.http.request(method, self.url + path, body=raw, headers=sent)
        return answer.status, json.loads(answer.data) if answer.data else None

    def output(self) -> str:
        """The end of what it printed."""
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""

    def _answers(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise RuntimeError(f"the gate ended with {self.process.returncode}: {self.output()}")
        try:
            return self.http.request("GET", f"{self.url}/healthz", timeout=2).status == 200
        except urllib3.exceptions.HTTPError:
            return False


def gate_at(home: Path, settings: Mapping[str, str]) -> RunningGate:
    """A gate with one worker that keeps its data in `home`, on a free port; not started yet."""
    port = free_port()
    new_sqlite(home / "var" / "gatekeeper.db")
    environ = {
        "PATH": os.environ["PATH"],
        "GATEKEEPER_DATA_DIR": str(home / "var"),
        "GATEKEEPER_BIND": f"127.0.0.1:{port}",
        "GATEKEEPER_WORKERS": "1",
        "GATEKEEPER_WARM_UP": "off",  # most gates of tests see a proposal or two
        **settings,
    }
    return RunningGate(environ, port, home / "log")


@pytest.fixture
def start_gate(tmp_path: Path) -> Iterator[Callable[[Mapping[str, str]], RunningGate]]:
    """Starts gates with settings of the test's own; all of them are killed at its end."""
    gates: list[RunningGate] = []

    def start(settings: Mapping[str, str]) -> RunningGate:
        gate = gate_at(Path(tempfile.mkdtemp(dir=tmp_path)), settings)
        gates.append(gate)
        gate.start()
        return gate

    yield start
    for gate in gates:
        gate.kill()
        gate.http.clear()


@pytest.fixture
def gate(start_gate: Callable[[Mapping[str, str]], RunningGate]) -> RunningGate:
    """A gate on SQLite with the embedded engine."""
    return start_gate({})


@pytest.fixture
def gate_with_two_workers(start_gate: Callable[[Mapping[str, str]], RunningGate]) -> RunningGate:
    """A gate as it is by default: on SQLite with the embedded engine and two workers."""
    return start_gate({"GATEKEEPER_WORKERS": "2"})
