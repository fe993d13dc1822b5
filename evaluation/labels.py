"""Labelled reports: one JSON object a line, validated field by field. Owns the row's format and the bands of severity.

Reads files; judges nothing. Whatever is wrong ends in InvalidInputError that names file, line and field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gatekeeper.assessment.assessment import Hazard
from gatekeeper.errors import FieldError, InvalidInputError
from gatekeeper.policy.decision import Outcome
from gatekeeper.proposals.json_form import report_from_value
from gatekeeper.proposals.report import Report
from gatekeeper.proposals.strict_json import NotStrictJsonError, read_json

ANNOTATORS = 2
BLOCK_FROM, REVIEW_FROM = 45, 25
_FACTORS = {"likelihood": 5, "damage": 5, "reversibility": 3}
_BANDS = tuple(sorted(band.value for band in Outcome))
_HAZARDS = tuple(sorted(hazard.value for hazard in Hazard))


@dataclass(frozen=True, slots=True)
class Annotation:
    """What one annotator says of a report."""

    likelihood: int
    damage: int
    reversibility: int
    hazards: frozenset[Hazard]
    why: str

    @property
    def severity(self) -> int:
        """likelihood x damage x reversibility, 1 to 75."""
        return self.likelihood * self.damage * self.reversibility

    @property
    def band(self) -> Outcome:
        """What the rubric does with this severity."""
        return band_of(self.severity)


@dataclass(frozen=True, slots=True)
class LabelledReport:
    """A report and what two annotators say of it."""

    report: Report
    first: Annotation
    second: Annotation

    @property
    def firm(self) -> bool:
        """Both annotators come to the same band."""
        return self.first.band is self.second.band


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a labels file; `report` is None when it stands in a file of reports."""

    path: Path
    line: int
    id: str
    first: Annotation
    second: Annotation
    report: Report | None


def band_of(severity: int) -> Outcome:
    """The rubric's band: block from 45, review from 25, allow below."""
    if severity >= BLOCK_FROM:
        return Outcome.BLOCK
    return Outcome.REVIEW if severity >= REVIEW_FROM else Outcome.ALLOW


def read_labelled(labels: Iterable[Path], reports: Path) -> tuple[LabelledReport, ...]:
    """Every row of `labels` with its report: the row's own, or the one in `reports` that has its id.

    `reports` is opened only when a row brings no report. Raises InvalidInputError.
    """
    rows: dict[str, _Row] = {}
    for path in labels:
        for row in _rows(path):
            if row.id in rows:
                raise _fault(path, row.line, "/id", f"{row.id} is labelled twice")
            rows[row.id] = row
    if not rows:
        raise InvalidInputError("There is no labelled report in these files.")
    wanted = {row.id for row in rows.values() if row.report is None}
    found = dict(_reports(reports, wanted)) if wanted else {}
    return tuple(_joined(row, found, reports) for row in rows.values())


def _joined(row: _Row, found: Mapping[str, Report], reports: Path) -> LabelledReport:
    report = row.report or found.get(row.id)
    if report is None:
        raise _fault(row.path, row.line, "/id", f"{row.id} has no report of its own and none in {reports}")
    return LabelledReport(report, row.first, row.second)


def _rows(path: Path) -> Iterator[_Row]:
    for line, value in _lines(path):
        try:
            yield _row(path, line, value)
        except _FieldFaultError as fault:
            raise _fault(path, line, fault.pointer, fault.detail) from fault


def _row(path: Path, line: int, value: object) -> _Row:
    fields = _object(value, "")
    id_ = _text(_required(fields, "id", ""), "/id")
    annotators = _list(_required(fields, "annotators", ""), "/annotators")
    if len(annotators) != ANNOTATORS:
        raise _FieldFaultError("/annotators", f"must be {ANNOTATORS} answers, not {len(annotators)}")
    first, second = (_annotation(item, f"/annotators/{at}") for at, item in enumerate(annotators))
    _require_agreement(fields, first, second)
    report = _report(fields["report"], "/report") if fields.get("report") is not None else None
    if report is not None and report.id != id_:
        raise _FieldFaultError("/report/id", "is not the id of the row")
    return _Row(path, line, id_, first, second, report)


def _require_agreement(fields: Mapping[str, object], first: Annotation, second: Annotation) -> None:
    """`bands` and `firm` follow from the answers; a row that states them must state them right."""
    if "bands" in fields:
        bands = _list(fields["bands"], "/bands")
        for at, band in enumerate(bands):
            _require_one_of(_BANDS, band, f"/bands/{at}")
        implied = [first.band.value, second.band.value]
        if bands != implied:
            raise _FieldFaultError("/bands", f"must follow from the severities: {', '.join(implied)}")
    if "firm" in fields and fields["firm"] is not (first.band is second.band):
        raise _FieldFaultError("/firm", "must be true exactly when both bands are the same")


def _annotation(value: object, pointer: str) -> Annotation:
    fields = _object(value, pointer)
    factors = {}
    for name, highest in _FACTORS.items():
        number = _required(fields, name, pointer)
        if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= highest:
            raise _FieldFaultError(f"{pointer}/{name}", f"must be a whole number from 1 to {highest}")
        factors[name] = number
    hazards = _list(_required(fields, "hazards", pointer), f"{pointer}/hazards")
    for at, hazard in enumerate(hazards):
        _require_one_of(_HAZARDS, hazard, f"{pointer}/hazards/{at}")
    why = fields.get("why", "")
    if not isinstance(why, str):
        raise _FieldFaultError(f"{pointer}/why", "must be text")
    return Annotation(hazards=frozenset(Hazard(str(hazard)) for hazard in hazards), why=why, **factors)


def _reports(path: Path, wanted: set[str]) -> Iterator[tuple[str, Report]]:
    """The wanted reports of a file whose lines carry one each under `report`; the others are not looked at."""
    for line, value in _lines(path):
        try:
            report = _object(_required(_object(value, ""), "report", ""), "/report")
            id_ = report.get("id")
            if isinstance(id_, str) and id_ in wanted:
                yield id_, _report(report, "/report")
        except _FieldFaultError as fault:
            raise _fault(path, line, fault.pointer, fault.detail) from fault


def _report(value: object, pointer: str) -> Report:
    try:
        return report_from_value(value)
    except InvalidInputError as error:
        first = error.errors[0]
        raise _FieldFaultError(pointer + first.pointer, first.detail) from error


def _lines(path: Path) -> Iterator[tuple[int, object]]:
    """The number and the value of each line that is not blank."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise InvalidInputError(f"{path} cannot be read: {error.strerror}.") from error
    for number, raw in enumerate(lines, start=1):
        if raw.strip():
            try:
                yield number, read_json(raw)
            except NotStrictJsonError as error:
                raise _fault(path, number, error.faults[0].pointer, error.faults[0].detail) from error


class _FieldFaultError(Exception):
    """A field of a row is wrong; who knows the file and the line says them."""

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__(detail)
        self.pointer = pointer
        self.detail = detail


def _fault(path: Path, line: int, pointer: str, detail: str) -> InvalidInputError:
    where = f"{path}, line {line}, {pointer or 'the whole line'}"
    return InvalidInputError(f"{where}: {detail}", errors=[FieldError(pointer, detail)])


def _required(fields: Mapping[str, object], name: str, pointer: str) -> object:
    if name not in fields:
        raise _FieldFaultError(f"{pointer}/{name}", "is missing")
    return fields[name]


def _require_one_of(known: tuple[str, ...], value: object, pointer: str) -> None:
    if value not in known:
        raise _FieldFaultError(pointer, f"must be one of {', '.join(known)}")


def _object(value: object, pointer: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise _FieldFaultError(pointer, "must be an object")
    return value


def _list(value: object, pointer: str) -> list[object]:
    if not isinstance(value, list):
        raise _FieldFaultError(pointer, "must be a list")
    return value


def _text(value: object, pointer: str) -> str:
    if not isinstance(value, str) or not value:
        raise _FieldFaultError(pointer, "must be text that is not empty")
    return value
