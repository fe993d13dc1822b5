"""Assess a report and ask policy: the whole of `check`, and the first half of a submission. Stores nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gatekeeper.assessment.assessment import Assessment
from gatekeeper.policy.answers import decide
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.policy.decision import Decision
from gatekeeper.policy.engine import PolicyEngine
from gatekeeper.policy.engines import build_engine
from gatekeeper.policy.gate_input import GateContext, gate_input
from gatekeeper.proposals.digest import report_digest
from gatekeeper.proposals.report import Report
from gatekeeper.proposals.statements import StatedBefore
from gatekeeper.settings import Settings


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the gate says of one report at one moment, whether the gate was frozen then, and what policy was asked."""

    report: Report
    digest: str
    assessment: Assessment
    decision: Decision
    decided_at: datetime
    frozen: bool
    policy_input: Mapping[str, object]
    engine_version: str


@dataclass(frozen=True, slots=True)
class Judge:
    """One engine with the policy revision it has to run."""

    engine: PolicyEngine
    revision: str

    def judge(
        self, report: Report, now: datetime, *, frozen: bool = False, before: Sequence[StatedBefore] = ()
    ) -> Judgement:
        """Raises UnavailableError when policy gives no answer that can be relied on.

        `before` is what the submitter's latest other reports state.
        """
        from gatekeeper.assessment.assess import assess  # commands that judge nothing start in half the time

        digest = report_digest(report)
        assessment = assess(report, before=before)
        policy_input = gate_input(report, digest, assessment, GateContext(frozen=frozen, now=now))
        decision = decide(self.engine, self.revision, policy_input)
        version = self.engine.version
        return Judgement(report, digest, assessment, decision, now, frozen, policy_input, version)


def build_judge(settings: Settings) -> Judge:
    """The shipped policy with the engine that the settings name; no database."""
    bundle = PolicyBundle.load(settings.policies_dir)
    return Judge(build_engine(settings, bundle), bundle.revision)
