"""What operators run beside the server: principals, ledger, backups, policy, doctor, the inbox of files."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from gatekeeper import app
from gatekeeper.clock import utc_now
from gatekeeper.environment import read_settings
from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.storage.revision import latest_revision
from tests.e2e.test_cli_serve import TOKEN, gatekeeper
from tests.support.databases import new_sqlite
from tests.support.ports import free_port, wait_until
from tests.support.reports import a_blocked_report, a_report, a_report_for_review
from tests.support.workspace import REPOSITORY

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def home(database_url, tmp_path):
    """Settings of a gate over a database of each kind."""
    return {"GATEKEEPER_DATA_DIR": str(tmp_path / "var"), "GATEKEEPER_DATABASE_URL": database_url}


@pytest.fixture
def sqlite_home(tmp_path):
    new_sqlite(tmp_path / "var" / "gatekeeper.db")
    return {"GATEKEEPER_DATA_DIR": str(tmp_path / "var")}


def add(environ, name, *words):
    process = gatekeeper("principal", "add", name, *words, **environ)
    assert process.returncode == 0, process.stderr
    return process.stdout.strip()


def fill(environ, *reports):
    """Reports by `bot`, straight into the database and faster than a command would."""
    house = app.build(read_settings(environ))
    bot, _ = house.identity.add("bot", ["submitter"], utc_now())
    house.gate.submit_many(list(reports), bot, utc_now())
    house.database.close()


@pytest.mark.parametrize("url", ["", "postgresql"])
def test_an_empty_database_gets_its_schema_once(request, tmp_path, url):
    environ = {"GATEKEEPER_DATA_DIR": str(tmp_path / "var")}
    if url:
        environ["GATEKEEPER_DATABASE_URL"] = request.getfixturevalue("postgres_url")
    assert gatekeeper("principal", "list", **environ).returncode == 4
    upgraded, again = (gatekeeper("db", "upgrade", **environ) for _ in range(2))
    said = f"The database has schema {latest_revision()}.\n"
    assert [(each.returncode, each.stdout) for each in (upgraded, again)] == [(0, said)] * 2
    listed = gatekeeper("principal", "list", **environ)
    nobody = "There is nobody yet: gatekeeper principal add NAME --role ROLE\n"
    assert (listed.returncode, listed.stderr) == (0, nobody)


def test_principals_are_added_listed_and_disabled(sqlite_home):
    token = add(sqlite_home, "rita", "--role", "reviewer", "--role", "auditor")
    assert TOKEN.fullmatch(token)
    add(sqlite_home, "rita-bot", "--role", "submitter", "--acts-for", "rita")
    more = gatekeeper("principal", "token", "rita", **sqlite_home).stdout.strip()
    assert TOKEN.fullmatch(more)
    assert more != token
    assert gatekeeper("principal", "add", "rita", "--role", "reviewer", **sqlite_home).returncode == 1
    assert gatekeeper("principal", "add", "Rita", "--role", "reviewer", **sqlite_home).returncode == 2
    assert (
        gatekeeper(
            "principal", "add", "x", "--role", "reviewer", "--acts-for", "nobody", **sqlite_home
        ).returncode
        == 2
    )
    assert gatekeeper("principal", "disable", "rita", **sqlite_home).returncode == 0
    assert gatekeeper("principal", "token", "rita", **sqlite_home).returncode == 2
    listed = json.loads(gatekeeper("principal", "list", "--format", "json", **sqlite_home).stdout)
    shown = [(each["name"], each["roles"], each["person"], each["disabled_at"] is None) for each in listed]
    assert shown == [("rita", [], "rita", False), ("rita-bot", ["submitter"], "rita", True)]


def test_a_backup_of_either_database_is_restored_into_either(home, tmp_path):
    fill(home, a_report(), a_blocked_report(), a_report_for_review())
    backup = str(tmp_path / "gate.backup")
    assert gatekeeper("db", "backup", backup, **home).returncode == 0
    assert gatekeeper("db", "backup", backup, **home).returncode == 2
    assert gatekeeper("db", "restore", backup, **home).returncode == 1
    other = {"GATEKEEPER_DATA_DIR": str(tmp_path / "other")}
    assert gatekeeper("db", "restore", backup, **other).returncode == 0
    whole = gatekeeper("ledger", "verify", **home)
    assert whole.returncode == 0
    assert gatekeeper("ledger", "verify", **other).stdout == whole.stdout
    assert gatekeeper("db", "check", **other).returncode == 0
    onward = str(tmp_path / "onward.backup")
    assert gatekeeper("db", "backup", onward, **other).returncode == 0


def test_a_backup_of_sqlite_lives_on_in_postgresql(sqlite_home, postgres_url, tmp_path):
    fill(sqlite_home, a_blocked_report())
    backup = str(tmp_path / "gate.backup")
    gatekeeper("db", "backup", backup, **sqlite_home)
    moved = {"GATEKEEPER_DATA_DIR": str(tmp_path / "pg"), "GATEKEEPER_DATABASE_URL": postgres_url}
    assert gatekeeper("db", "restore", backup, **moved).returncode == 0
    assert gatekeeper("ledger", "verify", **moved).returncode == 0
    (tmp_path / "next").mkdir()
    (tmp_path / "next" / "a.json").write_text(json.dumps(report_to_json(a_report())))
    assert gatekeeper("ingest", str(tmp_path / "next"), "--as", "bot", **moved).returncode == 0
    assert gatekeeper("db", "check", **moved).returncode == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET body = replace(body, 'block', 'allow') WHERE leaf = 3",
        "DELETE FROM events WHERE leaf = 2",
        "DELETE FROM events WHERE leaf = (SELECT max(leaf) FROM events)",
        "DELETE FROM log_head",
    ],
)
def test_a_changed_record_is_tampered(sqlite_home, tmp_path, statement):
    fill(sqlite_home, a_blocked_report())
    assert gatekeeper("ledger", "verify", **sqlite_home).returncode == 0
    with closing(sqlite3.connect(tmp_path / "var" / "gatekeeper.db")) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
        connection.commit()
    process = gatekeeper("ledger", "verify", **sqlite_home)
    assert process.returncode == 1
    assert "TAMPERED at entry" in process.stdout
    assert gatekeeper("db", "check", **sqlite_home).returncode == 1
    assert gatekeeper("db", "backup", str(tmp_path / "bad.backup"), **sqlite_home).returncode == 1
    assert not (tmp_path / "bad.backup").exists()


def test_what_cannot_be_read_cannot_be_told(sqlite_home, tmp_path):
    nothing = {"GATEKEEPER_DATA_DIR": str(tmp_path / "nowhere")}
    assert gatekeeper("ledger", "verify", **nothing).returncode == 2
    assert not (tmp_path / "nowhere").exists()
    down = {"GATEKEEPER_DATABASE_URL": f"postgresql://gate:secret@127.0.0.1:{free_port()}/gate"}
    unreachable = gatekeeper("ledger", "verify", **down)
    assert (unreachable.returncode, "Connection refused" in unreachable.stderr) == (2, True)
    path = tmp_path / "var" / "gatekeeper.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE events")
    assert gatekeeper("ledger", "verify", **sqlite_home).returncode == 2


@pytest.mark.parametrize(
    "words",
    [
        ["doctor"],
        ["principal", "list"],
        ["db", "check"],
        ["scheduler"],
        ["ingest", ".", "--as", "bot"],
        ["serve"],
    ],
)
def test_a_database_that_is_down_is_4_without_a_traceback_or_a_password(words, tmp_path):
    down = {
        "GATEKEEPER_DATA_DIR": str(tmp_path),
        "GATEKEEPER_BIND": f"127.0.0.1:{free_port()}",
        "GATEKEEPER_DATABASE_URL": f"postgresql://gate:s3cret@127.0.0.1:{free_port()}/gate",
    }
    process = gatekeeper(*words, **down)
    assert process.returncode == 4
    assert "Traceback" not in process.stderr
    assert "Connection refused" in process.stdout + process.stderr
    assert "s3cret" not in process.stdout + process.stderr


def test_doctor_proves_every_part_and_shows_no_secret(sqlite_home):
    process = gatekeeper(
        "doctor", **sqlite_home, GATEKEEPER_BUNDLE_TOKEN="b" * 40, GATEKEEPER_SECRET_KEY="k" * 40
    )
    assert process.returncode == 0
    assert "FAILED" not in process.stdout
    assert "rule severity: block" in process.stdout
    assert "b" * 40 not in process.stdout
    assert "k" * 40 not in process.stdout


def test_doctor_says_what_to_do_when_opa_is_down(sqlite_home):
    process = gatekeeper("doctor", **sqlite_home, GATEKEEPER_OPA_URL=f"http://127.0.0.1:{free_port()}")
    assert process.returncode == 4
    assert "Not fit to decide" in process.stdout
    assert "gatekeeper policy test" in process.stdout


def test_the_policy_is_tested_named_and_handed_on(tmp_path, start_opa):
    revision = gatekeeper("policy", "revision").stdout.strip()
    assert revision.startswith("sha256:")
    assert gatekeeper("policy", "export", str(tmp_path / "bundle")).returncode == 0
    assert gatekeeper("policy", "export", str(tmp_path / "bundle")).returncode == 2
    assert gatekeeper("policy", "bundle", str(tmp_path / "bundle.tar.gz")).returncode == 0
    url = start_opa(tmp_path / "bundle").url
    for words in ([], ["--opa", url]):
        process = gatekeeper("policy", "test", *words)
        assert process.returncode == 0, process.stdout
        assert f", 0 failed ({'opa' if words else 'embedded'} engine, {revision})" in process.stdout
    assert gatekeeper("policy", "test", "--opa", f"http://127.0.0.1:{free_port()}").returncode in (1, 4)


def test_the_scheduler_ends_with_sigterm(sqlite_home):
    process = subprocess.Popen(
        [sys.executable, "-m", "gatekeeper", "scheduler"],
        cwd=REPOSITORY,
        env={"PATH": os.environ["PATH"], **sqlite_home},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert "runs" in process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    _, rest = process.communicate(timeout=20)
    assert (process.returncode, "Traceback" in rest) == (0, False)


def test_files_end_accepted_or_rejected_beside_their_result(sqlite_home, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    add(sqlite_home, "bot", "--role", "submitter")
    report = a_report_for_review()
    (inbox / "good.json").write_text(json.dumps(report_to_json(report)))
    (inbox / "bad.json").write_text("{}")
    process = gatekeeper("ingest", str(inbox), "--as", "bot", **sqlite_home)
    assert process.returncode == 2
    assert sorted(path.name for path in (inbox / "accepted").iterdir()) == [
        "good.json",
        "good.json.result.json",
    ]
    assert sorted(path.name for path in (inbox / "rejected").iterdir()) == [
        "bad.json",
        "bad.json.result.json",
    ]
    result = json.loads((inbox / "accepted" / "good.json.result.json").read_text())
    assert (result["id"], result["state"]) == (report.id, "pending_review")
    assert gatekeeper("ingest", str(inbox), "--as", "bot", **sqlite_home).returncode == 0


@pytest.mark.parametrize(("name", "code"), [("nobody", 2), ("rita", 1)])
def test_only_a_submitter_may_ingest(sqlite_home, tmp_path, name, code):
    add(sqlite_home, "rita", "--role", "reviewer")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.json").write_text(json.dumps(report_to_json(a_report())))
    assert gatekeeper("ingest", str(inbox), "--as", name, **sqlite_home).returncode == code
    assert (inbox / "a.json").exists()


def test_over_http_a_wrong_token_or_a_gate_that_is_down_keeps_the_files(gate, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.json").write_text(json.dumps(report_to_json(a_report())))
    wrong = gate.cli("ingest", str(inbox), GATEKEEPER_TOKEN="gk_wrong")
    assert wrong.returncode == 4
    reader = gate.cli("ingest", str(inbox), GATEKEEPER_TOKEN=gate.token("rita", "reviewer"))
    assert reader.returncode == 4
    down = gate.cli("ingest", str(inbox), GATEKEEPER_TOKEN="gk_x", GATEKEEPER_URL="http://127.0.0.1:1")
    assert down.returncode == 4
    assert (inbox / "a.json").exists()
    assert gate.cli("ingest", str(inbox), GATEKEEPER_TOKEN=gate.token("bot", "submitter")).returncode == 0
    assert (inbox / "accepted" / "a.json").exists()


def test_watching_takes_files_as_they_come_and_ends_with_sigterm(gate, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "gatekeeper", "ingest", str(inbox), "--watch", "--interval", "0.1"],
        cwd=REPOSITORY,
        env={**gate.environ, "GATEKEEPER_URL": gate.url, "GATEKEEPER_TOKEN": gate.token("bot", "submitter")},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        for number in range(3):
            (inbox / ".draft").write_text(json.dumps(report_to_json(a_report())))
            (inbox / ".draft").rename(inbox / f"{number}.json")
            done = inbox / "accepted" / f"{number}.json"
            wait_until(done.exists, 20, "the file is not taken")
    finally:
        process.terminate()
    said, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert said.count("accepted") == 3
