"""What policy decided by is kept with the decision, under digests that the log holds, on both databases."""

from sqlalchemy import func, select

from gatekeeper import __version__
from gatekeeper.app import Gatekeeper
from gatekeeper.assessment.assessment_json import assessment_to_json
from gatekeeper.canonical import canonical_json, sha256_name
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.policy.records import kept_bundle, kept_input
from gatekeeper.policy.tables import policy_bundles, policy_inputs
from tests.support.house import NOW, People
from tests.support.reports import a_blocked_report, a_report, a_report_for_review


def facts(house: Gatekeeper, proposal_id: str, kind: str) -> dict[str, object]:
    return next(entry.facts for entry in house.dossiers.history(proposal_id) if entry.type == kind)


def kept(house: Gatekeeper, digest: object) -> object:
    with house.database.read() as connection:
        return kept_input(connection, str(digest))


def test_a_decision_is_recorded_with_digests_of_all_that_it_rests_on(house: Gatekeeper, people: People):
    dossier = house.gate.submit(a_report(), people.bot, NOW).dossier
    asked = house.gate.judge(dossier.report, NOW).policy_input
    assert facts(house, dossier.id, "proposal.decided") == {
        "outcome": "allow",
        "reasons": [reason.code for reason in dossier.decision.reasons],
        "policy": {
            "revision": house.bundle.revision,
            "engine": "embedded",
            "version": house.engine.version,
        },
        "gatekeeper": __version__,
        "model": dossier.assessment.model,
        "severity": {"claimed": 4, "assessed": dossier.assessment.severity.assessed},
        "assessment": sha256_name(canonical_json(assessment_to_json(dossier.assessment))),
        "input": sha256_name(canonical_json(asked)),
    }
    assert kept(house, sha256_name(canonical_json(asked))) == asked


def test_the_policy_is_kept_once_and_is_the_same_policy_again(house: Gatekeeper, people: People):
    with house.database.read() as connection:
        assert kept_bundle(connection, house.bundle.revision) is None
    for _ in range(2):
        house.gate.submit(a_report(), people.bot, NOW)
    with house.database.read() as connection:
        files = kept_bundle(connection, house.bundle.revision)
        assert connection.execute(select(func.count()).select_from(policy_bundles)).scalar() == 1
    assert files is not None
    assert PolicyBundle.from_files(files) == house.bundle


def test_a_verdict_by_people_is_recorded_with_a_salted_digest_of_what_policy_was_asked(house, people):
    dossier = house.gate.submit(a_report_for_review(), people.bot, NOW).dossier
    house.reviews.vote(dossier.id, "approve", "I read it.", dossier.digest, people.rita, NOW)
    settled = facts(house, dossier.id, "verdict.settled")
    question = kept(house, settled["input"])
    assert settled == {
        "outcome": "pass",
        "reasons": ["approval.quorum_reached"],
        "policy": {
            "revision": house.bundle.revision,
            "engine": "embedded",
            "version": house.engine.version,
        },
        "question": "approval",
        "input": sha256_name(canonical_json(question)),
    }
    assert question["input"]["reviews"] == [
        {
            "reviewer": people.rita.id,
            "person": "rita",
            "role_ok": True,
            "vote": "approve",
            "digest": dossier.digest,
            "at": int(NOW.timestamp()),
        }
    ]
    assert len(bytes.fromhex(question["salt"])) == 16


def test_nothing_is_kept_of_what_was_not_recorded(house: Gatekeeper, people: People):
    report = a_blocked_report()
    house.gate.judge(report, NOW)
    with house.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(policy_inputs)).scalar() == 0
    for _ in range(2):
        house.gate.submit(report, people.bot, NOW)
    with house.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(policy_inputs)).scalar() == 1
