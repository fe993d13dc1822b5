"""The analyzers: each module owns the rules of one kind of evidence and one `analyze(document)`.

To add one: write the module with `RULES` and `analyze`, name it here, and give its rules weights in `severity.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gatekeeper.assessment.analyzers import (
    coherence,
    destructive_code,
    destructive_sql,
    oversight,
    payment_flow,
    people,
    reach,
    secrets,
    self_change,
)
from gatekeeper.assessment.assessment import Finding
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.rules import Rule

Analyzer = Callable[[Document], Iterable[Finding]]

_MODULES = (
    destructive_sql,
    destructive_code,
    secrets,
    payment_flow,
    oversight,
    self_change,
    people,
    reach,
    coherence,
)

ANALYZERS: tuple[Analyzer, ...] = tuple(module.analyze for module in _MODULES)
RULES: tuple[Rule, ...] = tuple(rule for module in _MODULES for rule in module.RULES)
