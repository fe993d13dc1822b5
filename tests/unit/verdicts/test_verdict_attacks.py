"""What can be done to a verdict file, by whoever has it or by the operator with the log's key: it is never whole."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from gatekeeper.canonical import canonical_json
from gatekeeper.errors import GatekeeperError
from gatekeeper.ledger.checkpoint import parse_checkpoint
from gatekeeper.ledger.note import parse_note
from gatekeeper.ledger.verifier import Verdict, Verification
from gatekeeper.ledger.witness_policy import log_keys_policy
from gatekeeper.policy.bundle import revision_of
from gatekeeper.verdicts.verdict_file import LoggedEntry, VerdictFile, read_verdict_file
from gatekeeper.verdicts.verification import verify_verdict
from tests.support.exported_logs import LOG, WITNESS, a_key, signed
from tests.support.verdict_files import (
    KINDS,
    LOG_POLICY,
    SMALL_POLICY,
    SmallGate,
    relogged,
    unlogged,
    with_entry,
)

Value = Any
WHOLE, TAMPERED, CANNOT_TELL = Verdict.WHOLE, Verdict.TAMPERED, Verdict.CANNOT_TELL


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, VerdictFile]]:
    directory: Path = tmp_path_factory.mktemp("gate")
    gate = SmallGate(directory)
    yield {kind: gate.file(kind) for kind in KINDS}
    gate.house.database.close()


def verified(file: VerdictFile) -> Verification:
    return verify_verdict(file.encoded, LOG_POLICY)


def refused(file: VerdictFile, detail: str) -> None:
    checked = verified(file)
    assert (checked.verdict, checked.detail) == (TAMPERED, detail)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_whole(files: dict[str, VerdictFile], kind: str) -> None:
    assert verified(files[kind]).verdict is WHOLE


@pytest.mark.parametrize(("kind", "step"), [(kind, 1 if kind == "approved" else 17) for kind in KINDS])
def test_a_flipped_byte_is_never_whole(files: dict[str, VerdictFile], kind: str, step: int) -> None:
    raw = files[kind].encoded
    taken = [
        at
        for at in range(0, len(raw), step)
        if verify_verdict(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :], LOG_POLICY).verdict is WHOLE
    ]
    assert taken == []


def edits_of(value: Value, at: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Value]]:
    """Every place of a JSON value with what an attacker could write there; `...` takes it out."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield (*at, name), ...
            yield from edits_of(item, (*at, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield (*at, number), ...
            yield from edits_of(item, (*at, number))
        yield at, [*value, *(value[-1:] or ["x"])]
        yield at, None
        if len(value) > 1:
            yield at, value[::-1]
    elif isinstance(value, bool):
        yield from ((at, not value), (at, int(value)))
    elif isinstance(value, str):
        yield from ((at, value + "x"), (at, None), (at, ""))
    elif isinstance(value, int | float):
        yield from ((at, value + 1), (at, float(value) / 2), (at, None))
    else:
        yield from ((at, 0), (at, "x"), (at, {}))


def edited(value: Value, at: tuple[str | int, ...], new: Value) -> bytes:
    changed = copy.deepcopy(value)
    holder = changed
    for step in at[:-1]:
        holder = holder[step]
    if new is ...:
        del holder[at[-1]]
    else:
        holder[at[-1]] = new
    return canonical_json(changed)


@pytest.mark.parametrize("kind", ["approved", "broken", "superseded"])
def test_whatever_is_edited_is_never_whole(files: dict[str, VerdictFile], kind: str) -> None:
    value = orjson.loads(files[kind].encoded)
    taken = []
    for at, new in edits_of(value):
        raw = edited(value, at, new)
        if raw != files[kind].encoded and verify_verdict(raw, LOG_POLICY).verdict is WHOLE:
            taken.append((at, new))
    assert taken == []


WILD: tuple[Value, ...] = (
    None,
    True,
    -1,
    10**15,
    0.5,
    "approval",
    "9999-12-31T23:59:59.999999Z",
    [[1]],
    {"a": []},
    {},
)


def test_no_value_anywhere_breaks_the_verifier(files: dict[str, VerdictFile]) -> None:
    """With digests that fit, as if not published yet: so that the checks behind those of the log are reached."""
    verdicts = set()
    for kind in ("approved", "broken", "withdrawn"):
        value = orjson.loads(files[kind].encoded)
        places = {at for at, _ in edits_of(value) if at and at[0] in ("review", "entries", "verdict")}
        for at in sorted(places, key=str):
            for wild in WILD:
                try:
                    file = read_verdict_file(edited(value, at, wild))
                except GatekeeperError:  # no verdict file
                    continue
                verdicts.add(verified(unlogged(file)).verdict)
    assert verdicts == {TAMPERED, CANNOT_TELL}


def test_an_entry_without_its_proof_is_not_proven(files: dict[str, VerdictFile]) -> None:
    first, *rest = files["approved"].entries
    file = replace(files["approved"], entries=(LoggedEntry(first.value, None), *rest))
    assert verified(file) == Verification(CANNOT_TELL, "entry 9 comes without a proof")


def changed_votes(file: VerdictFile, votes: list[dict[str, object]]) -> VerdictFile:
    assert file.review is not None
    return replace(file, review={**file.review, "input": {**file.review["input"], "reviews": votes}})


def test_each_part_is_named_when_it_does_not_hold(files: dict[str, VerdictFile]) -> None:
    file = files["approved"]
    assert file.review is not None
    (vote,) = file.review["input"]["reviews"]
    revision, policy = next(iter(file.policies.items()))
    assert policy is not None
    assessment = {**file.assessment, "findings": []}
    longer = {**file.assessment, "findings": [{**file.assessment["findings"][0], "end": 10**6}]}
    loose = {**policy, "gate/gate.rego": policy["gate/gate.rego"].replace("> 9", "> 99")}
    edits: list[tuple[VerdictFile, str]] = [
        (
            replace(file, report={**file.report, "severity": 3}),
            "the report is not the one that was submitted: its digest is another",
        ),
        (replace(file, report={**file.report, "severity": 76}), "the report is not one"),
        (
            replace(file, assessment=assessment),
            "the assessment is not the one that the log holds: its digest is another",
        ),
        (replace(file, assessment=longer), "finding 0 (sql.drop_table) does not lie in the text"),
        (
            replace(file, decision={**file.decision, "outcome": "allow"}),
            "the decision is not the one that the log holds",
        ),
        (
            replace(file, decision={**file.decision, "input": {}}),
            "the input of the decision is not the one that the log holds: its digest is another",
        ),
        (
            changed_votes(file, []),
            "the input of the review is not the one that the log holds: its digest is another",
        ),
        (
            changed_votes(file, [vote, {**vote, "person": "ravi"}]),
            "the input of the review is not the one that the log holds: its digest is another",
        ),
        (replace(file, review=None), "the review is not the one on which this verdict rests"),
        (
            replace(file, policies={revision: loose}),
            f"the policy's files are not those of revision {revision}",
        ),
        (replace(file, policies={}), "the policies are not those that decided"),
        (replace(file, policies={revision_of(loose): loose}), "the policies are not those that decided"),
        (
            replace(file, verdict={**file.verdict, "outcome": "fail"}),
            "the verdict is not the one that the log holds",
        ),
        (
            replace(file, verdict={**file.verdict, "leaf": 11}),
            "the verdict is not the one that the log holds",
        ),
    ]
    for attacked, detail in edits:
        refused(attacked, detail)


def test_the_words_of_reasons_are_those_of_the_policy(files: dict[str, VerdictFile]) -> None:
    file = files["approved"]
    kinder = [{**file.decision["reasons"][0], "message": "Looks fine."}]
    refused(
        replace(file, decision={**file.decision, "reasons": kinder}),
        "the decision is not what its policy says of its input: review (held)",
    )


def test_a_vote_that_is_dropped_from_the_log_is_missed(files: dict[str, VerdictFile]) -> None:
    file = files["approved"]
    refused(
        replace(file, entries=(*file.entries[:2], file.entries[3])),
        "the votes are not those of the log",
    )


def test_entries_of_others_prove_nothing(files: dict[str, VerdictFile]) -> None:
    file, other = files["approved"], files["vetoed"]
    refused(
        replace(file, entries=(*file.entries[:-1], other.entries[-1])),
        "entry 16 is of another proposal or revision",
    )
    swapped = (file.entries[0], LoggedEntry(file.entries[1].value, file.entries[2].proof), *file.entries[2:])
    refused(replace(file, entries=swapped), "entry 10: the entry is not in the tree of this checkpoint")
    refused(replace(file, checkpoint=other.checkpoint), "entry 9: the inclusion proof is too short")
    refused(replace(file, entries=file.entries[::-1]), "the entries are not in the order of the log")
    refused(replace(file, entries=()), "the entries do not begin with what was submitted and decided")


def test_the_checkpoint_of_another_log_is_refused(files: dict[str, VerdictFile]) -> None:
    assert files["approved"].checkpoint is not None
    checkpoint = parse_checkpoint(parse_note(files["approved"].checkpoint.encode()).text)
    other = a_key("other.example/log")
    for note in (signed(checkpoint, other, WITNESS), signed(replace(checkpoint, origin=other.name), other)):
        attacked = replace(files["approved"], checkpoint=note.encoded.decode())
        refused(attacked, "no known log signed this checkpoint")
    refused(
        replace(files["approved"], checkpoint="x"), "the checkpoint is not one: the note has no signatures"
    )


def test_without_proofs_the_policy_of_a_file_is_not_run(files: dict[str, VerdictFile]) -> None:
    """Whoever makes a file could put any program into it: the log has to vouch for the policy first."""
    file = files["allowed"]
    program = {**SMALL_POLICY, "gate/gate.rego": "required := {}\nnot rego at all"}
    policy = {**file.decision["policy"], "revision": revision_of(program)}
    hostile = with_entry(file, "proposal.decided", facts={"policy": policy})
    hostile = replace(
        hostile,
        decision={**file.decision, "policy": policy},
        policies={policy["revision"]: program},
        checkpoint=None,
        entries=tuple(LoggedEntry(each.value, None) for each in hostile.entries),
    )
    assert verified(hostile) == Verification(
        CANNOT_TELL, "no checkpoint covers this verdict yet; export it again when one is published"
    )
    run = verified(relogged(hostile, LOG, WITNESS))
    assert (run.verdict, run.detail[:40]) == (CANNOT_TELL, "The embedded engine gave no answer: the ")


def test_the_operator_with_the_key_of_the_log_lacks_the_witness_and_the_pin(
    files: dict[str, VerdictFile],
) -> None:
    """A veto becomes an approval, consistently everywhere, in a history that the log's key has signed again."""
    file = files["vetoed"]
    assert file.review is not None
    (vote,) = file.review["input"]["reviews"]
    agreed = [{"code": "agreed", "effect": "note", "message": "1 votes.", "remedy": "None."}]
    forged = with_entry(file, "vote.cast", facts={"vote": "approve"})
    forged = with_entry(forged, "verdict.settled", facts={"outcome": "pass", "reasons": ["agreed"]})
    forged = replace(
        changed_votes(forged, [{**vote, "vote": "approve"}]),
        verdict={**file.verdict, "outcome": "pass", "state": "passed", "reasons": agreed},
    )
    assert forged.review is not None
    result = {"state": "approved", "reasons": agreed}
    forged = relogged(replace(forged, review={**forged.review, "result": result}), LOG)
    assert verified(forged) == Verification(
        CANNOT_TELL, "not witnessed: the quorum w is not met by 0 cosignatures"
    )
    key_alone = log_keys_policy([LOG.verifier.vkey])
    assert verify_verdict(forged.encoded, key_alone).verdict is WHOLE
    assert file.checkpoint is not None
    pin = parse_checkpoint(parse_note(file.checkpoint.encode()).text)
    assert verify_verdict(file.encoded, key_alone, pin).verdict is WHOLE
    caught = verify_verdict(forged.encoded, key_alone, pin)
    assert (caught.verdict, caught.detail) == (
        TAMPERED,
        "FORK: the first 17 entries are not those that were pinned",
    )


def allowed_against_policy(files: dict[str, VerdictFile]) -> VerdictFile:
    file = with_entry(files["superseded"], "proposal.decided", facts={"outcome": "allow", "reasons": []})
    return replace(file, decision={**file.decision, "outcome": "allow", "reasons": []})


def given_another_input(files: dict[str, VerdictFile]) -> VerdictFile:
    file = files["approved"]
    told = file.decision["input"]
    harmless = {**told, "assessment": {**told["assessment"], "findings": []}}
    return replace(file, decision={**file.decision, "input": harmless})


def counted_a_vote_that_nobody_cast(files: dict[str, VerdictFile]) -> VerdictFile:
    file = files["approved"]
    assert file.review is not None
    (vote,) = file.review["input"]["reviews"]
    return changed_votes(file, [vote, {**vote, "reviewer": "prn_2", "person": "ravi"}])


def passed_against_the_votes(files: dict[str, VerdictFile]) -> VerdictFile:
    file = with_entry(files["vetoed"], "verdict.settled", facts={"outcome": "pass", "reasons": ["agreed"]})
    agreed = [{"code": "agreed", "effect": "note", "message": "1 votes.", "remedy": "None."}]
    assert file.review is not None
    return replace(
        file,
        review={**file.review, "result": {"state": "approved", "reasons": agreed}},
        verdict={**file.verdict, "outcome": "pass", "state": "passed", "reasons": agreed},
    )


def passed_without_anybody(files: dict[str, VerdictFile]) -> VerdictFile:
    file = with_entry(files["withdrawn"], "verdict.settled", facts={"outcome": "pass", "reasons": []})
    return replace(file, verdict={**file.verdict, "outcome": "pass", "state": "passed", "reasons": []})


def passed_for_longer_than_was_asked(files: dict[str, VerdictFile]) -> VerdictFile:
    file = files["broken"]
    return replace(file, verdict={**file.verdict, "expires_at": "2026-03-02T11:12:00.000000Z"})


def found_beyond_the_text(files: dict[str, VerdictFile]) -> VerdictFile:
    file = files["approved"]
    finding = {**file.assessment["findings"][0], "start": 900, "end": 910}
    return replace(file, assessment={**file.assessment, "findings": [finding]})


def decided_on_another_report(files: dict[str, VerdictFile]) -> VerdictFile:
    return replace(files["approved"], report={**files["approved"].report, "proposal": "DROP DATABASE prod;"})


def reviewed_for_another_outcome(files: dict[str, VerdictFile]) -> VerdictFile:
    file = files["approved"]
    assert file.review is not None
    proposal = {**file.review["input"]["proposal"], "outcome": "block"}
    return replace(file, review=told(file, proposal=proposal))


def reviewed_at_another_time(files: dict[str, VerdictFile]) -> VerdictFile:
    return replace(files["approved"], review=told(files["approved"], now=1_772_445_661))


def broke_the_glass_on_an_old_request(files: dict[str, VerdictFile]) -> VerdictFile:
    file = files["broken"]
    assert file.review is not None
    request = {**file.review["input"]["request"], "requested_at": 1_772_445_600}
    return replace(file, review=told(file, request=request))


def told(file: VerdictFile, **changes: object) -> dict[str, Any]:
    """The review with its input changed."""
    assert file.review is not None
    return {**file.review, "input": {**file.review["input"], **changes}}


def logged_other_reasons(files: dict[str, VerdictFile]) -> VerdictFile:
    return with_entry(files["approved"], "verdict.settled", facts={"reasons": ["held"]})


def failed_though_approved(files: dict[str, VerdictFile]) -> VerdictFile:
    file = with_entry(files["approved"], "verdict.settled", facts={"outcome": "fail"})
    return replace(file, verdict={**file.verdict, "outcome": "fail", "state": "failed"})


def passed_what_was_withdrawn(files: dict[str, VerdictFile]) -> VerdictFile:
    file = with_entry(files["withdrawn"], "verdict.settled", facts={"outcome": "pass"})
    return replace(file, verdict={**file.verdict, "outcome": "pass", "state": "passed"})


def passed_before_anybody_decided(files: dict[str, VerdictFile]) -> VerdictFile:
    return replace(files["allowed"], entries=files["allowed"].entries[:2])


def shows_a_review_that_was_none(files: dict[str, VerdictFile]) -> VerdictFile:
    return replace(files["allowed"], review=files["approved"].review)


def carries_an_entry_too_many(files: dict[str, VerdictFile]) -> VerdictFile:
    file, vote = files["allowed"], files["approved"].entries[2].value
    settled = file.entries[2].value
    late = {**settled, "index": settled["index"] + 1}
    stray = {**vote, "index": settled["index"], "proposal": settled["proposal"]}
    entries = (*file.entries[:2], LoggedEntry(stray, None), LoggedEntry(late, None))
    return replace(file, entries=entries, verdict={**file.verdict, "leaf": late["index"]})


def asked_another_question(files: dict[str, VerdictFile]) -> VerdictFile:
    file = files["approved"]
    assert file.review is not None
    return replace(file, review={**file.review, "question": "break_glass"})


LIES: dict[Callable[[dict[str, VerdictFile]], VerdictFile], str] = {
    allowed_against_policy: "the decision is not what its policy says of its input: review (held)",
    given_another_input: "the input of the decision is not made of this report and assessment",
    counted_a_vote_that_nobody_cast: "the votes are not those of the log",
    passed_against_the_votes: "the approval is not what its policy says of its input: rejected (vetoed)",
    passed_without_anybody: "the verdict does not follow from the decision",
    passed_for_longer_than_was_asked: "the verdict is not the one that the log holds",
    reviewed_for_another_outcome: "the review was of another proposal, revision or decision",
    reviewed_at_another_time: "the review was at another time than the verdict",
    broke_the_glass_on_an_old_request: "the glass was broken at another time",
    logged_other_reasons: "the verdict's reasons are not those that the log holds",
    failed_though_approved: "the verdict does not follow from the review",
    passed_what_was_withdrawn: "what is superseded or withdrawn did not pass",
    passed_before_anybody_decided: "the verdict is not in the log: nobody has decided",
    shows_a_review_that_was_none: "there is a review, and the log holds none on which this verdict rests",
    carries_an_entry_too_many: "there are entries on which this verdict does not rest",
    asked_another_question: "the review is not the one on which this verdict rests",
    found_beyond_the_text: "finding 0 (sql.drop_table) does not lie in the text",
    decided_on_another_report: "the report is not the one that was submitted: its digest is another",
}


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_a_gate_that_lied_from_the_first_is_caught_though_all_is_signed_and_witnessed(
    files: dict[str, VerdictFile], lie: Callable[[dict[str, VerdictFile]], VerdictFile]
) -> None:
    refused(relogged(lie(files), LOG, WITNESS), LIES[lie])


@pytest.mark.parametrize("kind", KINDS)
def test_an_honest_file_in_a_log_signed_alike_is_whole(files: dict[str, VerdictFile], kind: str) -> None:
    """So it is the lie that is caught above, and not the forger's log."""
    assert verified(relogged(files[kind], LOG, WITNESS)).verdict is WHOLE
