"""Decide again from a verdict file alone: the same policy bytes and the same input, in the embedded engine.

Only ever given what signed entries of the log hold the digests of: a stranger's Rego is not run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatekeeper.canonical import canonical_json
from gatekeeper.errors import TamperError
from gatekeeper.policy.answers import decide, judge_break_glass, judge_reviews
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.policy.decision_json import reasons_to_json
from gatekeeper.policy.engine import PolicyEngine, Question
from gatekeeper.verdicts.verdict_file import Json

_JUDGES = {Question.APPROVAL.word: judge_reviews, Question.BREAK_GLASS.word: judge_break_glass}


def decide_again(files: Mapping[str, str], decision: Json) -> None:
    """Ask the gate's policy again. Raises TamperError when it says otherwise, UnavailableError when it says nothing."""
    engine, revision = _engine(files)
    answer = decide(engine, revision, decision["input"])
    anew = {"outcome": answer.outcome.value, "reasons": reasons_to_json(answer.reasons)}
    _require_same(anew, {name: decision[name] for name in anew}, "the decision", answer.outcome.value)


def review_again(files: Mapping[str, str], review: Json) -> None:
    """Ask about the votes, or about breaking the glass, again. Raises as `decide_again`."""
    engine, revision = _engine(files)
    answer = _JUDGES[review["question"]](engine, revision, review["input"])
    anew = {"state": answer.state.value, "reasons": reasons_to_json(answer.reasons)}
    _require_same(anew, review["result"], f"the {_words(review['question'])}", answer.state.value)


def _engine(files: Mapping[str, str]) -> tuple[PolicyEngine, str]:
    from gatekeeper.policy.embedded import EmbeddedEngine

    bundle = PolicyBundle.from_files(dict(files))
    return EmbeddedEngine(bundle), bundle.revision


def _require_same(anew: dict[str, Any], stated: Json, part: str, answer: str) -> None:
    if canonical_json(anew) != canonical_json(stated):
        codes = ", ".join(reason["code"] for reason in anew["reasons"]) or "no reason"
        raise TamperError(f"{part} is not what its policy says of its input: {answer} ({codes})")


def _words(question: str) -> str:
    return question.replace("_", "-")
