"""Verdicts from before digests were logged and inputs kept: exported, held against what there is, and never whole."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from gatekeeper.app import Gatekeeper
from gatekeeper.canonical import canonical_json
from gatekeeper.dossier import Dossier
from gatekeeper.ledger import log
from gatekeeper.ledger.event import Event, EventType, ProposalRef
from gatekeeper.ledger.verifier import Verdict, Verification
from gatekeeper.policy.decision import Effect, Reason
from gatekeeper.policy.decision_json import reasons_to_json
from gatekeeper.proposals import store
from gatekeeper.proposals.report import Report
from gatekeeper.proposals.revisions import State, VerdictOutcome
from gatekeeper.submission import plan_submissions
from gatekeeper.verdicts.verdict_file import VerdictFile
from gatekeeper.verdicts.verification import verify_verdict
from tests.support.exported_logs import LOG, WITNESS, publish
from tests.support.house import DAY, MINUTE, NOW, People
from tests.support.reports import a_blocked_report, a_report
from tests.support.verdict_files import LOG_POLICY

LATER = ("assessment", "input", "gatekeeper")
UNBOUND = (
    "the log holds no digest of the assessment: its entry is older than that; "
    "what policy was given is not kept: the decision cannot be made again; "
)
NO_BYTES = "policy bytes not kept: it decided before policies were kept"
REACHED = Reason("approval.quorum_reached", Effect.NOTE, "2 of 2 approvals by distinct people.", "Nothing.")


def older(event: Event) -> Event:
    """An event with the facts it had before."""
    facts = {name: value for name, value in event.facts.items() if name not in LATER}
    if event.type is EventType.PROPOSAL_DECIDED:
        policy = event.facts["policy"]
        assert isinstance(policy, dict)
        facts["policy"] = {name: policy[name] for name in ("revision", "engine")}
    return replace(event, facts=facts)


def submitted(house: Gatekeeper, people: People, report: Report) -> Dossier:
    """A submission as it was recorded before."""
    judged = house.gate.judge(report, NOW)
    with house.database.write() as connection:
        plan = plan_submissions([judged], {}, people.bot, NOW, NOW + DAY, log.size(connection))
        log.append(connection, [older(event) for event in plan.events])
        store.insert_revisions(connection, plan.rows)
    return house.dossiers.get(report.id)


def settled(connection: Connection, dossier: Dossier, policy: str) -> None:
    """The verdict by two votes as it was recorded before."""
    place = ProposalRef(dossier.id, dossier.revision, dossier.digest)
    facts = {"outcome": "pass", "reasons": [REACHED.code], "policy": {"revision": policy}}
    (leaf,) = log.append(connection, [Event(EventType.VERDICT_SETTLED, NOW + MINUTE, None, place, facts)])
    store.settle_revision(
        connection,
        dossier.id,
        dossier.revision,
        state=State.PASSED,
        verdict=VerdictOutcome.PASS,
        reasons=canonical_json(reasons_to_json([REACHED])).decode(),
        at=NOW + MINUTE,
        leaf=leaf,
    )


def verified(file: VerdictFile) -> Verification:
    return verify_verdict(file.encoded, LOG_POLICY)


def exported(house: Gatekeeper, dossier: Dossier) -> VerdictFile:
    publish(house.database, LOG, WITNESS)
    return house.verdicts.export(dossier.id)


def test_one_that_was_allowed_at_once(house: Gatekeeper, people: People) -> None:
    file = exported(house, submitted(house, people, a_report()))
    assert verified(file) == Verification(Verdict.CANNOT_TELL, UNBOUND + NO_BYTES)
    assert file.decision["policy"] == {"revision": house.bundle.revision, "engine": "embedded"}


def test_one_that_people_settled(house: Gatekeeper, people: People) -> None:
    dossier = submitted(house, people, a_blocked_report())
    house.reviews.vote(dossier.id, "approve", "I read it.", dossier.digest, people.rita, NOW)
    with house.database.write() as connection:
        settled(connection, dossier, house.bundle.revision)
    file = exported(house, dossier)
    assert [each.value["type"] for each in file.entries][2:] == ["vote.cast", "verdict.settled"]
    assert verified(file) == Verification(
        Verdict.CANNOT_TELL,
        f"{UNBOUND}what policy was asked about the votes is not kept: the entry is older than that; {NO_BYTES}",
    )


def test_what_the_log_does_hold_is_held_against_the_file(house: Gatekeeper, people: People) -> None:
    dossier = submitted(house, people, a_blocked_report())
    with house.database.write() as connection:
        settled(connection, dossier, house.bundle.revision)
    file = exported(house, dossier)
    lower = {**file.assessment["severity"], "claimed": 4}
    held = replace(REACHED, code="approval.vetoed")
    for edited in (
        replace(file, report={**file.report, "severity": 4}),
        replace(file, assessment={**file.assessment, "severity": lower}),
        replace(file, decision={**file.decision, "outcome": "allow"}),
        replace(file, verdict={**file.verdict, "outcome": "fail"}),
        replace(file, verdict={**file.verdict, "reasons": reasons_to_json([held])}),
    ):
        assert verified(edited).verdict is Verdict.TAMPERED
