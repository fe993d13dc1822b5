"""The report's Markdown form: a heading, fields, the proposal's text, then `## Risks` and `## Mitigations`.

The rules, because the text may hold anything, also headings, lists and fences that look like these parts:

- Comments and blank lines may stand before the heading; they are kept as the preamble and are no part of the value.
- Fields are lines `- name: value` up to `- proposal:`, each once, in any order. `id`, `timestamp` and `ai_model` stand
  as they are; every other value is JSON.
- The LAST `## Mitigations` and the last `## Risks` before it, each after an empty line, end the text, fence or not.
- Both are lists. An item goes on over lines indented by two blanks. One line feed at the end of the file is ignored.

Values go through the same schema as JSON. Every report can be written in this form, and reads back as itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import orjson

from gatekeeper.errors import FieldError, InvalidInputError
from gatekeeper.proposals.json_form import (
    DEFAULT_LIMIT_BYTES,
    report_from_value,
    report_to_json,
    require_within,
)
from gatekeeper.proposals.report import Report
from gatekeeper.proposals.schema import not_a_report
from gatekeeper.proposals.strict_json import (
    MAX_FAULTS,
    NotStrictJsonError,
    json_faults,
    pointer_to,
    read_json,
    read_utf8,
)

_HEADING = "# FSAR Proposal Report\n"
_FIELD = re.compile(r"- ([^:\n]+): (.*)\n")
_PROPOSAL = "- proposal:\n\n"
_RISKS, _MITIGATIONS = "\n\n## Risks\n", "\n\n## Mitigations\n"
_ITEM, _CONTINUED = "- ", "  "
_TEXT_FIELDS = ("id", "timestamp", "ai_model")
_LEADING = ("id", "timestamp", "severity", "block_execution")
_OPTIONAL = ("likelihood", "damage", "reversibility", "ai_model", "action", "rollback", "truth", "p_fail")
_PARTS = ("proposal", "risks", "mitigations")


@dataclass(frozen=True, slots=True)
class MarkdownReport:
    """A report with what stood before its heading, so that rendering gives the same bytes."""

    report: Report
    preamble: str


def parse_markdown(raw: bytes, *, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> MarkdownReport:
    """The report in `raw`; raises InvalidInputError naming each faulty field, TooLargeError over the limit."""
    require_within(raw, limit_bytes)
    try:
        text = read_utf8(raw)
    except NotStrictJsonError as error:
        raise not_a_report(error.faults) from error
    start = _preamble_end(text)
    if not text.startswith(_HEADING, start):
        raise not_a_report([FieldError("", _heading_fault(text, start))])
    reading = _Reading({}, [])
    position = reading.read_fields(text, start + len(_HEADING))
    reading.read_parts(text, position)
    return MarkdownReport(reading.report(), text[:start])


def render_markdown(report: Report, preamble: str = "") -> str:
    """The report in Markdown; `preamble` is what parsing found before the heading, or any comment.

    Raises InvalidInputError for a preamble that is more than comments and blank lines, and for a value no parser of
    this package would have built, because neither would read back.
    """
    value = report_to_json(report)
    names = [*_LEADING, *(name for name in _OPTIONAL if name in value)]
    fields = "".join(f"- {name}: {_written(name, value[name])}\n" for name in names)
    risks, mitigations = _listed(report.risks), _listed(report.mitigations)
    text = (
        f"{preamble}{_HEADING}{fields}{_PROPOSAL}{report.proposal}{_RISKS}{risks}{_MITIGATIONS}{mitigations}"
    )
    if _reads_back(text, MarkdownReport(report, preamble)):
        return text
    faults = _value_faults(value) or [FieldError("", "does not read back as the same report")]
    raise InvalidInputError("This report has no Markdown form.", errors=faults, code="not_markdown")


def _reads_back(text: str, expected: MarkdownReport) -> bool:
    try:
        return parse_markdown(text.encode(), limit_bytes=1 << 31) == expected
    except (InvalidInputError, UnicodeEncodeError):
        return False


def _value_faults(value: dict[str, object]) -> Iterable[FieldError]:
    if faults := json_faults(value):
        return faults
    try:
        report_from_value(value)
    except InvalidInputError as error:
        return error.errors
    return ()


@dataclass(slots=True)
class _Reading:
    """A report while it is read: the values so far, and what was wrong on the way."""

    value: dict[str, object]
    faults: list[FieldError]

    def read_fields(self, text: str, position: int) -> int:
        """Read the lines up to `- proposal:`; the position behind the last of them."""
        while not text.startswith(_PROPOSAL, position) and (match := _FIELD.match(text, position)):
            name, written = match.groups()
            if name in self.value:
                self.faults.append(FieldError(pointer_to("", name), "is given twice"))
            elif name in _PARTS:
                self.faults.append(FieldError(pointer_to("", name), _PART_RULES[name]))
            else:
                self.value[name] = self._value_of(name, written)
            position = match.end()
        return position

    def read_parts(self, text: str, position: int) -> None:
        """Read the proposal's text and the two lists behind it."""
        if not text.startswith(_PROPOSAL, position):
            line = text[position:].partition("\n")[0][:80]
            self._refuse_part("proposal", f"; instead there is {line!r}")
            return
        last = text.rfind(_MITIGATIONS, position)
        if last < 0:
            self._refuse_part("mitigations")
            return
        first = text.rfind(_RISKS, position, last + len("\n\n"))
        if first < 0:
            self._refuse_part("risks")
            return
        self.value["proposal"] = text[position + len(_PROPOSAL) : first]
        self.value["risks"] = self._items("risks", text[first + len(_RISKS) : last])
        self.value["mitigations"] = self._items("mitigations", text[last + len(_MITIGATIONS) :])

    def report(self) -> Report:
        """The report; raises InvalidInputError with the faults of the form and those of the values it could read."""
        try:
            report = report_from_value(self.value)
        except InvalidInputError as error:
            raise not_a_report(self._together_with(error.errors)) from error
        if self.faults:
            raise not_a_report(self._together_with(()))
        return report

    def _together_with(self, others: Iterable[FieldError]) -> list[FieldError]:
        """The faults of the form, and those others that are not mere consequences of them; sorted, and not too many."""
        explained = {fault.pointer for fault in self.faults}
        if self.faults:
            explained |= {f"/{part}" for part in _PARTS if part not in self.value}
        found = {*self.faults, *(fault for fault in others if fault.pointer not in explained)}
        return sorted(found, key=lambda fault: (fault.pointer, fault.detail))[:MAX_FAULTS]

    def _value_of(self, name: str, written: str) -> object:
        if name in _TEXT_FIELDS:
            return written
        try:
            return read_json(written.encode())
        except NotStrictJsonError as error:
            if written.startswith(("{", "[")):
                at = pointer_to("", name)
                self.faults += [FieldError(at + fault.pointer, fault.detail) for fault in error.faults]
            return written

    def _refuse_part(self, name: str, addition: str = "") -> None:
        self.faults.append(FieldError(pointer_to("", name), _PART_RULES[name] + addition))

    def _items(self, name: str, part: str) -> list[str]:
        items: list[list[str]] = []
        for line in part.removesuffix("\n").split("\n") if part else ():
            if line.startswith(_ITEM):
                items.append([line[len(_ITEM) :]])
            elif items and line.startswith(_CONTINUED):
                items[-1].append(line[len(_CONTINUED) :])
            else:
                fault = f"must begin with '- '; after item {len(items)} there is {line[:80]!r}"
                self.faults.append(FieldError(f"/{name}/{len(items)}", fault))
                break
        return ["\n".join(lines) for lines in items]


_PART_RULES = {
    "proposal": "must follow the fields as a line '- proposal:', an empty line and the text",
    "risks": "must be a section '## Risks' between the text and '## Mitigations', after an empty line",
    "mitigations": "must be a section '## Mitigations' at the end, after an empty line",
}


def _preamble_end(text: str) -> int:
    """Where the heading has to begin: behind comments and blank lines, if there are any."""
    position = 0
    while position < len(text):
        if text[position] in " \t\n":
            position += 1
        elif text.startswith("<!--", position) and (end := text.find("-->", position)) >= 0:
            position = end + len("-->")
        else:
            break
    return position


def _heading_fault(text: str, start: int) -> str:
    if text.startswith(_HEADING.strip() + "\r", start):
        return "must end its lines with a line feed, without a carriage return"
    if text.startswith("<!--", start):
        return "begins with a comment that does not end"
    return f"must begin with the heading {_HEADING.strip()!r}"


def _written(name: str, value: object) -> str:
    return str(value) if name in _TEXT_FIELDS else orjson.dumps(value).decode()


def _listed(statements: tuple[str, ...]) -> str:
    return "\n".join(_ITEM + statement.replace("\n", "\n" + _CONTINUED) for statement in statements)
