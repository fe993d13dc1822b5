"""A gate that signed and witnessed everything, and let somebody decide on their own proposal: its files are refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from gatekeeper.ledger.verifier import Verdict
from gatekeeper.verdicts.verdict_file import LoggedEntry, VerdictFile
from gatekeeper.verdicts.verification import verify_verdict
from tests.support.exported_logs import LOG, WITNESS
from tests.support.verdict_files import LOG_POLICY, SmallGate, relogged, with_entry

TWO = "the glass was not broken by two who have no part in the proposal"


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallGate]:
    small = SmallGate(tmp_path_factory.mktemp("gate"))
    yield small
    small.house.database.close()


def said_of(file: VerdictFile) -> tuple[Verdict, str]:
    verification = verify_verdict(relogged(file, LOG, WITNESS).encoded, LOG_POLICY)
    return verification.verdict, verification.detail


def reviewed(file: VerdictFile, reviews: list[dict[str, object]]) -> VerdictFile:
    assert file.review is not None
    return replace(file, review={**file.review, "input": {**file.review["input"], "reviews": reviews}})


def test_a_vote_of_the_author_is_refused(gate: SmallGate) -> None:
    file = gate.file("approved")
    assert file.review is not None
    assert said_of(file)[0] is Verdict.WHOLE
    (vote,) = file.review["input"]["reviews"]
    own = with_entry(reviewed(file, [{**vote, "reviewer": gate.bot.id}]), "vote.cast", actor=gate.bot.id)
    own = with_entry(own, "verdict.settled", actor=gate.bot.id)
    assert said_of(own) == (Verdict.TAMPERED, "the author voted on their own proposal")


@pytest.mark.parametrize("kind", ["proposal.submitted", "break_glass.requested", "break_glass.activated"])
def test_glass_that_was_broken_by_one_is_refused(gate: SmallGate, kind: str) -> None:
    file = gate.file("broken")
    assert said_of(file)[0] is Verdict.WHOLE
    others = {
        "proposal.submitted": gate.olga.id,
        "break_glass.requested": gate.rita.id,
        "break_glass.activated": gate.olga.id,
    }
    assert said_of(with_entry(file, kind, actor=others[kind])) == (Verdict.TAMPERED, TWO)


def test_a_reviewer_who_is_counted_as_two_people_is_refused(gate: SmallGate) -> None:
    file = gate.file("approved")
    assert file.review is not None
    (vote,) = file.review["input"]["reviews"]
    cast, settled = file.entries[-2].value, file.entries[-1].value
    again = {**cast, "index": settled["index"]}
    last = {**settled, "index": settled["index"] + 1}
    entries = (*file.entries[:-1], LoggedEntry(again, None), LoggedEntry(last, None))
    twice = replace(file, entries=entries, verdict={**file.verdict, "leaf": last["index"]})
    assert said_of(reviewed(twice, [vote, {**vote, "person": "ravi"}])) == (
        Verdict.TAMPERED,
        "one reviewer is counted as several people",
    )
