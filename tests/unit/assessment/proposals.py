"""Proposal texts that the tests of the assessment share."""

from __future__ import annotations

from gatekeeper.assessment.assess import assess
from gatekeeper.assessment.assessment import Assessment
from gatekeeper.assessment.secrets.checksums import base62_crc32
from tests.support.reports import a_report


def a_file(path: str, content: str) -> str:
    return f"Create or update the file {path} with this complete content:\n\n{content}\n"


def assessed(proposal: str, **changes: object) -> Assessment:
    return assess(a_report(proposal=proposal, **changes))


def rules_found(proposal: str) -> set[str]:
    return {finding.rule for finding in assessed(proposal).findings}


def a_github_token() -> str:
    """A token that nobody has, with the check digits that GitHub would give it."""
    body = "9f3KxQ7LmZ2VtB8nRw4YcD6sHj1PgT"
    return "ghp_" + body + base62_crc32(body.encode()).decode()
