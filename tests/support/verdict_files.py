"""Verdict files of every kind, small enough to change each of their bytes: a gate whose whole policy is a few lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gatekeeper import app
from gatekeeper.app import Gatekeeper
from gatekeeper.canonical import canonical_json, sha256_name
from gatekeeper.dossier import Dossier
from gatekeeper.environment import read_settings
from gatekeeper.ledger.checkpoint import Checkpoint
from gatekeeper.ledger.keys import SigningKey
from gatekeeper.ledger.merkle import inclusion_proof
from gatekeeper.ledger.verifier import Verdict, Verification
from gatekeeper.ledger.witness_policy import parse_policy
from gatekeeper.policy.salted_input import salted
from gatekeeper.verdicts.verdict_file import Json, LoggedEntry, VerdictFile
from gatekeeper.verdicts.verification import verify_verdict
from tests.support.databases import new_sqlite
from tests.support.exported_logs import LOG, WITNESS, publish, signed, tree_of
from tests.support.reports import a_report

LOG_POLICY = parse_policy(f"log {LOG.verifier.vkey}\nwitness w {WITNESS.verifier.vkey}\nquorum w\n")
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
MINUTE, LATE = timedelta(minutes=1), timedelta(days=30)

SMALL_POLICY = {
    "gate/gate.rego": """package gatekeeper.gate
required := {}
held := {"code": "held", "effect": "review", "message": "Held.", "remedy": "Ask."}
reasons := [r | input.report.severity > 9; r := held]
outcome := "review" if count(reasons) > 0
outcome := "allow" if count(reasons) == 0
answer := {"result": {"outcome": outcome, "reasons": reasons}, "revision": data.gatekeeper.revision}
""",
    "gate/facts/facts.rego": "package gatekeeper.gate.facts\n",
    "approval/approval.rego": """package gatekeeper.approval
votes := {v.vote | some v in input.reviews}
said(c, e) := [{"code": c, "effect": e, "message": sprintf("%d votes.", [count(input.reviews)]), "remedy": "None."}]
result := {"state": "rejected", "reasons": said("vetoed", "block")} if "reject" in votes
result := {"state": "approved", "reasons": said("agreed", "note")} if votes == {"approve"}
result := {"state": "undecided", "reasons": []} if { votes == set(); not late }
result := {"state": "rejected", "reasons": said("approval.review_expired", "block")} if { votes == set(); late }
late if input.now - input.proposal.submitted_at > 86400
answer := {"result": result, "revision": data.gatekeeper.revision}
""",
    "break_glass/break_glass.rego": """package gatekeeper.break_glass
two := {"code": "two", "effect": "note", "message": "Two.", "remedy": "Review."}
result := {"state": "approved", "reasons": [two]} if count(input.seconders) == 1
result := {"state": "undecided", "reasons": []} if input.seconders == []
answer := {"result": result, "revision": data.gatekeeper.revision}
""",
    "data/thresholds.json": '{"approval":{"review_ttl_seconds":86400,"vote_ttl_seconds":86400},'
    '"break_glass":{"review_owed_seconds":86400}}',
}


class SmallGate:
    """A gate with the small policy, over a database of its own, and what became of one report in every way."""

    def __init__(self, directory: Path) -> None:
        for name, text in SMALL_POLICY.items():
            (directory / "policies" / name).parent.mkdir(parents=True, exist_ok=True)
            (directory / "policies" / name).write_text(text)
        environ = {
            "GATEKEEPER_DATABASE_URL": new_sqlite(directory / "gate.db"),
            "GATEKEEPER_DATA_DIR": str(directory / "var"),
            "GATEKEEPER_POLICIES_DIR": str(directory / "policies"),
        }
        self.house: Gatekeeper = app.build(read_settings(environ))
        add = self.house.identity.add
        self.bot = add("bot", ["submitter"], NOW)[0]
        self.rita = add("rita", ["reviewer"], NOW)[0]
        self.olga = add("olga", ["operator"], NOW)[0]

    def file(self, kind: str) -> VerdictFile:
        """A verdict of this kind (a key of KINDS), signed by LOG and witnessed by WITNESS."""
        dossier = KINDS[kind](self)
        publish(self.house.database, LOG, WITNESS)
        return self.house.verdicts.export(dossier.id, dossier.revision)

    def submit(self, severity: int = 30, **changes: object) -> Dossier:
        """A report that drops a table; above severity 9 the small policy asks people."""
        fields = {"severity": severity, "proposal": "```sql\nDROP TABLE users;\n```", "risks": ("Loss",)}
        return self.house.gate.submit(a_report(**(fields | changes)), self.bot, NOW).dossier

    def voted(self, kind: str) -> Dossier:
        """Settled by one vote."""
        dossier = self.submit()
        self.house.reviews.vote(dossier.id, kind, "I read it.", dossier.digest, self.rita, NOW + MINUTE)
        return dossier

    def expired(self) -> Dossier:
        """Nobody voted."""
        dossier = self.submit()
        self.house.reviews.settle_waiting(NOW + LATE)
        return dossier

    def withdrawn(self) -> Dossier:
        """Taken back by the submitter."""
        dossier = self.submit()
        self.house.reviews.withdraw(dossier.id, self.bot, NOW + MINUTE)
        return dossier

    def superseded(self) -> Dossier:
        """The first of two revisions."""
        dossier = self.submit()
        self.submit(id=dossier.id, severity=31)
        return dossier

    def broken(self) -> Dossier:
        """Passed by two who broke the glass."""
        dossier = self.submit()
        use = self.house.break_glass.request(
            dossier.id, dossier.digest, "It is down.", 600, self.olga, NOW + MINUTE
        )
        self.house.break_glass.second(use.id, self.rita, NOW + 2 * MINUTE)
        return dossier


KINDS: dict[str, Callable[[SmallGate], Dossier]] = {
    "allowed": lambda gate: gate.submit(severity=4),
    "approved": lambda gate: gate.voted("approve"),
    "vetoed": lambda gate: gate.voted("reject"),
    "expired": SmallGate.expired,
    "withdrawn": SmallGate.withdrawn,
    "superseded": SmallGate.superseded,
    "broken": SmallGate.broken,
}


def files_of_every_kind(directory: Path) -> dict[str, VerdictFile]:
    """A verdict file for each of KINDS, from a gate that keeps its data in `directory`."""
    gate = SmallGate(directory)
    try:
        return {kind: gate.file(kind) for kind in KINDS}
    finally:
        gate.house.database.close()


def relogged(file: VerdictFile, *keys: SigningKey) -> VerdictFile:
    """The file with its entries, whatever they say now, in a log of the forger's that these keys have signed.

    The digests in the entries are made to fit what the file holds: nothing in it contradicts anything.
    """
    entries = [_fitting(each.value, file) for each in file.entries]
    size = entries[-1]["index"] + 1
    bodies = [f"filler {number}".encode() for number in range(size)]
    for value in entries:
        bodies[value["index"]] = canonical_json(value)
    root, nodes = tree_of(bodies)
    note = signed(Checkpoint(keys[0].name, size, root), *keys)
    proofs = (
        inclusion_proof(each["index"], size, lambda wanted: [nodes[n] for n in wanted]) for each in entries
    )
    proven = (LoggedEntry(value, tuple(proof)) for value, proof in zip(entries, proofs, strict=True))
    return replace(file, entries=tuple(proven), checkpoint=note.encoded.decode())


def unlogged(file: VerdictFile) -> VerdictFile:
    """The file as if nothing was published, the digests in its entries made to fit: the log's checks are left out."""
    entries = tuple(LoggedEntry(_fitting(each.value, file), None) for each in file.entries)
    return replace(file, entries=entries, checkpoint=None)


def _fitting(value: Json, file: VerdictFile) -> dict[str, Any]:
    facts = dict(value["facts"])
    if value["type"] == "proposal.decided":
        facts["assessment"] = sha256_name(canonical_json(file.assessment))
        facts["input"] = sha256_name(canonical_json(file.decision["input"]))
    elif "question" in facts and file.review is not None and file.review["input"] is not None:
        facts["input"] = sha256_name(salted(file.review["input"], file.review["salt"]))
    return {**value, "facts": facts}


def with_entry(file: VerdictFile, kind: str, **changes: Any) -> VerdictFile:
    """The file with an entry of this type changed: `facts` are merged, other fields replaced."""
    entries = []
    for each in file.entries:
        value = dict(each.value)
        if value["type"] == kind:
            value |= changes | {"facts": {**value["facts"], **changes.get("facts", {})}}
        entries.append(LoggedEntry(value, each.proof))
    return replace(file, entries=tuple(entries))


def changed_votes(file: VerdictFile, votes: list[dict[str, object]]) -> VerdictFile:
    """The file with other votes in the input of its review."""
    return replace(file, review=told(file, reviews=votes))


def told(file: VerdictFile, **changes: object) -> dict[str, Any]:
    """The review with its input changed."""
    assert file.review is not None
    return {**file.review, "input": {**file.review["input"], **changes}}


def verified(file: VerdictFile) -> Verification:
    """What the verifier says, who knows LOG and WITNESS."""
    return verify_verdict(file.encoded, LOG_POLICY)


def refused(file: VerdictFile, detail: str) -> None:
    """Assert that the file is found to be tampered with, for this reason."""
    checked = verified(file)
    assert (checked.verdict, checked.detail) == (Verdict.TAMPERED, detail)
