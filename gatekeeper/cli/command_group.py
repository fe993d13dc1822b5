"""A command that is a group of others. Its help says of each the whole first paragraph: click would cut it off."""

from __future__ import annotations

import click

_LONGEST_SUMMARY = 200


class CommandGroup(click.Group):
    """A group that lists its commands with their summaries whole."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Every command and what it is for."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (name, command.get_short_help_str(_LONGEST_SUMMARY))
                    for name, command in commands
                    if command is not None
                ]
            )
