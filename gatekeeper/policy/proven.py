"""An engine that is believed only while every rule blocks its own bad example through it.

An engine that runs elsewhere can name the right revision and run other rules, or answer the same to everything. So its
rules are proven before its first answer is taken, and again when the proof is older than `FRESH_SECONDS`. Refuses to
tell an engine that knows the bad examples and lies about all else: a verdict that is decided again does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from gatekeeper.errors import UnavailableError
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.policy.engine import PolicyEngine, Question
from gatekeeper.policy.readiness import probe_rule

FRESH_SECONDS = 30.0


class ProvenEngine:
    """A policy engine that proves another one. Safe to share between threads: several may prove it at once."""

    def __init__(
        self, engine: PolicyEngine, bundle: PolicyBundle, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = engine.name
        self._engine = engine
        self._bundle = bundle
        self._seconds = seconds
        self._proven_at: float | None = None

    @property
    def version(self) -> str:
        """That of the engine itself."""
        return self._engine.version

    def ask(self, question: Question, policy_input: Mapping[str, object]) -> object:
        """The raw answer. Raises UnavailableError when there is none, or when a rule does not block."""
        now = self._seconds()
        if self._proven_at is None or now - self._proven_at > FRESH_SECONDS:
            self._prove()
            self._proven_at = now
        return self._engine.ask(question, policy_input)

    def _prove(self) -> None:
        for rule in sorted(self._bundle.probes):
            probe = probe_rule(self._engine, self._bundle, rule)
            if not probe.blocked:
                raise UnavailableError(
                    f"The {self.name} engine names the right policy and does not run it: rule {rule} {probe.detail}. "
                    "Nothing is decided until it blocks it; `gatekeeper doctor` shows every rule.",
                    code="engine_not_proven",
                )
