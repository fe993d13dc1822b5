"""The inbox of files: every file ends in one place with its result, whatever happens on the way."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from gatekeeper.errors import NotPermittedError, UnavailableError
from gatekeeper.proposals.inbox import Answered, process_inbox, watch_inbox
from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.proposals.report import Report
from tests.support.reports import a_report
from tests.support.workspace import REPOSITORY

LIMIT = 10_000


def accept(report: Report) -> dict[str, object]:
    return {"id": report.id, "state": "passed"}


def put(inbox: Path, name: str, report: Report | None = None) -> Report:
    report = report or a_report()
    (inbox / name).write_text(json.dumps(report_to_json(report)))
    return report


def names(directory: Path) -> list[str]:
    return sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file())


def test_a_report_ends_in_accepted_with_its_result(tmp_path: Path):
    report = put(tmp_path, "a.json")
    assert process_inbox(tmp_path, accept, LIMIT) == [Answered("a.json", "accepted")]
    assert names(tmp_path) == ["accepted/a.json", "accepted/a.json.result.json"]
    result = json.loads((tmp_path / "accepted/a.json.result.json").read_text())
    assert result == {"id": report.id, "state": "passed"}


@pytest.mark.parametrize(
    ("name", "content", "code", "pointer"),
    [
        ("b.json", b"{}", "not_a_report", "/block_execution"),
        ("b.md", b"hello", "not_a_report", ""),
        ("b.exe", b"MZ", "unsupported_form", ""),
        ("b.json", b"x" * (LIMIT + 1), "too_large", ""),
        ("b.json", b"", "not_a_report", ""),
    ],
)
def test_what_is_no_report_ends_in_rejected_and_says_why(tmp_path, name, content, code, pointer):
    (tmp_path / name).write_bytes(content)
    (answered,) = process_inbox(tmp_path, accept, LIMIT)
    assert (answered.name, answered.outcome) == (name, "rejected")
    assert names(tmp_path) == [f"rejected/{name}", f"rejected/{name}.result.json"]
    error = json.loads((tmp_path / f"rejected/{name}.result.json").read_text())["error"]
    assert (error["code"], error["errors"][0]["pointer"]) == (code, pointer)


def test_a_refusal_of_the_gate_is_a_rejection(tmp_path: Path):
    def refuse(report: Report) -> dict[str, object]:
        raise NotPermittedError("It belongs to somebody else.", code="not_your_proposal")

    put(tmp_path, "a.json")
    assert process_inbox(tmp_path, refuse, LIMIT)[0].outcome == "rejected"


def test_what_could_not_be_decided_stays_for_the_next_round(tmp_path: Path):
    def down(report: Report) -> dict[str, object]:
        raise UnavailableError("The engine is down.")

    put(tmp_path, "a.json")
    assert process_inbox(tmp_path, down, LIMIT) == [Answered("a.json", "kept", "The engine is down.")]
    assert names(tmp_path) == ["a.json"]
    assert process_inbox(tmp_path, accept, LIMIT) == [Answered("a.json", "accepted")]


def test_a_second_file_of_the_same_name_overwrites_nothing(tmp_path: Path):
    for _ in range(3):
        put(tmp_path, "a.json", a_report())
        process_inbox(tmp_path, accept, LIMIT)
    kept = names(tmp_path)
    assert len([name for name in kept if not name.endswith(".result.json")]) == 3
    assert len([name for name in kept if name.endswith(".result.json")]) == 3


def test_drafts_folders_and_links_are_left_alone(tmp_path: Path):
    (tmp_path / ".draft.json").write_text("{}")
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "elsewhere").mkdir()
    put(tmp_path / "elsewhere", "x.json")
    (tmp_path / "link.json").symlink_to(tmp_path / "elsewhere" / "x.json")
    assert process_inbox(tmp_path, accept, LIMIT) == []
    assert names(tmp_path / "elsewhere") == ["x.json"]


def test_watching_answers_until_told_to_stop(tmp_path: Path):
    stop, seen = threading.Event(), []
    put(tmp_path, "a.json")

    def note(answered: Answered) -> None:
        seen.append(answered)
        if len(seen) == 1:
            put(tmp_path, "b.json")
        else:
            stop.set()

    watch_inbox(tmp_path, accept, LIMIT, stop, 0.01, note)
    assert seen == [Answered("a.json", "accepted"), Answered("b.json", "accepted")]


WORKER = """
import sys
from pathlib import Path
from gatekeeper.proposals.inbox import process_inbox
print("ready", flush=True)
process_inbox(Path(sys.argv[1]), lambda report: {"id": report.id}, 10_000)
"""


def test_nothing_is_lost_when_it_is_killed_half_way(tmp_path: Path):
    reports = {f"{n:03}.json": put(tmp_path, f"{n:03}.json") for n in range(150)}
    for delay in random.Random(7).sample(range(1, 60), 8):
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(tmp_path)], cwd=REPOSITORY, stdout=subprocess.PIPE
        )
        assert worker.stdout is not None
        worker.stdout.readline()
        try:
            worker.wait(timeout=delay / 1000)
        except subprocess.TimeoutExpired:
            os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
    process_inbox(tmp_path, accept, LIMIT)
    kept = [name for name in names(tmp_path) if not name.endswith((".result.json", ".draft"))]
    assert kept == [f"accepted/{name}" for name in sorted(reports)]
    for name, report in reports.items():
        assert json.loads((tmp_path / f"accepted/{name}.result.json").read_text())["id"] == report.id
