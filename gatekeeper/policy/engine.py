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

    @property
    def word(self) -> str:
        """The question's name in the log: `gate`, `approval` or `break_glass`."""
        return self.value.split("/")[1]


class PolicyEngine(Protocol):
    """Evaluates one question over one input. Two implementations run in production: embedded and OPA server."""

    name: str
    """`embedded` or `opa`."""

    @property
    def version(self) -> str:
        """Whose program and which version of it evaluates; `unknown` while that is not told."""
        ...

    def ask(self, question: Question, policy_input: Mapping[str, object]) -> object:
        """The raw JSON answer, unchecked. Raises UnavailableError when there is none."""
