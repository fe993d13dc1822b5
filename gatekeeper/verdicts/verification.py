"""Is a verdict what its log, its policy and its evidence say? For anybody with the file and the log's key, offline.

Owns the order of the checks. First the log: every entry is proven in a checkpoint that is signed and witnessed. Then
each part of the file has to be what those entries say, and last the policy is asked again. "Tampered" names the first
part that does not hold; what is missing, older than its proof or not witnessed is "cannot tell", which is never
"whole".
"""

from __future__ import annotations

from collections.abc import Callable

from gatekeeper.errors import TamperError, UnavailableError
from gatekeeper.ledger.checkpoint import Checkpoint, parse_checkpoint
from gatekeeper.ledger.note import Note, NoteError, parse_note
from gatekeeper.ledger.proof import Proof, ProofError
from gatekeeper.ledger.verifier import Verification, concluded, require_signed
from gatekeeper.ledger.witness_policy import WitnessPolicy
from gatekeeper.verdicts.assessment_again import require_same_findings
from gatekeeper.verdicts.course import Course, course_of, entry_of
from gatekeeper.verdicts.decision_evidence import (
    require_assessment,
    require_decision,
    require_policies,
    require_report,
)
from gatekeeper.verdicts.redecision import decide_again, review_again
from gatekeeper.verdicts.review_evidence import require_review
from gatekeeper.verdicts.verdict_evidence import require_verdict
from gatekeeper.verdicts.verdict_file import VerdictFile, read_verdict_file


def verify_verdict(
    raw: bytes, policy: WitnessPolicy, pin: Checkpoint | None = None, *, reassess: bool = False
) -> Verification:
    """Verify a verdict file. `reassess` also looks for the findings again, when the model is the installed one."""
    return concluded(lambda: _verified(raw, policy, pin, reassess))


class _Doubts:
    """What could not be told. A check that could not be made stops no other."""

    def __init__(self) -> None:
        self.details: list[str] = []

    def without(self, check: Callable[[], None]) -> bool:
        """Make a check; tell whether it could be made. Raises TamperError when it fails."""
        try:
            check()
        except UnavailableError as error:
            self.details.append(error.detail.rstrip("."))
            return False
        return True


def _verified(
    raw: bytes, policy: WitnessPolicy, pin: Checkpoint | None, reassess: bool
) -> tuple[str, Note | None]:
    file = read_verdict_file(raw)
    entries = [entry_of(each.value) for each in file.entries]
    course = course_of(entries, file.proposal)
    note = _note(file)
    doubts = _Doubts()
    logged = doubts.without(lambda: _require_logged(file, note, policy, pin))
    doubts.without(lambda: require_report(file))
    doubts.without(lambda: require_assessment(file, course))
    _require_evidence(file, course, doubts, may_decide=logged)
    doubts.without(lambda: require_verdict(file, course))
    if reassess:
        doubts.without(lambda: require_same_findings(file))
    if doubts.details:
        raise UnavailableError("; ".join(doubts.details))
    return _told(file, note), note


def _require_evidence(file: VerdictFile, course: Course, doubts: _Doubts, *, may_decide: bool) -> None:
    """The decision and the review, with their policies; asked again only when the log vouches for what is run."""
    decided = doubts.without(lambda: require_decision(file, course))
    reviewed = doubts.without(lambda: require_review(file, course))
    kept = doubts.without(lambda: require_policies(file))
    if not (may_decide and kept):
        return
    if decided:
        doubts.without(lambda: decide_again(_files(file, file.decision["policy"]["revision"]), file.decision))
    if reviewed and (review := file.review) is not None:
        doubts.without(lambda: review_again(_files(file, review["policy"]["revision"]), review))


def _files(file: VerdictFile, revision: str) -> dict[str, str]:
    return dict(file.policies[revision] or {})


def _note(file: VerdictFile) -> Note | None:
    if file.checkpoint is None:
        return None
    try:
        return parse_note(file.checkpoint.encode())
    except NoteError as error:
        raise TamperError(f"the checkpoint is not one: {error}") from error


def _require_logged(
    file: VerdictFile, note: Note | None, policy: WitnessPolicy, pin: Checkpoint | None
) -> None:
    """Every entry is in the tree of the checkpoint, which is signed, witnessed and the pinned one if there is a pin."""
    if note is None:
        raise UnavailableError("no checkpoint covers this verdict yet; export it again when one is published")
    unproven = None
    for each in file.entries:
        index = each.value["index"]
        if each.proof is None:
            unproven = index
            continue
        try:
            Proof(index, each.proof, note).require(each.body)
        except ProofError as error:
            raise TamperError(f"entry {index}: {error}") from error
    checkpoint = require_signed(note, policy)
    if unproven is not None:
        raise UnavailableError(f"entry {unproven} comes without a proof")
    if pin is not None:
        _require_pinned(checkpoint, pin)


def _require_pinned(checkpoint: Checkpoint, pin: Checkpoint) -> None:
    if pin.origin != checkpoint.origin:
        raise UnavailableError(f"the pin is of another log, {pin.origin}")
    if pin.size != checkpoint.size:
        raise UnavailableError(
            f"the pin has {pin.size} entries and the checkpoint of this file {checkpoint.size}: export the verdict "
            f"with its proofs in the pinned checkpoint (--checkpoint {pin.size})"
        )
    if pin.root != checkpoint.root:
        raise TamperError(f"FORK: the first {pin.size} entries are not those that were pinned")


def _told(file: VerdictFile, note: Note | None) -> str:
    verdict, place = file.verdict, file.proposal
    codes = ", ".join(reason["code"] for reason in verdict["reasons"]) or "allowed by policy at once"
    until = f", until {verdict['expires_at']}" if verdict["expires_at"] else ""
    assert note is not None  # noqa: S101  # without a checkpoint nothing is whole
    checkpoint = parse_checkpoint(note.text)
    return (
        f"{place.id} revision {place.revision}: {verdict['outcome']} ({codes}) at {verdict['at']}{until}; "
        f"entry {verdict['leaf']} of {checkpoint.size} in {checkpoint.origin}"
    )
