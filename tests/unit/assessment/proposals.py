"""Proposal texts that the tests of the assessment share."""

from __future__ import annotations

from gatekeeper.assessment.assess import assess
from gatekeeper.assessment.assessment import Assessment
from tests.support.reports import a_report


def a_file(path: str, content: str) -> str:
    return f"Create or update the file {path} with this complete content:\n\n{content}\n"


def assessed(proposal: str, **changes: object) -> Assessment:
    return assess(a_report(proposal=proposal, **changes))


def rules_found(proposal: str) -> set[str]:
    return {finding.rule for finding in assessed(proposal).findings}
