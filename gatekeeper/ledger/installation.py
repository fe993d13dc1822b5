"""Who signs and who witnesses this installation's log, and where their keys, sockets and evidence are.

By default the gate runs a signer and a witness of its own, with keys below the data directory. An operator puts either
elsewhere by naming the signer's socket, and the policy file with the witnesses.
"""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from gatekeeper.errors import InvalidInputError, UnavailableError
from gatekeeper.ledger.checkpoint import Checkpoint
from gatekeeper.ledger.keepers import record_keepers
from gatekeeper.ledger.key_files import create_key, read_key, retired_keys
from gatekeeper.ledger.keys import Kind, SigningKey, VerifierKey, new_key
from gatekeeper.ledger.publisher import Cosignatory, Publisher
from gatekeeper.ledger.refusals import Refusals
from gatekeeper.ledger.signer_socket import ask_signer
from gatekeeper.ledger.whole_file import sync_directory, write_whole
from gatekeeper.ledger.witness_client import ask_witness
from gatekeeper.ledger.witness_policy import PolicyFileError, Witness, WitnessPolicy, parse_policy
from gatekeeper.settings import Settings
from gatekeeper.storage.database import Database

LOCAL_HOST = "gatekeeper.local"
_LOOPBACK = ("localhost", "127.0.0.1", "::1", "0.0.0.0")  # noqa: S104  # compared with, not bound to
_EMBEDDED = "embedded"
_SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class LogInstallation:
    """The log of one installation, by its settings."""

    settings: Settings

    @property
    def directory(self) -> Path:
        """Everything about the log that is not in the database."""
        return self.settings.data_dir / "ledger"

    @property
    def has_own_signer(self) -> bool:
        """Whether the gate runs the signer."""
        return self.settings.publishes and self.settings.signer_socket is None

    @property
    def has_own_witness(self) -> bool:
        """Whether the gate runs the witness."""
        return self.settings.witness_policy_file is None

    @property
    def signer_key(self) -> Path:
        """The key of the gate's own signer."""
        return self.directory / "signer" / "key"

    @property
    def witness_key(self) -> Path:
        """The key of the gate's own witness."""
        return self.directory / "witness" / "key"

    @property
    def signer_socket(self) -> Path:
        """Where the signer is asked."""
        return self.settings.signer_socket or self.directory / "signer" / "socket"

    @property
    def policy_file(self) -> Path:
        """The policy in force."""
        return self.settings.witness_policy_file or self.directory / "policy"

    @property
    def refusals(self) -> Refusals:
        """The evidence of refusals."""
        return Refusals(self.directory)

    def make_keys(self) -> None:
        """Make the keys of the gate's own signer and witness where there are none, and prove those that there are.

        Raises InvalidInputError when they do not fit the settings, UnavailableError when the policy cannot be read,
        TamperError when a key's memory is lost.
        """
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        policy = self.policy() or _NOBODY
        if self.has_own_signer:
            origin = self.settings.log_origin
            key = _made(self.signer_key, origin or _default_origin(self.settings.public_url), Kind.ED25519)
            if origin not in (None, key.name):
                raise InvalidInputError(
                    f"GATEKEEPER_LOG_ORIGIN is {origin}, but the log of this installation is {key.name}. To begin "
                    f"another log, move {self.directory} away.",
                    code="other_log",
                )
            if self.has_own_witness:
                name = f"{key.name.removesuffix('/log')}/witness"
                _made(self.witness_key, name, Kind.COSIGNATURE_ED25519)
            elif key.verifier not in policy.logs:
                raise InvalidInputError(
                    f"{self.policy_file} does not name the key of this log. Add the line: log {key.verifier.vkey}",
                    code="other_log",
                )

    def own_log_keys(self) -> tuple[VerifierKey, ...]:
        """The public keys of the gate's own signer: the one that signs, and those that it took the place of."""
        return (read_key(self.signer_key)[0].verifier, *retired_keys(self.signer_key))

    def write_policy(self, witness_url: str) -> None:
        """Write the policy of the gate's own witness, which listens at this address."""
        witness = Witness(_EMBEDDED, read_key(self.witness_key)[0].verifier, witness_url)
        policy = WitnessPolicy(self.own_log_keys(), (witness,), {}, _EMBEDDED)
        write_whole(self.policy_file, policy.text(with_addresses=True).encode())

    def policy(self) -> WitnessPolicy | None:
        """Return the policy in force; None when the gate's own has not been written yet.

        Raises UnavailableError when the file is no policy.
        """
        try:
            return parse_policy(self.policy_file.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            if self.has_own_witness:
                return None
            detail = f"{self.policy_file} is not there. Write it, or unset GATEKEEPER_WITNESS_POLICY_FILE."
            raise UnavailableError(detail, code="no_witness_policy") from error
        except (OSError, UnicodeDecodeError, PolicyFileError) as error:
            detail = f"{self.policy_file} is not a witness policy: {error}."
            raise UnavailableError(detail, code="no_witness_policy") from error

    def signed(self) -> Checkpoint | None:
        """Return the last checkpoint that the gate's own signer signed; None without one.

        Raises UnavailableError or InvalidInputError when its key cannot be read, TamperError when its memory is lost.
        """
        if not self.has_own_signer:
            return None
        key, memory = read_key(self.signer_key)
        return memory.last(key.name)

    def publisher(self, database: Database) -> Publisher:
        """The publisher of this log. Raises UnavailableError when there is no policy, or none that names a log."""
        policy = self._publishing_policy()
        signer = Cosignatory(policy.logs[0], partial(ask_signer, self.signer_socket))
        witnesses = [
            Cosignatory(each.key, partial(ask_witness, each.url)) for each in policy.witnesses if each.url
        ]
        return Publisher(database, policy, signer, witnesses)

    def record_keepers(self, database: Database, now: datetime) -> None:
        """Record a change of the log's keys or witnesses since it was published last. Raises as `publisher` does."""
        record_keepers(database, self._publishing_policy(), now)

    def _publishing_policy(self) -> WitnessPolicy:
        """The policy in force, with the key that signs first."""
        policy = self.policy() or _NOBODY
        if not policy.logs:
            detail = f"{self.policy_file} names no log. Add the line: log KEY, with the key that the signer prints."
            raise UnavailableError(detail, code="no_witness_policy")
        signing = read_key(self.signer_key)[0].verifier if self.has_own_signer else policy.logs[0]
        others = tuple(key for key in policy.logs if key != signing)
        return replace(policy, logs=(signing, *others))


_NOBODY = WitnessPolicy((), (), {}, _EMBEDDED)


def _default_origin(public_url: str) -> str:
    host = urlsplit(public_url).hostname or LOCAL_HOST
    return f"{LOCAL_HOST if host in _LOOPBACK else host}/log"


def _made(path: Path, name: str, kind: Kind) -> SigningKey:
    """The key at a path, made first where its directory is missing: whole, or not at all."""
    if not path.parent.exists():
        draft = path.parent.with_name(f"{path.parent.name}.{secrets.token_hex(8)}")
        draft.mkdir(mode=0o700)
        create_key(draft / path.name, new_key(name, kind, secrets.token_bytes(_SEED_BYTES)))
        try:
            draft.rename(path.parent)
        except OSError:  # another process was first
            shutil.rmtree(draft)
        sync_directory(path.parent.parent)
    return read_key(path)[0]
