"""`gatekeeper ingest`: hand in the files that automation puts into a folder.

Over HTTP as the holder of a token; or, with `--as`, straight into this machine's database as a named principal. What
became of each file stands beside it; a file the gate could not decide on stays where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
import orjson

from gatekeeper.cli.exits import ExitCode, fold
from gatekeeper.cli.proposal_answer import exit_code_of, proposal_answer
from gatekeeper.cli.remote import DEFAULT_URL, EnvironmentOnly, remote_gate
from gatekeeper.cli.stopping import StopSignal
from gatekeeper.clock import utc_now
from gatekeeper.errors import (
    ConflictError,
    NotAuthenticatedError,
    NotFoundError,
    NotPermittedError,
    UnavailableError,
)
from gatekeeper.proposals.inbox import Answered, process_inbox, watch_inbox
from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.proposals.report import Report

_OURS = frozenset({"not_your_proposal"})
Submit = Callable[[Report], Mapping[str, object]]


@click.command(
    epilog="""\b
Writers create a file under a name that begins with a dot and rename it into place.
Exit codes, without --watch; of several, the first of 4, 2, 1, 3, 0:
  0  all passed, or there was nothing
  1  some are blocked      2  some are no reports (in rejected/)
  3  some await people     4  some could not be decided and stay

\b
Examples:
  gatekeeper ingest proposals/inbox --watch
  gatekeeper ingest proposals/inbox --as automation"""
)
@click.argument("directory", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--watch", is_flag=True, help="Go on with new files until stopped.")
@click.option(
    "--interval",
    type=click.FloatRange(min=0.1),
    default=2.0,
    show_default=True,
    help="Seconds between looks.",
)
@click.option("--as", "name", metavar="NAME", help="Straight into the database, as this principal.")
@click.option("--url", envvar="GATEKEEPER_URL", default=DEFAULT_URL, show_default=True, show_envvar=True)
@click.option(
    "--token-file", envvar="GATEKEEPER_TOKEN_FILE", type=click.Path(path_type=Path), show_envvar=True
)
@click.option("--token", cls=EnvironmentOnly, envvar="GATEKEEPER_TOKEN", hidden=True)
def ingest(
    directory: Path,
    watch: bool,
    interval: float,
    name: str | None,
    url: str,
    token_file: Path | None,
    token: str | None,
) -> ExitCode:
    """Hand in every report file in DIRECTORY; each ends in accepted/ or rejected/ beside a result file."""
    from gatekeeper.environment import settings_with

    limit = settings_with().max_report_bytes
    codes: list[ExitCode] = []
    with _submitting(name, url, token_file, token) as submit:
        if watch:
            watch_inbox(directory, submit, limit, StopSignal(), interval, news_only(_say))
            return ExitCode.ALLOWED
        for answered in _answered(directory, _noting(submit, codes), limit):
            _say(answered)
            codes += _CODES_OF_FILES.get(answered.outcome, ())
    return fold(codes) if codes else ExitCode.ALLOWED


_CODES_OF_FILES = {"rejected": (ExitCode.INVALID,), "kept": (ExitCode.UNDECIDED,)}


@contextmanager
def _submitting(name: str | None, url: str, token_file: Path | None, token: str | None) -> Iterator[Submit]:
    if name is None:
        gate = remote_gate(url, token, token_file)
        yield _keeping_on_refusal(
            lambda report: gate.post_report(orjson.dumps(report_to_json(report)), "application/json")
        )
        return
    from gatekeeper.cli.local import opened
    from gatekeeper.dossier import dossier_to_json
    from gatekeeper.identity.principal import Role

    with opened() as gatekeeper:
        records = [each for each in gatekeeper.identity.principals() if each.principal.name == name]
        if not records or records[0].disabled_at:
            raise NotFoundError(f"No active principal is called {name}.", code="principal_unknown")
        submitter = records[0].principal
        submitter.require(Role.SUBMITTER, "submit proposals")
        yield lambda report: dossier_to_json(gatekeeper.gate.submit(report, submitter, utc_now()).dossier)


def _answered(directory: Path, submit: Submit, limit_bytes: int) -> list[Answered]:
    try:
        return process_inbox(directory, submit, limit_bytes)
    except ConflictError as error:
        raise UnavailableError(error.detail, code=error.code) from error


def _keeping_on_refusal(post: Callable[[Report], object]) -> Submit:
    """A token that is wrong says nothing about the report: such files stay, they are not rejected."""

    def submit(report: Report) -> Mapping[str, object]:
        try:
            return proposal_answer(post(report))
        except (NotAuthenticatedError, NotPermittedError, NotFoundError) as error:
            if error.code in _OURS:
                raise
            raise UnavailableError(
                f"The gate does not take it from us: {error.detail}", code=error.code
            ) from error

    return submit


def _noting(submit: Submit, codes: list[ExitCode]) -> Submit:
    def noted(report: Report) -> Mapping[str, object]:
        answer = submit(report)
        codes.append(exit_code_of(proposal_answer(answer), utc_now()))
        return answer

    return noted


def news_only(say: Callable[[Answered], None]) -> Callable[[Answered], None]:
    """Say what is answered, but of a file that is kept look after look for the same reason only once."""
    kept: dict[str, Answered] = {}

    def told(answered: Answered) -> None:
        if kept.pop(answered.name, None) != answered:
            say(answered)
        if answered.outcome == "kept":
            kept[answered.name] = answered

    return told


def _say(answered: Answered) -> None:
    from gatekeeper.cli.plain_text import plain

    detail = f": {answered.detail}" if answered.detail else ""
    click.echo(plain(f"{answered.outcome:<9} {answered.name}{detail}"))
