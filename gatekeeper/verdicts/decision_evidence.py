"""Report, assessment, decision and policy of a verdict file beside what the log's entries say of them. Pure.

Raises TamperError for what contradicts an entry or a digest, UnavailableError for what was not kept or not bound.
"""

from __future__ import annotations

from gatekeeper import __version__
from gatekeeper.assessment.assessment_json import assessment_from_json
from gatekeeper.canonical import canonical_json, sha256_name
from gatekeeper.errors import InvalidInputError, TamperError, UnavailableError
from gatekeeper.policy.bundle import revision_of
from gatekeeper.policy.gate_input import GateContext, gate_input
from gatekeeper.proposals.digest import report_digest
from gatekeeper.proposals.json_form import report_from_value
from gatekeeper.verdicts.course import Course
from gatekeeper.verdicts.verdict_file import Json, VerdictFile


def require_report(file: VerdictFile) -> None:
    """The report is one, and is the one that was submitted."""
    try:
        report = report_from_value(dict(file.report))
    except InvalidInputError as error:
        raise TamperError("the report is not one") from error
    if report_digest(report) != file.proposal.digest or report.id != file.proposal.id:
        raise TamperError("the report is not the one that was submitted: its digest is another")


def require_assessment(file: VerdictFile, course: Course) -> None:
    """The assessment is the one that was decided on, and what it found stands in the text."""
    facts, assessed = course.decided.facts, file.assessment
    proposal = file.report.get("proposal")
    length = len(proposal) if isinstance(proposal, str) else 0
    for number, finding in enumerate(assessed["findings"]):
        if not finding["start"] <= finding["end"] <= length:
            raise TamperError(f"finding {number} ({finding['rule']}) does not lie in the text")
    severity = {name: assessed["severity"][name] for name in ("claimed", "assessed")}
    if not is_same([assessed["model"], severity], [facts.get("model"), facts.get("severity")]):
        raise TamperError("the assessment is not of the model and severity that the log holds")
    require_digest(facts.get("assessment"), canonical_json(assessed), "the assessment")


def require_decision(file: VerdictFile, course: Course) -> None:
    """Outcome, reasons, policy and input are those of the log, and the input is made of this assessment."""
    decision, facts = file.decision, course.decided.facts
    stated = [decision["outcome"], codes(decision), decision["policy"]]
    if not is_same(stated, [facts.get("outcome"), facts.get("reasons"), facts.get("policy")]):
        raise TamperError("the decision is not the one that the log holds")
    if decision["input"] is None:
        raise UnavailableError("what policy was given is not kept: the decision cannot be made again")
    require_digest(facts.get("input"), canonical_json(decision["input"]), "the input of the decision")
    if not is_same(_input_made_of(file, course), decision["input"]):
        made_here = facts.get("gatekeeper") == __version__
        detail = "the input of the decision is not made of this report and assessment"
        raise TamperError(detail) if made_here else UnavailableError(f"{detail}, or by another version")


def require_policies(file: VerdictFile) -> None:
    """The file has exactly the policies that decided, and each hashes to its revision."""
    deciding = {file.decision["policy"]["revision"]}
    if file.review is not None:
        deciding.add(file.review["policy"]["revision"])
    if file.policies.keys() != deciding:
        raise TamperError("the policies are not those that decided")
    for revision, files in sorted(file.policies.items()):
        if files is not None and revision_of(files) != revision:
            raise TamperError(f"the policy's files are not those of revision {revision}")
    if None in file.policies.values():
        raise UnavailableError("policy bytes not kept: it decided before policies were kept")


def require_digest(logged: object, content: bytes, part: str) -> None:
    """Compare with the digest that the log holds; an older entry holds none."""
    if logged is None:
        raise UnavailableError(f"the log holds no digest of {part}: its entry is older than that")
    if logged != sha256_name(content):
        raise TamperError(f"{part} is not the one that the log holds: its digest is another")


def codes(stated: Json) -> list[str]:
    """The codes of the reasons of a decision, review or verdict."""
    return [reason["code"] for reason in stated["reasons"]]


def is_same(one: object, other: object) -> bool:
    """Whether two JSON values are the same, and not only alike to Python (`True == 1`)."""
    return canonical_json(one) == canonical_json(other)


def _input_made_of(file: VerdictFile, course: Course) -> dict[str, object]:
    told = file.decision["input"].get("context")
    frozen = told.get("frozen") if isinstance(told, dict) else None
    if not isinstance(frozen, bool):
        raise TamperError("the input of the decision does not tell whether the gate was frozen")
    report = report_from_value(dict(file.report))
    context = GateContext(frozen=frozen, now=course.decided.at)
    return gate_input(report, file.proposal.digest, assessment_from_json(file.assessment), context)
