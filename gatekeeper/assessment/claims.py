"""The author's claims beside the evidence: severity, risks, mitigations and words of reassurance.

Owns the rules on what an author states. A claim decides nothing and hides nothing: it is put beside what was found, for
people now and for indicators of trust later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from gatekeeper.assessment.assessment import Claim, Finding, Severity
from gatekeeper.assessment.plan import LONGEST_REMEMBERED, REMEMBERED, telling_words
from gatekeeper.assessment.text.context import is_negated
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import compile_phrase, read_as_bytes
from gatekeeper.proposals.report import Report
from gatekeeper.proposals.statements import StatedBefore

REVIEW_LINE = 25
# A claim is far off when one side is more than this many times the other, and the higher one matters.
FAR_OFF = 2
LEAST_THAT_MATTERS = 9
# Boilerplate: this many earlier reports state the same, letter for letter but for numbers and a few words.
LEAST_REPEATS = 3
SAME_TEXT = 90.0
LONGEST_COMPARED = 2000
MOST_COMPARED = 50

_DIGITS = bytes.maketrans(b"0123456789", b"0" * 10)
_REASSURES = compile_phrase(
    r"(?i)\b(?:(?:completely|fully|perfectly|totally|entirely|absolutely|100 ?%) (?:safe|tested|secure"
    r"|reversible|compliant|harmless)|"
    r"(?:no|zero|without(?: any)?|negligible|minimal) (?:risks?|downtime|side effects|impact|danger)|risk-free"
    r"|guarantee(?:d|s)|harmless|"
    r"nothing can (?:go wrong|break|be lost)|bulletproof|foolproof|production-ready|battle-tested"
    r"|trivial(?:ly)? safe|rest assured|"
    r"(?:cannot|can.?t) (?:fail|go wrong|break anything)|(?:safe|ok(?:ay)?) to run (?:unattended|anywhere"
    r"|at any time)|trust me)\b"
)
# a risk that says that there is none
_DENIES = compile_phrase(
    r"(?i)\A\s*(?:none|nothing|n/?a|no (?:known |real |significant |major |foreseeable )*(?:risks?|issues"
    r"|concerns)(?: (?:known|identified|"
    r"expected|at all))?|(?:negligible|minimal|very low|low|trivial)(?: risks?)?)\s*[.!]?\s*\z"
)
# Stated twice, or a risk turned into its mitigation: so alike, words that deny left out.
ALIKE = 88.0
LEAST_COMPARED = 12
_TURNS = compile_phrase(
    r"(?i)\b(?:avoid|prevent|reduce|minimi[sz]e|mitigate|ensure|no|not|may|might|could|can|the|a|an|will|we"
    r"|risk of|that)\b"
)


def judge_claims(
    report: Report,
    document: Document,
    severity: Severity,
    findings: Sequence[Finding],
    before: Sequence[StatedBefore],
) -> tuple[Claim, ...]:
    """Return the claims that do not stand beside the evidence. `before` are the submitter's latest other reports."""
    return (
        *_severity(severity),
        *_boilerplate("risks", report.risks, [each.risks for each in before]),
        *_boilerplate("mitigations", report.mitigations, [each.mitigations for each in before]),
        *_unrelated(report, findings),
        *_repeated(report),
        *_restated(report),
        *_denied_risk(report, severity),
        *_reassurance(document, severity),
    )


def _severity(severity: Severity) -> Iterator[Claim]:
    claimed, assessed = severity.claimed, severity.assessed
    if assessed >= LEAST_THAT_MATTERS and assessed > FAR_OFF * claimed:
        title = "Claims far less severity than the evidence shows"
        yield Claim(
            "claims.severity_understated", title, "severity", f"{claimed} claimed, {assessed} assessed"
        )
    if claimed >= REVIEW_LINE and claimed > FAR_OFF * assessed:
        title = "Claims far more severity than the evidence shows"
        yield Claim(
            "claims.severity_overstated", title, "severity", f"{claimed} claimed, {assessed} assessed"
        )


def _boilerplate(part: str, stated: tuple[str, ...], before: Sequence[tuple[str, ...]]) -> Iterator[Claim]:
    text = _comparable(stated) if len(before) >= LEAST_REPEATS else ""
    if not text:
        return
    repeats = sum(_is_same(text, _comparable(each)) for each in before)
    if repeats >= LEAST_REPEATS:
        title = f"States the same {part} as {repeats} of the submitter's last {len(before)} reports"
        yield Claim(f"claims.boilerplate_{part}", title, part, stated[0][:160])


def _unrelated(report: Report, findings: Sequence[Finding]) -> Iterator[Claim]:
    if not report.risks:
        return
    answered = [telling_words(risk) for risk in report.risks]
    answered += [telling_words(f"{each.excerpt} {each.hazard.value.replace('_', ' ')}") for each in findings]
    for index, mitigation in enumerate(report.mitigations):
        words = telling_words(mitigation)
        if all(words.isdisjoint(each) for each in answered):
            title = "A mitigation that answers no stated risk and nothing that was found"
            yield Claim("claims.mitigation_without_risk", title, f"mitigations/{index}", mitigation[:160])


def _repeated(report: Report) -> Iterator[Claim]:
    """Mitigations that say one thing twice."""
    texts = [_bare(each) for each in report.mitigations[:MOST_COMPARED]]
    for index, text in enumerate(texts):
        if any(_is_alike(text, earlier) for earlier in texts[:index]):
            title = "Repeats another mitigation in almost the same words"
            yield Claim(
                "claims.repeated_mitigation", title, f"mitigations/{index}", report.mitigations[index][:160]
            )


def _restated(report: Report) -> Iterator[Claim]:
    """Mitigations that are a risk in other words and name no measure."""
    risks = [_bare(each) for each in report.risks[:MOST_COMPARED]]
    for index, mitigation in enumerate(report.mitigations[:MOST_COMPARED]):
        bare = _bare(mitigation)
        if any(_is_alike(bare, risk) for risk in risks):
            title = "A mitigation that only restates a risk"
            yield Claim("claims.mitigation_restates_risk", title, f"mitigations/{index}", mitigation[:160])


def _denied_risk(report: Report, severity: Severity) -> Iterator[Claim]:
    if severity.assessed < REVIEW_LINE:
        return
    for index, risk in enumerate(report.risks):
        if _DENIES.search(read_as_bytes(risk[:LONGEST_COMPARED])) is not None:
            title = "States that there is no risk where the evidence asks for people"
            yield Claim("claims.denies_risk", title, f"risks/{index}", risk[:160])
            return


def _reassurance(document: Document, severity: Severity) -> Iterator[Claim]:
    if severity.assessed < REVIEW_LINE:
        return
    for match in _REASSURES.finditer(document.reading):
        if document.is_prose_at(match.start()) and not is_negated(
            document.reading, match.start(), match.start()
        ):
            start, end = document.original(*match.span())
            title = "Reassures where the evidence asks for people"
            yield Claim("claims.reassurance", title, "proposal", document.text[start:end])
            return


def _comparable(stated: tuple[str, ...]) -> str:
    return read_as_bytes("\n".join(stated)[:LONGEST_COMPARED]).lower().translate(_DIGITS).decode("ascii")


def _bare(stated: str) -> str:
    """The words that tell a statement from its opposite left out."""
    return _remembered(stated) if len(stated) <= LONGEST_REMEMBERED else _without_turns(stated)


def _without_turns(stated: str) -> str:
    text = _comparable((stated,)).encode("ascii")
    at, kept = 0, []
    for match in _TURNS.finditer(text):
        kept.append(text[at : match.start()])
        at = match.end()
    return " ".join((b"".join(kept) + text[at:]).decode("ascii").split())


# Submitters state the same risks and mitigations again and again.
_remembered = lru_cache(maxsize=REMEMBERED)(_without_turns)


def _is_alike(text: str, other: str) -> bool:
    if min(len(text), len(other)) < LEAST_COMPARED:
        return False
    return fuzz.ratio(text, other, score_cutoff=ALIKE) >= ALIKE


def _is_same(text: str, other: str) -> bool:
    return text == other or fuzz.ratio(text, other, score_cutoff=SAME_TEXT) >= SAME_TEXT
