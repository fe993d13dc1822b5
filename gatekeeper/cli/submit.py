"""`gatekeeper submit`: hand reports in to a running gate; the exit code is what automation has to obey."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import click
import orjson

from gatekeeper.cli.check import require_form_of_stdin
from gatekeeper.cli.exits import ExitCode, fold, of_error
from gatekeeper.cli.proposal_answer import Proposal, exit_code_of, proposal_answer
from gatekeeper.cli.remote import with_gate
from gatekeeper.cli.report_inputs import FORMS, Reading, ReportInput, read_inputs
from gatekeeper.client.transport import RemoteGate
from gatekeeper.clock import utc_now
from gatekeeper.errors import GatekeeperError, InvalidInputError

LARGEST_REPORT_BYTES = 64 * 1024 * 1024  # no gate takes more; each gate has a limit of its own below it


@dataclass(frozen=True, slots=True)
class Submitted:
    """What the gate answered to one input."""

    source: str
    answer: Proposal | GatekeeperError

    def exit_code(self, now: datetime) -> ExitCode:
        """The exit code that this one alone would have."""
        if isinstance(self.answer, GatekeeperError):
            return of_error(self.answer)
        return exit_code_of(self.answer, now)


@click.command(
    epilog="""\b
Exit codes; of several, the first of 4, 2, 1, 3, 0:
  0  passed: ask for its permit
  1  blocked, refused, ended, superseded, or its time is over
  2  not a report, wrong usage, no valid token
  3  awaiting people
  4  could not decide, or the gate is not reachable; handing in again is safe

\b
Examples:
  gatekeeper submit report.md && gatekeeper permit issue ID --audience deploy-bot > permit.json
  generate-report | gatekeeper submit - --form json --format ndjson"""
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "output", type=click.Choice(["text", "json", "ndjson"]), default="text")
@click.option(
    "--form", type=click.Choice(list(FORMS)), help="The form of standard input and of files with other names."
)
@click.option(
    "--field", "member", metavar="NAME", help="Take the report from this member of each .jsonl line."
)
@with_gate
def submit(
    gate: RemoteGate, paths: tuple[str, ...], output: str, form: str | None, member: str | None
) -> ExitCode:
    """Hand in the reports in PATH... and say what became of each.

    PATH is what it is for check. A report that is known already is answered with what is on record.
    """
    require_form_of_stdin(paths, form)
    inputs = read_inputs(paths, Reading(form, member, LARGEST_REPORT_BYTES))
    submitted = _submitted(inputs, gate)
    return _print_text(submitted) if output == "text" else _print_json(submitted, output)


def _submitted(inputs: Iterable[ReportInput], gate: RemoteGate) -> Iterator[Submitted]:
    for item in inputs:
        try:
            if isinstance(item.content, GatekeeperError):
                raise item.content
            yield Submitted(item.source, proposal_answer(gate.post_report(item.content, item.media_type)))
        except GatekeeperError as error:
            yield Submitted(item.source, error)


def _print_json(submitted: Iterable[Submitted], output: str) -> ExitCode:
    codes, out = [], sys.stdout.buffer
    before, between, after = (b"[\n", b",\n", b"\n]\n") if output == "json" else (b"", b"\n", b"\n")
    for number, item in enumerate(submitted):
        codes.append(item.exit_code(utc_now()))
        out.write((between if number else before) + orjson.dumps(_to_json(item)))
        out.flush()
    out.write(after)
    return fold(codes)


def _to_json(item: Submitted) -> dict[str, object]:
    if not isinstance(item.answer, GatekeeperError):
        return {"source": item.source, "proposal": item.answer}
    faults = item.answer.errors if isinstance(item.answer, InvalidInputError) else ()
    errors = [{"pointer": fault.pointer, "detail": fault.detail} for fault in faults]
    error = {"code": item.answer.code, "detail": item.answer.detail, "errors": errors}
    return {"source": item.source, "error": error}


def _print_text(submitted: Iterable[Submitted]) -> ExitCode:
    from gatekeeper.cli.proposal_text import print_proposal
    from gatekeeper.cli.rendering import console, print_failure

    codes: list[ExitCode] = []
    out = console()
    for item in submitted:
        if codes:
            out.print()
        codes.append(item.exit_code(utc_now()))
        if isinstance(item.answer, GatekeeperError):
            print_failure(out, item.source, item.answer)
        else:
            print_proposal(out, item.answer, utc_now())
    return fold(codes)
