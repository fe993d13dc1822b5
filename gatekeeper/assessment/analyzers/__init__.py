"""The analyzers, by kind of harm: each module owns the rules of one kind of evidence and one `analyze(document)`.

To add one: write the module with `RULES` and `analyze`, name it in its folder's `MODULES`, and weigh its rules in
`severity_table.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gatekeeper.assessment.analyzers import (
    coherence,
    data,
    decisions,
    infrastructure,
    insecure_code,
    oversight,
    payments,
    personal_data,
    secrets,
    shell,
)
from gatekeeper.assessment.assessment import Finding
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.text.document import Document

Analyzer = Callable[[Document], Iterable[Finding]]

_MODULES = (
    *data.MODULES,
    *shell.MODULES,
    *infrastructure.MODULES,
    *secrets.MODULES,
    *personal_data.MODULES,
    *payments.MODULES,
    *insecure_code.MODULES,
    *decisions.MODULES,
    *oversight.MODULES,
    *coherence.MODULES,
)

ANALYZERS: tuple[Analyzer, ...] = tuple(module.analyze for module in _MODULES)
RULES: tuple[Rule, ...] = tuple(rule for module in _MODULES for rule in module.RULES)
