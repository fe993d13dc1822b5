"""Personal data that is kept, sent or shown unprotected."""

from __future__ import annotations

from gatekeeper.assessment.analyzers.personal_data import columns, flows, identifiers

MODULES = (
    columns,
    flows,
    identifiers,
)
