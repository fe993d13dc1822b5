"""The way of money."""

from __future__ import annotations

from gatekeeper.assessment.analyzers.payments import flow

MODULES = (flow,)
