"""Many reports in one call, one answer per line. Each chunk is one transaction; a bad line affects only itself.

The answers are spooled until the last line was read: a client that sends everything before it reads anything (most do)
would otherwise block against a server that waits for it to read. Sending the same lines again is safe: what is
recorded is known by its digest and answered with 200.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

import orjson
import structlog
from flask import Response

from gatekeeper.api.ndjson import Line, read_lines
from gatekeeper.api.problems import INTERNAL, Problem, problem_of
from gatekeeper.api.request_body import NDJSON, media_type
from gatekeeper.api.routing import Call, Route
from gatekeeper.clock import rfc3339, utc_now
from gatekeeper.dossier import Dossier, verdict_to_json
from gatekeeper.errors import GatekeeperError, TooLargeError, UnavailableError
from gatekeeper.gate import Submission
from gatekeeper.identity.principal import Role
from gatekeeper.policy.decision_json import decision_to_json
from gatekeeper.proposals.json_form import parse_json
from gatekeeper.proposals.report import Report

CHUNK_LINES = 64
_CHUNK_BYTES = 4 * 1024 * 1024
_SPOOL_MEMORY_BYTES = 1024 * 1024
_READ_BYTES = 65_536
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line of the input as a report, or why it is none."""

    number: int
    report: Report | GatekeeperError


def submit_proposals(call: Call) -> Response:
    """Decide every line of an NDJSON body, in order."""
    media_type(call.request, (NDJSON,))
    call.principal.require(Role.SUBMITTER, "submit proposals")
    limit = call.gatekeeper.settings.max_report_bytes
    spool = tempfile.SpooledTemporaryFile(max_size=_SPOOL_MEMORY_BYTES)  # noqa: SIM115  # closed with the answer
    try:
        for chunk in in_chunks(read_lines(call.request.stream, limit)):
            answers = _answer_chunk(call, [_read(line, limit) for line in chunk])
            spool.write(b"".join(orjson.dumps(answer) + b"\n" for answer in answers))
    except OSError as error:
        spool.close()
        detail = "The answers could not be kept. Lines may be recorded: send all of them again."
        raise UnavailableError(detail, code="answers_not_kept") from error
    answer = Response(_replay(spool), 200, mimetype=NDJSON)
    answer.content_length = spool.tell()
    answer.headers["Cache-Control"] = "no-store"
    spool.seek(0)
    return answer


def in_chunks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Lines that say something, in groups bounded in number and in bytes."""
    chunk: list[Line] = []
    held = 0
    for line in lines:
        if line.is_blank:
            continue
        chunk.append(line)
        held += len(line.content or b"")
        if len(chunk) == CHUNK_LINES or held >= _CHUNK_BYTES:
            yield chunk
            chunk, held = [], 0
    if chunk:
        yield chunk


def _read(line: Line, limit: int) -> ReadLine:
    if line.content is None:
        error = TooLargeError(f"The line is larger than {limit} bytes.", limit_bytes=limit)
        return ReadLine(line.number, error)
    try:
        return ReadLine(line.number, parse_json(line.content, limit_bytes=limit))
    except GatekeeperError as error:
        return ReadLine(line.number, error)


def _answer_chunk(call: Call, chunk: Sequence[ReadLine]) -> Iterator[dict[str, object]]:
    reports = [line.report for line in chunk if isinstance(line.report, Report)]
    submitted = iter(_submit(call, reports))
    for line in chunk:
        result = next(submitted) if isinstance(line.report, Report) else problem_of(line.report)
        if isinstance(result, Problem):
            call.metrics.count_error(result.code)
            yield {"line": line.number, "status": result.status, "error": result.to_json()}
            continue
        if result.created:
            call.metrics.count_decision(result.dossier.decision.outcome.value)
        status = 201 if result.created else 200
        yield {"line": line.number, "status": status, "proposal": brief(result.dossier)}


def _submit(call: Call, reports: Sequence[Report]) -> list[Submission | Problem]:
    """The answer to each report. When one of them breaks the gate itself, the others are submitted alone."""
    if not reports:
        return []
    try:
        answers = call.gatekeeper.gate.submit_many(reports, call.principal, utc_now())
    except GatekeeperError as error:
        return [problem_of(error)] * len(reports)
    except Exception as error:
        if len(reports) > 1:
            return [answer for report in reports for answer in _submit(call, [report])]
        _log.error("api.bulk_line_failed", error_type=type(error).__name__)
        return [INTERNAL]
    return [problem_of(answer) if isinstance(answer, GatekeeperError) else answer for answer in answers]


def brief(dossier: Dossier) -> dict[str, object]:
    """The Proposal object without what the client has just sent: no report, no assessment, no votes."""
    decision = decision_to_json(dossier.decision)
    decision["decided_at"] = rfc3339(dossier.decided_at)
    return {
        "id": dossier.id,
        "revision": dossier.revision,
        "digest": dossier.digest,
        "current": dossier.current,
        "state": dossier.state.value,
        "submitted_by": dossier.submitted_by,
        "submitted_at": rfc3339(dossier.submitted_at),
        "severity": dossier.assessment.severity.effective,
        "decision": decision,
        "verdict": verdict_to_json(dossier.verdict),
    }


def _replay(spool: IO[bytes]) -> Iterator[bytes]:
    with spool:
        while part := spool.read(_READ_BYTES):
            yield part


ROUTES = (Route("POST", "/v1/proposals/bulk", submit_proposals, produces=(NDJSON,)),)
