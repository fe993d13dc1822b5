"""What works against those who watch, and what talks to the judge."""

from __future__ import annotations

from gatekeeper.assessment.analyzers.oversight import (
    controls,
    controls_in_code,
    hidden_text,
    hollow_controls,
    hollow_guards,
    injection,
    injection_languages,
    protections,
    self_change,
    self_interest,
)

MODULES = (
    controls,
    controls_in_code,
    hollow_controls,
    protections,
    self_interest,
    injection,
    injection_languages,
    hidden_text,
    hollow_guards,
    self_change,
)
