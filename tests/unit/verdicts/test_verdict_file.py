"""A verdict file is read as exactly what was written, and nothing else is read as one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.errors import GatekeeperError, TamperError, UnavailableError
from gatekeeper.ledger.note import parse_note
from gatekeeper.ledger.verifier import Verdict, Verification
from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.proposals.report import Report
from gatekeeper.verdicts.verdict_file import MOST_BYTES, LoggedEntry, VerdictFile, read_verdict_file
from gatekeeper.verdicts.verification import verify_verdict
from tests.support.generated_reports import reports
from tests.support.verdict_files import LOG_POLICY, SmallGate

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=9)
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-(2.0**53) + 1, 2.0**53 - 1)
OBJECTS = st.dictionaries(TEXTS, st.none() | st.booleans() | NUMBERS | TEXTS, max_size=5)
HASHES = st.lists(st.binary(min_size=32, max_size=32), max_size=5).map(tuple)
FILES = st.dictionaries(TEXTS, TEXTS, max_size=3)


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VerdictFile]:
    gate = SmallGate(tmp_path_factory.mktemp("gate"))
    yield gate.file("approved")
    gate.house.database.close()


@given(
    report=reports(),
    told=st.none() | OBJECTS,
    facts=OBJECTS,
    proof=st.none() | HASHES,
    files=st.none() | FILES,
)
def test_what_is_written_is_read_back(
    approved: VerdictFile,
    report: Report,
    told: object,
    facts: dict[str, object],
    proof: object,
    files: object,
) -> None:
    entries = [LoggedEntry({**each.value, "facts": facts}, proof) for each in approved.entries]  # type: ignore[arg-type]
    file = replace(
        approved,
        report=report_to_json(report),
        decision={**approved.decision, "input": told},
        policies={"sha256:" + "0" * 64: files},  # type: ignore[dict-item]
        entries=tuple(entries),
    )
    assert read_verdict_file(file.encoded) == file


@given(st.data())
def test_other_bytes_are_another_file_or_none(approved: VerdictFile, data: st.DataObject) -> None:
    raw = approved.encoded
    start = data.draw(st.integers(0, len(raw)))
    end = start + data.draw(st.integers(0, 3))
    changed = raw[:start] + data.draw(st.binary(max_size=3)) + raw[end:]
    try:
        read = read_verdict_file(changed)
    except GatekeeperError:
        return
    assert (read.encoded, read == approved) == (changed, changed == raw)


@pytest.mark.parametrize(
    ("raw", "detail"),
    [
        (b"", "this is not a verdict file: it is not JSON: "),
        (b"\xff", "this is not a verdict file: it is not valid UTF-8 at byte 0"),
        (b"[]", "this is not a verdict file: it has not the fields and types of one"),
        (b"{}", "this is not a verdict file: it has not the fields and types of one"),
        (b'{"a":1,"a":1}', "this is not a verdict file: /a is given twice"),
        (b"[" * 10_000, "this is not a verdict file: it is "),
        (b'{"x":NaN}', "this is not a verdict file: /x must be a finite number"),
        (b" " * (MOST_BYTES + 1), f"this is not a verdict file: it has more than {MOST_BYTES} bytes"),
    ],
    ids=["empty", "no text", "list", "empty object", "twice", "deep", "NaN", "large"],
)
def test_what_is_no_verdict_file_cannot_be_told(raw: bytes, detail: str) -> None:
    with pytest.raises(UnavailableError) as refused:
        read_verdict_file(raw)
    assert refused.value.detail.startswith(detail)
    assert verify_verdict(raw, LOG_POLICY).verdict is Verdict.CANNOT_TELL


def test_a_field_more_is_refused_at_its_place(approved: VerdictFile) -> None:
    value = orjson.loads(approved.encoded)
    value["entries"][2]["entry"]["note"] = "x"
    with pytest.raises(UnavailableError, match="/entries/2/entry has not the fields and types of one"):
        read_verdict_file(orjson.dumps(value))


def test_the_same_values_in_other_bytes_are_not_what_was_exported(approved: VerdictFile) -> None:
    raw = approved.encoded
    pretty = orjson.dumps(orjson.loads(raw), option=orjson.OPT_INDENT_2)
    for other in (raw + b"\n", pretty, raw.replace(b'"leaf":9', b'"leaf":9.0')):
        with pytest.raises(TamperError):
            read_verdict_file(other)


def test_a_file_that_was_handed_out_stays_whole() -> None:
    """Strangers keep these files. Whatever changes how inputs or entries are made must still verify this one."""
    raw = Path(__file__).with_name("verdict-v1.json").read_bytes()
    assert verify_verdict(raw, LOG_POLICY) == Verification(
        Verdict.WHOLE,
        "fsar_00000000-0000-4000-8000-000000000001 revision 1: pass (agreed) at 2026-03-02T10:01:00.000000Z; "
        "entry 9 of 10 in example.org/log",
        note=parse_note(read_verdict_file(raw).checkpoint.encode()),  # type: ignore[union-attr]
    )
