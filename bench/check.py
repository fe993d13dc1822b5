"""`gatekeeper check` over the reports: the whole command on one core, and its two steps inside one process."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.samples import Samples
from bench.table import Table
from bench.timing import Timing
from gatekeeper.assessment.assess import assess
from gatekeeper.clock import utc_now
from gatekeeper.judge import build_judge
from gatekeeper.policy.answers import decide
from gatekeeper.policy.gate_input import GateContext, gate_input
from gatekeeper.proposals.digest import report_digest
from gatekeeper.proposals.json_form import report_from_value
from gatekeeper.settings import Settings
from tests.support.workspace import REPOSITORY

NUMBER, NUMBER_QUICK = 788, 12
RUNS, RUNS_QUICK = 3, 1
_DECIDED = (0, 1, 3)


def measure(*, quick: bool) -> list[Table]:
    """The one table of this suite."""
    samples = Samples.load(NUMBER_QUICK if quick else NUMBER)
    table = Table("Check: no server, nothing stored", ("what", "per second", "p50 ms", "p99 ms"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reports.jsonl"
        samples.write(path)
        whole = max(_command(path, len(samples.reports)) for _ in range(RUNS_QUICK if quick else RUNS))
    table.add("gatekeeper check, whole command on one core", whole)
    assessed, decided = _in_process(samples)
    table.add("assessment alone", assessed.per_second, assessed.milliseconds(50), assessed.milliseconds(99))
    table.add(
        "embedded decision alone", decided.per_second, decided.milliseconds(50), decided.milliseconds(99)
    )
    table.notes.append(f"{len(samples.reports)} reports ({samples.source}); the command's best of the runs.")
    return [table]


def _command(path: Path, number: int) -> float:
    """Reports per second of one run of the command, pinned to one core, start-up included."""
    timing = Timing()
    with timing.piece(number):
        done = subprocess.run(
            [sys.executable, "-m", "gatekeeper", "check", str(path), "--format", "ndjson"],
            cwd=REPOSITORY,
            capture_output=True,
            preexec_fn=_on_one_core,
        )
    if done.returncode not in _DECIDED or done.stdout.count(b"\n") != number:
        raise RuntimeError(f"check ended with {done.returncode}: {done.stderr.decode()[-500:]}")
    return timing.per_second


def _on_one_core() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _in_process(samples: Samples) -> tuple[Timing, Timing]:
    judge = build_judge(Settings.from_env({}))
    assessed, decided = Timing(), Timing()
    for value in samples.reports:
        report = report_from_value(value)
        with assessed.piece():
            assessment = assess(report)
        policy_input = gate_input(report, report_digest(report), assessment, GateContext(False, utc_now()))
        with decided.piece():
            decide(judge.engine, judge.revision, policy_input)
    return assessed, decided
