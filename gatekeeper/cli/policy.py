"""`gatekeeper policy`: test the policy, name it, and hand it to an OPA server."""

from __future__ import annotations

from pathlib import Path

import click

from gatekeeper.cli.command_group import CommandGroup
from gatekeeper.cli.exits import ExitCode
from gatekeeper.environment import settings_with
from gatekeeper.errors import GatekeeperError, InvalidInputError
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.policy.cases import CaseResult, load_cases, run_case
from gatekeeper.policy.engines import build_engine
from gatekeeper.policy.readiness import probe_rules


@click.group(
    cls=CommandGroup,
    epilog="""\b
Examples:
  gatekeeper policy test --opa http://127.0.0.1:8181
  gatekeeper policy export bundle/ && opa run --server --bundle bundle/""",
)
def policy() -> None:
    """Test the policy, name its revision, hand it to an OPA server."""


@policy.command(
    "test", epilog="Exit codes: 0 all as they must be; 1 some are not; 4 the engine gives no answers."
)
@click.option("--opa", "opa_url", metavar="URL", help="Ask this OPA server, not the embedded engine.")
def run_tests(opa_url: str | None) -> ExitCode:
    """Put every policy case, and every rule's own bad example, to the engine."""
    settings = settings_with(OPA_URL=opa_url)
    bundle = PolicyBundle.load(settings.policies_dir)
    engine = build_engine(settings, bundle)
    results = [run_case(engine, bundle.revision, case) for case in load_cases(settings.policies_dir)]
    failed = [result for result in results if not result.ok]
    probes = probe_rules(engine, bundle)
    silent = [probe for probe in probes if not probe.blocked]
    for result in failed:
        _explain(result)
    for probe in silent:
        click.echo(f"FAILED  rule {probe.rule}: {probe.detail}")
    passed = len(results) + len(probes) - len(failed) - len(silent)
    click.echo(
        f"{passed} passed, {len(failed) + len(silent)} failed ({engine.name} engine, {bundle.revision})"
    )
    if not results or not probes:
        raise GatekeeperError("There is nothing to test: no case, or no rule.", code="no_cases")
    return ExitCode.BLOCKED if failed or silent else ExitCode.ALLOWED


@policy.command()
def revision() -> ExitCode:
    """Print the digest that names this policy: over every policy and data file."""
    click.echo(_bundle().revision)
    return ExitCode.ALLOWED


@policy.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
def export(directory: Path) -> ExitCode:
    """Write the policy into DIRECTORY, which is new or empty, for `opa run --server --bundle DIRECTORY`."""
    bundle = _bundle()
    if directory.exists() and any(directory.iterdir()):
        raise InvalidInputError(f"{directory} is not empty; OPA would load what is in it too.")
    bundle.write(directory)
    click.echo(f"{directory} has policy {bundle.revision}.")
    return ExitCode.ALLOWED


@policy.command("bundle")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def write_bundle(file: Path) -> ExitCode:
    """Write the policy as an OPA bundle (tar.gz) into FILE."""
    bundle = _bundle()
    file.write_bytes(bundle.archive())
    click.echo(f"{file} has policy {bundle.revision}.")
    return ExitCode.ALLOWED


def _bundle() -> PolicyBundle:
    return PolicyBundle.load(settings_with().policies_dir)


def _explain(result: CaseResult) -> None:
    def shown(answer: tuple[str, tuple[str, ...]] | None) -> str:
        return "no decision" if answer is None else f"{answer[0]} ({', '.join(answer[1]) or 'no reason'})"

    case = result.case
    click.echo(f"FAILED  {case.question.name.lower()}: {case.name}")
    click.echo(f"        must be {shown(case.expected)}, is {shown(result.found)}")
