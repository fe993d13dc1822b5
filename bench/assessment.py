"""Assessment by size: real proposals of about a size, and long texts that are put together from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle
from statistics import median

from bench.samples import Samples
from bench.table import Table
from bench.timing import Timing
from gatekeeper.assessment.assess import assess
from gatekeeper.assessment.warming import warm
from gatekeeper.proposals.json_form import report_from_value
from gatekeeper.proposals.report import Report

NUMBER, NUMBER_QUICK = 788, 12
ABOUT, ABOUT_QUICK = (500, 1_000, 3_000, 6_000), (1_000,)
OF_EACH, OF_EACH_QUICK = 35, 4
LONG, LONG_QUICK = (30_000, 100_000, 300_000, 1_000_000), (30_000,)
ROUNDS, ROUNDS_QUICK = 5, 1


def measure(*, quick: bool) -> list[Table]:
    """The one table of this suite."""
    samples = Samples.load(NUMBER_QUICK if quick else NUMBER)
    reports = [report_from_value(value) for value in samples.reports]
    rounds = ROUNDS_QUICK if quick else ROUNDS
    table = Table(
        "Assessment by size of the proposal", ("characters", "median", "p50 ms", "p99 ms", "ms per 1,000")
    )
    warm()
    for size in ABOUT_QUICK if quick else ABOUT:
        nearest = sorted(reports, key=lambda report: abs(len(report.proposal) - size))
        _add(table, f"about {size:,}", nearest[: OF_EACH_QUICK if quick else OF_EACH], rounds)
    for size in LONG_QUICK if quick else LONG:
        _add(table, f"{size:,}, put together", [_put_together(reports, size)], rounds)
    table.notes.append(
        f"{OF_EACH_QUICK if quick else OF_EACH} proposals of about each size ({samples.source}), each {rounds} times "
        "in a running process; a long text is many proposals one after the other."
    )
    return [table]


def _add(table: Table, title: str, reports: Sequence[Report], rounds: int) -> None:
    timing, sizes = Timing(), [len(report.proposal) for report in reports]
    for _ in range(rounds):
        for report in reports:
            with timing.piece():
                assess(report)
    half = timing.milliseconds(50)
    table.add(title, median(sizes), half, timing.milliseconds(99), half / median(sizes) * 1000)


def _put_together(reports: list[Report], size: int) -> Report:
    pieces: list[str] = []
    left = size
    for report in cycle(reports):
        pieces.append(report.proposal[:left] + "\n\n")
        left -= len(pieces[-1])
        if left <= 0:
            break
    return replace(reports[0], proposal="".join(pieces)[:size])
