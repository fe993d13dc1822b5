"""The analyzers: each module owns the rules of one kind of evidence and one `analyze(document)`.

To add one: write the module with `RULES` and `analyze`, name it here, and give its rules weights in `severity.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gatekeeper.assessment.analyzers import destructive_sql
from gatekeeper.assessment.assessment import Finding
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.rules import Rule

Analyzer = Callable[[Document], Iterable[Finding]]

ANALYZERS: tuple[Analyzer, ...] = (destructive_sql.analyze,)
RULES: tuple[Rule, ...] = (*destructive_sql.RULES,)
