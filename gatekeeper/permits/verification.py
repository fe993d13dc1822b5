"""Is this permit good, here and now, for this action and this executor? Decided offline from what the verifier trusts.

Owns the order of the questions and their answers. Believes nothing of the bundle: keys, log policy, subject, audience
and time are the verifier's own. Pure. Whether a permit was redeemed already only the gate can say.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from gatekeeper.canonical import sha256_name
from gatekeeper.errors import NotPermittedError
from gatekeeper.ledger.event import EventType
from gatekeeper.ledger.keys import cosigned_seconds
from gatekeeper.ledger.note import Note, NoteError
from gatekeeper.ledger.proof import ProofError
from gatekeeper.ledger.witness_policy import WitnessPolicy
from gatekeeper.permits.bundle import Bundle
from gatekeeper.permits.dsse import EnvelopeError, verify
from gatekeeper.permits.permit import SKEW, Permit
from gatekeeper.permits.signing_keys import PermitKey
from gatekeeper.permits.statement import PAYLOAD_TYPE, NotAPermitError, parse_statement
from gatekeeper.proposals.strict_json import NotStrictJsonError, read_json


class Flaw(StrEnum):
    """Why a permit is refused."""

    PAYLOAD_TYPE = "payload_type"
    SIGNATURE = "signature"
    NOT_A_PERMIT = "not_a_permit"
    SUBJECT = "subject"
    AUDIENCE = "audience"
    KEY_RETIRED = "key_retired"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    NOT_WITNESSED = "not_witnessed"
    NOT_IN_LOG = "not_in_log"
    CLOCK_BEHIND = "clock_behind"


_SENTENCES = {
    Flaw.PAYLOAD_TYPE: "What was signed is of another kind than permits. Ask the gate for a permit.",
    Flaw.SIGNATURE: "No key that is trusted signed this permit. Fetch the gate's keys again, from the gate itself.",
    Flaw.NOT_A_PERMIT: "What was signed is not a permit, or one that no gate would issue. Do not act on it; "
    "ask for another, and tell whoever runs the gate.",
    Flaw.SUBJECT: "The permit is for another revision or another action. Ask for one for what is to be executed.",
    Flaw.AUDIENCE: "The permit is for another executor. Ask for one for this audience.",
    Flaw.KEY_RETIRED: "The key had been retired when it signed this permit. Ask for a new permit.",
    Flaw.NOT_YET_VALID: "The permit is not valid yet. Wait, or set the clock.",
    Flaw.EXPIRED: "The permit has expired. Ask for a new one.",
    Flaw.NOT_WITNESSED: "The log's checkpoint is not signed and witnessed as the policy asks. See whether the "
    "policy is still that of the log; if so, do not act on the permit, and tell whoever runs the gate.",
    Flaw.NOT_IN_LOG: "That this permit was issued is not proven to be in the log. Do not act on it; "
    "ask for another, and tell whoever runs the gate.",
    Flaw.CLOCK_BEHIND: "The clock here is behind the time at which witnesses saw this permit. Set the clock.",
}


class PermitRefusedError(NotPermittedError):
    """The permit is not good here; `code` is a `Flaw`."""

    title = "The permit is refused"

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(_SENTENCES[flaw], code=flaw.value)


def verify_permit(
    bundle: Bundle,
    keys: Sequence[PermitKey],
    policy: WitnessPolicy,
    subject: str,
    audience: str,
    now: datetime,
) -> Permit:
    """Return the permit when it is good for the holder of `audience`, now, for what `subject` is the digest of.

    `keys` are the gate's, retired ones too; `policy` names its log and witnesses; `subject` is `ActionBinding.digest`
    of what is about to be executed, in hex. Raises PermitRefusedError with the first flaw.
    """
    permit, key = _signed_permit(bundle, keys)
    if permit.binding.digest != subject:
        raise PermitRefusedError(Flaw.SUBJECT)
    if permit.audience != audience:
        raise PermitRefusedError(Flaw.AUDIENCE)
    _require_time(permit, key, now)
    _require_logged(bundle, permit, key, policy)
    if _seen_at(bundle.proof.note, policy) > (now + SKEW).timestamp():
        raise PermitRefusedError(Flaw.CLOCK_BEHIND)
    return permit


def _signed_permit(bundle: Bundle, keys: Sequence[PermitKey]) -> tuple[Permit, PermitKey]:
    envelope = bundle.envelope
    if envelope.payload_type != PAYLOAD_TYPE:
        raise PermitRefusedError(Flaw.PAYLOAD_TYPE)
    try:
        key = verify(envelope, keys)
        return parse_statement(envelope.payload), key
    except EnvelopeError as error:
        raise PermitRefusedError(Flaw.SIGNATURE) from error
    except NotAPermitError as error:
        raise PermitRefusedError(Flaw.NOT_A_PERMIT) from error


def _require_time(permit: Permit, key: PermitKey, now: datetime) -> None:
    """Skew is forgiven at the beginning only: a permit that has ended has ended."""
    if key.retired_at is not None and permit.not_before >= key.retired_at:
        raise PermitRefusedError(Flaw.KEY_RETIRED)
    if now + SKEW < permit.not_before:
        raise PermitRefusedError(Flaw.NOT_YET_VALID)
    if now >= permit.expires_at:
        raise PermitRefusedError(Flaw.EXPIRED)


def _require_logged(bundle: Bundle, permit: Permit, key: PermitKey, policy: WitnessPolicy) -> None:
    try:
        policy.require(bundle.proof.note)
        bundle.proof.require(bundle.entry)
    except NoteError as error:
        raise PermitRefusedError(Flaw.NOT_WITNESSED) from error
    except ProofError as error:
        raise PermitRefusedError(Flaw.NOT_IN_LOG) from error
    if not _says_so(bundle, permit, key):
        raise PermitRefusedError(Flaw.NOT_IN_LOG)


def _says_so(bundle: Bundle, permit: Permit, key: PermitKey) -> bool:
    """Tell whether the entry is the leaf of exactly this permit having been issued."""
    try:
        leaf = read_json(bundle.entry)
    except NotStrictJsonError:
        return False
    wanted = {
        "type": EventType.PERMIT_ISSUED.value,
        "index": bundle.proof.index,
        "proposal": permit.binding.proposal.value,
        "facts": {
            "permit": permit.id,
            "statement": sha256_name(bundle.envelope.payload),
            "key": key.kid,
        },
    }
    return isinstance(leaf, dict) and {name: leaf.get(name) for name in wanted} == wanted


def _seen_at(note: Note, policy: WitnessPolicy) -> int:
    """When a witness of the policy cosigned last, in seconds since 1970; the note was checked. 0 when none did."""
    known = {(witness.key.name, witness.key.key_id) for witness in policy.witnesses}
    times = (cosigned_seconds(each.value) for each in note.signatures if (each.name, each.key_id) in known)
    return max((seconds for seconds in times if seconds is not None), default=0)
