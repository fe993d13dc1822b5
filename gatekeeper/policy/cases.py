"""Policy cases: inputs with the answer they must get, kept beside the policy in `cases/` and run through any engine.

A case changes a base input at JSON Pointers (`set`, `remove`); `expected` is null where policy must not decide.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from gatekeeper.errors import UnavailableError
from gatekeeper.policy.answers import decide, judge_break_glass, judge_reviews
from gatekeeper.policy.decision import Decision, ReviewResult
from gatekeeper.policy.engine import PolicyEngine, Question

_Ask = Callable[[PolicyEngine, str, Mapping[str, object]], Decision | ReviewResult]
_ASK: dict[Question, _Ask] = {
    Question.GATE: decide,
    Question.APPROVAL: judge_reviews,
    Question.BREAK_GLASS: judge_break_glass,
}


@dataclass(frozen=True, slots=True)
class PolicyCase:
    """One input and the answer it must get: the outcome (or state) and the sorted reason codes; None: no answer."""

    name: str
    question: Question
    policy_input: dict[str, Any]
    expected: tuple[str, tuple[str, ...]] | None


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What an engine answered to a case."""

    case: PolicyCase
    found: tuple[str, tuple[str, ...]] | None

    @property
    def ok(self) -> bool:
        """Whether it is the answer the case must get."""
        return self.found == self.case.expected


def load_cases(policies: Path) -> list[PolicyCase]:
    """Every case of a policy directory, by file and in order."""
    return [case for path in sorted((policies / "cases").glob("*.json")) for case in _cases(path)]


def run_case(engine: PolicyEngine, revision: str, case: PolicyCase) -> CaseResult:
    """Put one case to an engine and read the answer as strictly as production does."""
    try:
        answer = _ASK[case.question](engine, revision, case.policy_input)
    except UnavailableError:
        return CaseResult(case, None)
    return CaseResult(case, _summary(answer))


def _cases(path: Path) -> Iterator[PolicyCase]:
    content = orjson.loads(path.read_bytes())
    question = Question[content["question"].upper()]
    for described in content["cases"]:
        policy_input = copy.deepcopy(content["base"])
        for pointer, value in described["set"].items():
            holder, name = _place(policy_input, pointer)
            holder[name] = value
        for pointer in described["remove"]:
            holder, name = _place(policy_input, pointer)
            del holder[name]
        yield PolicyCase(described["name"], question, policy_input, _expected(described["expected"]))


def _place(value: dict[str, Any], pointer: str) -> tuple[dict[str, Any], str]:
    *path, last = pointer.lstrip("/").split("/")
    for name in path:
        value = value[name]
    return value, last


def _expected(described: dict[str, Any] | None) -> tuple[str, tuple[str, ...]] | None:
    if described is None:
        return None
    return described.get("outcome") or described["state"], tuple(sorted(described["codes"]))


def _summary(answer: Decision | ReviewResult) -> tuple[str, tuple[str, ...]]:
    word = answer.outcome if isinstance(answer, Decision) else answer.state
    return word.value, tuple(sorted({reason.code for reason in answer.reasons}))
