"""The mitigation plan: which stated risks and found hazards some stated mitigation really answers.

Owns the judgement of the author's mitigations. A mitigation answers a hazard only when it names a concrete measure
for that hazard and something of the finding itself: its table, its file, or the hazard's own things. General good
intentions answer nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from gatekeeper.assessment.assessment import Finding, Hazard, MitigationPlan
from gatekeeper.assessment.severity import weight_of
from gatekeeper.assessment.text.context import is_negated
from gatekeeper.assessment.text.reading import Pattern, compile_phrase, read_as_bytes
from gatekeeper.proposals.report import Report

# A finding that can do less damage than 3 of 5 needs no plan.
WEIGHTY_DAMAGE = 3
# A claim of this severity asks for a plan even when nothing was found.
CLAIM_NEEDS_PLAN = 25
SHARED_WORDS = 2
REMEMBERED = 2000
LONGEST_REMEMBERED = 300

# by hazard: concrete measures, and the hazard's own things
_ANSWERS: dict[Hazard, tuple[str, str]] = {
    Hazard.DESTRUCTIVE_DATA: (
        r"back(?:ed|ing|s)? ?up|snapshot|pg_dump|soft[- ]delet|archiv|dry[- ]run|point-in-time|copy of|where clause|"
        r"row counts?|restor|previous (?:file|version)",
        r"tables?|rows?|records?|database|users?|columns?|orders?|files?",
    ),
    Hazard.SCHEMA_MIGRATION: (
        r"down(?:grade)? migration|revers(?:e|ible) migration|nullable|default value|concurrently|expand.{0,5}contract|"
        r"lock_timeout|backfill|maintenance window|back(?:ed|ing|s)? ?up|snapshot|staging copy",
        r"schema|columns?|tables?|migrations?|index(?:es)?",
    ),
    Hazard.FINANCIAL_FLOW: (
        r"idempoten|signatur|verif(?:y|ies|ied)|server[- ]side|(?:spending|amount|daily|hard) (?:limit|cap)|reconcil|"
        r"test mode|sandbox|approv(?:e|es|ed|al)|feature flag|price list",
        r"payments?|charg(?:e|es|ing)|refunds?|payouts?|stripe|prices?|pricing|amounts?|webhooks?|invoices?|billing|checkout",
    ),
    Hazard.SECRET_EXPOSURE: (
        r"rotat|revok|vault|secrets? manager|environment variables?|(?:remov|purg)\w* from (?:the )?history|re-?issu",
        r"keys?|secrets?|tokens?|passwords?|credentials?",
    ),
    Hazard.PERSONAL_DATA: (
        r"hash(?:ed|es|ing)?|argon2|bcrypt|encrypt|redact|consent|pseudonym|mask|retention|tokeni[sz]",
        r"passwords?|e-?mails?|personal data|phone|card|identit|users?|customers?",
    ),
    Hazard.INSECURE_CODE: (
        r"parameteri[sz]|escap|allow-?list|authenticat|authori[sz]|saniti[sz]|validat|tls|certificate",
        r"quer(?:y|ies)|routes?|endpoints?|input|commands?|requests?",
    ),
    Hazard.INFRA_CHANGE: (
        r"canary|blue[- ]green|previous image|health ?check|staging|pinned|revert",
        r"deploy\w*|pipelines?|containers?|images?|clusters?|config\w*|workflows?",
    ),
    Hazard.AI_DECISION: (
        r"human review|person (?:reviews|decides|approves)|approved by|bias|appeal|shadow mode|"
        r"(?:price )?(?:floor|ceiling|cap)",
        r"models?|decisions?|prices?|pricing|offers?|scores?",
    ),
    Hazard.OVERSIGHT_EVASION: (
        r"(?:two|second|human|named) (?:reviewers?|approvers?|people|persons?)|remains? (?:required|mandatory|enabled)|"
        r"stays? (?:on|enabled|required)|is kept|re-?enabled",
        r"approvals?|reviews?|audits?|logs?|logging|limits?|tests?|privileges?|gate|policy|schemas?",
    ),
    Hazard.INCOHERENT: (
        r"lint|syntax check|compil|pars(?:e|es|ed)|smoke test|(?:previous|current|old) (?:file|version)|node --check",
        r"files?|code|syntax|scripts?|routes?",
    ),
    Hazard.SCOPE_OVERREACH: (
        r"limited to|only|feature flag|one (?:change|table|service|area) at a time|allow-?list|split into",
        r"scope|changes?|services?|modules?|tables?",
    ),
}
_COMPILED: dict[Hazard, tuple[Pattern, Pattern]] = {
    hazard: (compile_phrase(rf"(?i)\b(?:{measures})"), compile_phrase(rf"(?i)\b(?:{things})\b"))
    for hazard, (measures, things) in _ANSWERS.items()
}
_WORD = compile_phrase(r"[A-Za-z_][A-Za-z0-9_]{3,}")
_COMMON = frozenset(
    (
        b"that this with from into over when then than have will would could should must only every their there which "
        b"while after before about being risk risks data system change changes process users user time raising create "
        b"update table file alter column drop select where long term slow"
    ).split()
)


def judge_plan(report: Report, findings: Sequence[Finding]) -> MitigationPlan:
    """Return which hazards and stated risks the report's mitigations answer, as hazard words and `risk:<index>`.

    Only findings that can do real damage need a plan; without any, and without a grave claim, none is needed.
    """
    weighty = [finding for finding in findings if 1 + weight_of(finding).damage >= WEIGHTY_DAMAGE]
    if not weighty and report.severity < CLAIM_NEEDS_PLAN:
        return MitigationPlan((), ())
    mitigations = tuple(_Mitigation.of(text) for text in report.mitigations)
    answered: dict[str, bool] = {}
    for hazard in sorted({finding.hazard for finding in weighty}):
        words = telling_words(" ".join({each.excerpt for each in weighty if each.hazard is hazard}))
        answered[hazard.value] = any(each.answers(hazard, words) for each in mitigations)
    for index, risk in enumerate(report.risks):
        words = telling_words(risk)
        answered[f"risk:{index}"] = any(each.answers_risk(words) for each in mitigations)
    return MitigationPlan(
        addressed=tuple(name for name, done in answered.items() if done),
        unaddressed=tuple(name for name, done in answered.items() if not done),
    )


@dataclass(frozen=True, slots=True)
class _Mitigation:
    """One stated mitigation and its telling words."""

    reading: bytes
    words: frozenset[bytes]

    @classmethod
    def of(cls, text: str) -> _Mitigation:
        return cls(read_as_bytes(text), telling_words(text))

    def answers(self, hazard: Hazard, words: frozenset[bytes]) -> bool:
        """Tell whether it names a measure against the hazard and one of its things, or of the finding's words."""
        measures, things = _COMPILED[hazard]
        if not self._takes(measures):
            return False
        return things.search(self.reading) is not None or not words.isdisjoint(self.words)

    def answers_risk(self, words: frozenset[bytes]) -> bool:
        """Tell whether it names enough of a risk's words and some concrete measure."""
        if len(words & self.words) < min(SHARED_WORDS, len(words) or SHARED_WORDS):
            return False
        return any(self._takes(measures) for measures, _ in _COMPILED.values())

    def _takes(self, measures: Pattern) -> bool:
        measure = measures.search(self.reading)
        return measure is not None and not is_negated(self.reading, measure.start(), measure.end())


def telling_words(text: str) -> frozenset[bytes]:
    """Return the words of a statement that tell what it is about, as ASCII, lower case and singular."""
    return _remembered(text) if len(text) <= LONGEST_REMEMBERED else _telling_words(text)


def _telling_words(text: str) -> frozenset[bytes]:
    words = (match.group().lower().rstrip(b"s") for match in _WORD.finditer(read_as_bytes(text)))
    return frozenset(word for word in words if word not in _COMMON)


# Submitters state the same risks and mitigations again and again.
_remembered = lru_cache(maxsize=REMEMBERED)(_telling_words)
