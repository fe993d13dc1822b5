"""The words of the pages for the words of the gate. Owns wording only; an unknown word is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gatekeeper.assessment.assessment import Factor
from gatekeeper.dossier import Dossier, HistoryEntry
from gatekeeper.executions.execution import ExecutionState
from gatekeeper.permits.permit import Standing
from gatekeeper.policy.decision import Effect, Outcome
from gatekeeper.proposals.revisions import State

_HEADLINE_CHARACTERS = 110


@dataclass(frozen=True, slots=True)
class Stamp:
    """A short verdict with a tone (wait, stop, pass, calm) and a sign, so that colour is never the only difference."""

    label: str
    tone: str
    sign: str


STATES: dict[State, Stamp] = {
    State.PENDING_REVIEW: Stamp("Waiting for people", "wait", "◷"),
    State.PASSED: Stamp("Passed", "pass", "✓"),
    State.FAILED: Stamp("Failed", "stop", "✕"),
    State.WITHDRAWN: Stamp("Withdrawn", "calm", "↩"),
    State.EXPIRED: Stamp("Expired", "stop", "⌛"),
}
OUTCOMES: dict[Outcome, Stamp] = {
    Outcome.ALLOW: Stamp("Allowed", "pass", "✓"),
    Outcome.REVIEW: Stamp("Needs review", "wait", "?"),
    Outcome.BLOCK: Stamp("Blocked", "stop", "✕"),
}
EFFECTS: dict[Effect, Stamp] = {
    Effect.BLOCK: Stamp("Blocks", "stop", "✕"),
    Effect.REVIEW: Stamp("Needs review", "wait", "?"),
    Effect.NOTE: Stamp("Note", "calm", "•"),
}
BREAK_GLASS: dict[str, Stamp] = {
    "requested": Stamp("Second person needed", "wait", "◷"),
    "activated": Stamp("Review owed", "stop", "!"),
    "reviewed": Stamp("Reviewed", "calm", "✓"),
}
PERMITS: dict[Standing, Stamp] = {
    Standing.ISSUED: Stamp("Permit issued", "wait", "◷"),
    Standing.CONSUMED: Stamp("Permit spent", "calm", "✓"),
    Standing.EXPIRED: Stamp("Permit expired", "calm", "⌛"),
    Standing.REVOKED: Stamp("Permit revoked", "stop", "✕"),
    Standing.SUPERSEDED: Stamp("Permit superseded", "calm", "↩"),
    Standing.VOIDED: Stamp("Permit voided by a freeze", "stop", "❄"),
}
EXECUTIONS: dict[ExecutionState, Stamp] = {
    ExecutionState.OPEN: Stamp("Begun", "wait", "◷"),
    ExecutionState.STARTED: Stamp("Running", "wait", "▶"),
    ExecutionState.SUCCEEDED: Stamp("Succeeded", "pass", "✓"),
    ExecutionState.FAILED: Stamp("Failed", "stop", "✕"),
    ExecutionState.ROLLED_BACK: Stamp("Rolled back", "calm", "↩"),
    ExecutionState.INDETERMINATE: Stamp("Outcome unknown", "stop", "?"),
}
FACTOR_LABELS = {
    Factor.LIKELIHOOD: "Likelihood",
    Factor.DAMAGE: "Damage",
    Factor.REVERSIBILITY: "Reversibility",
}
FACTOR_LEVELS: dict[Factor, tuple[str, ...]] = {
    Factor.LIKELIHOOD: (
        "harm is very unlikely",
        "harm is unlikely",
        "harm may well come of it",
        "harm is probable",
        "harm is almost certain",
    ),
    Factor.DAMAGE: (
        "trivial",
        "small and fixable",
        "costs real money or time",
        "major: disruption, wrong money or exposed personal data",
        "catastrophic",
    ),
    Factor.REVERSIBILITY: ("simply undone", "undone in part, or at a cost", "cannot be undone"),
}
_MODEL_RULES = {
    "model.live_file_overwritten": "it overwrites a file that something running loads",
    "model.live_file_written": "it writes a file where something running may load it",
    "model.central_file_written": "it writes a file that the service cannot do without",
    "model.central_file_lost": "the service loses a file that it cannot do without",
    "model.cannot_be_loaded": "the file cannot be loaded as written",
    "model.nothing_loads_the_file": "nothing loads the file it writes",
    "model.rollback_stated": "a way back is stated",
}
_HAZARDS = {
    "ai_decision": "AI decision",
    "infra_change": "infrastructure change",
}


def hazard_label(word: str) -> str:
    """`destructive_data` as `destructive data`; `risk:2`, an entry of a plan, as `stated risk 3`."""
    if word.startswith("risk:") and word[5:].isdecimal():
        return f"stated risk {int(word[5:]) + 1}"
    return _HAZARDS.get(word, word.replace("_", " "))


def rule_label(rule: str, titles: Mapping[str, str]) -> str:
    """What moved a factor: the title of the finding with this rule, or the severity model's own wording."""
    return titles.get(rule) or _MODEL_RULES.get(rule) or rule.rpartition(".")[2].replace("_", " ")


def headline(text: str) -> str:
    """The first words of a proposal, for lists and titles."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    words = " ".join(first.split())
    if len(words) <= _HEADLINE_CHARACTERS:
        return words or "(no text)"
    return words[:_HEADLINE_CHARACTERS].rsplit(" ", 1)[0] + " …"


def stamp_of(dossier: Dossier) -> Stamp:
    """How a revision stands, in one stamp."""
    return STATES[dossier.state]


def event_label(entry: HistoryEntry) -> str:
    """One recorded step as a sentence."""
    facts = entry.facts
    if entry.type == "vote.cast":
        return f"Voted to {facts.get('vote', '?')}"
    if entry.type == "verdict.settled":
        return f"Verdict: {facts.get('outcome', '?')}"
    if entry.type == "proposal.decided":
        return f"Judged by policy: {facts.get('outcome', '?')}"
    if entry.type == "execution.outcome":
        return _OUTCOMES.get(str(facts.get("outcome")), entry.type)
    return _EVENTS.get(entry.type, entry.type)


_OUTCOMES = {
    "started": "Execution started",
    "succeeded": "Execution succeeded",
    "failed": "Execution failed",
    "rolled_back": "Execution rolled back",
    "indeterminate": "Execution: no outcome reported in time",
}
_EVENTS = {
    "permit.issued": "Permit issued",
    "permit.consumed": "Permit spent",
    "permit.revoked": "Permit revoked",
    "execution.opened": "Execution begun",
    "proposal.submitted": "Submitted",
    "proposal.superseded": "Superseded by a later revision",
    "break_glass.requested": "Asked to break the glass",
    "break_glass.activated": "Broke the glass",
    "break_glass.refused": "Break-glass refused",
    "break_glass.reviewed": "Reviewed the break-glass",
}


def event_facts(entry: HistoryEntry) -> list[tuple[str, str]]:
    """The remaining facts of a step as names and values."""
    told = {"vote", "outcome"}
    return [(name.replace("_", " "), _fact(value)) for name, value in entry.facts.items() if name not in told]


def _fact(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_fact, value)) or "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_fact(inner)}" for name, inner in value.items())
    text = str(value)
    return text[:19] + "…" if text.startswith("sha256:") else text
