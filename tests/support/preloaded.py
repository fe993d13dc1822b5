"""The server, started in a fraction of the time: forked from a process that has imported and compiled everything.

For tests that kill it hundreds of times. It serves the same application with the same server as `gatekeeper serve`,
but without the scheduler; the first start makes the schema.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass

from tests.support.ports import wait_until
from tests.support.server import RunningGate
from tests.support.workspace import REPOSITORY


@dataclass
class PreloadedGate(RunningGate):
    """A gate whose process is forked from a waiting one; `server` is the process id of the one that answers."""

    server: int = 0

    def start(self) -> None:
        """Fork a server and wait until it answers."""
        if self.process is None:
            with self.log.open("ab") as log:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "tests.support.preloaded"],
                    cwd=REPOSITORY,
                    env=self.environ,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()
        self.server = int(self.process.stdout.readline())
        wait_until(self._answers, 40, f"the gate does not answer: {self.output()}")

    def kill(self) -> None:
        """SIGKILL for the server and its workers, at once."""
        if self.server:
            with suppress(ProcessLookupError):
                os.killpg(self.server, signal.SIGKILL)
            wait_until(self._is_gone, 10, "the server survives SIGKILL")
            self.server = 0

    def end(self) -> None:
        """Kill the server, and end the process it was forked from."""
        self.kill()
        if self.process is not None:
            self.process.communicate()
        self.http.clear()

    def _is_gone(self) -> bool:
        """Its parent reaps it at once; its worker, which got the same signal, may stay a zombie for a while."""
        try:
            os.kill(self.server, 0)
        except ProcessLookupError:
            return True
        return False


def _wait_and_fork() -> None:
    from gatekeeper import api, app, web
    from gatekeeper.assessment.warming import warm
    from gatekeeper.cli.database import prepare
    from gatekeeper.environment import read_settings

    assert api
    assert app
    assert web
    settings = read_settings()
    prepare(settings)
    warm()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin.buffer:
        child = os.fork()
        if child == 0:
            os.setsid()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _serve(settings.bind_host, settings.bind_port)
        os.write(1, b"%d\n" % child)


def _serve(host: str, port: int) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    from gatekeeper import app

    Server(
        "gatekeeper",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=2,
        log_level=LogLevels.warning,
    ).serve(target_loader=app.create_wsgi, wrap_loader=False)
    os._exit(0)


if __name__ == "__main__":
    _wait_and_fork()
