"""`gatekeeper permit binding` and `verify`: what is to be executed, as a file; and is there a good permit for it?

Asks no gate and no database: only a keys' address, when one is given, is fetched.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import click

from gatekeeper.cli.exits import ExitCode
from gatekeeper.cli.log_policy import read_policy
from gatekeeper.cli.permit_files import content_of, gate_keys
from gatekeeper.cli.plain_text import plain
from gatekeeper.clock import rfc3339_seconds, utc_now
from gatekeeper.ledger.event import ProposalRef
from gatekeeper.permits.bundle import parse_bundle
from gatekeeper.permits.permit import ActionBinding
from gatekeeper.permits.verification import verify_permit
from gatekeeper.proposals.digest import report_digest
from gatekeeper.proposals.forms import form_of_path, parse_report

_FILE = click.Path(path_type=Path, dir_okay=False)
_REVISION = click.IntRange(min=1)


@click.command(epilog="Exit codes: 0 printed; 2 this is not a report.")
@click.argument("report", type=_FILE)
@click.option("--revision", type=_REVISION, required=True, help="The revision that the gate gave it.")
def binding(report: Path, revision: int) -> ExitCode:
    """Print what a permit for REPORT has to fit: its binding, byte for byte, without a newline."""
    click.echo(_binding(report, revision).canonical, nl=False)
    return ExitCode.ALLOWED


@click.command(
    epilog="""\b
Exit codes: 0 good, here and now; 1 refused, and why; 2 wrong usage or input; 4 the keys or the policy cannot be
read.

\b
Example:
  gatekeeper permit verify permit.json --audience deployer-1 --report report.md --revision 4 \\
    --keys https://gate.example.com/.well-known/gatekeeper/permit-keys.json --policy policy

Whether it was used already only the gate can say: consume it before you act."""
)
@click.argument("bundle", type=_FILE)
@click.option("--audience", required=True, help="The executor: who is about to act.")
@click.option("--binding", "binding_file", type=_FILE, help="The file that says what is to be executed.")
@click.option("--report", type=_FILE, help="The report itself, instead of --binding.")
@click.option("--revision", type=_REVISION, help="The report's revision, with --report.")
@click.option(
    "--keys", required=True, metavar="FILE|URL", help="The gate's keys: its permit-keys.json, or where it is."
)
@click.option(
    "--policy", type=_FILE, required=True, help="The log's key, witnesses and quorum (C2SP tlog-policy)."
)
def verify(
    bundle: Path,
    audience: str,
    binding_file: Path | None,
    report: Path | None,
    revision: int | None,
    keys: str,
    policy: Path,
) -> ExitCode:
    """Is the permit in BUNDLE good for this executor and exactly this action, now?"""
    subject = _subject(binding_file, report, revision)
    permit = verify_permit(
        parse_bundle(content_of(bundle)), gate_keys(keys), read_policy(policy), subject, audience, utc_now()
    )
    click.echo(f"Good: {permit.id} for {plain(permit.audience)}, until {rfc3339_seconds(permit.expires_at)}.")
    return ExitCode.ALLOWED


def _subject(binding_file: Path | None, report: Path | None, revision: int | None) -> str:
    if binding_file is not None and report is None and revision is None:
        return hashlib.sha256(content_of(binding_file)).hexdigest()
    if binding_file is None and report is not None and revision is not None:
        return _binding(report, revision).digest
    raise click.UsageError("Say what is to be executed: --binding FILE, or --report FILE with --revision N.")


def _binding(path: Path, revision: int) -> ActionBinding:
    report = parse_report(content_of(path), form_of_path(path))
    return ActionBinding(ProposalRef(report.id, revision, report_digest(report)), report.action)
