"""A Proposal of a gate for people's eyes in a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from gatekeeper.cli.plain_text import plain, plain_lines
from gatekeeper.cli.proposal_answer import Proposal, has_run_out
from gatekeeper.cli.rendering import (
    grid,
    print_findings,
    print_heading,
    print_reasons,
    print_section,
    print_severity,
    shortened,
    stamp,
)

_TITLE_CHARACTERS = 60


def print_proposal(out: Console, proposal: Proposal, now: datetime, *, with_text: bool = False) -> None:
    """Where it stands, why, what was found, who voted; the text itself when asked."""
    print_heading(out, proposal["state"], plain(proposal["id"]))
    identity = f"  revision {proposal['revision']}  {plain(proposal['digest'])}"
    out.print(Text(identity, "dim"), soft_wrap=True)
    if standing := _standing(proposal, now):
        out.print(Padding(Text(standing, "bold red"), (0, 0, 0, 2)))
    print_severity(out, proposal["assessment"]["severity"])
    if with_text:
        text = Text(plain_lines(proposal["report"]["proposal"]))
        print_section(out, "Proposal", text)
        print_statements(out, "Risks it states", proposal["report"]["risks"])
        print_statements(out, "Mitigations it states", proposal["report"]["mitigations"])
    print_reasons(out, "Why", proposal["decision"]["reasons"])
    print_findings(out, proposal["assessment"]["findings"], proposal["report"]["proposal"])
    _print_votes(out, proposal)
    print_reasons(out, "Verdict", proposal["verdict"].get("reasons", ()))


def print_statements(out: Console, title: str, statements: Iterable[str]) -> None:
    """What the author says, one line each."""
    lines = "\n".join(f"- {plain(statement)}" for statement in statements)
    print_section(out, title, Text(lines or "none"))


def print_list(out: Console, proposals: Iterable[Proposal]) -> None:
    """One line for each: severity, where it stands, when it was handed in, what it is."""
    out.print(
        Text(f"SEVERITY  {'STATE':<20}  {'SUBMITTED':<16}  {'ID':<41}  PROPOSAL", "dim"), soft_wrap=True
    )
    for each in proposals:
        severity = each["assessment"]["severity"]["effective"]
        submitted = plain(str(each["submitted_at"]))[:16].replace("T", " ")
        line = Text(f"{severity:>8}  ", "bold")
        state = stamp(each["state"])
        state.pad_right(max(0, 20 - state.cell_len))
        line.append_text(state)
        line.append(f"  {submitted:<16}  {plain(each['id']):<41}  ", "not bold")
        line.append(shortened(each["report"]["proposal"], _TITLE_CHARACTERS), "not bold")
        if out.is_terminal:
            line.truncate(out.width, overflow="ellipsis")
        out.print(line, soft_wrap=True)


def _standing(proposal: Proposal, now: datetime) -> str:
    if not proposal["current"]:
        return "Superseded by a later revision: obey that one."
    if has_run_out(proposal, now):
        return "Its pass was for a time that is over."
    if proposal["verdict"].get("expires_at"):
        return f"Passed by break-glass until {plain(proposal['verdict']['expires_at'])}."
    return ""


def _print_votes(out: Console, proposal: Proposal) -> None:
    if not proposal["reviews"]:
        return
    table = grid()
    for review in proposal["reviews"]:
        style = "green" if review["vote"] == "approve" else "red"
        words = Text.assemble((f"{plain(review['vote'])}s  ", f"bold {style}"), plain(review["reason"]))
        if review["digest"] != proposal["digest"]:
            words.append("  (about another revision)", "dim")
        table.add_row(Text(plain(review["reviewer"]), "bold"), words)
    print_section(out, "Votes", table)
