"""What a submitter stated before: the risks and mitigations of their earlier reports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StatedBefore:
    """What one earlier report of the same submitter states."""

    risks: tuple[str, ...]
    mitigations: tuple[str, ...]
