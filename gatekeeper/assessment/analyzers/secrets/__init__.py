"""Secrets that a proposal gives away."""

from __future__ import annotations

from gatekeeper.assessment.analyzers.secrets import keys, logs, places, settings_files, tokens, values

MODULES = (
    tokens,
    keys,
    values,
    places,
    logs,
    settings_files,
)
