"""Every kind of verdict as a file, from both databases, and what a stranger makes of it with the log's policy alone."""

from __future__ import annotations

import pytest

from gatekeeper.app import Gatekeeper
from gatekeeper.dossier import Dossier
from gatekeeper.errors import NotFoundError
from gatekeeper.ledger.verifier import Verdict, Verification
from gatekeeper.ledger.witness_policy import parse_policy
from gatekeeper.policy.tables import policy_bundles, policy_inputs
from gatekeeper.verdicts.verdict_file import VerdictFile, read_verdict_file
from gatekeeper.verdicts.verification import verify_verdict
from tests.support.exported_logs import LOG, WITNESS, publish
from tests.support.house import DAY, HOUR, MINUTE, NOW, People
from tests.support.reports import a_blocked_report, a_report, a_report_for_review

POLICY = parse_policy(f"log {LOG.verifier.vkey}\nwitness w {WITNESS.verifier.vkey}\nquorum w\n")
MORNING, PAST_TEN = "2026-03-02T10:00:00.000000Z", "2026-03-02T10:01:00.000000Z"


def exported(house: Gatekeeper, dossier: Dossier) -> VerdictFile:
    publish(house.database, LOG, WITNESS)
    return house.verdicts.export(dossier.id, dossier.revision)


def verified(file: VerdictFile) -> Verification:
    assert read_verdict_file(file.encoded) == file
    return verify_verdict(file.encoded, POLICY, reassess=True)


def whole(file: VerdictFile, told: str) -> None:
    checked = verified(file)
    assert (checked.verdict, checked.detail) == (
        Verdict.WHOLE,
        f"{file.proposal.id} revision {file.proposal.revision}: {told}",
    )


def kinds(file: VerdictFile) -> list[str]:
    return [each.value["type"] for each in file.entries]


def test_allowed_at_once(house: Gatekeeper, people: People):
    file = exported(house, house.gate.submit(a_report(), people.bot, NOW).dossier)
    assert (kinds(file), file.review) == (
        ["proposal.submitted", "proposal.decided", "verdict.settled"],
        None,
    )
    whole(file, f"pass (allowed by policy at once) at {MORNING}; entry 16 of 17 in example.org/log")


def test_approved_by_people(house: Gatekeeper, people: People):
    blocked = house.gate.submit(a_blocked_report(), people.bot, NOW).dossier
    for voter in (people.rita, people.ravi):
        house.reviews.vote(blocked.id, "approve", "I read it.", blocked.digest, voter, NOW + MINUTE)
    file = exported(house, blocked)
    assert kinds(file)[2:] == ["vote.cast", "vote.cast", "verdict.settled"]
    assert file.review is not None
    assert [each["reviewer"] for each in file.review["input"]["reviews"]] == [people.rita.id, people.ravi.id]
    assert file.review["result"] == {"state": "approved", "reasons": file.verdict["reasons"]}
    whole(file, f"pass (approval.quorum_reached) at {PAST_TEN}; entry 18 of 19 in example.org/log")


def test_vetoed(house: Gatekeeper, people: People):
    soft = house.gate.submit(a_report_for_review(), people.bot, NOW).dossier
    house.reviews.vote(soft.id, "reject", "I read it.", soft.digest, people.rita, NOW + MINUTE)
    whole(exported(house, soft), f"fail (approval.vetoed) at {PAST_TEN}; entry 17 of 18 in example.org/log")


def test_expired(house: Gatekeeper, people: People):
    blocked = house.gate.submit(a_blocked_report(), people.bot, NOW).dossier
    house.reviews.vote(blocked.id, "approve", "I read it.", blocked.digest, people.rita, NOW)
    house.reviews.settle_waiting(NOW + 30 * DAY)
    file = exported(house, blocked)
    assert (file.verdict["state"], file.verdict["outcome"]) == ("expired", "fail")
    told = "fail (approval.review_expired, approval.vote_not_counted) at 2026-04-01T10:00:00.000000Z"
    whole(file, f"{told}; entry 17 of 18 in example.org/log")


def test_withdrawn_and_superseded_rest_on_no_vote(house: Gatekeeper, people: People):
    withdrawn = house.gate.submit(a_blocked_report(), people.bot, NOW).dossier
    superseded = house.gate.submit(a_blocked_report(), people.bot, NOW).dossier
    for each in (withdrawn, superseded):
        house.reviews.vote(each.id, "approve", "I read it.", each.digest, people.rita, NOW)
    house.reviews.withdraw(withdrawn.id, people.bot, NOW)
    house.gate.submit(a_blocked_report(id=superseded.id, proposal="Another."), people.bot, NOW)
    for each, why, leaf in ((withdrawn, "withdrawn", 20), (superseded, "superseded", 21)):
        file = exported(house, each)
        assert kinds(file) == ["proposal.submitted", "proposal.decided", "verdict.settled"]
        whole(file, f"fail ({why}) at {MORNING}; entry {leaf} of 24 in example.org/log")


def test_the_glass_broken_by_two_people(house: Gatekeeper, people: People):
    blocked = house.gate.submit(a_blocked_report(), people.bot, NOW).dossier
    house.reviews.vote(blocked.id, "approve", "I read it.", blocked.digest, people.ravi, NOW)
    ask = "Checkout is down for every customer since 09:40."
    house.break_glass.request(blocked.id, blocked.digest, ask, 60, people.oscar, NOW)
    asked = house.break_glass.request(blocked.id, blocked.digest, ask, 1800, people.olga, NOW)
    house.break_glass.second(asked.id, people.rita, NOW + MINUTE)
    house.break_glass.record_review(asked.id, "It was right.", people.ravi, NOW + HOUR)
    file = exported(house, blocked)
    assert kinds(file)[2:] == ["break_glass.requested", "break_glass.activated", "verdict.settled"]
    assert file.verdict["expires_at"] == "2026-03-02T10:31:00.000000Z"
    told = f"pass (break_glass.activated) at {PAST_TEN}, until 2026-03-02T10:31:00.000000Z"
    whole(file, f"{told}; entry 20 of 22 in example.org/log")


def test_what_is_pending_is_no_verdict(house: Gatekeeper, people: People):
    file = exported(house, house.gate.submit(a_blocked_report(), people.bot, NOW).dossier)
    assert verified(file) == Verification(
        Verdict.CANNOT_TELL,
        "nobody has decided yet: the verdict is pending, and what came later is not in this file",
    )


def test_a_file_stays_the_same_while_the_log_grows(house: Gatekeeper, people: People):
    dossier = house.gate.submit(a_report(), people.bot, NOW).dossier
    file = exported(house, dossier)
    house.gate.submit(a_report(), people.bot, NOW)
    assert exported(house, dossier).encoded == file.encoded


def test_the_first_checkpoint_that_is_witnessed_proves_it(house: Gatekeeper, people: People):
    house.log.directory.mkdir(parents=True)
    house.log.policy_file.write_text(POLICY.text(with_addresses=False))
    dossier = house.gate.submit(a_report(), people.bot, NOW).dossier
    publish(house.database, LOG)
    unwitnessed = house.verdicts.export(dossier.id)
    assert verified(unwitnessed) == Verification(
        Verdict.CANNOT_TELL, "not witnessed: the quorum w is not met by 0 cosignatures"
    )
    house.gate.submit(a_report(), people.bot, NOW)
    witnessed = exported(house, dossier)
    assert verified(witnessed).verdict is Verdict.WHOLE
    assert exported(house, dossier) == witnessed


def test_what_is_not_published_yet_cannot_be_told(house: Gatekeeper, people: People):
    dossier = house.gate.submit(a_report(), people.bot, NOW).dossier
    file = house.verdicts.export(dossier.id)
    assert [each.proof for each in file.entries] == [None, None, None]
    assert verified(file) == Verification(
        Verdict.CANNOT_TELL,
        "no checkpoint covers this verdict yet; export it again when one is published",
    )


def test_a_pin_asks_for_proofs_in_the_pinned_checkpoint(house: Gatekeeper, people: People):
    dossier = house.gate.submit(a_report(), people.bot, NOW).dossier
    publish(house.database, LOG, WITNESS)
    house.gate.submit(a_report(), people.bot, NOW)
    pin = publish(house.database, LOG, WITNESS)
    early = house.verdicts.export(dossier.id)
    assert verify_verdict(early.encoded, POLICY, pin) == Verification(
        Verdict.CANNOT_TELL,
        "the pin has 20 entries and the checkpoint of this file 17: export the verdict with its proofs in the "
        "pinned checkpoint (--checkpoint 20)",
    )
    pinned = house.verdicts.export(dossier.id, checkpoint_size=20)
    assert verify_verdict(pinned.encoded, POLICY, pin).verdict is Verdict.WHOLE
    for size in (14, 16, 19, 21):
        with pytest.raises(NotFoundError):
            house.verdicts.export(dossier.id, checkpoint_size=size)


def test_policies_and_inputs_that_were_not_kept_are_told(house: Gatekeeper, people: People):
    soft = house.gate.submit(a_report_for_review(), people.bot, NOW).dossier
    house.reviews.vote(soft.id, "approve", "I read it.", soft.digest, people.rita, NOW)
    with house.database.write() as connection:
        connection.execute(policy_bundles.delete())
    without_policy = exported(house, soft)
    assert without_policy.policies == {house.bundle.revision: None}
    assert verified(without_policy) == Verification(
        Verdict.CANNOT_TELL, "policy bytes not kept: it decided before policies were kept"
    )
    with house.database.write() as connection:
        connection.execute(policy_inputs.delete())
    assert verified(exported(house, soft)) == Verification(
        Verdict.CANNOT_TELL,
        "what policy was given is not kept: the decision cannot be made again; what policy was asked about the votes "
        "is not kept; policy bytes not kept: it decided before policies were kept",
    )


def test_there_is_no_file_of_what_nobody_submitted(house: Gatekeeper, people: People):
    dossier = house.gate.submit(a_report(), people.bot, NOW).dossier
    for proposal_id, revision in (("fsar_unknown", None), (dossier.id, 2)):
        with pytest.raises(NotFoundError):
            house.verdicts.export(proposal_id, revision)
