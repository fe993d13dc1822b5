"""What would never take effect: evidence that rests on a file running, in a file that nothing could run.

Owns which evidence rests on that. Only evidence of little damage does: what a graver finding says stays, whatever else
is wrong with the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gatekeeper.assessment.assessment import Finding
from gatekeeper.assessment.text.document import Document

CANNOT_RUN = frozenset({"incoherent.other_language", "incoherent.sql_does_not_parse"})
RESTS_ON_RUNNING = frozenset({"personal_data.plain_contact"})


def with_effect(document: Document, findings: Sequence[Finding]) -> Iterable[Finding]:
    """Return the findings without those that rest on the running of a file that cannot run."""
    idle = {document.artifact_of(each.start) for each in findings if each.rule in CANNOT_RUN}
    return (
        each
        for each in findings
        if each.rule not in RESTS_ON_RUNNING or document.artifact_of(each.start) not in idle
    )
