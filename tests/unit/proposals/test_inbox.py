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

from gatekeeper.errors import (
    ConflictError,
    InvalidInputError,
    NotAuthenticatedError,
    NotPermittedError,
    TamperError,
    UnavailableError,
)
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


@pytest.mark.parametrize(
    "error",
    [NotAuthenticatedError("Who?"), TamperError("Chain."), RuntimeError("a bug"), OSError("disk full")],
    ids=lambda error: type(error).__name__,
)
def test_only_what_the_file_is_to_blame_for_rejects_it(tmp_path: Path, error: Exception):
    def fail(report: Report) -> dict[str, object]:
        raise error

    put(tmp_path, "a.json")
    assert [answered.outcome for answered in process_inbox(tmp_path, fail, LIMIT)] == ["kept"]
    assert names(tmp_path) == ["a.json"]


def test_a_result_that_cannot_be_written_keeps_the_file(tmp_path: Path):
    put(tmp_path, "a.json")
    assert process_inbox(tmp_path, lambda report: {"odd": object()}, LIMIT)[0].outcome == "kept"
    assert "a.json" in names(tmp_path)
    assert process_inbox(tmp_path, accept, LIMIT) == [Answered("a.json", "accepted")]


def test_a_second_file_of_the_same_name_overwrites_nothing(tmp_path: Path):
    reports = []
    for _ in range(3):
        reports.append(put(tmp_path, "a.json"))
        process_inbox(tmp_path, accept, LIMIT)
    assert results(tmp_path / "accepted") == sorted(report.id for report in reports)
    same = put(tmp_path, "a.json", reports[0])
    process_inbox(tmp_path, accept, LIMIT)
    put(tmp_path, "a.json", same)
    process_inbox(tmp_path, accept, LIMIT)
    assert results(tmp_path / "accepted") == sorted(report.id for report in [*reports, same, same])


def results(directory: Path) -> list[str]:
    """The id in the result beside every file, after seeing that the file is the one the result is about."""
    found = []
    for path in directory.iterdir():
        if not path.name.endswith(".result.json"):
            result = json.loads(path.with_name(path.name + ".result.json").read_text())
            assert json.loads(path.read_text())["id"] == result["id"]
            found.append(result["id"])
    return sorted(found)


def test_a_newer_file_that_comes_while_the_older_is_judged_is_not_taken_for_it(tmp_path: Path):
    older, newer = put(tmp_path, "a.json"), a_report()

    def replaced_meanwhile(report: Report) -> dict[str, object]:
        if report == older:
            put(tmp_path, ".a.json", newer)
            (tmp_path / ".a.json").rename(tmp_path / "a.json")
        return accept(report)

    process_inbox(tmp_path, replaced_meanwhile, LIMIT)
    assert results(tmp_path / "accepted") == [older.id]
    process_inbox(tmp_path, replaced_meanwhile, LIMIT)
    assert results(tmp_path / "accepted") == sorted([older.id, newer.id])


def test_a_file_that_is_kept_does_not_overwrite_the_newer_one(tmp_path: Path):
    older, newer = put(tmp_path, "a.json"), a_report()

    def down_and_replaced(report: Report) -> dict[str, object]:
        put(tmp_path, "a.json", newer)
        raise UnavailableError("The engine is down.")

    assert process_inbox(tmp_path, down_and_replaced, LIMIT)[0].outcome == "kept"
    process_inbox(tmp_path, accept, LIMIT)
    process_inbox(tmp_path, accept, LIMIT)
    assert results(tmp_path / "accepted") == sorted([older.id, newer.id])


def test_a_file_named_like_a_result_is_not_overwritten_by_one(tmp_path: Path):
    reports = [put(tmp_path, name) for name in ("a.json", "a.json.result.json")]
    process_inbox(tmp_path, accept, LIMIT)
    later = put(tmp_path, "a.json.result.json")
    process_inbox(tmp_path, accept, LIMIT)
    assert len(names(tmp_path / "accepted")) == 6
    filed = {
        json.loads((tmp_path / "accepted" / name).read_text())["id"] for name in names(tmp_path / "accepted")
    }
    assert filed == {report.id for report in [*reports, later]}


@pytest.mark.parametrize("stem", ["x" * 250, "é" * 120, "x" * 153 + ".result" + "y" * 20])
def test_names_as_long_as_the_file_system_allows_are_filed_with_their_results(tmp_path: Path, stem: str):
    for _ in range(2):
        put(tmp_path, f"{stem}.json")
        assert process_inbox(tmp_path, accept, LIMIT)[0].outcome == "accepted"
    assert len(results(tmp_path / "accepted")) == 2


def test_a_name_that_is_no_text_is_filed_and_can_be_shown(tmp_path: Path):
    (tmp_path / os.fsdecode(b"\xff.json")).write_bytes(b"{}")
    assert process_inbox(tmp_path, accept, LIMIT)[0].name == "\\xff.json"
    assert os.path.exists(tmp_path / "rejected" / os.fsdecode(b"\xff.json"))


def test_drafts_folders_and_links_are_left_alone(tmp_path: Path):
    unfinished = [".draft.json", "a.json.tmp", "b.json.part", "c.json~"]
    for name in unfinished:
        (tmp_path / name).write_text("{}")
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "elsewhere").mkdir()
    put(tmp_path / "elsewhere", "x.json")
    (tmp_path / "link.json").symlink_to(tmp_path / "elsewhere" / "x.json")
    os.mkfifo(tmp_path / "pipe.json")
    assert process_inbox(tmp_path, accept, LIMIT) == []
    assert names(tmp_path / "elsewhere") == ["x.json"]
    assert {name for name in unfinished if (tmp_path / name).exists()} == set(unfinished)


def test_folders_that_lead_elsewhere_are_refused(tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "accepted").symlink_to(tmp_path / "elsewhere")
    put(tmp_path / "inbox", "a.json")
    with pytest.raises(InvalidInputError, match="accepted is a link"):
        process_inbox(tmp_path / "inbox", accept, LIMIT)
    assert names(tmp_path / "elsewhere") == []


def test_one_process_answers_an_inbox_at_a_time(tmp_path: Path):
    def intrude(report: Report) -> dict[str, object]:
        with pytest.raises(ConflictError):
            process_inbox(tmp_path, accept, LIMIT)
        return accept(report)

    put(tmp_path, "a.json")
    assert process_inbox(tmp_path, intrude, LIMIT) == [Answered("a.json", "accepted")]


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


class Looks:
    """Stands where a clock would: does one thing after each look, then says to stop."""

    def __init__(self, *deeds):
        self.deeds = list(deeds)

    def is_set(self) -> bool:
        return not self.deeds

    def wait(self, seconds: float) -> None:
        self.deeds.pop(0)()


def test_watching_waits_until_a_file_no_longer_grows(tmp_path: Path):
    text, seen = json.dumps(report_to_json(a_report())), []
    path = tmp_path / "a.json"
    path.write_text(text[:100])
    looks = Looks(
        lambda: path.write_text(text[:200]),
        lambda: path.write_text(text),
        lambda: seen.append("complete"),
        lambda: None,
    )
    watch_inbox(tmp_path, accept, LIMIT, looks, 1, lambda answered: seen.append(answered.outcome))
    assert seen == ["complete", "accepted"]


def test_watching_waits_while_another_process_answers(tmp_path: Path):
    put(tmp_path, "a.json")
    seen = []

    def watched_meanwhile(report: Report) -> dict[str, object]:
        watch_inbox(tmp_path, accept, LIMIT, Looks(lambda: None, lambda: None), 1, seen.append)
        return accept(report)

    process_inbox(tmp_path, watched_meanwhile, LIMIT)
    assert seen == []


WORKER = """
import sys
from pathlib import Path
from gatekeeper.proposals.inbox import process_inbox
print("ready", flush=True)
process_inbox(Path(sys.argv[1]), lambda report: {"id": report.id}, 10_000)
"""


def test_nothing_is_lost_when_it_is_killed_at_random(tmp_path: Path):
    reports = [put(tmp_path, f"{number:03}.json") for number in range(200)]
    killed, chance = 0, random.Random(7)
    while killed < 20 and any(tmp_path.glob("*.json")):
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(tmp_path)], cwd=REPOSITORY, stdout=subprocess.PIPE
        )
        assert worker.stdout is not None
        worker.stdout.readline()
        try:
            worker.wait(timeout=chance.uniform(0.001, 0.03))
        except subprocess.TimeoutExpired:
            os.kill(worker.pid, signal.SIGKILL)
            killed += 1
        worker.wait()
        worker.stdout.close()
    process_inbox(tmp_path, accept, LIMIT)
    assert killed >= 3
    assert_all_filed(tmp_path, reports)


def assert_all_filed(inbox: Path, reports: list[Report]) -> None:
    assert results(inbox / "accepted") == sorted(report.id for report in reports)
    assert [name for name in names(inbox) if not name.startswith("accepted/")] == []


KILLED_BEFORE_STEP = """
import os, signal, sys
from pathlib import Path
from gatekeeper.errors import UnavailableError
from gatekeeper.proposals.inbox import process_inbox

inbox, fatal, down = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "down"
STEPS = {"open", "os.rename", "os.link", "os.remove", "os.scandir"}
step = 0

def count(event, details):
    global step
    if event in STEPS and str(inbox) in str(details[0]):
        step += 1
        if step == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

def submit(report):
    if down:
        raise UnavailableError("The engine is down.")
    return {"id": report.id}

sys.addaudithook(count)
process_inbox(inbox, submit, 10_000)
"""


@pytest.mark.parametrize("engine", ["up", "down"])
def test_nothing_is_lost_wherever_between_two_steps_it_is_killed(tmp_path: Path, engine: str):
    for fatal_step in range(1, 60):
        inbox = tmp_path / str(fatal_step)
        inbox.mkdir()
        reports = [put(inbox, "a.json"), put(inbox, "b.json")]
        script = [sys.executable, "-c", KILLED_BEFORE_STEP, str(inbox), str(fatal_step), engine]
        ended = subprocess.run(script, cwd=REPOSITORY, check=False).returncode
        process_inbox(inbox, accept, LIMIT)
        assert_all_filed(inbox, reports)
        if ended == 0:
            break
    assert (ended, fatal_step > 8) == (0, True)
