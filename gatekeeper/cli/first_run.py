"""`serve --first-run`: the first people with their tokens, shown once, and examples so that the inbox is not empty.

Does anything only where there is nobody yet. Tokens go to standard output, never to the log.
"""

from __future__ import annotations

import click

from gatekeeper.app import Gatekeeper
from gatekeeper.clock import utc_now
from gatekeeper.identity.principal import Principal, Role
from gatekeeper.proposals.forms import form_of_path, parse_report
from gatekeeper.settings import REPOSITORY

PEOPLE = (
    ("olivia", Role.OPERATOR, "freezes and thaws"),
    ("rene", Role.REVIEWER, "approves and rejects"),
    ("rosa", Role.REVIEWER, "approves and rejects"),
    ("automation", Role.SUBMITTER, "hands in proposals"),
)
EXAMPLES = REPOSITORY / "proposals" / "examples" / "valid"


def welcome(gatekeeper: Gatekeeper) -> None:
    """Add the first people and examples where there is nobody; say where the page is."""
    url = gatekeeper.settings.public_url
    if gatekeeper.identity.principals():
        click.echo(f"\n  The gate: {url}")
        click.echo("  A new token for somebody: gatekeeper principal token NAME\n")
        return
    added = [
        (name, role, does, *gatekeeper.identity.add(name, [role], utc_now())) for name, role, does in PEOPLE
    ]
    _print_box(
        [
            f"The gate: {url}",
            "",
            "Sign in there, in a few seconds, with a reviewer's token. The tokens are shown only now:",
            "",
            *(f"{name:<11} {role:<10} {does:<21} {token}" for name, role, does, _, token in added),
        ]
    )
    automation = added[-1][3]
    if count := _submit_examples(gatekeeper, automation):
        click.echo(
            f"  {count} examples are handed in; some of them wait for people. Stop the gate with Ctrl+C.\n"
        )


def _submit_examples(gatekeeper: Gatekeeper, automation: Principal) -> int:
    files = sorted(EXAMPLES.iterdir()) if EXAMPLES.is_dir() else []
    reports = [parse_report(file.read_bytes(), form_of_path(file)) for file in files]
    return len(gatekeeper.gate.submit_many(reports, automation, utc_now())) if reports else 0


def _print_box(lines: list[str]) -> None:
    width = max(map(len, lines)) + 2
    click.echo("\n  ┌" + "─" * width + "┐")
    for line in lines:
        click.echo(f"  │ {line:<{width - 2}} │")
    click.echo("  └" + "─" * width + "┘\n")
