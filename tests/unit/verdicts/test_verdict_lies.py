"""Lies of the gate itself: told from the first, signed and witnessed like everything else, they contradict the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from gatekeeper.ledger.verifier import Verdict
from gatekeeper.verdicts.verdict_file import LoggedEntry, VerdictFile
from tests.support.exported_logs import LOG, WITNESS
from tests.support.verdict_files import (
    KINDS,
    changed_votes,
    files_of_every_kind,
    refused,
    relogged,
    told,
    verified,
    with_entry,
)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, VerdictFile]:
    return files_of_every_kind(tmp_path_factory.mktemp("gate"))


def allowed_against_policy(files: dict[str, VerdictFile]) -> VerdictFile:
    file = with_entry(files["superseded"], "proposal.decided", facts={"outcome": "allow", "reasons": []})
    return replace(file, decision={**file.decision, "outcome": "allow", "reasons": []})


def given_another_input(files: dict[str, VerdictFile]) -> VerdictFile:
    file = files["approved"]
    given = file.decision["input"]
    harmless = {**given, "assessment": {**given["assessment"], "findings": []}}
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
    assert verified(relogged(files[kind], LOG, WITNESS)).verdict is Verdict.WHOLE
