"""What the gate found and decided, for people's eyes in a terminal. Takes the JSON forms, so that a check here and a
proposal from a server look the same. Foreign text never reaches the terminal as it is.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable, Mapping
from typing import IO, Any, cast

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from gatekeeper.cli.exits import ExitCode, of_error
from gatekeeper.cli.plain_text import plain
from gatekeeper.errors import FieldError, GatekeeperError, InvalidInputError

STAMPS = {
    "allow": ("✓", "ALLOWED", "bold green"),
    "review": ("?", "NEEDS REVIEW", "bold yellow"),
    "block": ("✕", "BLOCKED", "bold red"),
    "invalid": ("!", "NOT JUDGED", "bold magenta"),
    "undecided": ("!", "COULD NOT DECIDE", "bold red"),
    "passed": ("✓", "PASSED", "bold green"),
    "pending_review": ("◷", "WAITING FOR PEOPLE", "bold yellow"),
    "failed": ("✕", "FAILED", "bold red"),
    "withdrawn": ("↩", "WITHDRAWN", "bold"),
    "expired": ("✕", "EXPIRED", "bold red"),
}
_EFFECTS = {"block": ("✕", "red"), "review": ("?", "yellow"), "note": ("·", "dim")}
_PIPE_WIDTH = 100


def console(stream: IO[str] | None = None) -> Console:
    """A console on standard output (or `stream`) with colours only on a terminal, and never NO_COLOR's."""
    stream = stream or sys.stdout
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")
    made = Console(file=stream, highlight=False, markup=False, emoji=False)
    if made.is_terminal:
        return made
    return Console(
        file=cast(IO[str], _Trimmed(stream)), width=_PIPE_WIDTH, highlight=False, markup=False, emoji=False
    )


class _Trimmed(io.TextIOBase):
    """Writes on without the blanks that fill lines up to the width: they mean nothing in a file."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """As a stream of text does."""
        self._stream.write(re.sub(r"[ ]+(?=\n)", "", text))
        return len(text)

    def flush(self) -> None:
        """As a stream of text does."""
        self._stream.flush()


def stamp(word: str) -> Text:
    """`✕ BLOCKED`: a sign and a word, so that colour is never the only difference."""
    sign, label, style = STAMPS.get(word, ("!", plain(word).upper(), "bold"))
    return Text(f"{sign} {label}", style=style)


def print_heading(out: Console, word: str, title: str) -> None:
    """The stamp, and what it is about."""
    out.print(Text.assemble(stamp(word), "  ", (plain(title), "bold")), soft_wrap=True)


def print_severity(out: Console, severity: Mapping[str, Any]) -> None:
    """Claimed beside assessed, and what the assessed one is made of."""
    claimed, assessed = severity["claimed"], severity["assessed"]
    line = Text.assemble(("severity ", "dim"), (f"{severity['effective']}", "bold"))
    line.append("  = ", "dim")
    line.append(f"claimed {claimed}", "bold" if claimed >= assessed else "")
    line.append("  or  ", "dim")
    line.append(f"assessed {assessed}", "bold" if assessed >= claimed else "")
    factors = " × ".join(f"{name} {severity[name]}" for name in ("likelihood", "damage", "reversibility"))
    line.append(f"  ({factors})", "dim")
    out.print(Padding(line, (0, 0, 0, 2)))


def print_reasons(out: Console, title: str, reasons: Iterable[Mapping[str, Any]]) -> None:
    """Each reason with what to do about it."""
    rows = list(reasons)
    if not rows:
        return
    table = grid()
    for reason in rows:
        sign, style = _EFFECTS.get(reason["effect"], ("·", ""))
        words = Text(plain(reason["message"]))
        words.append(f"  {plain(reason['code'])}", "dim")
        if reason["remedy"]:
            words.append(f"\n→ {plain(reason['remedy'])}", "cyan")
        table.add_row(Text(sign, style=f"bold {style}"), words)
    print_section(out, title, table)


def print_findings(out: Console, findings: Iterable[Mapping[str, Any]], text: str) -> None:
    """Each finding where it stands in the text, as line:column, with the words themselves."""
    rows = list(findings)
    if not rows:
        return
    table = grid()
    for finding in rows:
        words = Text(plain(finding["title"]))
        hazard = str(finding["hazard"]).replace("_", " ")
        words.append(f"  {plain(finding['rule'])} · {hazard} · {finding['confidence']:.2f}", "dim")
        words.append(f"\n{shortened(finding['excerpt'])}", "italic")
        table.add_row(Text(position(text, finding["start"]), "bold"), words)
    print_section(out, "Found in the text", table)


def print_failure(out: Console, source: str, error: GatekeeperError) -> None:
    """An input that could not be judged, fault by fault."""
    print_heading(out, "undecided" if of_error(error) is ExitCode.UNDECIDED else "invalid", source)
    faults = error.errors if isinstance(error, InvalidInputError) else (FieldError("", error.detail),)
    for fault in faults:
        line = Text(plain(fault.pointer), "bold")
        line.append(f"{' ' if fault.pointer else ''}{plain(fault.detail)}", "not bold")
        out.print(Padding(line, (0, 0, 0, 2)))


def position(text: str, offset: int) -> str:
    """`line:column` of a character offset, both counted from 1."""
    return f"{text.count(chr(10), 0, offset) + 1}:{offset - text.rfind(chr(10), 0, offset)}"


def shortened(text: str, characters: int = 160) -> str:
    """The text on one line, cut where it is too long to read at a glance."""
    line = " ".join(plain(text).split())
    return line if len(line) <= characters else line[: characters - 1].rstrip() + "…"


def grid() -> Table:
    """Two columns: a short mark, and words that wrap beside it."""
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True, justify="right", min_width=3)
    table.add_column(overflow="fold")
    return table


def print_section(out: Console, title: str, body: Table | Text) -> None:
    """A titled part of a block, set in."""
    out.print(Padding(Text(title, "bold underline"), (1, 0, 0, 2)))
    out.print(Padding(body, (0, 0, 0, 2)))
