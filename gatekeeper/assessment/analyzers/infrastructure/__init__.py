"""Deployment, clusters, clouds and networks."""

from __future__ import annotations

from gatekeeper.assessment.analyzers.infrastructure import cloud, deployment, words

MODULES = (
    deployment,
    words,
    cloud,
)
