"""What can be done to a verdict file, by whoever has it or by the operator with the log's key: it is never whole."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
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
    changed_votes,
    files_of_every_kind,
    refused,
    relogged,
    unlogged,
    verified,
    with_entry,
)

Value = Any
WHOLE, TAMPERED, CANNOT_TELL = Verdict.WHOLE, Verdict.TAMPERED, Verdict.CANNOT_TELL


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, VerdictFile]:
    return files_of_every_kind(tmp_path_factory.mktemp("gate"))


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


def one_vote(file: VerdictFile) -> dict[str, Any]:
    assert file.review is not None
    (vote,) = file.review["input"]["reviews"]
    return vote


def with_findings(file: VerdictFile, *findings: dict[str, object]) -> VerdictFile:
    return replace(file, assessment={**file.assessment, "findings": list(findings)})


SMALL_REVISION = revision_of(SMALL_POLICY)
LOOSE_POLICY = {**SMALL_POLICY, "gate/gate.rego": SMALL_POLICY["gate/gate.rego"].replace("> 9", "> 99")}

PARTS: dict[str, tuple[Callable[[VerdictFile], VerdictFile], str]] = {
    "report": (
        lambda file: replace(file, report={**file.report, "severity": 3}),
        "the report is not the one that was submitted: its digest is another",
    ),
    "report out of bounds": (
        lambda file: replace(file, report={**file.report, "severity": 76}),
        "the report is not one",
    ),
    "assessment": (
        with_findings,
        "the assessment is not the one that the log holds: its digest is another",
    ),
    "finding": (
        lambda file: with_findings(file, {**file.assessment["findings"][0], "end": 10**6}),
        "finding 0 (sql.drop_table) does not lie in the text",
    ),
    "outcome": (
        lambda file: replace(file, decision={**file.decision, "outcome": "allow"}),
        "the decision is not the one that the log holds",
    ),
    "input of the decision": (
        lambda file: replace(file, decision={**file.decision, "input": {}}),
        "the input of the decision is not the one that the log holds: its digest is another",
    ),
    "no votes": (
        lambda file: changed_votes(file, []),
        "the input of the review is not the one that the log holds: its digest is another",
    ),
    "another vote": (
        lambda file: changed_votes(file, [one_vote(file), {**one_vote(file), "person": "ravi"}]),
        "the input of the review is not the one that the log holds: its digest is another",
    ),
    "no review": (
        lambda file: replace(file, review=None),
        "the review is not the one on which this verdict rests",
    ),
    "loose policy": (
        lambda file: replace(file, policies={SMALL_REVISION: LOOSE_POLICY}),
        f"the policy's files are not those of revision {SMALL_REVISION}",
    ),
    "no policy": (
        lambda file: replace(file, policies={}),
        "the policies are not those that decided",
    ),
    "another policy": (
        lambda file: replace(file, policies={revision_of(LOOSE_POLICY): LOOSE_POLICY}),
        "the policies are not those that decided",
    ),
    "verdict": (
        lambda file: replace(file, verdict={**file.verdict, "outcome": "fail"}),
        "the verdict is not the one that the log holds",
    ),
    "leaf of the verdict": (
        lambda file: replace(file, verdict={**file.verdict, "leaf": 11}),
        "the verdict is not the one that the log holds",
    ),
}


@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_named_when_it_does_not_hold(files: dict[str, VerdictFile], part: str) -> None:
    edit, detail = PARTS[part]
    assert files["approved"].policies == {SMALL_REVISION: SMALL_POLICY}
    refused(edit(files["approved"]), detail)


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
