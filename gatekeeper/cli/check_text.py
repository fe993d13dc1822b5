"""`check --format text`: one block for each report, gravest things first, and a line that adds them up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from gatekeeper.cli.checked import Checked, checked_to_json
from gatekeeper.cli.exits import ExitCode
from gatekeeper.cli.plain_text import plain
from gatekeeper.cli.rendering import (
    console,
    print_failure,
    print_findings,
    print_heading,
    print_reasons,
    print_severity,
)
from gatekeeper.errors import GatekeeperError
from gatekeeper.judge import Judgement

_SUMMARY = (
    (ExitCode.ALLOWED, "allowed", "green"),
    (ExitCode.AWAITING, "for people to decide", "yellow"),
    (ExitCode.BLOCKED, "blocked", "red"),
    (ExitCode.INVALID, "not a report", "magenta"),
    (ExitCode.UNDECIDED, "not decided", "red"),
)


def print_checked(checked: Iterable[Checked]) -> None:
    """Print each as it comes."""
    out, counts = console(), Counter[ExitCode]()
    for item in checked:
        if counts:
            out.print()
        counts[item.exit_code] += 1
        if isinstance(item.answer, GatekeeperError):
            print_failure(out, item.source, item.answer)
        else:
            _print_judgement(out, item, item.answer)
    if counts.total() > 1:
        _print_summary(out, counts)


def _print_judgement(out: Console, item: Checked, judgement: Judgement) -> None:
    value = checked_to_json(item)
    print_heading(out, judgement.decision.outcome.value, item.source)
    out.print(Text(f"  {plain(judgement.report.id)}  {judgement.digest}", "dim"), soft_wrap=True)
    severity, reasons, findings = value["severity"], value["reasons"], value["findings"]
    assert isinstance(severity, dict)  # noqa: S101  # checked_to_json says so
    assert isinstance(reasons, list)  # noqa: S101  # as above
    assert isinstance(findings, list)  # noqa: S101  # as above
    print_severity(out, severity)
    print_reasons(out, "Why", reasons)
    print_findings(out, findings, judgement.report.proposal)


def _print_summary(out: Console, counts: Counter[ExitCode]) -> None:
    line = Text(f"{counts.total()} reports: ", "bold")
    parts = [Text(f"{counts[code]} {label}", style) for code, label, style in _SUMMARY if counts[code]]
    out.print()
    out.print(line + Text(", ").join(parts))
