"""The process of the native parsers, as the house sees it: started when first needed, replaced when it ends.

Owns its life and the strict reading of its answers. Whatever happens to it comes out as `UnreadError`: nobody could
tell, and that is never "it parses".
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PROGRAM = Path(__file__).with_name("parser_main.py")


class UnreadError(Exception):
    """The parser gave no answer: it ran out of its time or memory, or it failed on the source."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Where a source breaks, in characters (None: nowhere), and the seconds of processor time that took."""

    error: tuple[int, int] | None
    seconds: float


class ParserProcess:
    """One process that parses, for one caller at a time. Safe among threads; a fork gets a process of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def first_error(self, grammar: str, source: str, seconds: float) -> Answer:
        """Return where `source` breaks.

        Raises UnreadError when there is no answer within `seconds` of processor time.
        """
        encoded = source.encode("utf-8", "replace")
        head = json.dumps({"grammar": grammar, "bytes": len(encoded), "seconds": seconds}).encode()
        with self._lock:
            try:
                line = _ask(self._running(), head + b"\n" + encoded)
                return _answer(line, len(source))
            except (OSError, ValueError, TypeError, KeyError) as failure:
                self._end()
                raise UnreadError(grammar) from failure

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._end()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._owner == os.getpid() and self._process.poll() is None:
            return self._process
        self._end()
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(_PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
        )
        self._owner = os.getpid()
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            process.kill()
            process.communicate()


def _ask(process: subprocess.Popen[bytes], request: bytes) -> bytes:
    requests, answers = process.stdin, process.stdout
    if requests is None or answers is None:
        raise OSError("the parsers' process has no pipes")
    requests.write(request)
    requests.flush()
    return answers.readline()


def _answer(line: bytes, characters: int) -> Answer:
    answer: Any = json.loads(line)
    error, seconds = answer["error"], float(answer["seconds"])
    if error is None:
        return Answer(None, seconds)
    start, end = error
    if not 0 <= start <= end <= characters:
        raise ValueError(line)
    return Answer((start, end), seconds)
