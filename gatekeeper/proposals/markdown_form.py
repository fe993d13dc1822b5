"""The report's Markdown form: a heading, fields, the proposal's text, then `## Risks` and `## Mitigations`.

The text may hold headings and lists of its own; the LAST `## Risks` that a `## Mitigations` follows ends it. The same
bytes come back when a parsed report is rendered with its preamble. Values go through the same schema as JSON.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import orjson

from gatekeeper.errors import FieldError, InvalidInputError
from gatekeeper.proposals.json_form import (
    DEFAULT_LIMIT_BYTES,
    decoded,
    report_from_value,
    report_to_json,
    require_within,
)
from gatekeeper.proposals.report import Report
from gatekeeper.proposals.schema import not_a_report

_HEADING = "# FSAR Proposal Report\n"
_PREAMBLE = re.compile(r"(?:<!--(?:[^-]|-(?!->))*-->\s*)?")
_FIELD = re.compile(r"- ([a-z_]+): (.*)\n")
_PROPOSAL = "- proposal:\n\n"
_RISKS, _MITIGATIONS = "\n\n## Risks\n", "\n\n## Mitigations\n"
_TEXT_FIELDS = ("id", "timestamp", "ai_model")
_LEADING = ("id", "timestamp", "severity", "block_execution")
_OPTIONAL = ("likelihood", "damage", "reversibility", "ai_model", "action", "rollback", "truth", "p_fail")


@dataclass(frozen=True, slots=True)
class MarkdownReport:
    """A report with what stood before its heading, so that rendering gives the same bytes."""

    report: Report
    preamble: str


def parse_markdown(raw: bytes, *, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> MarkdownReport:
    """The report in `raw`; raises InvalidInputError naming each faulty field, TooLargeError over the limit."""
    require_within(raw, limit_bytes)
    text = decoded(raw)
    preamble = _leading_comment(text)
    if not text.startswith(_HEADING, len(preamble)):
        raise _malformed("", f"must begin with the heading {_HEADING.strip()!r}")
    value, position = _fields(text, len(preamble) + len(_HEADING))
    if not text.startswith(_PROPOSAL, position):
        raise _malformed("/proposal", "must follow the fields as '- proposal:', an empty line and the text")
    body = text[position + len(_PROPOSAL) :]
    value["proposal"], value["risks"], value["mitigations"] = _sections(body)
    return MarkdownReport(report_from_value(value), preamble)


def render_markdown(report: Report, preamble: str = "") -> str:
    """The report in Markdown. Raises InvalidInputError when the form cannot carry it (a line break inside a risk)."""
    value = report_to_json(report)
    names = [*_LEADING, *(name for name in _OPTIONAL if name in value)]
    fields = "".join(f"- {name}: {_written(name, value[name])}\n" for name in names)
    risks, mitigations = _listed("risks", report.risks), _listed("mitigations", report.mitigations)
    text = (
        f"{preamble}{_HEADING}{fields}{_PROPOSAL}{report.proposal}{_RISKS}{risks}{_MITIGATIONS}{mitigations}"
    )
    if _reads_back(text, report):
        return text
    raise InvalidInputError(
        "This report cannot be written as Markdown without changing it.",
        errors=[FieldError("/proposal", "has lines that Markdown would read as another section or field")],
        code="not_markdown",
    )


def _reads_back(text: str, report: Report) -> bool:
    try:
        return parse_markdown(text.encode(), limit_bytes=1 << 30).report == report
    except (InvalidInputError, UnicodeEncodeError):
        return False


def _leading_comment(text: str) -> str:
    if not text.startswith("<!--"):
        return ""
    end = text.find("-->")
    if end < 0:
        raise _malformed("", "begins with a comment that does not end")
    end += len("-->")
    while end < len(text) and text[end] in " \t\r\n":
        end += 1
    return text[:end]


def _fields(text: str, position: int) -> tuple[dict[str, object], int]:
    value: dict[str, object] = {}
    while match := _FIELD.match(text, position):
        name, written = match.groups()
        if name in value:
            raise _malformed(f"/{name}", "is given twice")
        value[name] = _read(name, written)
        position = match.end()
    return value, position


def _read(name: str, written: str) -> object:
    if name in _TEXT_FIELDS:
        return written
    try:
        return orjson.loads(written)
    except orjson.JSONDecodeError:
        return written


def _sections(body: str) -> tuple[str, list[str], list[str]]:
    last = body.rfind(_MITIGATIONS)
    first = body.rfind(_RISKS, 0, max(last, 0) + len("\n\n")) if last >= 0 else -1
    if last < 0:
        raise _malformed("/mitigations", "needs a '## Mitigations' section at the end")
    if first < 0:
        raise _malformed("/risks", "needs a '## Risks' section before '## Mitigations'")
    risks = body[first + len(_RISKS) : last] if first + len(_RISKS) <= last else ""
    return (
        body[:first],
        _statements("risks", risks),
        _statements("mitigations", body[last + len(_MITIGATIONS) :]),
    )


def _statements(name: str, section: str) -> list[str]:
    lines = section.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    faulty = [number for number, line in enumerate(lines) if not line.startswith("- ")]
    if faulty:
        raise _malformed(f"/{name}/{faulty[0]}", "must be a list item beginning with '- '")
    return [line[2:] for line in lines]


def _written(name: str, value: object) -> str:
    return str(value) if name in _TEXT_FIELDS else orjson.dumps(value).decode()


def _listed(name: str, statements: tuple[str, ...]) -> str:
    for number, statement in enumerate(statements):
        if "\n" in statement:
            raise InvalidInputError(
                "This report cannot be written as Markdown without changing it.",
                errors=[FieldError(f"/{name}/{number}", "has a line break")],
                code="not_markdown",
            )
    return "\n".join(f"- {statement}" for statement in statements)


def _malformed(pointer: str, detail: str) -> InvalidInputError:
    return not_a_report((FieldError(pointer, detail),))
