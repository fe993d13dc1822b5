"""Outcomes of executions: what may follow what, who may say so, and that silence is never a success."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from gatekeeper.errors import ConflictError, InvalidInputError, NotPermittedError
from gatekeeper.executions.execution import (
    MOST_EVIDENCE,
    Evidence,
    Execution,
    ExecutionState,
    Outcome,
    ReportedOutcome,
    checked_evidence,
    checked_outcome,
    state_after,
)
from gatekeeper.identity.principal import Principal, Role
from gatekeeper.ledger.event import ProposalRef

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PROOF, OTHER = Evidence("https://ci.example.com/run/7", "a" * 64), Evidence("file:log", "b" * 64)
OPEN = Execution(
    id="exec_1",
    permit_id="permit_1",
    proposal=ProposalRef("fsar_1", 1, "sha256:" + "0" * 64),
    executor_id="prn_1",
    executor="deployer",
    claimed=4,
    assessed=6,
    p_fail=0.1,
    ai_model="model-1",
    opened_at=NOW,
    deadline_at=NOW + HOUR,
    state=ExecutionState.OPEN,
    silent_since=None,
    reported=(),
)
ALLOWED = {
    ("open", "started"),
    ("open", "succeeded"),
    ("open", "failed"),
    ("open", "rolled_back"),
    ("started", "succeeded"),
    ("started", "failed"),
    ("started", "rolled_back"),
    ("indeterminate", "succeeded"),
    ("indeterminate", "failed"),
    ("indeterminate", "rolled_back"),
    ("failed", "rolled_back"),
}


def told(outcome: Outcome, *evidence: Evidence) -> ReportedOutcome:
    return ReportedOutcome(outcome, evidence, "deployer", NOW, 7)


def somebody(name: str, *roles: Role) -> Principal:
    return Principal(f"prn_{name}", name, frozenset(roles), name)


@pytest.mark.parametrize("state", ExecutionState)
@pytest.mark.parametrize("outcome", Outcome)
def test_exactly_these_outcomes_follow_exactly_these_states(state: ExecutionState, outcome: Outcome) -> None:
    try:
        followed = state_after(state, (), outcome, ()) is ExecutionState(outcome.value)
    except ConflictError as refused:
        followed = False
        late = state is ExecutionState.INDETERMINATE
        assert refused.code == ("deadline_passed" if late else "outcome_recorded")
    assert followed == ((state.value, outcome.value) in ALLOWED)


def test_the_same_report_again_changes_nothing_even_when_more_was_reported_since() -> None:
    reported = (told(Outcome.STARTED), told(Outcome.FAILED, PROOF))
    assert state_after(ExecutionState.FAILED, reported, Outcome.STARTED, ()) is None
    assert state_after(ExecutionState.FAILED, reported, Outcome.FAILED, [PROOF]) is None


@pytest.mark.parametrize("evidence", [(), (OTHER,), (PROOF, OTHER)])
def test_the_same_outcome_with_other_evidence_contradicts_the_record(evidence: tuple[Evidence, ...]) -> None:
    reported = (told(Outcome.SUCCEEDED, PROOF),)
    with pytest.raises(ConflictError) as refused:
        state_after(ExecutionState.SUCCEEDED, reported, Outcome.SUCCEEDED, evidence)
    assert refused.value.code == "outcome_recorded"


def test_an_execution_is_overdue_from_its_deadline_on_and_only_while_an_outcome_is_awaited() -> None:
    moment = timedelta(microseconds=1)
    assert [OPEN.is_overdue(NOW + HOUR + late) for late in (-moment, timedelta(0), moment)] == [
        False,
        True,
        True,
    ]
    overdue = {state for state in ExecutionState if replace(OPEN, state=state).is_overdue(NOW + 2 * HOUR)}
    assert overdue == {ExecutionState.OPEN, ExecutionState.STARTED}


def test_only_the_executor_reports_and_after_silence_an_operator_too() -> None:
    executor = Principal("prn_1", "deployer", frozenset(), "deployer")
    alias = Principal("prn_2", "alias", frozenset(Role) - {Role.OPERATOR}, "deployer")
    operator = somebody("olga", Role.OPERATOR)
    silent = replace(OPEN, state=ExecutionState.INDETERMINATE, silent_since=NOW)
    cleared = replace(silent, state=ExecutionState.FAILED)
    for execution in (OPEN, silent, cleared):
        execution.require_reporter(executor)
    for execution in (silent, cleared):
        execution.require_reporter(operator)
    refused = [(OPEN, operator), (OPEN, alias), (silent, alias), (silent, somebody("rita", Role.REVIEWER))]
    for execution, by in refused:
        with pytest.raises(NotPermittedError) as error:
            execution.require_reporter(by)
        assert error.value.code == "not_the_executor"


class Life(RuleBasedStateMachine):
    """Any reports in any order, with silence anywhere between them."""

    def __init__(self) -> None:
        super().__init__()
        self.state = ExecutionState.OPEN
        self.reported: list[ReportedOutcome] = []
        self.was_silent = False

    @rule(outcome=st.sampled_from(Outcome), evidence=st.lists(st.sampled_from([PROOF, OTHER]), max_size=2))
    def report(self, outcome: Outcome, evidence: list[Evidence]) -> None:
        before = self.state
        try:
            following = state_after(self.state, self.reported, outcome, evidence)
        except ConflictError:
            return
        if following is None:
            assert told(outcome, *evidence) in self.reported
            return
        assert (before.value, following.value) in ALLOWED
        self.state = following
        self.reported.append(told(outcome, *evidence))

    @rule()
    def deadline(self) -> None:
        if replace(OPEN, state=self.state).is_overdue(NOW + HOUR):
            self.state, self.was_silent = ExecutionState.INDETERMINATE, True

    @invariant()
    def the_state_is_what_was_reported_last_or_silence(self) -> None:
        last = self.reported[-1].outcome.value if self.reported else "open"
        silent = self.state is ExecutionState.INDETERMINATE
        assert silent or self.state.value == last
        assert not silent or self.was_silent

    @invariant()
    def nothing_is_a_success_that_was_not_reported_as_one(self) -> None:
        said = any(each.outcome is Outcome.SUCCEEDED for each in self.reported)
        assert (self.state is ExecutionState.SUCCEEDED) == said

    @invariant()
    def no_outcome_is_recorded_twice_and_at_most_one_end_follows_a_failure(self) -> None:
        outcomes = [each.outcome for each in self.reported]
        assert len(outcomes) == len(set(outcomes)) <= 3


TestLife = Life.TestCase


@pytest.mark.parametrize("word", ["indeterminate", "open", "Succeeded", "", "done"])
def test_nobody_can_report_silence_or_a_word_that_is_no_outcome(word: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        checked_outcome(word)
    assert [fault.pointer for fault in refused.value.errors] == ["/outcome"]


@given(st.text(max_size=70), st.text(max_size=70))
def test_evidence_is_taken_as_it_is_or_refused_by_field(uri: str, sha256: str) -> None:
    evidence = Evidence(uri, sha256)
    try:
        assert checked_evidence([evidence]) == (evidence,)
    except InvalidInputError as refused:
        assert {fault.pointer for fault in refused.errors} <= {"/evidence/0/uri", "/evidence/0/sha256"}


def test_faulty_evidence_is_named_piece_by_piece() -> None:
    with pytest.raises(InvalidInputError) as refused:
        checked_evidence(
            [PROOF, Evidence("", "A" * 64), Evidence("a b", "c" * 63), Evidence("x" * 2001, "d" * 64)]
        )
    assert [fault.pointer for fault in refused.value.errors] == [
        "/evidence/1/uri",
        "/evidence/1/sha256",
        "/evidence/2/uri",
        "/evidence/2/sha256",
        "/evidence/3/uri",
    ]


def test_there_is_a_limit_to_evidence() -> None:
    assert len(checked_evidence([PROOF] * MOST_EVIDENCE)) == MOST_EVIDENCE
    with pytest.raises(InvalidInputError):
        checked_evidence([PROOF] * (MOST_EVIDENCE + 1))
