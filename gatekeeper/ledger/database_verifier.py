"""Is the log in a database whole, and is it the one that was published?

Owns nothing but the comparison: `log.verify` hashes every entry again, and the newest published checkpoint has
to be the root over the first of them.
"""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection

from gatekeeper.errors import TamperError, UnavailableError
from gatekeeper.ledger import log, merkle
from gatekeeper.ledger.checkpoint import Checkpoint
from gatekeeper.ledger.checkpoints import Published, latest_checkpoint
from gatekeeper.ledger.note import Note, NoteError
from gatekeeper.ledger.verifier import (
    Progress,
    Verification,
    concluded,
    require_extends,
    require_pinned_root,
    require_signed,
)
from gatekeeper.ledger.witness_policy import WitnessPolicy
from gatekeeper.storage.database import Database


def verify_database(
    database: Database,
    policy: WitnessPolicy | None = None,
    pin: Checkpoint | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Verify every entry and the newest checkpoint: its root, its signatures if there is a policy, and the pin."""
    return concluded(lambda: _verified(database, policy, pin, progress))


def newest_checkpoint(connection: Connection) -> Published | None:
    """Return the newest published checkpoint. Raises TamperError when its row holds none."""
    try:
        return latest_checkpoint(connection)
    except NoteError as error:
        raise TamperError(f"the newest checkpoint is not one: {error}") from error


def root_at(connection: Connection, size: int) -> bytes:
    """Return the root over the first leaves, of which there must be as many. Raises TamperError."""
    try:
        return merkle.root(size, partial(log.nodes, connection))
    except KeyError as error:
        raise TamperError(f"the log has less than {size} entries") from error


def _verified(
    database: Database, policy: WitnessPolicy | None, pin: Checkpoint | None, progress: Progress | None
) -> tuple[str, Note | None]:
    report = log.verify(database, progress)
    if not report.ok:
        raise TamperError(report.detail, index=report.first_bad_index)
    whole = f"{report.size} entries, root {report.root.hex()}"
    with database.read() as connection:
        published = newest_checkpoint(connection)
        if published is None:
            if policy is not None or pin is not None:
                raise UnavailableError("nothing was published: there is no checkpoint to check")
            return f"{whole}; nothing published yet", None
        _require_published(connection, published, policy, pin)
    signatures = "signatures hold" if policy else "signatures not checked, for want of a key"
    return f"{whole}; published up to {published.checkpoint.size}, {signatures}", published.note


def _require_published(
    connection: Connection, published: Published, policy: WitnessPolicy | None, pin: Checkpoint | None
) -> None:
    checkpoint = published.checkpoint
    size = log.size(connection)
    if checkpoint.size > size:
        raise TamperError(f"{checkpoint.size} entries were published, the log has {size}", index=size)
    if root_at(connection, checkpoint.size) != checkpoint.root:
        raise TamperError("the entries do not lead to the root that was published")
    if policy is not None:
        require_signed(published.note, policy)
    if pin is not None:
        require_extends(checkpoint, pin)
        require_pinned_root(root_at(connection, pin.size), pin)
