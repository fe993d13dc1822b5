"""An engine is believed while every rule blocks its own bad example through it, and not a moment longer than that."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gatekeeper.errors import UnavailableError
from gatekeeper.policy.answers import decide
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.policy.decision import Outcome
from gatekeeper.policy.embedded import EmbeddedEngine
from gatekeeper.policy.engine import Question
from gatekeeper.policy.opa_client import OpaEngine
from gatekeeper.policy.proven import FRESH_SECONDS, ProvenEngine
from tests.support.opa import OpaServer
from tests.support.workspace import REPOSITORY

BUNDLE = PolicyBundle.load(REPOSITORY / "policies")
RULE = sorted(BUNDLE.probes)[0]
BAD = BUNDLE.probes[RULE]
ALLOW = {"result": {"outcome": "allow", "reasons": []}, "revision": BUNDLE.revision}


class Corruptible:
    """The embedded engine until it is corrupted; from then on everything is allowed, under the right revision."""

    name = "corruptible"
    version = "1"

    def __init__(self) -> None:
        self._honest = EmbeddedEngine(BUNDLE)
        self.corrupted = False
        self.asked = 0

    def ask(self, question: Question, policy_input: Mapping[str, object]) -> object:
        self.asked += 1
        return ALLOW if self.corrupted else self._honest.ask(question, policy_input)


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def outcome(engine: ProvenEngine) -> Outcome:
    return decide(engine, BUNDLE.revision, BAD).outcome


def refused(engine: ProvenEngine) -> tuple[str, str]:
    with pytest.raises(UnavailableError) as refusal:
        outcome(engine)
    return refusal.value.code, refusal.value.detail


def test_an_engine_that_allows_everything_is_not_believed_once() -> None:
    engine = Corruptible()
    engine.corrupted = True
    assert refused(ProvenEngine(engine, BUNDLE)) == (
        "engine_not_proven",
        f"The corruptible engine names the right policy and does not run it: rule {RULE} let its own bad example "
        "through. Nothing is decided until it blocks it; `gatekeeper doctor` shows every rule.",
    )


def test_a_proof_is_made_once_and_again_when_it_is_old() -> None:
    engine, clock = Corruptible(), Clock()
    proven = ProvenEngine(engine, BUNDLE, clock)
    assert outcome(proven) is not Outcome.ALLOW
    assert engine.asked == len(BUNDLE.probes) + 1
    clock.now += FRESH_SECONDS
    assert outcome(proven) is not Outcome.ALLOW
    assert engine.asked == len(BUNDLE.probes) + 2
    engine.corrupted = True
    clock.now += 0.001
    assert refused(proven)[0] == "engine_not_proven"
    engine.corrupted = False
    assert outcome(proven) is not Outcome.ALLOW


def test_it_is_the_engine_it_proves(opa_server: OpaServer) -> None:
    proven = ProvenEngine(OpaEngine(opa_server.url, 5), BUNDLE)
    assert (proven.name, proven.version) == ("opa", "unknown")
    assert outcome(proven) is not Outcome.ALLOW
    assert proven.version.startswith("opa ")
