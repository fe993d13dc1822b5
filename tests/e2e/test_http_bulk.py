"""Bulk over HTTP: an answer for every line, in order, whatever is on the others."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import orjson
import pytest

from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.proposals.report import Report
from tests.support.documented import Automation
from tests.support.in_process import InProcessGate
from tests.support.reports import a_blocked_report, a_report


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[InProcessGate]:
    gate = InProcessGate.open(tmp_path, MAX_REPORT_BYTES="4096")
    yield gate
    gate.house.database.close()


@pytest.fixture
def bot(gate: InProcessGate) -> Automation:
    return gate.principal("bot", "submitter")


def line_of(report: Report, **changes: object) -> bytes:
    return orjson.dumps(report_to_json(report) | changes)


def test_every_line_has_its_own_answer_in_order(bot: Automation) -> None:
    passing, blocked = a_report(), a_blocked_report()
    body = b"\n".join(
        [
            line_of(passing),
            b"",
            b"not json",
            line_of(blocked),
            line_of(passing),
            line_of(a_report(), severity="high"),
            b'{"x": "' + b"x" * 5000 + b'"}',
            line_of(passing, severity=5) + b"\r",
        ]
    )
    answer = bot.bulk(body)
    assert (answer.status, answer.media_type) == (200, "application/x-ndjson")
    found = [(line["line"], line["status"], outcome_of(line)) for line in answer.body]
    assert found == [
        (1, 201, "allow"),
        (3, 422, "not_a_report"),
        (4, 201, "block"),
        (5, 200, "allow"),
        (6, 422, "not_a_report"),
        (7, 413, "too_large"),
        (8, 201, "allow"),
    ]
    assert [fault["pointer"] for fault in answer.body[4]["error"]["errors"]] == ["/severity"]


def outcome_of(line: dict[str, dict[str, dict[str, str] | str]]) -> object:
    if "error" in line:
        return line["error"]["code"]
    decision = line["proposal"]["decision"]
    return decision["outcome"] if isinstance(decision, dict) else None


def test_the_answer_leaves_out_what_the_caller_has_sent(bot: Automation) -> None:
    report = a_report()
    (line,) = bot.bulk(line_of(report)).body
    whole = bot.get(f"/v1/proposals/{report.id}").body
    assert line["proposal"] == {
        **{name: whole[name] for name in ("id", "revision", "digest", "current", "state")},
        **{name: whole[name] for name in ("submitted_by", "submitted_at", "decision", "verdict")},
        "severity": whole["assessment"]["severity"]["effective"],
    }


def test_sending_everything_again_changes_nothing(gate: InProcessGate, bot: Automation) -> None:
    body = b"\n".join(line_of(a_report()) for _ in range(130))
    assert {line["status"] for line in bot.bulk(body).body} == {201}
    recorded = gate.recorded_events()
    assert [line["status"] for line in bot.bulk(body).body] == [200] * 130
    assert gate.recorded_events() == recorded


def test_nothing_sent_is_nothing_answered(bot: Automation) -> None:
    answer = bot.bulk(b"\n \n\r\n")
    assert (answer.status, answer.body) == (200, [])


def test_a_bulk_of_another_media_type_is_refused(bot: Automation) -> None:
    answer = bot.post("/v1/proposals/bulk", b"{}")
    assert (answer.status, answer.headers["accept"]) == (415, "application/x-ndjson")


def test_somebody_elses_proposal_is_refused_on_its_line_only(gate: InProcessGate, bot: Automation) -> None:
    theirs = a_blocked_report()
    gate.principal("owner", "submitter").bulk(line_of(theirs))
    lines = bot.bulk(line_of(theirs, severity=3) + b"\n" + line_of(a_report())).body
    assert [(line["status"], outcome_of(line)) for line in lines] == [
        (403, "not_your_proposal"),
        (201, "allow"),
    ]


def test_a_large_bulk_is_answered_whole_and_read_in_pieces(gate: InProcessGate, bot: Automation) -> None:
    class Counting(BytesIO):
        largest = 0

        def read(self, size: int | None = -1, /) -> bytes:
            part = super().read(size)
            self.largest = max(self.largest, len(part))
            return part

    stream = Counting(b"\n".join(line_of(a_report()) for _ in range(1000)))
    response = gate.flask.test_client().post(
        "/v1/proposals/bulk",
        input_stream=stream,
        headers={"Authorization": f"Bearer {bot.token}", "Transfer-Encoding": "chunked"},
        content_type="application/x-ndjson",
        environ_overrides={"wsgi.input_terminated": True},
    )
    lines = [orjson.loads(line) for line in response.data.splitlines()]
    assert [line["line"] for line in lines] == list(range(1, 1001))
    assert {line["status"] for line in lines} == {201}
    assert stream.largest <= 65_536
