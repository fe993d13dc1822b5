"""`gatekeeper check`: parse, assess and decide with the shipped policy, in this process; no server, nothing stored."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from gatekeeper.cli.exits import ExitCode, fold
from gatekeeper.cli.report_inputs import FORMS, STDIN, Reading, read_inputs

if TYPE_CHECKING:
    from gatekeeper.cli.checked import Checked

OUTPUTS = ("text", "json", "ndjson", "sarif")


@click.command(
    epilog="""\b
Exit codes; of several, the first of 4, 2, 1, 3, 0:
  0 allowed   1 blocked   2 no report or wrong usage   3 awaiting people   4 could not decide

\b
Examples:
  gatekeeper check report.md
  gatekeeper check proposals/ --format ndjson | jq -c 'select(.outcome != "allow")'
  generate-report | gatekeeper check - --form json
  gatekeeper check lines.jsonl --field report --format sarif > findings.sarif""",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "output", type=click.Choice(OUTPUTS), default="text", help="How to answer.")
@click.option(
    "--form", type=click.Choice(list(FORMS)), help="The form of standard input and of files with other names."
)
@click.option(
    "--field", "member", metavar="NAME", help="Take the report from this member of each .jsonl line."
)
@click.option("--opa", "opa_url", metavar="URL", help="Let this OPA server decide, not the embedded engine.")
def check(
    paths: tuple[str, ...], output: str, form: str | None, member: str | None, opa_url: str | None
) -> ExitCode:
    """Judge the reports in PATH... here and now.

    A PATH is a report (.md, .json), a file of reports one a line (.jsonl), a folder (every such file in it, at any
    depth, but for names that begin with a dot), or - for standard input.
    """
    require_form_of_stdin(paths, form)
    from gatekeeper.cli.checked import check_inputs
    from gatekeeper.clock import utc_now
    from gatekeeper.environment import settings_with
    from gatekeeper.judge import build_judge

    settings = settings_with(OPA_URL=opa_url)
    limit = settings.max_report_bytes
    inputs = read_inputs(paths, Reading(form, member, limit))
    return _answer(check_inputs(inputs, build_judge(settings), utc_now(), limit), output)


def require_form_of_stdin(paths: tuple[str, ...], form: str | None) -> None:
    """Standard input has no name that tells its form."""
    if STDIN in paths and form is None:
        raise click.UsageError("Say with --form what standard input is: json, markdown or jsonl.")


def _answer(checked: Iterable[Checked], output: str) -> ExitCode:
    codes: set[ExitCode] = set()
    counted = _counting(checked, codes)
    if output == "text":
        from gatekeeper.cli.check_text import print_checked

        print_checked(counted)
    else:
        _write(counted, output)
    return fold(codes)


def _counting(checked: Iterable[Checked], codes: set[ExitCode]) -> Iterator[Checked]:
    for item in checked:
        codes.add(item.exit_code)
        yield item


def _write(checked: Iterable[Checked], output: str) -> None:
    import orjson

    from gatekeeper.cli.checked import checked_to_json

    out = sys.stdout.buffer
    if output == "sarif":
        from gatekeeper.cli.sarif import sarif_document

        out.write(orjson.dumps(sarif_document(checked), option=orjson.OPT_INDENT_2) + b"\n")
    elif output == "json":
        separator = b"[\n"
        for item in checked:
            out.write(separator + orjson.dumps(checked_to_json(item)))
            separator = b",\n"
        out.write(b"\n]\n")
    else:
        for item in checked:
            out.write(orjson.dumps(checked_to_json(item)) + b"\n")
            out.flush()
