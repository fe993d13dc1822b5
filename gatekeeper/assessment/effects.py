"""What would never take effect: evidence that rests on a file running, in a file that nothing could run.

Owns which evidence rests on that. Only evidence of little damage does: what a graver finding says stays, whatever else
is wrong with the file. Of a script of SQL each statement takes effect by itself, so one that cannot be read undoes the
others only in a transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gatekeeper.assessment.assessment import Finding
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import compile_pattern

CANNOT_RUN = frozenset({"incoherent.other_language", "incoherent.sql_does_not_parse"})
UNDOES_A_TRANSACTION = "incoherent.sql_does_not_parse"
RESTS_ON_RUNNING = frozenset({"personal_data.plain_contact", "insecure.open_to_every_origin"})
_TRANSACTION = compile_pattern(r"(?im)^[ \t]*(?:begin\b[^;\n]{0,80};|start[ \t]+transaction\b)")


def with_effect(document: Document, findings: Sequence[Finding]) -> Iterable[Finding]:
    """Return the findings without those that rest on the running of a file that cannot run."""
    idle = {document.artifact_of(each.start) for each in findings if _keeps_from_running(document, each)}
    return (
        each
        for each in findings
        if each.rule not in RESTS_ON_RUNNING or document.artifact_of(each.start) not in idle
    )


def _keeps_from_running(document: Document, finding: Finding) -> bool:
    if finding.rule != UNDOES_A_TRANSACTION:
        return finding.rule in CANNOT_RUN
    artifact = document.artifact_of(finding.start)
    span = (0, len(document.running)) if artifact is None else (artifact.start, artifact.end)
    return _TRANSACTION.search(document.running, *span) is not None
