"""`serve --first-run`: the first people, their tokens shown once, and examples so that the inbox is not empty."""

from __future__ import annotations

import click

from gatekeeper.app import Gatekeeper
from gatekeeper.clock import utc_now
from gatekeeper.identity.principal import Principal
from gatekeeper.proposals.forms import form_of_path, parse_report
from gatekeeper.settings import REPOSITORY

_PEOPLE = (
    ("olivia", "operator"),
    ("rene", "reviewer"),
    ("rosa", "reviewer"),
    ("automation", "submitter"),
)
_EXAMPLES = REPOSITORY / "proposals" / "examples" / "valid"


def make_first_run(house: Gatekeeper) -> None:
    """On a database without principals: make them, show their tokens, submit the examples."""
    if not house.identity.principals():
        tokens = {}
        for name, role in _PEOPLE:
            principal, tokens[name] = house.identity.add(name, [role], utc_now())
        _show(tokens)
        _submit_examples(house, principal)
    click.echo(f"The gate is at {house.settings.public_url} (stop with Ctrl-C).")


def _submit_examples(house: Gatekeeper, automation: Principal) -> None:
    reports = [
        parse_report(path.read_bytes(), form_of_path(path)) for path in sorted(_EXAMPLES.glob("[!.]*"))
    ]
    house.gate.submit_many(reports, automation, utc_now())
    click.echo(f"{len(reports)} examples of proposals/examples were submitted.")


def _show(tokens: dict[str, str]) -> None:
    roles = dict(_PEOPLE)
    lines = [f"{name:<11} {roles[name]:<10} {token}" for name, token in tokens.items()]
    width = max(map(len, lines))
    click.echo("\nThese tokens are shown only now. Sign in with one of them; keep them somewhere safe.\n")
    click.echo("  ┌" + "─" * (width + 2) + "┐")
    for line in lines:
        click.echo(f"  │ {line:<{width}} │")
    click.echo("  └" + "─" * (width + 2) + "┘\n")
