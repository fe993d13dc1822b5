"""`kill -9` while leaves are committed and published: what was committed is published as it was, and never a fork."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from gatekeeper.ledger import log, merkle
from gatekeeper.ledger.checkpoint import parse_checkpoint
from gatekeeper.ledger.database_verifier import verify_database
from gatekeeper.ledger.key_files import read_key
from gatekeeper.ledger.note import parse_note
from gatekeeper.ledger.tables import log_checkpoints
from gatekeeper.ledger.verifier import Verdict
from gatekeeper.storage.database import Database
from tests.support.committing import POLICY, make_keys
from tests.support.trees import ORIGIN
from tests.support.workspace import REPOSITORY

KILLS, MOST_KILLS = 200, 400
UNPUBLISHED = KILLS // 10  # fewer would say that the moments are all alike
MOST_LINES, MOST_SECONDS = 4, 0.01


@dataclass
class Life:
    """What one process said between its start and its death."""

    committed: int = 0
    published: list[tuple[int, str]] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)

    def hear(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        if word == "committed":
            self.committed = int(rest)
        elif word == "published":
            size, _, root = rest.partition(" ")
            self.published.append((int(size), root))
        else:
            self.unexpected.append(line)


class Committing:
    """Starts the process again and again, and kills it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._commands, self._lines = process.stdin, process.stdout

    def killed_after(self, lines: int, seconds: float) -> Life:
        """Run it until it said so much, and so long; then SIGKILL."""
        self._commands.write("\n")
        self._commands.flush()
        pid = int(self._lines.readline().removeprefix("started "))
        life = Life()
        for _ in range(lines):
            life.hear(self._lines.readline().strip())
        threading.Event().wait(seconds)  # waits for nothing: this is the random moment itself
        os.kill(pid, signal.SIGKILL)
        while (line := self._lines.readline().strip()) != "ended":
            life.hear(line)
        return life


@contextmanager
def committing(database_url: str, directory: Path) -> Iterator[Committing]:
    words = [sys.executable, "-m", "tests.support.committing", database_url, str(directory)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(words, cwd=REPOSITORY, env=dict(os.environ), text=True, **pipes) as process:
        yield Committing(process)


def committed(database: Database) -> tuple[int, bytes, int]:
    """Size and root of what is committed, and how much of it is published; after every commit on its way is done."""
    with database.write() as connection:
        sizes = connection.execute(select(log_checkpoints.c.size)).scalars().all()
        return *log.root(connection), max(sizes, default=0)


def root_of(database: Database, size: int) -> bytes:
    with database.read() as connection:
        return merkle.root(size, partial(log.nodes, connection))


def forks(database: Database, directory: Path, life: Life) -> list[object]:
    """Everything that was signed or published and is not the history that is committed."""
    signed = [read_key(directory / name)[1].last(ORIGIN) for name in ("signer", "witness")]
    found = [(each.size, each.root.hex()) for each in signed] + life.published
    return [each for each in found if root_of(database, each[0]).hex() != each[1]]


@pytest.mark.timeout(600)
def test_what_was_committed_is_published_after_kills_at_200_random_moments(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    moments = random.Random(20260303)
    make_keys(tmp_path)
    size, root, kills, unpublished = 0, merkle.EMPTY_ROOT, 0, 0
    with committing(database_url, tmp_path) as process:
        while kills < KILLS or unpublished <= UNPUBLISHED:
            assert kills < MOST_KILLS, f"only {unpublished} kills came between commit and publication"
            kills += 1
            life = process.killed_after(moments.randint(0, MOST_LINES), moments.uniform(0, MOST_SECONDS))
            assert life.unexpected == []
            if life.published:
                assert life.published[0] == (size, root.hex())
            before = size
            size, root, published = committed(database)
            assert size >= max(before, life.committed)
            assert forks(database, tmp_path, life) == []
            unpublished += published < size
        last = process.killed_after(1, 0)
    assert last.published[0] == (size, root.hex())
    whole = verify_database(database, POLICY)
    assert (whole.verdict, whole.detail.partition(" ")[0]) == (Verdict.WHOLE, str(committed(database)[0]))
    with database.read() as connection:
        notes = connection.execute(select(log_checkpoints.c.note)).scalars().all()
    checkpoints = [parse_checkpoint(parse_note(note.encode()).text) for note in notes]
    assert [each for each in checkpoints if root_of(database, each.size) != each.root] == []
