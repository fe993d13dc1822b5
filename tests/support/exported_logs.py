"""Small logs as their files, signed with keys that are known: the honest ones, and what an attacker makes of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from gatekeeper.ledger import log
from gatekeeper.ledger.checkpoint import Checkpoint
from gatekeeper.ledger.checkpoints import store_checkpoint
from gatekeeper.ledger.event import Event, EventType
from gatekeeper.ledger.keys import Kind, SigningKey, new_key
from gatekeeper.ledger.merkle import Frontier, Node, leaf_hash
from gatekeeper.ledger.note import Note
from gatekeeper.ledger.tiles import WIDTH, encode_bundle, tiles_between
from gatekeeper.storage.database import Database

Files = dict[str, bytes]
AT = datetime(2026, 3, 1, tzinfo=UTC)
SECONDS = 1_772_323_200


def a_key(name: str, kind: Kind = Kind.ED25519) -> SigningKey:
    """The key of this name: always the same."""
    return new_key(name, kind, hashlib.sha256(f"{kind} {name}".encode()).digest())


LOG = a_key("example.org/log")
WITNESS = a_key("witness.example/one", Kind.COSIGNATURE_ED25519)
OTHER_WITNESS = a_key("witness.example/two", Kind.COSIGNATURE_MLDSA44)


def some_entries(count: int) -> list[bytes]:
    """Entries of different lengths, each unlike all others."""
    return [f'{{"index":{index},"more":"{"x" * (index % 7)}"}}'.encode() for index in range(count)]


def tree_of(entries: Sequence[bytes]) -> tuple[bytes, dict[Node, bytes]]:
    """The root over entries, and every complete subtree."""
    frontier, nodes = Frontier(0, []), dict[Node, bytes]()
    for entry in entries:
        nodes.update(frontier.append(leaf_hash(entry)))
    return frontier.root(), nodes


def signed(checkpoint: Checkpoint, *keys: SigningKey) -> Note:
    """The checkpoint with a signature by each key."""
    return Note(checkpoint.text, tuple(key.sign(checkpoint, SECONDS) for key in keys))


def files_of(entries: Sequence[bytes], *keys: SigningKey) -> Files:
    """The whole log as files; signed by LOG alone when no keys are given, which name the log first."""
    keys = keys or (LOG,)
    root, nodes = tree_of(entries)
    files = {"checkpoint": signed(Checkpoint(keys[0].name, len(entries), root), *keys).encoded}
    for tile in tiles_between(0, len(entries)):
        if tile.level is None:
            first = tile.index * WIDTH
            files[tile.path] = encode_bundle(entries[first : first + tile.width])
        else:
            files[tile.path] = b"".join(nodes[node] for node in tile.nodes)
    return files


def record(database: Database, count: int, fact: str = "n") -> None:
    """Record so many events, as the gate does. Another `fact` makes another history."""
    with database.write() as connection:
        first = log.size(connection)
        log.append(
            connection,
            [
                Event(EventType.GATE_FROZEN, AT, facts={fact: number})
                for number in range(first, first + count)
            ],
        )


def publish(database: Database, *keys: SigningKey) -> Checkpoint:
    """Publish what is recorded; signed by LOG alone when no keys are given, which name the log first."""
    keys = keys or (LOG,)
    with database.write() as connection:
        checkpoint = Checkpoint(keys[0].name, *log.root(connection))
        store_checkpoint(connection, checkpoint, signed(checkpoint, *keys), AT)
    return checkpoint


def write_files(files: Files, directory: Path) -> Path:
    """Lay files out below a directory."""
    for path, content in files.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_bytes(content)
    return directory


def read_files(directory: Path) -> Files:
    """Every file below a directory."""
    files = (file for file in directory.rglob("*") if file.is_file())
    return {str(file.relative_to(directory)): file.read_bytes() for file in files}


def edited(files: Files, path: str, edit: Callable[[bytes], bytes]) -> Files:
    """The files with one of them edited."""
    return {**files, path: edit(files[path])}
