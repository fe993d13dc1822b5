"""Answers of `gatekeeper check` for people: the outcome first, then why, what to do, and the evidence."""

from __future__ import annotations

from collections import Counter
from typing import IO

from rich.console import Console
from rich.text import Text

from gatekeeper.assessment.assessment import Finding
from gatekeeper.cli.checked import Checked
from gatekeeper.errors import InvalidInputError
from gatekeeper.judge import Judgement
from gatekeeper.policy.decision import Effect, Outcome

_STYLES = {Outcome.ALLOW: "bold green", Outcome.REVIEW: "bold yellow", Outcome.BLOCK: "bold red"}
_WORDS = {Outcome.ALLOW: "ALLOWED", Outcome.REVIEW: "AWAITS REVIEW", Outcome.BLOCK: "BLOCKED"}
_MARKS = {Effect.BLOCK: "✗", Effect.REVIEW: "?", Effect.NOTE: "·"}


class TextWriter:
    """Writes answers one after the other, and a line of totals when there were several."""

    def __init__(self, stream: IO[str]) -> None:
        self._console = Console(file=stream, highlight=False, soft_wrap=True)
        self._totals: Counter[str] = Counter()

    def write(self, answer: Checked) -> None:
        """One answer."""
        if answer.judgement is None:
            self._write_error(answer)
        else:
            self._write_judgement(answer.source, answer.judgement)
        self._console.print()

    def close(self) -> None:
        """The totals."""
        if self._totals.total() > 1:
            counted = ", ".join(f"{count} {word.lower()}" for word, count in sorted(self._totals.items()))
            self._console.print(Text(counted))

    def _write_judgement(self, source: str, judgement: Judgement) -> None:
        outcome, severity = judgement.decision.outcome, judgement.assessment.severity
        self._totals[_WORDS[outcome]] += 1
        self._console.print(Text(_WORDS[outcome], _STYLES[outcome]), Text(source, "bold"))
        self._console.print(
            Text(
                f"  severity {severity.effective} of 75: claimed {severity.claimed}, assessed"
                f" {severity.assessed} (likelihood {severity.likelihood} x damage {severity.damage}"
                f" x reversibility {severity.reversibility})"
            )
        )
        for reason in judgement.decision.reasons:
            self._console.print(Text(f"  {_MARKS[reason.effect]} {reason.message}"))
            if reason.effect is not Effect.NOTE:
                self._console.print(Text(f"    {reason.remedy}", "dim"))
        for finding in judgement.assessment.findings:
            self._write_finding(judgement.report.proposal, finding)

    def _write_finding(self, proposal: str, finding: Finding) -> None:
        line = proposal.count("\n", 0, finding.start) + 1
        column = finding.start - (proposal.rfind("\n", 0, finding.start) + 1) + 1
        place = f"line {line}, column {column}"
        self._console.print(Text(f"    {finding.title} [{finding.rule}] {place}"))
        self._console.print(Text(f"      {_on_one_line(finding.excerpt)}", "dim"))

    def _write_error(self, answer: Checked) -> None:
        error = answer.error
        self._totals["NOT DECIDED"] += 1
        self._console.print(Text("NOT DECIDED", "bold magenta"), Text(answer.source, "bold"))
        if error is None:
            return
        self._console.print(Text(f"  {error.detail}"))
        if isinstance(error, InvalidInputError):
            for fault in error.errors:
                if fault.detail != error.detail:
                    self._console.print(Text(f"  {fault.pointer or 'the input'}: {fault.detail}"))


def _on_one_line(excerpt: str, limit: int = 100) -> str:
    """The excerpt without line breaks and control characters."""
    folded = "".join(character if character.isprintable() else " " for character in excerpt)
    folded = " ".join(folded.split())
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"
