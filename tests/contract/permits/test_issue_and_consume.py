"""Permits on both databases: issued for what passed and was witnessed, redeemed once by the one they name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import orjson
import pytest

from gatekeeper.canonical import canonical_json, sha256_name
from gatekeeper.client import answers
from gatekeeper.client.receipt import require_receipt
from gatekeeper.errors import ConflictError, NotFoundError, NotPermittedError
from gatekeeper.executions.obstacle import obstacle_of
from gatekeeper.ledger import log
from gatekeeper.permits import dsse
from gatekeeper.permits.permit import Standing
from gatekeeper.permits.service import Patience, PermitService, Wanted, new_permit_id
from gatekeeper.permits.statement import parse_statement
from gatekeeper.permits.witnessed import WitnessedLog
from tests.support.house import MINUTE, NOW, at
from tests.support.office import Office, terms_of


def leaves(office: Office, proposal_id: str, kind: str) -> list[dict[str, object]]:
    with office.house.database.read() as connection:
        recorded = log.proposal_events(connection, proposal_id)
    return [body for body, _ in recorded if body["type"] == kind]


def test_a_pass_becomes_a_permit_that_strangers_can_check(office: Office):
    dossier = office.approved()
    issued = office.issue(dossier)
    bundle, record = issued.bundle, issued.record
    dsse.verify(bundle.envelope, office.keys.published())
    permit = parse_statement(bundle.envelope.payload)
    votes = leaves(office, dossier.id, "vote.cast")
    assert (permit, record.standing) == (record.permit, Standing.ISSUED)
    assert (permit.audience, permit.not_before, permit.expires_at) == ("bot", NOW, NOW + 5 * MINUTE)
    assert (permit.verdict_leaf, permit.approvals) == (
        dossier.verdict.leaf,
        tuple(vote["index"] for vote in votes),
    )
    assert permit.binding.proposal.digest == dossier.digest
    policy = office.house.log.policy()
    assert policy is not None
    policy.require(bundle.proof.note)
    bundle.proof.require(bundle.entry)
    digest = hashlib.sha256(bundle.envelope.payload).hexdigest()
    (leaf,) = leaves(office, dossier.id, "permit.issued")
    assert orjson.loads(bundle.entry) == leaf
    assert leaf["facts"] == {
        "permit": permit.id,
        "statement": f"sha256:{digest}",
        "key": bundle.envelope.keyid,
    }


def test_the_log_does_not_tell_whom_a_permit_is_for(office: Office):
    """Who guesses all that the log does not say, audience and life too, cannot try the guess on the leaf's digest."""
    dossier = office.passed()
    issues = [office.issue(dossier, now=NOW) for _ in range(2)]
    predicates = [orjson.loads(issued.bundle.envelope.payload)["predicate"] for issued in issues]
    public = [leaf["facts"]["statement"] for leaf in leaves(office, dossier.id, "permit.issued")]
    for issued, predicate, digest in zip(issues, predicates, public, strict=True):
        whole = orjson.loads(issued.bundle.envelope.payload)
        without = {name: item for name, item in predicate.items() if name != "nonce"}
        for guess in (without, predicate | {"nonce": "0" * 32}, predicate | {"nonce": predicate["permitId"]}):
            assert sha256_name(canonical_json(whole | {"predicate": guess})) != digest
        assert sha256_name(canonical_json(whole)) == digest
    assert len({predicate["nonce"] for predicate in predicates}) == len(issues)


def test_a_nonce_is_what_chance_gave(office: Office):
    asked: list[int] = []

    def entropy(size: int) -> bytes:
        asked.append(size)
        return b"\xab" * size

    issued = drawing(office, entropy).issue(Wanted(office.passed().id, "bot"), office.people.bot, at(NOW))
    assert (issued.record.permit.nonce, asked) == ("ab" * 16, [16])


def drawing(office: Office, entropy: Callable[[int], bytes]) -> PermitService:
    """A desk whose chance is known."""
    house = office.house
    terms = terms_of(house, house.bundle.revision)
    witnessed = WitnessedLog(house.database, house.log)
    patience = Patience(1.5, 3.0)
    return PermitService(
        house.database, witnessed, terms, obstacle_of, new_permit_id, patience, entropy=entropy
    )


def test_a_permit_is_redeemed_once_with_a_leaf_and_a_receipt(office: Office):
    dossier = office.passed()
    issued = office.issue(dossier)
    permit = issued.record.permit
    spent = office.redeem(permit.id, None, office.people.bot, NOW + MINUTE)
    assert (spent.record.standing, spent.record.consumed_at) == (Standing.CONSUMED, NOW + MINUTE)
    dsse.verify(spent.receipt, office.keys.published())
    said = orjson.loads(spent.receipt.payload)
    assert said["subject"][0]["digest"] == {"sha256": permit.binding.digest}
    assert said["predicate"] == {
        "permitId": permit.id,
        "permitDigest": spent.record.statement_digest,
        "executor": office.people.bot.id,
        "consumedAt": "2026-03-02T10:01:00.000000Z",
        "leaf": spent.record.consumed_leaf,
    }
    require_receipt(
        answers.Spent(permit.id, "exec_1", spent.receipt),
        answers.Issued(permit.id, issued.bundle),
        permit,
        office.keys.published(),
    )
    with pytest.raises(ConflictError) as again:
        office.redeem(permit.id, None, office.people.bot, NOW + MINUTE)
    assert again.value.code == "consumed"
    assert [leaf["index"] for leaf in leaves(office, dossier.id, "permit.consumed")] == [
        spent.record.consumed_leaf
    ]


def test_issuing_again_revokes_the_one_that_was_not_redeemed(office: Office):
    dossier = office.passed()
    first, second = office.issue(dossier).record.permit, office.issue(dossier).record.permit
    with pytest.raises(ConflictError) as refused:
        office.redeem(first.id, None, office.people.bot, NOW)
    assert refused.value.code == "revoked"
    listed = office.permits.of_proposal(dossier.id, office.people.bot, NOW)
    assert [(each.permit.id, each.standing, each.revocation) for each in listed] == [
        (second.id, Standing.ISSUED, None),
        (first.id, Standing.REVOKED, "replaced"),
    ]
    (leaf,) = leaves(office, dossier.id, "permit.revoked")
    assert leaf["facts"] == {"permit": first.id, "reason": "replaced"}


def test_only_those_who_submitted_and_operators_ask_for_a_permit(office: Office):
    dossier = office.passed()
    office.issue(dossier, by=office.people.alias)
    office.issue(dossier, by=office.people.olga)
    for other in (office.people.both, office.people.rita):
        with pytest.raises(NotPermittedError) as refused:
            office.issue(dossier, by=other)
        assert refused.value.code == "not_your_proposal"


def test_the_audience_is_the_executor_and_else_whoever_asked(office: Office):
    dossier = office.passed()
    assert office.issue(dossier, audience="both").record.executor == office.people.both
    assert office.issue(dossier, audience="deploy.example").record.executor == office.people.bot
    office.house.identity.disable("both", NOW)
    with pytest.raises(ConflictError) as refused:
        office.issue(dossier, audience="both")
    assert refused.value.code == "executor_disabled"


def test_a_permit_is_revoked_by_those_it_concerns(office: Office):
    dossier = office.passed()
    nell, _ = office.house.identity.add("nell", ["submitter"], NOW)
    permit = office.issue(dossier).record.permit
    with pytest.raises(NotPermittedError) as refused:
        office.permits.revoke(permit.id, "Not mine.", nell, NOW)
    assert refused.value.code == "not_your_permit"
    revoked = office.permits.revoke(permit.id, "Found a fault.", office.people.rita, NOW + MINUTE)
    assert (revoked.standing, revoked.revocation, revoked.revocation_reason) == (
        Standing.REVOKED,
        "asked",
        "Found a fault.",
    )
    for to_do in (
        lambda: office.permits.revoke(permit.id, "Twice.", office.people.rita, NOW + MINUTE),
        lambda: office.redeem(permit.id, None, office.people.bot, NOW + MINUTE),
    ):
        with pytest.raises(ConflictError) as again:
            to_do()
        assert again.value.code == "revoked"
    (leaf,) = leaves(office, dossier.id, "permit.revoked")
    assert (leaf["facts"], leaf["actor"]) == (
        {"permit": permit.id, "reason": "asked"},
        office.people.rita.id,
    )


def test_a_permit_is_shown_to_those_it_concerns(office: Office):
    dossier = office.passed()
    nell, _ = office.house.identity.add("nell", ["submitter"], NOW)
    permit = office.issue(dossier, audience="both").record.permit
    for reader in (office.people.bot, office.people.alias, office.people.both, office.people.rita):
        assert office.permits.get(permit.id, reader, NOW).permit == permit
        assert len(office.permits.of_proposal(dossier.id, reader, NOW)) == 1
    with pytest.raises(NotPermittedError) as refused:
        office.permits.get(permit.id, nell, NOW)
    assert refused.value.code == "not_your_permit"
    assert office.permits.of_proposal(dossier.id, nell, NOW) == []


def test_what_is_not_there_is_not_found(office: Office):
    with pytest.raises(NotFoundError):
        office.permits.get("permit_0", office.people.olga, NOW)
    with pytest.raises(NotFoundError):
        office.redeem("permit_0", None, office.people.bot, NOW)
    with pytest.raises(NotFoundError):
        office.permits.of_proposal("fsar_0", office.people.bot, NOW)
