"""The signer and the witness that `serve` runs by default, each a child process with its own key and memory.

They inherit a socket that listens already, so that nothing waits for their start and nobody is refused while one is
started again. They are given no settings and no secrets, and they end with their parent. Where another `serve` keeps
the same directory, this one leaves the log to it until it ends.
"""

from __future__ import annotations

import fcntl
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import IO

import structlog

from gatekeeper.ledger import signer_socket, witness_server
from gatekeeper.ledger.installation import LogInstallation
from gatekeeper.settings import REPOSITORY

_LOOPBACK = "127.0.0.1"
_PAUSE_SECONDS = 1.0
_log = structlog.get_logger()


class Companion:
    """One child process, started again when it dies."""

    def __init__(self, name: str, words: Sequence[str], listener: socket.socket) -> None:
        """`words` are the command without the option that hands the listener on."""
        self._name = name
        self._command = [sys.executable, "-m", "gatekeeper", *words, "--inherited", str(listener.fileno())]
        self._listener = listener
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"{name}-watch", daemon=True)

    def start(self) -> None:
        """Start it, and watch it."""
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        with self._lock:
            self._stop.set()
            if self._process is not None:
                _close_pipe(self._process)
        self._thread.join()
        self._listener.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._run_once()
            except OSError as error:
                _log.error("log.companion_not_started", companion=self._name, error=error.strerror)
            self._stop.wait(_PAUSE_SECONDS)

    def _run_once(self) -> None:
        process = self._started()
        if process is not None:
            code = process.wait()
            _close_pipe(process)
            if not self._stop.is_set():
                _log.error("log.companion_ended", companion=self._name, exit_code=code)

    def _started(self) -> subprocess.Popen[bytes] | None:
        """Its standard input is a pipe that nobody writes to: it ends when this process does."""
        with self._lock:
            if self._stop.is_set():
                return None
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                pass_fds=(self._listener.fileno(),),
                cwd=REPOSITORY,
                env={},
            )
            return self._process


def _close_pipe(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()


class Companions:
    """The signer and the witness of an installation, as far as it runs them itself."""

    def __init__(self, installation: LogInstallation) -> None:
        self._installation = installation
        self._running: list[Companion] = []
        self._lock: IO[str] | None = None

    def start(self) -> bool:
        """Start them, and write the policy; False when another process keeps this directory."""
        lock = (self._installation.directory / "lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        if self._installation.has_own_signer:
            self._start_signer()
            if self._installation.has_own_witness:
                self._start_witness()
        return True

    def stop(self) -> None:
        """End them."""
        for companion in self._running:
            companion.stop()
        if self._lock is not None:
            self._lock.close()

    def _start_signer(self) -> None:
        words = ["signer", "--key", str(self._installation.signer_key)]
        self._begin("signer", words, signer_socket.listen_at(self._installation.signer_socket))

    def _start_witness(self) -> None:
        listener = witness_server.listen_at(_LOOPBACK, 0)
        words = ["witness", "--key", str(self._installation.witness_key)]
        for key in self._installation.own_log_keys():
            words += ["--log", key.vkey]
        self._installation.write_policy(f"http://{_LOOPBACK}:{listener.getsockname()[1]}")
        self._begin("witness", words, listener)

    def _begin(self, name: str, words: Sequence[str], listener: socket.socket) -> None:
        companion = Companion(name, words, listener)
        self._running.append(companion)
        companion.start()
