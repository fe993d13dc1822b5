"""`gatekeeper policy`: look at, test and export the policy."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from gatekeeper import app
from gatekeeper.cli.exits import ExitCode
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.policy.cases import CaseResult, load_cases, run_case
from gatekeeper.policy.readiness import probe_rules


@click.group("policy")
def policy_command() -> None:
    """Test the policy, name its revision, export it for OPA."""


@policy_command.command("revision")
def revision() -> None:
    """Print the digest over every policy and data file."""
    click.echo(_bundle().revision)


@policy_command.command("test")
@click.option("--opa", "opa_url", metavar="URL", help="Ask this OPA server instead of the embedded engine.")
def test(opa_url: str | None) -> None:
    """Put every policy case and every rule's own bad example to the engine. Exit code 1 when one fails."""
    settings = app.read_settings_with({"GATEKEEPER_OPA_URL": opa_url} if opa_url else {})
    bundle = PolicyBundle.load(settings.policies_dir)
    engine = app.build_engine(settings, bundle)
    results = [run_case(engine, bundle.revision, case) for case in load_cases(settings.policies_dir)]
    failed = [result for result in results if not result.ok]
    silent = [probe for probe in probe_rules(engine, bundle) if not probe.blocked]
    for result in failed:
        _explain(result)
    for probe in silent:
        click.echo(f"FAILED  rule {probe.rule}: {probe.detail}")
    click.echo(
        f"{len(results) - len(failed)} of {len(results)} cases, "
        f"{len(bundle.probes) - len(silent)} of {len(bundle.probes)} rules ({engine.name}, {bundle.revision})"
    )
    sys.exit(ExitCode.BLOCKED if failed or silent else ExitCode.ALLOWED)


@policy_command.command("export")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
def export(directory: Path) -> None:
    """Write the policy as a bundle directory for `opa run --server --bundle DIRECTORY`."""
    _bundle().write(directory)
    click.echo(f"Written to {directory}.")


@policy_command.command("bundle")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def bundle(file: Path) -> None:
    """Write the policy as a bundle FILE (tar.gz) for OPA."""
    file.write_bytes(_bundle().archive())
    click.echo(f"Written to {file}.")


def _bundle() -> PolicyBundle:
    return PolicyBundle.load(app.read_settings().policies_dir)


def _explain(result: CaseResult) -> None:
    def shown(answer: tuple[str, tuple[str, ...]] | None) -> str:
        return "no decision" if answer is None else f"{answer[0]} ({', '.join(answer[1]) or 'no reason'})"

    case = result.case
    click.echo(f"FAILED  {case.question.name.lower()}: {case.name}")
    click.echo(f"        must be {shown(case.expected)}, is {shown(result.found)}")
