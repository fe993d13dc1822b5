"""What publication does about a refusal: it is evidence, once a leaf, and over when the true history is back."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatekeeper.ledger.checkpoints import published_size
from gatekeeper.ledger.cosigner import LogSigner
from gatekeeper.ledger.installation import LogInstallation
from gatekeeper.ledger.key_files import read_key
from gatekeeper.ledger.signer_socket import SignerServer, listen_at
from gatekeeper.publication import Publication
from gatekeeper.settings import Settings
from gatekeeper.storage.database import Database
from tests.contract.ledger.test_publisher import refused_leaves, rewrite
from tests.support.trees import SECONDS


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[LogInstallation]:
    """A log without a witness, whose signer runs."""
    installation = LogInstallation(Settings.from_env({"GATEKEEPER_DATA_DIR": str(tmp_path)}))
    installation.make_keys()
    key, memory = read_key(installation.signer_key)
    installation.policy_file.write_text(f"log {key.verifier.vkey}\nquorum none\n")
    signer = LogSigner(key, memory, lambda: SECONDS)
    with SignerServer(listen_at(installation.signer_socket), signer.add_checkpoint) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield installation
        server.shutdown()
        thread.join()


@pytest.fixture
def publication(database: Database, installation: LogInstallation) -> Iterator[Publication]:
    publication = Publication(database, installation)
    yield publication
    publication.stop()


def published(database: Database) -> int:
    with database.read() as connection:
        return published_size(connection)


def evidence(path: Path) -> dict[str, str]:
    return {"evidence": f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"}


def test_a_refusal_is_recorded_once_where_it_happened_and_once_where_the_log_goes_on(
    database: Database, installation: LogInstallation, publication: Publication
):
    rewrite(database, 10, forget=True)
    publication.publish()
    assert published(database) == 10
    rewrite(database, 6, forget=True)
    for again in (publication, Publication(database, installation)):
        for _ in range(2):
            again.publish()
    assert installation.refusals.is_in_force()
    kept = evidence(installation.refusals.path)
    assert refused_leaves(database) == [(6, kept)]
    assert published(database) == 0

    rewrite(database, 10, forget=True)
    publication.publish()
    assert not installation.refusals.is_in_force()
    (aside,) = installation.directory.glob("refusal.*")
    assert evidence(aside) == kept
    publication.publish()
    assert refused_leaves(database) == [(10, kept)]
    assert published(database) == 11


def test_evidence_that_cannot_be_kept_ends_nothing(
    database: Database, installation: LogInstallation, publication: Publication
):
    rewrite(database, 10, forget=True)
    publication.publish()
    installation.refusals.path.mkdir()
    rewrite(database, 6, forget=True)
    publication.publish()
    assert installation.refusals.is_in_force()
    assert refused_leaves(database) == []
    installation.refusals.path.rmdir()
    publication.publish()
    assert refused_leaves(database) == [(6, evidence(installation.refusals.path))]
