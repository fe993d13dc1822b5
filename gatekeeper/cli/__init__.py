"""The command line: one file for each group of commands. `main` is its entry point and the only way out.

Owns the exit code of the process. Nothing that the house expects to fail ends in a traceback, and nothing that was not
decided ends in 0 or 1: an interruption is 130, a fault of the program itself is 4.
"""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command that the arguments name and exit with its code."""
    from gatekeeper.cli.running import run

    sys.exit(run(sys.argv[1:]))
