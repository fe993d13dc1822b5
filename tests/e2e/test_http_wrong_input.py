"""Every wrong input of the contract's list: the right status and pointers, nothing decided, nothing recorded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from tests.support.documented import Answer, Automation
from tests.support.in_process import InProcessGate

MISSING = object()
REPORT = {
    "id": "fsar_00000000-0000-4000-8000-00000000a001",
    "timestamp": "2026-03-01T09:30:00.000Z",
    "severity": 4,
    "block_execution": False,
    "proposal": "Reword the greeting of the weekly summary so that it names the month.",
    "risks": ["The greeting could be too long"],
    "mitigations": ["Keep it under forty characters; revert the one-line change"],
}
DIGEST = "sha256:" + "0" * 64


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcessGate]:
    directory: Path = tmp_path_factory.mktemp("gate")
    gate = InProcessGate.open(directory)
    yield gate
    gate.house.database.close()


@pytest.fixture(scope="module")
def bot(gate: InProcessGate) -> Automation:
    return gate.principal("bot", "submitter", "reviewer", "operator")


@pytest.fixture(autouse=True)
def nothing_is_recorded(gate: InProcessGate, bot: Automation) -> Iterator[None]:
    before = gate.recorded_events()
    yield
    assert gate.recorded_events() == before


def changed(**changes: object) -> dict[str, object]:
    return {name: value for name, value in (REPORT | changes).items() if value is not MISSING}


def assert_refused(answer: Answer, status: int, code: str, *pointers: str) -> None:
    assert (answer.status, answer.body["code"]) == (status, code)
    assert sorted(answer.faults) == sorted(pointers)


@pytest.mark.parametrize("name", sorted(REPORT))
def test_a_missing_field_is_named(bot: Automation, name: str) -> None:
    answer = bot.post("/v1/proposals", changed(**{name: MISSING}))
    assert answer.status == 422
    assert any(pointer in ("", f"/{name}") for pointer in answer.faults)
    assert name in orjson.dumps(answer.body["errors"]).decode()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "fsar_1"),
        ("id", 7),
        ("id", "FSAR_00000000-0000-4000-8000-00000000a001"),
        ("timestamp", "yesterday"),
        ("timestamp", "2026-02-30T00:00:00Z"),
        ("timestamp", 1767225600),
        ("severity", "high"),
        ("severity", "48"),
        ("severity", -1),
        ("severity", 76),
        ("severity", 4.5),
        ("severity", True),
        ("severity", None),
        ("severity", [4]),
        ("block_execution", "false"),
        ("block_execution", 0),
        ("block_execution", None),
        ("proposal", 1),
        ("proposal", ["text"]),
        ("risks", "a risk"),
        ("risks", {"0": "a risk"}),
        ("mitigations", None),
        ("p_fail", 1.5),
        ("p_fail", "low"),
        ("ai_model", 4),
        ("likelihood", 6),
        ("likelihood", 0),
        ("damage", "5"),
        ("reversibility", 4),
    ],
)
def test_a_mistyped_or_impossible_value_is_pointed_at(bot: Automation, name: str, value: object) -> None:
    assert_refused(bot.post("/v1/proposals", changed(**{name: value})), 422, "not_a_report", f"/{name}")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"risks": ["one", 2]}, "/risks/1"),
        ({"mitigations": [None]}, "/mitigations/0"),
        ({"rollback": ["sha256:zz"]}, "/rollback/0"),
        (
            {"truth": {"assumptions": [], "unknowns": [], "falsifiable_claims": [], "confidence": 2}},
            "/truth/confidence",
        ),
        ({"action": {"type": "sql", "target": "db", "params_digest": "md5:1"}}, "/action/params_digest"),
    ],
)
def test_a_fault_inside_is_pointed_at_inside(
    bot: Automation, change: dict[str, object], pointer: str
) -> None:
    assert_refused(bot.post("/v1/proposals", changed(**change)), 422, "not_a_report", pointer)


def test_an_unknown_field_is_refused_with_its_nearest_known_name(bot: Automation) -> None:
    answer = bot.post("/v1/proposals", changed(severty=4))
    assert_refused(answer, 422, "not_a_report", "/severty")
    assert "severity" in answer.faults["/severty"]


def test_every_fault_is_named_at_once(bot: Automation) -> None:
    answer = bot.post("/v1/proposals", changed(severity="high", risks="none", block_execution=1))
    assert_refused(answer, 422, "not_a_report", "/severity", "/risks", "/block_execution")


def test_factors_that_contradict_the_severity_are_refused(bot: Automation) -> None:
    answer = bot.post("/v1/proposals", changed(likelihood=5, damage=5, reversibility=3))
    assert answer.status == 422
    assert answer.body["code"] == "not_a_report"


@pytest.mark.parametrize(
    "severity",
    [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999", b"1" + b"0" * 400, b"0x4", b"04"],
)
def test_a_severity_that_json_or_the_scale_does_not_know_is_refused(bot: Automation, severity: bytes) -> None:
    raw = orjson.dumps(REPORT).replace(b'"severity":4', b'"severity":' + severity)
    answer = bot.post("/v1/proposals", raw)
    assert (answer.status, answer.body["code"]) == (422, "not_a_report")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"null",
        b"[]",
        b'"text"',
        b"4",
        b"{",
        b"{}",
        b"\xff\xfe{}",
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"id": "\\ud800"}',
        orjson.dumps(REPORT) + b"x",
        orjson.dumps(REPORT) * 2,
        orjson.dumps(REPORT).replace(b"greeting", b"\xff", 1),
        orjson.dumps(REPORT).replace(b"greeting", b"\xc0\x80", 1),
        orjson.dumps(REPORT).replace(b"greeting", b"\\u0000", 1),
        orjson.dumps(REPORT).replace(b"greeting", b"\x00", 1),
        orjson.dumps(REPORT).replace(b'"severity":4', b'"severity":60,"severity":4'),
        orjson.dumps(REPORT).replace(b'"severity":4', b'"severity":4,"s\\u0065verity":60'),
        orjson.dumps(REPORT)[:-1] + b',"truth":{"confidence":1,"confidence":0}}',
        orjson.dumps(REPORT).replace(b'"severity":4', b'"severity":4,//comment\n'),
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_is_not_one_json_report_is_refused(bot: Automation, body: bytes) -> None:
    answer = bot.post("/v1/proposals", body)
    assert (answer.status, answer.body["code"]) == (422, "not_a_report")
    assert answer.faults


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"# Something else\n",
        b"# FSAR Proposal Report\n",
        b"# FSAR Proposal Report\n- id: fsar_x\n- timestamp: now\n- severity: high\n- block_execution: maybe\n",
        b"\xff",
        b"\x00",
        b"# FSAR Proposal Report\n" + b"- severity: 4\n" * 1000,
    ],
    ids=lambda body: repr(body[:40]),
)
def test_what_is_not_a_markdown_report_is_refused(bot: Automation, body: bytes) -> None:
    answer = bot.post("/v1/proposals", body, Content_Type="text/markdown; charset=utf-8")
    assert (answer.status, answer.body["code"]) == (422, "not_a_report")
    assert answer.faults


def test_a_report_over_the_limit_is_413_and_names_the_limit(bot: Automation) -> None:
    answer = bot.post("/v1/proposals", changed(proposal="x" * 1_048_576))
    assert_refused(answer, 413, "too_large", "")
    assert answer.body["limit_bytes"] == 1_048_576


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/xml",
        "application/json; charset=latin-1",
        "text/markdown; charset=utf-16",
        "*/*",
    ],
)
def test_another_media_type_is_415_and_names_ours(bot: Automation, content_type: str) -> None:
    answer = bot.post("/v1/proposals", REPORT, Content_Type=content_type)
    assert_refused(answer, 415, "unsupported_form", "")
    assert answer.headers["accept"] == "application/json, text/markdown"


def test_a_compressed_body_is_415(bot: Automation) -> None:
    assert_refused(bot.post("/v1/proposals", REPORT, Content_Encoding="gzip"), 415, "unsupported_form", "")


@pytest.mark.parametrize(
    "token", [None, "", "x", "gk_", "gk_0123456789abcdef_" + "A" * 43, "gk_\u00e9", "Bearer"]
)
@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("POST", "/v1/proposals"),
        ("GET", "/v1/proposals"),
        ("DELETE", "/v1/freeze"),
        ("POST", "/v1/proposals/bulk"),
    ],
)
def test_without_a_good_token_there_is_nothing(
    gate: InProcessGate, token: str | None, method: str, target: str
) -> None:
    answer = Automation(gate.send, token).call(method, target, REPORT if method == "POST" else None)
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith('Bearer realm="gatekeeper"')


@pytest.mark.parametrize("authorization", ["Basic Z2s6eA==", "Bearer", "bearer\t", "Digest x", "gk_x"])
def test_another_scheme_is_no_credential(gate: InProcessGate, authorization: str) -> None:
    answer = gate.nobody().get("/v1/proposals", Authorization=authorization)
    assert_refused(answer, 401, "not_authenticated")


@pytest.mark.parametrize("accept", ["text/html", "image/png", "application/xml;q=1", "application/json;q=0"])
def test_a_client_that_accepts_none_of_ours_is_told_before_anything_is_decided(
    bot: Automation, accept: str
) -> None:
    assert_refused(bot.post("/v1/proposals", REPORT, Accept=accept), 406, "not_acceptable", "")


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "/limit"),
        ("limit=201", "/limit"),
        ("limit=ten", "/limit"),
        ("limit=1&limit=2", "/limit"),
        ("state=open", "/state"),
        ("state=passed&state=", "/state"),
        ("stat=passed", "/stat"),
        ("order=age", "/order"),
        ("cursor=x", "/cursor"),
        ("cursor=%00", "/cursor"),
        ("cursor=e30", "/cursor"),
        ("cursor=" + "A" * 4000, "/cursor"),
        ("cursor=WyIyMDI2LTAzLTAxVDA5OjMwOjAwWiIsICJcdTAwMDAiXQ", "/cursor"),
        ("cursor=WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzIzOjAwIiwgIngiXQ", "/cursor"),
        ("revision=1", "/revision"),
    ],
)
def test_a_faulty_query_is_named(bot: Automation, query: str, pointer: str) -> None:
    assert_refused(bot.get(f"/v1/proposals?{query}"), 422, "invalid_input", pointer)


@pytest.mark.parametrize("revision", ["0", "-1", "one", "1.0", "2147483648", "9" * 30, ""])
def test_a_faulty_revision_is_named(bot: Automation, revision: str) -> None:
    answer = bot.get(f"/v1/proposals/{REPORT['id']}?revision={revision}")
    assert_refused(answer, 422, "invalid_input", "/revision")


@pytest.mark.parametrize(
    "name", [str(REPORT["id"]), "bulk", "%00", "a%20b", "x" * 300, "%F0%9F%98%80", "%ff", ".."]
)
@pytest.mark.parametrize("rest", ["", "/history"])
def test_an_unknown_proposal_is_404(bot: Automation, name: str, rest: str) -> None:
    assert bot.get(f"/v1/proposals/{name}{rest}").status == 404


@pytest.mark.parametrize(
    "target",
    ["/v1", "/v1/", "/v1/proposal", "/v1/proposals/", "/v1//proposals", "/policy/x", "/v1/permits/x/spend"],
)
def test_an_unknown_address_is_a_problem_document(bot: Automation, target: str) -> None:
    assert_refused(bot.get(target), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "target", "allowed"),
    [
        ("PUT", "/v1/proposals", "GET, HEAD, OPTIONS, POST"),
        ("DELETE", "/v1/proposals", "GET, HEAD, OPTIONS, POST"),
        ("PATCH", "/v1/freeze", "DELETE, GET, HEAD, OPTIONS, POST"),
        ("POST", "/healthz", "GET, HEAD, OPTIONS"),
        ("BREW", "/v1/notices", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_wrong_method_is_405_and_names_the_right_ones(
    bot: Automation, method: str, target: str, allowed: str
) -> None:
    answer = bot.call(method, target)
    assert_refused(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("reviews", {"vote": "approve", "reason": "fine", "digest": DIGEST}),
        ("break-glass", {"reason": "x" * 30, "digest": DIGEST, "ttl_seconds": 60}),
        ("withdraw", {}),
    ],
)
def test_an_unknown_proposal_cannot_be_acted_on(
    bot: Automation, target: str, body: dict[str, object]
) -> None:
    assert_refused(bot.post(f"/v1/proposals/{REPORT['id']}/{target}", body), 404, "proposal_unknown")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"vote": "yes"}, "/vote"),
        ({"vote": True}, "/vote"),
        ({"reason": ""}, "/reason"),
        ({"reason": "  \n"}, "/reason"),
        ({"reason": "x" * 2001}, "/reason"),
        ({"reason": "a\0b"}, "/reason"),
        ({"reason": 5}, "/reason"),
        ({"digest": "0" * 64}, "/digest"),
        ({"digest": "SHA256:" + "0" * 64}, "/digest"),
        ({"digest": "sha256:" + "0" * 64 + "\n"}, "/digest"),
        ({"reviewer": "rita"}, "/reviewer"),
    ],
)
def test_a_faulty_vote_is_named(bot: Automation, change: dict[str, object], pointer: str) -> None:
    body = {"vote": "approve", "reason": "fine", "digest": DIGEST} | change
    assert_refused(bot.post(f"/v1/proposals/{REPORT['id']}/reviews", body), 422, "invalid_input", pointer)


@pytest.mark.parametrize(
    "body", [{}, {"reason": ""}, {"reason": None}, [], "x", {"reason": "a", "until": "b"}]
)
def test_a_faulty_freeze_freezes_nothing(bot: Automation, body: object) -> None:
    assert bot.post("/v1/freeze", body).status == 422
    assert bot.get("/v1/freeze").body["frozen"] is False


@pytest.mark.parametrize("ttl", [0, -1, True, 1.5, "60", None, 10**12])
def test_a_faulty_duration_is_named(bot: Automation, ttl: object) -> None:
    body = {"reason": "x" * 30, "digest": DIGEST, "ttl_seconds": ttl}
    answer = bot.post(f"/v1/proposals/{REPORT['id']}/break-glass", body)
    assert_refused(answer, 422, "invalid_input", "/ttl_seconds")


def test_thawing_what_is_not_frozen_is_a_conflict(bot: Automation) -> None:
    assert_refused(bot.call("DELETE", "/v1/freeze"), 409, "not_frozen")


@pytest.mark.parametrize("key", ["x" * 256, "a b", "caf\u00e9"])
def test_a_faulty_idempotency_key_is_refused(bot: Automation, key: str) -> None:
    answer = bot.post("/v1/proposals", REPORT, Idempotency_Key=key)
    assert_refused(answer, 422, "invalid_input", "/Idempotency-Key")
