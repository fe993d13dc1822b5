"""`gatekeeper check` as people and automation run it: a process with arguments, output and an exit code."""

import json
import os
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.proposals.json_form import report_to_json
from tests.support.ports import free_port
from tests.support.reports import a_blocked_report, a_report, a_report_for_review
from tests.support.workspace import EXAMPLES, REPOSITORY, shared_file


def check(*words, stdin=None, **environ):
    """The finished process."""
    given = {name: text for name, text in environ.items() if text is not None}
    return subprocess.run(
        [sys.executable, "-m", "gatekeeper", "check", *map(str, words)],
        cwd=REPOSITORY,
        env={"PATH": os.environ["PATH"], **given},
        input=stdin,
        capture_output=True,
        timeout=120,
    )


def lines_of(process):
    return [json.loads(line) for line in process.stdout.splitlines()]


@pytest.fixture
def reports(tmp_path):
    """One file for each exit code but 4."""
    kinds = {"allowed": a_report(), "blocked": a_blocked_report(), "awaiting": a_report_for_review()}
    for name, report in kinds.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(report_to_json(report)))
    (tmp_path / "invalid.json").write_text('{"severity": "high"}')
    return tmp_path


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["allowed"], 0),
        (["blocked"], 1),
        (["invalid"], 2),
        (["awaiting"], 3),
        (["allowed", "awaiting"], 3),
        (["awaiting", "blocked"], 1),
        (["blocked", "invalid", "awaiting"], 2),
        (["missing"], 2),
    ],
)
def test_the_exit_code_is_the_gravest(reports, names, code):
    process = check(*(reports / f"{name}.json" for name in names), "--format", "ndjson")
    assert process.returncode == code, process.stderr
    assert len(lines_of(process)) == len(names)
    assert process.stderr == b""


def test_the_seed_report_is_answered_with_findings():
    process = check(shared_file("seed/fsar-proposal-report.md"), "--format", "ndjson")
    (answer,) = lines_of(process)
    assert process.returncode == 1
    assert (answer["outcome"], answer["severity"]["claimed"]) == ("block", 48)
    assert answer["findings"]
    assert answer["policy"]["engine"] == "embedded"


def test_the_shipped_examples_are_what_they_are_meant_to_be():
    valid = lines_of(check(EXAMPLES / "valid", "--format", "ndjson"))
    assert {answer["outcome"] for answer in valid} == {"allow", "review", "block"}
    invalid = check(EXAMPLES / "invalid", "--format", "ndjson")
    assert invalid.returncode == 2
    expected = json.loads((EXAMPLES / "invalid" / "expected.json").read_text())
    for answer in lines_of(invalid):
        name = answer["source"].rpartition("/")[2]
        if name in expected:
            assert {fault["pointer"] for fault in answer["error"]["errors"]} == set(expected[name])


def test_every_format_judges_the_same(reports):
    ndjson = lines_of(check(reports, "--format", "ndjson"))
    as_json = check(reports, "--format", "json")
    sarif = json.loads(check(reports, "--format", "sarif").stdout)
    text = check(reports).stdout.decode()
    assert json.loads(as_json.stdout) == ndjson
    assert as_json.returncode == 2
    assert len(sarif["runs"][0]["artifacts"]) == 3
    assert text.splitlines()[-1].startswith("4 reports: 1 allowed, 1 for people to decide, 1 blocked")


def test_standard_input_is_judged_line_by_line():
    lines = b"".join(json.dumps(report_to_json(a_report())).encode() + b"\n" for _ in range(3))
    process = check("-", "--form", "jsonl", "--format", "ndjson", stdin=lines)
    assert [answer["source"] for answer in lines_of(process)] == ["stdin:1", "stdin:2", "stdin:3"]
    assert process.returncode == 0


def test_both_forms_of_the_corpus_are_judged_alike(tmp_path):
    with shared_file("corpus/reports.jsonl").open("rb") as corpus:
        pairs = [next(corpus) for _ in range(40)]
    (tmp_path / "pairs.jsonl").write_bytes(b"".join(pairs))
    as_json, as_markdown = (
        lines_of(check(tmp_path / "pairs.jsonl", "--field", member, "--format", "ndjson"))
        for member in ("report", "markdown")
    )
    assert as_json == as_markdown
    assert len(as_json) == 40


def test_nothing_is_stored_anywhere(reports, tmp_path):
    home = tmp_path / "var"
    assert check(reports / "allowed.json", GATEKEEPER_DATA_DIR=str(home)).returncode == 0
    assert not home.exists()


def test_an_opa_server_with_this_policy_says_the_same(reports, opa_server):
    embedded = lines_of(check(reports, "--format", "ndjson"))
    by_opa = lines_of(check(reports, "--format", "ndjson", "--opa", opa_server.url))
    for answer in by_opa:
        if "policy" in answer:
            assert answer["policy"].pop("engine") == "opa"
    for answer in embedded:
        answer.get("policy", {}).pop("engine", None)
    assert by_opa == embedded


def test_an_opa_server_with_another_policy_decides_nothing(reports, start_opa, tmp_path):
    policies = tmp_path / "policies"
    shutil.copytree(REPOSITORY / "policies", policies)
    thresholds = policies / "data" / "thresholds.json"
    thresholds.write_text(thresholds.read_text().replace('"block": 45', '"block": 75'))
    bundle = PolicyBundle.load(policies)
    bundle.write(tmp_path / "bundle")
    server = start_opa(tmp_path / "bundle")
    process = check(reports / "allowed.json", "--format", "ndjson", "--opa", server.url)
    assert process.returncode == 4
    assert lines_of(process)[0]["error"]["code"] == "stale_policy"


def test_an_engine_that_is_down_decides_nothing(reports):
    process = check(reports, "--format", "ndjson", "--opa", f"http://127.0.0.1:{free_port()}")
    assert process.returncode == 4
    codes = [answer.get("error", {}).get("code") for answer in lines_of(process)]
    assert codes == ["engine_down", "engine_down", "engine_down", "not_a_report"]


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"",
        b"<html>",
        b'{"result": {"result": {"outcome": "allow", "reasons": []}}}',
        b'{"result": true}',
    ],
)
def test_an_engine_that_talks_nonsense_decides_nothing(reports, body):
    class Nonsense(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Nonsense)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}"
        assert check(reports / "allowed.json", "--opa", url).returncode == 4
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("missing", ["data/thresholds.json", "gate/rules/severity/severity.rego", ""])
def test_a_policy_that_is_not_whole_decides_nothing(reports, tmp_path, missing):
    policies = tmp_path / "policies"
    shutil.copytree(REPOSITORY / "policies", policies)
    if missing:
        (policies / missing).unlink()
    else:
        shutil.rmtree(policies)
    process = check(reports / "allowed.json", "--format", "ndjson", GATEKEEPER_POLICIES_DIR=str(policies))
    assert (process.returncode, process.stdout) == (4, b"")
    assert b"Traceback" not in process.stderr
    assert b"The policy is not whole" in process.stderr


def test_an_answer_that_nobody_takes_is_not_allowed(tmp_path):
    many = b"".join(json.dumps(report_to_json(a_report())).encode() + b"\n" for _ in range(400))
    (tmp_path / "many.jsonl").write_bytes(many)
    command = f"{sys.executable} -m gatekeeper check {tmp_path}/many.jsonl --format ndjson; echo $? >&2"
    process = subprocess.run(
        ["sh", "-c", f"({command}) | head -n 1"], cwd=REPOSITORY, capture_output=True, timeout=60
    )
    assert process.stdout.count(b"\n") == 1
    assert process.stderr.strip() == b"4"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_an_answer_that_finds_no_room_is_not_allowed(reports):
    with open("/dev/full", "wb") as full:
        process = subprocess.run(
            [sys.executable, "-m", "gatekeeper", "check", reports / "allowed.json"],
            cwd=REPOSITORY,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
        )
    assert process.returncode == 4
    assert b"could not be written" in process.stderr


def test_help_comes_at_once():
    program = "import sys; sys.argv = ['gatekeeper', '--help']\nfrom gatekeeper.cli.running import run\n"
    program += "run(['--help']); heavy = {'sqlalchemy', 'flask', 'sqlglot', 'regopy', 'rich.console'}\n"
    program += "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    process = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, timeout=60)
    assert (process.returncode, process.stderr) == (0, b"")
