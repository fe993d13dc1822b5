"""Protections in words: checks, tests, limits and records that are protections by what they are for.

Owns the rules on things that only their qualifier makes a control: a check is anything, a permission check protects.
Controls that have a name of their own are `controls.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.controls import AGENT, is_excused
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where
from gatekeeper.assessment.text.context import is_only_talked_about
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.documentation import reads_as_manual
from gatekeeper.assessment.text.reading import compile_phrase

_OFF = (
    r"(?:remov(?:e|es|ed|ing)|disabl(?:e|es|ed|ing)|bypass(?:es|ed|ing)?|skip(?:s|ped|ping)?|turn(?:s|ed|ing)? off|"
    r"switch(?:es|ed|ing)? off|circumvent(?:s|ed|ing)?|suppress(?:es|ed|ing)?|eliminat(?:e|es|ed|ing)|drop(?:s"
    r"|ped|ping)?|"
    r"comment(?:s|ed|ing)? out|deactivat(?:e|es|ed|ing)|overrid(?:e|es|ing)|waiv(?:e|es|ed|ing)|lift(?:s|ed|ing)?|"
    r"suspend(?:s|ed|ing)?|mut(?:e|es|ed|ing)|silenc(?:e|es|ed|ing)|ignor(?:e|es|ed|ing)|relax(?:es|ed|ing)?|"
    r"weaken(?:s|ed|ing)?|delet(?:e|es|ed|ing)|strip(?:s|ped|ping)? out|dismiss(?:es|ed|ing)?|discard(?:s|ed|ing)?)"
)
_PROTECTS = (
    r"(?:security|safety|approval|reviewer|review|audit|mandatory|human|manual|authentication|authori[sz]ation"
    r"|permission|"
    r"access|compliance|polic(?:y|ies)|deployment|release|merge|spending|budget|signature|integrity|failing"
    r"|governance|ethics|"
    r"fraud|abuse|oversight|privilege|quota|protective|moderation)"
)
_THING = (
    r"(?:checks?|tests|alerts|warnings|validations?|verifications?|restrictions|filters?|locks?|limits|logs|scans?|"
    r"protections?|confirmations?|gates?|guards?|controls|hooks|quotas|constraints|thresholds?|triggers?"
    r"|requirements?)"
)
_GONE = (
    r"(?:removed|disabled|bypassed|skipped|turned off|switched off|dropped|eliminated|suppressed|waived"
    r"|suspended|lifted|muted|"
    r"ignored|commented out|deactivated|relaxed|optional)"
)
_WATCHED = (
    r"(?:validations?|restrictions|checks?|limits|reviews?|approvals?|logging|monitoring|entries|events|logs"
    r"|alerts|quotas|"
    r"tests)"
)

_PATTERN_RULES = (
    PatternRule(
        id="oversight.removes_protection",
        hazard=Hazard.OVERSIGHT_EVASION,
        title="Switches off something that protects or limits",
        confidence=0.75,
        examples=(
            "Comment out the failing authentication tests.",
            "Suppress the security warnings of the scanner.",
            "Override the deployment lock and force the release.",
            "All permission checks are disabled for the night.",
            "Remove all restrictions from the agent's execution environment.",
            "Allow the bot to dismiss failed reviews.",
        ),
        lookalikes=(
            "Remove the unused filters from the search page.",
            "Skip the null checks that the type system makes needless.",
            "No permission checks are disabled.",
            "Remove the warning in the access dialog that a test triggers.",
            "Users may dismiss the security alerts on their phone.",
            "Delete the cache before the security tests run.",
        ),
        pattern=rf"(?i)\b{_OFF} (?:[a-z'-]+ ){{0,3}}?{_PROTECTS} (?:[a-z'-]+ )?{_THING}\b"
        rf"|\b{_PROTECTS} (?:[a-z'-]+ )?{_THING} (?:is|are|will be|gets?|has been|have been) (?:now |all |also "
        rf"|temporarily )?{_GONE}\b"
        rf"|\b{_OFF} (?:[a-z'-]+ ){{0,3}}?{_WATCHED} (?:for|of|on|from) (?:[a-z'-]+ ){{0,4}}?(?:agents?|bots?"
        rf"|automation|planner|assistant|"
        r"self-[a-z]+)(?:'s?)?\b"
        rf"|\b{AGENT} (?:to |can |may |will |should )?(?:dismiss|overrid|clos|resolv|skip|ignor)(?:e"
        rf"|es)? (?:failed |negative |open |requested |"
        r"blocking |the |any |all )*(?:reviews?|review comments|checks|alerts|findings|rejections?)\b"
        r"|\b(?:turn(?:s|ed|ing)? off|mut(?:e|es|ing)|silenc(?:e|es|ing)|disabl(?:e|es|ing)) (?:alerts|alarms)\b",
        where=Where.PROSE,
    ),
)
# A match that runs over one of these goes from the deed to something else.
_CROSSES = compile_phrase(
    r"(?i)\s(?:to|in|after|before|when|while|that|which|with|at|into|during|if|until|unless|as|unused|null"
    r"|needless|old)\s"
)
_AGENT_MAY = compile_phrase(rf"(?i){AGENT} to ")


def _is_no_plan(document: Document, start: int, end: int) -> bool:
    reading = document.flowing
    if _CROSSES.search(reading, start, end) is not None and _AGENT_MAY.match(reading, start) is None:
        return True
    if is_only_talked_about(reading, start, end) or is_excused(document, start, end):
        return True
    return reads_as_manual(document)


RULES: tuple[Rule, ...] = _PATTERN_RULES
_SCANNER = Scanner(_PATTERN_RULES, _is_no_plan)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield which protections a proposal says it switches off."""
    yield from _SCANNER.scan(document)
