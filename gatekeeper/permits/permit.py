"""The permit as a value: for exactly which revision and action it is, for whom, and from when until when.

Owns what a permit may say and when it still stands. Pure: signs nothing, stores nothing. A permit that could not be
signed cannot be built. Times are whole seconds, so that they read the same in every language.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gatekeeper.canonical import canonical_json
from gatekeeper.errors import FieldError, InvalidInputError
from gatekeeper.ledger.event import ProposalRef
from gatekeeper.proposals.report import Action

LONGEST_LIFE = timedelta(seconds=900)
LONGEST_TTL_SECONDS = int(LONGEST_LIFE.total_seconds())
DEFAULT_TTL_SECONDS = 300
SKEW = timedelta(seconds=30)
"""How slow a clock may be at a permit's beginning, and beside its witnesses; its end forgives nothing."""
LONGEST_AUDIENCE = 200
NONCE_BYTES = 16
_PROOF_CONTEXT = "gatekeeper-consume/v1"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_ID = re.compile(r"permit_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_NONCE = re.compile(r"[0-9a-f]{32}")
_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class ActionBinding:
    """Exactly this revision and, where the report names one, exactly this action."""

    proposal: ProposalRef
    action: Action | None

    @property
    def value(self) -> dict[str, object]:
        """As JSON: `{"action": {...} | null, "proposal": {...}}`."""
        action = self.action
        return {
            "action": action
            and {"type": action.type, "target": action.target, "params_digest": action.params_digest},
            "proposal": self.proposal.value,
        }

    @property
    def canonical(self) -> bytes:
        """Its RFC 8785 bytes: the file whose digest a permit is for."""
        return canonical_json(self.value)

    @property
    def digest(self) -> str:
        """SHA-256 of its bytes, in hex."""
        return hashlib.sha256(self.canonical).hexdigest()


@dataclass(frozen=True, slots=True)
class Permit:
    """One permit. `executor` is the RFC 7638 thumbprint of the key that the executor must prove, if one was named.

    `nonce` is hex of 16 random bytes: the log names a permit by its digest in public, and without them whom it is for
    could be guessed. `policy_revision` and `rollback` are digests; `verdict_leaf` and `approvals` are indices of the
    log. Raises ValueError for what no permit may say.
    """

    id: str
    nonce: str
    binding: ActionBinding
    audience: str
    executor: str | None
    not_before: datetime
    expires_at: datetime
    policy_revision: str
    rollback: tuple[str, ...]
    verdict_leaf: int
    approvals: tuple[int, ...]

    def __post_init__(self) -> None:
        reference = self.binding.proposal
        digests = (self.policy_revision, reference.digest, *self.rollback)
        if not _ID.fullmatch(self.id) or not all(map(_DIGEST.fullmatch, digests)):
            raise ValueError("a permit has an id and digests of their usual form")
        if not _NONCE.fullmatch(self.nonce):
            raise ValueError(f"the nonce of a permit is hex of {NONCE_BYTES} bytes")
        if not is_audience(self.audience) or not (
            self.executor is None or _THUMBPRINT.fullmatch(self.executor)
        ):
            raise ValueError("a permit names one executor, and its key by thumbprint")
        if reference.revision < 1 or min(self.verdict_leaf, *self.approvals, 0) < 0:
            raise ValueError("revisions are counted from 1, leaves from 0")
        if any(at.utcoffset() != timedelta(0) or at.microsecond for at in (self.not_before, self.expires_at)):
            raise ValueError("the times of a permit are whole seconds in UTC")
        if not timedelta(0) < self.expires_at - self.not_before <= LONGEST_LIFE:
            raise ValueError(f"a permit lasts at most {LONGEST_LIFE.seconds} seconds")


class Standing(StrEnum):
    """What has become of a permit."""

    ISSUED = "issued"
    CONSUMED = "consumed"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    VOIDED = "voided"


class Revocation(StrEnum):
    """Why a permit was revoked: somebody asked, another one for its revision came, or no witness saw it in time."""

    ASKED = "asked"
    REPLACED = "replaced"
    NOT_WITNESSED = "not_witnessed"


@dataclass(frozen=True, slots=True)
class Since:
    """What has happened since a permit was issued: the revision that is current, and freezes by their number.

    `seen_freeze` is the newest freeze there had been when the permit was issued, `newest_freeze` the newest now; 0 is
    none.
    """

    current_revision: int
    seen_freeze: int
    newest_freeze: int


def standing_at(recorded: Standing, permit: Permit, since: Since, now: datetime) -> Standing:
    """Return what has become of a permit. What was recorded (consumed, revoked) stays; nothing else comes back.

    A freeze voids a permit for good: its number stays greater than the one the permit had seen after the thaw.
    """
    if recorded is not Standing.ISSUED:
        return recorded
    if since.current_revision != permit.binding.proposal.revision:
        return Standing.SUPERSEDED
    if since.newest_freeze > since.seen_freeze:
        return Standing.VOIDED
    return Standing.EXPIRED if now >= permit.expires_at else Standing.ISSUED


def proof_message(permit_id: str, statement_digest: str) -> bytes:
    """What the executor signs to show that the key is theirs. `statement_digest` is `sha256:` and hex."""
    return f"{_PROOF_CONTEXT}\n{permit_id}\n{statement_digest.removeprefix('sha256:')}\n".encode()


def is_audience(name: str) -> bool:
    """Tell whether this can name an executor: 1 to 200 printable characters, no blank at either end."""
    return 1 <= len(name) <= LONGEST_AUDIENCE and name.isprintable() and name == name.strip()


def checked_audience(name: str) -> str:
    """Return the name itself. Raises InvalidInputError for what cannot name an executor."""
    if not is_audience(name):
        detail = f"must be 1 to {LONGEST_AUDIENCE} printable characters, without a blank at either end"
        raise InvalidInputError(f"The audience {detail}.", errors=[FieldError("/audience", detail)])
    return name
