"""Files that are not what they claim to be, and changes without bounds."""

from __future__ import annotations

from gatekeeper.assessment.analyzers.coherence import files, loose_ends, lost_settings, scope, stubs

MODULES = (
    scope,
    stubs,
    files,
    loose_ends,
    lost_settings,
)
