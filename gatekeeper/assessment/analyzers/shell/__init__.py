"""Commands that run: what they destroy, expose, open or hide, in shells, images and pipelines."""

from __future__ import annotations

from gatekeeper.assessment.analyzers.shell import ci_workflow, commands, dockerfile, windows

MODULES = (
    commands,
    windows,
    dockerfile,
    ci_workflow,
)
