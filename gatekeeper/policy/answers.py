"""Read an engine's answer strictly. Anything undefined, unknown, missing, extra or mistyped is "could not decide".

An answer is `{"result": ..., "revision": ...}`; its revision must be the one this process loaded, so an engine that
runs another policy counts as down.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from gatekeeper.errors import UnavailableError
from gatekeeper.policy.decision import (
    Decision,
    Effect,
    Outcome,
    PolicyRef,
    Reason,
    ReviewResult,
    ReviewState,
)
from gatekeeper.policy.engine import PolicyEngine, Question

MAX_REASONS = 200
_MAX_TEXT = {"code": 128, "message": 4_000, "remedy": 2_000}
_RANK = {Effect.BLOCK: 0, Effect.REVIEW: 1, Effect.NOTE: 2}
Word = TypeVar("Word", bound=StrEnum)


def decide(engine: PolicyEngine, revision: str, policy_input: Mapping[str, object]) -> Decision:
    """The gate's decision; raises UnavailableError unless the answer can be relied on."""
    result = _result(engine.ask(Question.GATE, policy_input), revision, {"outcome", "reasons"})
    outcome = _word(Outcome, result["outcome"], "outcome")
    reasons = _reasons(result["reasons"])
    if outcome is not _implied(reasons):
        raise _undecided(f"the outcome {outcome.value} does not follow from its reasons")
    return Decision(outcome, reasons, PolicyRef(revision, engine.name))


def judge_reviews(engine: PolicyEngine, revision: str, policy_input: Mapping[str, object]) -> ReviewResult:
    """Whether the votes suffice; raises UnavailableError unless the answer can be relied on."""
    return _review_result(engine, Question.APPROVAL, revision, policy_input)


def judge_break_glass(
    engine: PolicyEngine, revision: str, policy_input: Mapping[str, object]
) -> ReviewResult:
    """Whether two people may break the glass; raises UnavailableError unless the answer can be relied on."""
    return _review_result(engine, Question.BREAK_GLASS, revision, policy_input)


def _review_result(
    engine: PolicyEngine, question: Question, revision: str, policy_input: Mapping[str, object]
) -> ReviewResult:
    result = _result(engine.ask(question, policy_input), revision, {"state", "reasons"})
    state = _word(ReviewState, result["state"], "state")
    reasons = _reasons(result["reasons"])
    worst = {reason.effect for reason in reasons}
    if state is ReviewState.APPROVED and worst != {Effect.NOTE}:
        raise _undecided("an approval must have reasons, and only notes")
    if (state is ReviewState.REJECTED) is not (Effect.BLOCK in worst):
        raise _undecided("a rejection needs a blocking reason, and only a rejection has one")
    return ReviewResult(state, reasons, PolicyRef(revision, engine.name))


def _result(answer: object, revision: str, keys: set[str]) -> Mapping[str, object]:
    if answer is None:
        raise _undecided("the answer is undefined; a rule or threshold is missing or a fact is mistyped")
    outer = _object(answer, {"result", "revision"}, "answer")
    if outer["revision"] != revision:
        raise UnavailableError(
            "The engine runs another policy revision than this gate.",
            code="stale_policy",
            expected=revision,
            found=str(outer["revision"])[:80],
        )
    return _object(outer["result"], keys, "result")


def _implied(reasons: tuple[Reason, ...]) -> Outcome:
    effects = {reason.effect for reason in reasons}
    if Effect.BLOCK in effects:
        return Outcome.BLOCK
    return Outcome.REVIEW if Effect.REVIEW in effects else Outcome.ALLOW


def _reasons(value: object) -> tuple[Reason, ...]:
    if not isinstance(value, list) or len(value) > MAX_REASONS:
        raise _undecided(f"reasons must be a list of at most {MAX_REASONS}")
    reasons = [_reason(item) for item in value]
    return tuple(sorted(reasons, key=lambda reason: (_RANK[reason.effect], reason.code, reason.message)))


def _reason(value: object) -> Reason:
    fields = _object(value, {"code", "effect", "message", "remedy"}, "reason")
    texts = {}
    for name, limit in _MAX_TEXT.items():
        text = fields[name]
        if not isinstance(text, str) or not 0 < len(text) <= limit:
            raise _undecided(f"a reason's {name} must have 1 to {limit} characters")
        texts[name] = text
    return Reason(texts["code"], _word(Effect, fields["effect"], "effect"), texts["message"], texts["remedy"])


def _object(value: object, keys: set[str], name: str) -> Mapping[str, object]:
    if not isinstance(value, dict) or value.keys() != keys:
        raise _undecided(f"the {name} must have exactly {', '.join(sorted(keys))}")
    return value


def _word(known: type[Word], value: object, name: str) -> Word:
    if isinstance(value, str) and value in {word.value for word in known}:
        return known(value)
    raise _undecided(f"the {name} is not one of {', '.join(known)}")


def _undecided(detail: str) -> UnavailableError:
    return UnavailableError(f"Policy gave no answer to rely on: {detail}.", code="undecided")
