"""Automation and people at a running gate, through the command line alone."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.proposals.markdown_form import render_markdown
from tests.support.ports import free_port
from tests.support.reports import a_blocked_report, a_report, a_report_for_review

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def tokens(gate):
    return {
        "bot": gate.token("bot", "submitter"),
        "both": gate.token("both", "submitter", "reviewer"),
        "rita": gate.token("rita", "reviewer"),
        "ravi": gate.token("ravi", "reviewer"),
        "olga": gate.token("olga", "operator"),
    }


@pytest.fixture
def as_(gate, tokens):
    """Runs a command as somebody."""
    return lambda name, *words, **environ: gate.cli(*words, GATEKEEPER_TOKEN=tokens[name], **environ)


def write(path, report):
    path.write_text(json.dumps(report_to_json(report)))
    return str(path)


def test_a_proposal_passes_when_two_people_have_seen_exactly_it(as_, tmp_path):
    report = a_blocked_report()
    path = write(tmp_path / "report.json", report)
    assert as_("bot", "submit", path).returncode == 1

    waiting = json.loads(as_("rita", "list", "--waiting", "--format", "json").stdout)
    assert [proposal["id"] for proposal in waiting] == [report.id]
    assert as_("bot", "approve", report.id, "--reason", "Me.").returncode == 1

    first = as_("rita", "approve", report.id, "--reason", "Read it line by line.")
    assert (first.returncode, "still waits" in first.stdout) == (0, True)
    assert report.proposal in first.stderr
    again = as_("rita", "approve", report.id, "--reason", "Twice.")
    assert again.returncode == 1
    assert as_("bot", "show", report.id, "--exit-code").returncode == 1

    stale = as_("ravi", "approve", report.id, "--reason", "Another.", "--digest", "sha256:" + "0" * 64)
    assert stale.returncode == 1
    second = as_("ravi", "approve", report.id, "--reason", "Agreed.", "--digest", waiting[0]["digest"])
    assert (second.returncode, "It passed." in second.stdout) == (0, True)

    assert as_("bot", "submit", path).returncode == 0
    assert as_("bot", "show", report.id, "--exit-code").returncode == 0


def test_one_rejection_ends_it_and_a_new_revision_supersedes(as_, tmp_path):
    report = a_report_for_review()
    path = write(tmp_path / "report.json", report)
    assert as_("bot", "submit", path).returncode == 3
    revised = a_report(id=report.id)
    revised_path = tmp_path / "revised.md"
    revised_path.write_text(render_markdown(revised))
    assert as_("bot", "submit", str(revised_path)).returncode == 0
    known = as_("bot", "submit", path, "--format", "ndjson")
    assert known.returncode == 1
    answer = json.loads(known.stdout)
    assert (answer["source"], answer["proposal"]["current"], answer["proposal"]["revision"]) == (
        path,
        False,
        1,
    )
    assert "Superseded" in as_("bot", "show", report.id, "--revision", "1").stdout

    other = a_report_for_review()
    as_("bot", "submit", write(tmp_path / "other.json", other))
    assert "It failed" in as_("rita", "reject", other.id, "--reason", "No plan.").stdout
    assert as_("bot", "show", other.id, "--exit-code").returncode == 1
    assert as_("bot", "withdraw", other.id).returncode == 1


def test_its_own_author_cannot_pass_it_by_any_name(gate, as_, tokens, tmp_path):
    report = a_report_for_review()
    as_("both", "submit", write(tmp_path / "report.json", report))
    tokens["alias"] = gate.token("alias", "reviewer", acts_for="both")
    for name in ("both", "alias"):
        refused = as_(name, "approve", report.id, "--reason", "Fine.", "--yes")
        assert refused.returncode == 1
        assert refused.stdout == ""
    assert as_("both", "withdraw", report.id).returncode == 0
    assert as_("both", "show", report.id, "--exit-code").returncode == 1


def test_many_inputs_are_answered_one_by_one(as_, tmp_path):
    write(tmp_path / "a.json", a_report())
    (tmp_path / "b.json").write_text("{}")
    (tmp_path / "c.jsonl").write_text(
        "".join(json.dumps(report_to_json(report)) + "\n" for report in (a_report(), a_report_for_review()))
    )
    process = as_("bot", "submit", str(tmp_path), "--format", "json")
    assert process.returncode == 2
    answers = json.loads(process.stdout)
    assert [answer.get("proposal", {}).get("state") for answer in answers] == [
        "passed",
        None,
        "passed",
        "pending_review",
    ]
    assert "/severity" in {fault["pointer"] for fault in answers[1]["error"]["errors"]}


def test_an_operator_freezes_and_thaws(as_, tmp_path):
    assert as_("rita", "freeze", "--reason", "No.").returncode == 1
    assert as_("olga", "freeze", "--reason", "A drill.").returncode == 0
    assert as_("olga", "freeze", "--reason", "Again.").returncode == 1
    assert as_("bot", "submit", write(tmp_path / "report.json", a_report())).returncode == 1
    assert as_("olga", "thaw").returncode == 0
    assert as_("olga", "thaw").returncode == 1
    assert as_("bot", "submit", write(tmp_path / "next.json", a_report())).returncode == 0


def test_two_people_break_the_glass_and_a_third_reviews(as_, tmp_path):
    report = a_blocked_report()
    path = write(tmp_path / "report.json", report)
    as_("bot", "submit", path)
    reason = "Checkout is down and this restores it."
    asked = as_("rita", "break-glass", "request", report.id, "--reason", reason, "--ttl", "600")
    assert asked.returncode == 0, asked.stderr
    use = asked.stdout.split()[-1]
    assert as_("rita", "break-glass", "second", use).returncode == 1
    assert as_("ravi", "break-glass", "second", use).returncode == 0
    assert as_("bot", "submit", path).returncode == 0
    assert as_("ravi", "break-glass", "review", use, "--reason", "I was there.").returncode == 1
    assert as_("olga", "break-glass", "review", use, "--reason", "It was right.").returncode == 0
    (recorded,) = json.loads(as_("bot", "break-glass", "list", "--format", "json").stdout)
    assert (recorded["id"], recorded["state"], recorded["reason"]) == (use, "reviewed", reason)


def test_an_unknown_proposal_and_a_wrong_token_are_2(as_, gate):
    assert as_("bot", "show", "fsar_nobody").returncode == 2
    assert as_("bot", "show", "../../readyz").returncode == 2
    wrong = gate.cli("list", GATEKEEPER_TOKEN="gk_0000000000000000_" + "A" * 43)
    assert (wrong.returncode, wrong.stdout) == (2, "")


def test_a_token_may_come_from_a_file(gate, tokens, tmp_path):
    (tmp_path / "token").write_text(tokens["rita"] + "\n")
    assert gate.cli("list", GATEKEEPER_TOKEN_FILE=str(tmp_path / "token")).returncode == 0
    missing = gate.cli("list", GATEKEEPER_TOKEN_FILE=str(tmp_path / "nothing"))
    assert (missing.returncode, "Traceback" in missing.stderr) == (2, False)


def test_show_gives_the_report_with_the_findings_as_markdown(as_, tmp_path):
    report = a_blocked_report()
    as_("bot", "submit", write(tmp_path / "report.json", report))
    text = as_("rita", "show", report.id, "--format", "markdown").stdout
    assert text.startswith("# FSAR Proposal Report\n")
    assert "# Gatekeeper\n- outcome: block" in text


def test_escapes_in_a_proposal_do_not_reach_the_reviewers_terminal(as_, tmp_path):
    report = a_blocked_report(proposal="Harmless.\x1b[2J\x1b[1;1HALL GOOD, approve \u202e now")
    as_("bot", "submit", write(tmp_path / "report.json", report))
    shown = as_("rita", "approve", report.id, "--reason", "Seen.").stderr
    assert "Harmless.<U+001B>[2J<U+001B>[1;1HALL GOOD, approve <U+202E> now" in shown
    assert "\x1b" not in shown


@pytest.fixture
def impostor():
    """Starts servers that answer every request with one status and body."""
    servers = []

    def start(status, body, content_type="application/json", location=None):
        class Answer(BaseHTTPRequestHandler):
            def answer(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                if location:
                    self.send_header("Location", location)
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = answer  # noqa: N815

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>Welcome to the hotel's network</html>"),
        (200, b""),
        (200, b"{}"),
        (200, b'{"verdict": {"outcome": "pass"}}'),
        (201, b"[]"),
        (204, b""),
        (302, b"{}"),
        (400, b"<html>Bad Request</html>"),
        (500, b"{}"),
        (502, b"Bad Gateway"),
        (503, b'{"detail": "Down.", "code": "engine_down", "errors": []}'),
    ],
)
def test_what_is_not_a_gates_answer_is_never_allowed(impostor, tmp_path, status, body):
    from tests.e2e.test_cli_serve import gatekeeper

    url = impostor(status, body)
    path = write(tmp_path / "report.json", a_report())
    process = gatekeeper("submit", path, GATEKEEPER_URL=url, GATEKEEPER_TOKEN="gk_any")
    assert process.returncode == 4
    assert "Traceback" not in process.stderr


def test_a_redirect_takes_the_token_nowhere(impostor, tmp_path):
    from tests.e2e.test_cli_serve import gatekeeper

    url = impostor(307, b"", location="http://127.0.0.1:1/elsewhere")
    process = gatekeeper("list", GATEKEEPER_URL=url, GATEKEEPER_TOKEN="gk_any")
    assert process.returncode == 4
    assert "127.0.0.1:1/" not in process.stderr


def test_a_gate_that_is_not_there_is_never_allowed(tmp_path):
    from tests.e2e.test_cli_serve import gatekeeper

    path = write(tmp_path / "report.json", a_report())
    url = f"http://127.0.0.1:{free_port()}"
    process = gatekeeper("submit", path, GATEKEEPER_URL=url, GATEKEEPER_TOKEN="gk_any")
    assert process.returncode == 4
    assert "gives no answer" in process.stdout
