"""Decisions about people and money that are left to models."""

from __future__ import annotations

from gatekeeper.assessment.analyzers.decisions import words

MODULES = (words,)
