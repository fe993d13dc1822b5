"""Ten thousand generated wrong inputs: each is refused at its place; none is a 500, decided or recorded.

`GENERATED_WRONG_INPUTS` in the environment sets another number.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.documented import Answer, Automation
from tests.support.in_process import InProcessGate

COUNT = int(os.environ.get("GENERATED_WRONG_INPUTS", "10000"))
REPORT: dict[str, object] = {
    "id": "fsar_00000000-0000-4000-8000-00000000b001",
    "timestamp": "2026-03-01T09:30:00.000Z",
    "severity": 4,
    "block_execution": False,
    "proposal": "Reword the greeting of the weekly summary so that it names the month.",
    "risks": ["The greeting could be too long"],
    "mitigations": ["Keep it under forty characters; revert the one-line change"],
}
RAW = orjson.dumps(REPORT)
MARKDOWN = (
    b"# FSAR Proposal Report\n- id: fsar_00000000-0000-4000-8000-00000000b001\n"
    b"- timestamp: 2026-03-01T09:30:00.000Z\n- severity: 4\n- block_execution: false\n- proposal:\n\n"
    b"Reword the greeting.\n\n## Risks\n- It could be too long\n\n## Mitigations\n- Revert it"
)
OPTIONAL = {"likelihood", "damage", "reversibility", "ai_model", "action", "rollback", "truth", "p_fail"}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def is_wrong(name: str, value: object) -> bool:
    """Whether a value can certainly not stand in a field: by type and range, told apart from the schema."""
    match name:
        case "severity":
            return type(value) not in (int, float) or not 0 <= value <= 75 or value != int(value)  # type: ignore[operator, arg-type, call-overload]
        case "block_execution":
            return type(value) is not bool
        case "risks" | "mitigations":
            return not isinstance(value, list) or any(not isinstance(item, str) or not item for item in value)
        case "proposal":
            return not isinstance(value, str) or not value or "\0" in value
        case _:
            return True  # no short text is an id or a timestamp


def dumped(pairs: list[tuple[str, bytes]]) -> bytes:
    return b"{" + b",".join(orjson.dumps(name) + b":" + raw for name, raw in pairs) + b"}"


@st.composite
def wrong_reports(draw: st.DrawFn) -> bytes:
    """A report with at least one certain fault among its fields."""
    pairs = [(name, orjson.dumps(value)) for name, value in REPORT.items()]
    for _ in range(draw(st.integers(1, 3))):
        where = draw(st.integers(0, len(pairs) - 1))
        name = pairs[where][0]
        match draw(st.sampled_from(["drop", "replace", "add", "repeat", "number", "bytes"])):
            case "drop" if name in REPORT and [other for other, _ in pairs].count(name) == 1:
                del pairs[where]
            case "replace" if name in REPORT:
                pairs[where] = (
                    name,
                    orjson.dumps(draw(values.filter(lambda value, name=name: is_wrong(name, value)))),
                )
            case "repeat":
                pairs.insert(where, (name, orjson.dumps(draw(values))))
            case "number":
                number = draw(
                    st.sampled_from(
                        [b"NaN", b"-Infinity", b"1e999", b"75.5", b"-1", b"9" * 400, b"+4", b"4."]
                    )
                )
                pairs[where] = (name, number)
            case "bytes":
                pairs[where] = (
                    name,
                    b'"' + draw(st.sampled_from([b"\xff", b"\x00", b"\\u0000", b"\\ud800"])) + b'"',
                )
            case _:
                extra = draw(texts.filter(lambda text: text not in REPORT and text not in OPTIONAL))
                pairs.append((extra, orjson.dumps(draw(values))))
    return dumped(pairs)


def cut(raw: bytes) -> st.SearchStrategy[bytes]:
    """A proper beginning of something."""
    return st.integers(0, len(raw) - 1).map(lambda end: raw[:end])


@st.composite
def spoilt(draw: st.DrawFn, raw: bytes) -> bytes:
    """Bytes that are not UTF-8 any more, or hold a NUL."""
    where = draw(st.integers(0, len(raw)))
    return (
        raw[:where]
        + draw(st.sampled_from([b"\xff", b"\x80", b"\xc3", b"\xed\xa0\x80", b"\x00"]))
        + raw[where:]
    )


wrong_json = st.one_of(
    wrong_reports(),
    wrong_reports(),
    wrong_reports(),
    cut(RAW),
    spoilt(RAW),
    values.map(orjson.dumps),
    st.binary(max_size=80),
)
wrong_markdown = st.one_of(
    cut(MARKDOWN[: MARKDOWN.index(b"- It could")]),
    spoilt(MARKDOWN),
    st.binary(max_size=80),
    texts.map(str.encode),
    st.permutations(MARKDOWN.split(b"\n")[:5])
    .map(lambda lines: b"\n".join([*lines[1:], lines[0], *MARKDOWN.split(b"\n")[5:]]))
    .filter(lambda raw: not raw.startswith(b"# FSAR")),
)
header_texts = st.text(
    st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=20
)


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcessGate]:
    directory: Path = tmp_path_factory.mktemp("generated")
    gate = InProcessGate.open(directory)
    yield gate
    gate.house.database.close()


@pytest.fixture(scope="module")
def bot(gate: InProcessGate) -> Automation:
    return gate.principal("bot", "submitter", "reviewer", "operator")


@pytest.fixture(autouse=True)
def nothing_is_decided_or_recorded(gate: InProcessGate, bot: Automation) -> Iterator[None]:
    before = gate.recorded_events()
    yield
    assert gate.recorded_events() == before
    assert bot.get("/v1/proposals").body["items"] == []
    assert bot.get("/v1/freeze").body["frozen"] is False


def assert_refused_at_its_place(answer: Answer) -> None:
    assert (answer.status, answer.body["code"]) == (422, "not_a_report"), answer.raw
    assert answer.faults
    assert all(pointer == "" or pointer.startswith("/") for pointer in answer.faults)
    assert all(answer.faults.values())


@settings(max_examples=COUNT * 6 // 10)
@given(body=wrong_json)
def test_what_is_no_json_report_is_refused(bot: Automation, body: bytes) -> None:
    assert_refused_at_its_place(bot.post("/v1/proposals", body))


@settings(max_examples=COUNT // 10)
@given(body=wrong_markdown)
def test_what_is_no_markdown_report_is_refused(bot: Automation, body: bytes) -> None:
    assert_refused_at_its_place(bot.post("/v1/proposals", body, Content_Type="text/markdown"))


@settings(max_examples=COUNT // 20)
@given(lines=st.lists(wrong_json.map(lambda line: line.replace(b"\n", b" ")), max_size=4))
def test_every_wrong_line_of_a_bulk_has_its_own_refusal(bot: Automation, lines: list[bytes]) -> None:
    answer = bot.bulk(b"\n".join(lines))
    assert [line["line"] for line in answer.body] == [
        number for number, line in enumerate(lines, 1) if line.strip()
    ]
    assert {line["status"] for line in answer.body} <= {422}


@settings(max_examples=COUNT // 10)
@given(
    target=st.sampled_from(
        ["/v1/freeze", "/v1/proposals/x/reviews", "/v1/proposals/x/break-glass", "/v1/break-glass/x/review"]
    ),
    body=values.map(orjson.dumps)
    | st.binary(max_size=60)
    | st.dictionaries(st.sampled_from(["vote", "reason", "digest", "ttl_seconds"]), values).map(orjson.dumps),
)
def test_no_body_makes_a_small_call_fail_or_succeed(bot: Automation, target: str, body: bytes) -> None:
    if target == "/v1/freeze":
        body = body.replace(b'"reason"', b'"because"')
    assert bot.post(target, body).status in (404, 422)


@settings(max_examples=COUNT // 20)
@given(
    name=st.sampled_from(["limit", "state", "cursor", "order", "revision", "x"]),
    text=texts | st.integers().map(str) | values.map(orjson.dumps).map(lambda raw: raw.decode()),
    path=st.sampled_from(["/v1/proposals", "/v1/proposals/x", "/v1/proposals/x/history", "/v1/break-glass"]),
)
def test_no_query_makes_a_read_fail(bot: Automation, path: str, name: str, text: str) -> None:
    assert bot.get(f"{path}?{name}={quote(text)}").status in (200, 404, 422)


@settings(max_examples=COUNT // 20)
@given(path=texts, method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "BREW"]))
def test_no_address_is_a_failure(bot: Automation, path: str, method: str) -> None:
    answer = bot.call(method, f"/v1/{quote(path)}", b"{}" if method == "POST" else None)
    assert answer.status in (401, 404, 405, 415, 422)


@settings(max_examples=COUNT // 20)
@given(
    name=st.sampled_from(
        [
            "Accept",
            "Content-Type",
            "Authorization",
            "Idempotency-Key",
            "If-None-Match",
            "Content-Encoding",
            "Range",
        ]
    ),
    text=header_texts,
    method=st.sampled_from(["GET", "POST"]),
)
def test_no_header_makes_a_call_fail(bot: Automation, name: str, text: str, method: str) -> None:
    answer = bot.call(method, "/v1/proposals", b"{" if method == "POST" else None, {name: text})
    assert answer.status in (200, 401, 406, 415, 422)
