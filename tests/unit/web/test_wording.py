from gatekeeper.assessment.assessment import Factor, Hazard
from gatekeeper.dossier import HistoryEntry
from gatekeeper.executions.execution import ExecutionState
from gatekeeper.ledger.event import EventType
from gatekeeper.permits.permit import Standing
from gatekeeper.policy.decision import Effect, Outcome
from gatekeeper.proposals.revisions import State
from gatekeeper.review.break_glass import BreakGlassState
from gatekeeper.web import wording


def entry(kind: str, **facts: object) -> HistoryEntry:
    return HistoryEntry(0, kind, "2026-03-02T10:00:00.000000Z", None, 1, facts, "sha256:00")


def test_every_word_of_the_gate_has_a_stamp():
    assert set(wording.STATES) == set(State)
    assert set(wording.OUTCOMES) == set(Outcome)
    assert set(wording.EFFECTS) == set(Effect)
    assert set(wording.PERMITS) == set(Standing)
    assert set(wording.EXECUTIONS) == set(ExecutionState)
    assert set(wording.BREAK_GLASS) == {state.value for state in BreakGlassState}


def test_no_two_states_differ_by_colour_alone():
    for stamps in (wording.STATES, wording.OUTCOMES, wording.EFFECTS, wording.PERMITS, wording.EXECUTIONS):
        assert len({stamp.label for stamp in stamps.values()}) == len(stamps)
        assert len({stamp.sign for stamp in stamps.values()}) == len(stamps)


def test_every_level_of_every_factor_is_explained():
    assert {factor: len(levels) for factor, levels in wording.FACTOR_LEVELS.items()} == {
        Factor.LIKELIHOOD: 5,
        Factor.DAMAGE: 5,
        Factor.REVERSIBILITY: 3,
    }


def test_every_step_of_a_proposal_is_told_in_words():
    about_proposals = ("proposal.", "vote.", "verdict.", "break", "permit.", "execution.opened")
    concerning_proposals = [kind for kind in EventType if kind.startswith(about_proposals)]
    assert [kind for kind in concerning_proposals if wording.event_label(entry(kind)) == kind] == []


def test_every_state_of_an_execution_is_told_in_words():
    told = {state: wording.event_label(entry("execution.outcome", outcome=state)) for state in ExecutionState}
    assert [state for state, words in told.items() if words == "execution.outcome"] == ["open"]
    assert len(set(told.values())) == len(told)


def test_hazards_and_plan_entries_read_as_words():
    assert [wording.hazard_label(hazard) for hazard in Hazard][:2] == ["destructive data", "schema migration"]
    assert wording.hazard_label("risk:0") == "stated risk 1"


def test_a_headline_is_the_first_line_cut_between_words():
    assert wording.headline("\n  Add   an index \nand more") == "Add an index"
    assert wording.headline("word " * 60).endswith("word …")
    assert len(wording.headline("word " * 60)) <= 112
    assert wording.headline(" \n ") == "(no text)"


def test_facts_of_a_step_are_flattened_and_digests_shortened():
    facts = wording.event_facts(
        entry("verdict.settled", outcome="pass", reasons=[], policy={"revision": "sha256:" + "a" * 64})
    )
    assert facts == [("reasons", "none"), ("policy", "revision sha256:aaaaaaaaaaaa…")]
