"""The analyzers: each module owns the rules of one kind of evidence and one `analyze(document)`.

To add one: write the module with `RULES` and `analyze`, name it here, and weigh its rules in `severity_table.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gatekeeper.assessment.analyzers import (
    ai_decision,
    ci_workflow,
    cloud,
    coherence,
    controls_in_code,
    data_in_words,
    deployment,
    destructive_code,
    destructive_sql,
    dockerfile,
    hidden_text,
    hollow_controls,
    infrastructure_in_words,
    injection,
    injection_languages,
    input_flows,
    insecure_c,
    insecure_csharp,
    insecure_go,
    insecure_java,
    insecure_javascript,
    insecure_php,
    insecure_python,
    insecure_ruby,
    loose_ends,
    lost_settings,
    open_routes,
    oversight,
    payment_flow,
    personal_columns,
    personal_flows,
    personal_identifiers,
    protections,
    scope,
    secret_keys,
    secret_places,
    secret_tokens,
    secret_values,
    secrets_in_logs,
    self_change,
    self_interest,
    shell,
    shell_windows,
    stubs,
    unguarded_javascript,
    unguarded_python,
)
from gatekeeper.assessment.assessment import Finding
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.prefilter import RULE_PATTERNS
from gatekeeper.assessment.rules import Rule

Analyzer = Callable[[Document], Iterable[Finding]]

_MODULES = (
    destructive_sql,
    destructive_code,
    data_in_words,
    shell,
    shell_windows,
    dockerfile,
    ci_workflow,
    deployment,
    infrastructure_in_words,
    cloud,
    secret_tokens,
    secret_keys,
    secret_values,
    secret_places,
    secrets_in_logs,
    personal_columns,
    personal_flows,
    personal_identifiers,
    payment_flow,
    input_flows,
    insecure_javascript,
    unguarded_javascript,
    insecure_python,
    unguarded_python,
    insecure_php,
    insecure_go,
    insecure_java,
    insecure_ruby,
    insecure_csharp,
    insecure_c,
    open_routes,
    ai_decision,
    oversight,
    hollow_controls,
    protections,
    controls_in_code,
    self_interest,
    injection,
    injection_languages,
    hidden_text,
    self_change,
    scope,
    stubs,
    coherence,
    loose_ends,
    lost_settings,
)

ANALYZERS: tuple[Analyzer, ...] = tuple(module.analyze for module in _MODULES)
RULES: tuple[Rule, ...] = tuple(rule for module in _MODULES for rule in module.RULES)

RULE_PATTERNS.compile()
