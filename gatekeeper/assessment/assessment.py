"""The values an assessment consists of. Owns their shape; how they are found is the analyzers' business."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Hazard(StrEnum):
    """The kinds of harm, as the severity rubric names them."""

    DESTRUCTIVE_DATA = "destructive_data"
    SCHEMA_MIGRATION = "schema_migration"
    FINANCIAL_FLOW = "financial_flow"
    SECRET_EXPOSURE = "secret_exposure"  # noqa: S105  # the name of a hazard
    PERSONAL_DATA = "personal_data"
    INSECURE_CODE = "insecure_code"
    INFRA_CHANGE = "infra_change"
    AI_DECISION = "ai_decision"
    OVERSIGHT_EVASION = "oversight_evasion"
    INCOHERENT = "incoherent"
    SCOPE_OVERREACH = "scope_overreach"


class Factor(StrEnum):
    """The three factors of severity."""

    LIKELIHOOD = "likelihood"
    DAMAGE = "damage"
    REVERSIBILITY = "reversibility"


@dataclass(frozen=True, slots=True)
class Finding:
    """Evidence of one hazard. `start`/`end` are character offsets into the ORIGINAL proposal; confidence is 0 to 1."""

    rule: str
    hazard: Hazard
    title: str
    start: int
    end: int
    excerpt: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Contribution:
    """Why a factor has its value: `rule` (a finding's rule or a rule of the severity model) moved it by `amount`."""

    factor: Factor
    amount: int
    rule: str


@dataclass(frozen=True, slots=True)
class Severity:
    """likelihood 1-5 x damage 1-5 x reversibility 1-3. Claims raise `effective` above `assessed`, never lower it."""

    claimed: int
    assessed: int
    effective: int
    likelihood: int
    damage: int
    reversibility: int


@dataclass(frozen=True, slots=True)
class MitigationPlan:
    """Which stated risks and found hazards some stated mitigation really answers, by name."""

    addressed: tuple[str, ...]
    unaddressed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """Something the author states that does not stand beside the evidence. `about` is the part of the report."""

    rule: str
    title: str
    about: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the evidence says. `unassessable` is true when a part of the proposal could not be analysed."""

    model: str
    severity: Severity
    findings: tuple[Finding, ...]
    contributions: tuple[Contribution, ...]
    plan: MitigationPlan
    rollback_stated: bool
    unassessable: bool
    claims: tuple[Claim, ...] = ()
