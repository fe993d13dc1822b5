"""Data that is destroyed and schemas that are changed: by SQL, by code, and in words."""

from __future__ import annotations

from gatekeeper.assessment.analyzers.data import code, sql, words

MODULES = (
    sql,
    code,
    words,
)
