"""The examples of the OpenAPI document: one report in both forms. Data only."""

from __future__ import annotations

PROPOSAL_ID = "fsar_6f0d2e1c-3c0a-4a57-9d52-1f1f3e0f9a10"
DIGEST = "sha256:3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea"
REPORT: dict[str, object] = {
    "id": PROPOSAL_ID,
    "timestamp": "2026-03-01T09:30:00.000Z",
    "severity": 4,
    "block_execution": False,
    "proposal": "Reword the greeting of the weekly summary so that it names the month.",
    "risks": ["The greeting could be longer than the subject line allows"],
    "mitigations": ["Keep the greeting under forty characters; revert the one-line change"],
}
REPORT_MARKDOWN = f"""# FSAR Proposal Report
- id: {PROPOSAL_ID}
- timestamp: 2026-03-01T09:30:00.000Z
- severity: 4
- block_execution: false
- proposal:

Reword the greeting of the weekly summary so that it names the month.

## Risks
- The greeting could be longer than the subject line allows

## Mitigations
- Keep the greeting under forty characters; revert the one-line change"""
