"""The protocol both policy engines speak. An engine evaluates; reading its answer strictly is `answers.py`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol


class Question(StrEnum):
    """The rules an engine can be asked, as paths below `data`. Each answers `{"result": ..., "revision": ...}`."""

    GATE = "gatekeeper/gate/answer"
    APPROVAL = "gatekeeper/approval/answer"
    BREAK_GLASS = "gatekeeper/break_glass/answer"


class PolicyEngine(Protocol):
    """Evaluates one question over one input. Two implementations run in production: embedded and OPA server."""

    name: str
    """`embedded` or `opa`."""

    def ask(self, question: Question, policy_input: Mapping[str, object]) -> object:
        """The raw JSON answer, unchecked. Raises UnavailableError when there is none."""
