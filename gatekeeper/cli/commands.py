"""The tree of commands. Knows where each command lives and says what it is for; imports it only when it is called.

So `gatekeeper --help` answers at once, and `check` loads no database code for its help.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click

from gatekeeper import __version__

_SECTIONS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "For automation": {
        "check": ("check:check", "Judge reports here and now; needs no server, stores nothing."),
        "submit": ("submit:submit", "Hand reports in and obey the verdict."),
        "show": ("reading:show", "Show a proposal with its findings, reasons, votes and verdict."),
        "list": (
            "reading:list_proposals",
            "List proposals; --waiting: those for people to decide, gravest first.",
        ),
        "withdraw": ("voting:withdraw", "Take back a proposal of one's own."),
        "permit": ("permit:permit", "Get a permit for what has passed, verify it, spend it once."),
        "report": ("report_outcome:report", "Say how it went: what was begun with a permit."),
        "ingest": ("ingest:ingest", "Hand in the files that automation puts into a folder."),
    },
    "For reviewers and operators": {
        "approve": ("voting:approve", "Vote for a proposal, bound to the digest that is shown."),
        "reject": ("voting:reject", "Vote against a proposal; one such vote ends it."),
        "freeze": ("freeze:freeze", "Close the gate at once: nothing passes until it is thawed."),
        "thaw": ("freeze:thaw", "Open the gate again."),
        "break-glass": (
            "break_glass:break_glass",
            "Let one blocked proposal pass for at most an hour.",
        ),
    },
    "Running the gate": {
        "serve": ("serve:serve", "Serve the pages and the HTTP interface."),
        "scheduler": ("scheduler:scheduler", "Run what happens by the clock in a process of its own."),
        "signer": ("signer:signer", "Sign the log's checkpoints, in a process of its own."),
        "witness": ("witness:witness", "Cosign checkpoints of logs, best on another machine."),
        "principal": (
            "principals:principal",
            "Add, list and disable who may use the gate; issue tokens.",
        ),
        "policy": ("policy:policy", "Test the policy, name its revision, hand it to an OPA server."),
        "ledger": ("ledger:ledger", "Verify the record of everything that happened."),
        "db": ("database:db", "Upgrade, back up, restore and check the database."),
        "doctor": ("doctor:doctor", "Say what is in order, what is not, and what to do."),
    },
}
_COMMANDS = {name: entry for section in _SECTIONS.values() for name, entry in section.items()}


class CommandTree(click.Group):
    """A group whose commands are imported when they are called and listed by who needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name in the order of the help."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now."""
        if cmd_name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[cmd_name][0].partition(":")
        command = getattr(import_module(f"gatekeeper.cli.{module}"), attribute)
        assert isinstance(command, click.Command)  # noqa: S101  # the table above says so
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One list for each kind of user."""
        for title, commands in _SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, entry[1]) for name, entry in commands.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest known name when there is no such command."""
        from difflib import get_close_matches

        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            close = get_close_matches(args[0], _COMMANDS, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else " See gatekeeper --help."
            raise click.UsageError(f"There is no command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=CommandTree,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Exit codes of every command that decides; of several, the first of 4, 2, 1, 3, 0:
  0  allowed
  1  blocked, or refused
  2  wrong usage or wrong input
  3  awaiting people
  4  could not decide: engine, database or gate not reachable; never "allowed"

\b
Begin with:
  gatekeeper check report.md
  gatekeeper serve --first-run

Settings are GATEKEEPER_... variables: see docs/operations.md.""",
)
@click.version_option(__version__, prog_name="gatekeeper", message="%(prog)s %(version)s")
def gatekeeper() -> None:
    """The gate that self-modifying automation has to pass before it may touch production."""
