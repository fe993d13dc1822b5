"""The digest that names exactly one revision of a report."""

from __future__ import annotations

from gatekeeper.canonical import canonical_json, sha256_name
from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.proposals.report import Report


def report_digest(report: Report) -> str:
    """`sha256:` over the RFC 8785 bytes of the report's JSON value."""
    return sha256_name(canonical_json(report_to_json(report)))
