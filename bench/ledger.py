"""The log: appending durably on both databases, its cost as the log grows, proofs, and verification of the whole."""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path

from bench.table import Table
from bench.timing import Timing
from gatekeeper.clock import utc_now
from gatekeeper.ledger import log
from gatekeeper.ledger.event import Event, EventType, ProposalRef
from gatekeeper.ledger.export import export_log
from gatekeeper.ledger.log_reader import DirectoryReader
from gatekeeper.ledger.merkle import Frontier, inclusion_proof, leaf_hash
from gatekeeper.ledger.verifier import Verdict, verify_log
from gatekeeper.ledger.witness_policy import log_keys_policy
from gatekeeper.storage import migration
from gatekeeper.storage.database import Database
from tests.support.committing import make_keys, publisher_of
from tests.support.exported_logs import AT, LOG, publish
from tests.support.postgres import postgres_binaries, running_cluster

BATCHES = (1, 16, 256)
TRANSACTIONS, TRANSACTIONS_QUICK = 150, 2
GROWTH, GROWTH_QUICK = (10_000, 1_000_000), (300, 1_000)
PROOFS, PROOFS_QUICK = 2_000, 5
VERIFIED, VERIFIED_QUICK = 1_000_000, 600
_GROWTH_BATCH = 16
_FILLED_AT_ONCE = 5_000


def measure(*, quick: bool) -> list[Table]:
    """Three tables: appending, growth, verification."""
    return [_appending(quick), _growth(quick), _verification(quick)]


def _appending(quick: bool) -> Table:
    columns = ("database", *(f"batches of {batch} /s" for batch in BATCHES), *("p50 ms", "p99 ms"))
    table = Table("Log: entries appended, each batch durable", columns)
    transactions = TRANSACTIONS_QUICK if quick else TRANSACTIONS
    for name in ("SQLite", "PostgreSQL"):
        print(f"  appending, {name} ...", file=sys.stderr)
        with _database(name) as database:
            if isinstance(database, str):
                table.add(f"{name}: not measured, {database}")
                continue
            _add_appended(table, name, [_appended(database, batch, transactions) for batch in BATCHES])
            with _publishing(database) as publish:
                timings = [_appended(database, batch, transactions, publish) for batch in BATCHES]
            _add_appended(table, f"{name}, each batch signed and witnessed", timings)
    table.notes.append(
        f"{transactions} transactions for each figure through the gate's own door, one writer; milliseconds are those "
        "of a batch of one. A signed batch is in a checkpoint that signer, witness and database have on disk before "
        "the next one begins; the gate itself publishes beside its work, many batches at once."
    )
    return table


def _add_appended(table: Table, name: str, timings: list[Timing]) -> None:
    rates = [timing.per_second for timing in timings]
    table.add(name, *rates, timings[0].milliseconds(50), timings[0].milliseconds(99))


@contextmanager
def _publishing(database: Database) -> Iterator[Callable[[], object]]:
    with tempfile.TemporaryDirectory() as folder:
        make_keys(Path(folder))
        publisher = publisher_of(database, Path(folder))
        yield lambda: publisher.publish(utc_now())
        publisher.close()


def _growth(quick: bool) -> Table:
    table = Table(
        "Log: what an entry costs as the log grows, SQLite",
        ("entries", f"batches of {_GROWTH_BATCH} /s", "p50 ms", "p99 ms", "proofs /s", "proof p99 ms"),
    )
    with _database("SQLite") as database:
        assert isinstance(database, Database)  # noqa: S101  # SQLite is always there
        for size in GROWTH_QUICK if quick else GROWTH:
            print(f"  growth to {size:,} ...", file=sys.stderr)
            _fill(database, size)
            proofs = _proofs(database, size, PROOFS_QUICK if quick else PROOFS)
            appended = _appended(database, _GROWTH_BATCH, TRANSACTIONS_QUICK if quick else TRANSACTIONS)
            table.add(
                f"{size:,}",
                appended.per_second,
                appended.milliseconds(50),
                appended.milliseconds(99),
                proofs.per_second,
                proofs.milliseconds(99),
            )
    return table


def _verification(quick: bool) -> Table:
    table = Table("Log: everything hashed again", ("source", "entries /s", "seconds"))
    size = VERIFIED_QUICK if quick else VERIFIED
    print(f"  verification of {size:,} ...", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder, _database("SQLite") as database:
        assert isinstance(database, Database)  # noqa: S101  # SQLite is always there
        _fill(database, size)
        publish(database)
        export_log(database, Path(folder))
        timing = Timing()
        with timing.piece(size):
            whole = log.verify(database).ok
        table.add("database", timing.per_second, timing.elapsed or timing.durations[0])
        timing = Timing()
        with timing.piece(size):
            policy = log_keys_policy([LOG.verifier.vkey])
            verdict = verify_log(DirectoryReader(Path(folder)).read, policy).verdict
        table.add("exported directory", timing.per_second, timing.durations[0])
    if not whole or verdict is not Verdict.WHOLE:
        raise RuntimeError("the log that was measured is not whole")
    table.notes.append(f"{size:,} entries.")
    return table


def _appended(
    database: Database, batch: int, transactions: int, then: Callable[[], object] = lambda: None
) -> Timing:
    timing = Timing()
    for number in range(transactions):
        events = [_event(f"fsar_{number}_{each}") for each in range(batch)]
        with timing.piece(batch):
            with database.write() as connection:
                log.append(connection, events)
            then()
    return timing


def _proofs(database: Database, size: int, number: int) -> Timing:
    timing, chosen = Timing(), random.Random(1)  # noqa: S311  # the same entries in every run
    with database.read() as connection:
        for _ in range(number):
            index = chosen.randrange(size)
            with timing.piece():
                inclusion_proof(index, size, partial(log.nodes, connection))
    return timing


def _event(proposal: str) -> Event:
    reference = ProposalRef(proposal, 1, "sha256:" + "0" * 64)
    return Event(EventType.PROPOSAL_SUBMITTED, AT, "prn_bench", reference, {"severity": 12})


def _fill(database: Database, size: int) -> None:
    """Bring a SQLite log to `size` entries past its own door, which would take minutes: the same rows."""
    with database.read() as connection:
        filled = log.size(connection)
    template = _event("fsar_filled").body(0).replace(b'"index":0', b'"index":%d')
    row = (EventType.PROPOSAL_SUBMITTED.value, AT.isoformat(timespec="microseconds"), "fsar_filled")
    with closing(sqlite3.connect(str(database.engine.url.database))) as file:
        file.execute("PRAGMA synchronous=OFF")
        (edge,) = file.execute("SELECT edge FROM log_head").fetchone()
        frontier = Frontier(filled, [edge[at : at + 32] for at in range(0, len(edge), 32)])
        (position,) = file.execute("SELECT count(*) FROM log_nodes").fetchone()
        for first in range(filled, size, _FILLED_AT_ONCE):
            bodies = [template % index for index in range(first, min(size, first + _FILLED_AT_ONCE))]
            hashes = [value for body in bodies for _, value in frontier.append(leaf_hash(body))]
            file.executemany("INSERT INTO log_nodes VALUES (?, ?)", enumerate(hashes, position))
            rows = [(index, *row, body.decode()) for index, body in enumerate(bodies, first)]
            file.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?)", rows)
            position += len(hashes)
        file.execute("UPDATE log_head SET size = ?, edge = ?", (frontier.size, b"".join(frontier.edge)))
        file.commit()
        file.execute("PRAGMA synchronous=FULL")
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _database(name: str) -> Iterator[Database | str]:
    """An empty database with the newest schema, or why there is none."""
    with ExitStack() as stack:
        if name == "PostgreSQL":
            binaries = postgres_binaries()
            if binaries is None:
                yield "PostgreSQL is not installed"
                return
            url = stack.enter_context(running_cluster(binaries)).create()
        else:
            url = f"sqlite:///{stack.enter_context(tempfile.TemporaryDirectory())}/gatekeeper.db"
        database = Database(url)
        stack.callback(database.close)
        migration.upgrade(database)
        yield database
