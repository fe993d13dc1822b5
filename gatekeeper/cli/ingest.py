"""`gatekeeper ingest`: submit the files that automation moves into a folder, over HTTP."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path
from typing import Any

import click
import orjson

from gatekeeper.cli import exits
from gatekeeper.cli.exits import ExitCode
from gatekeeper.cli.http_client import RemoteGate
from gatekeeper.cli.remote import gate_options, remote_gate
from gatekeeper.proposals.forms import JSON
from gatekeeper.proposals.inbox import Answered, process_inbox, watch_inbox
from gatekeeper.proposals.json_form import DEFAULT_LIMIT_BYTES, report_to_json
from gatekeeper.proposals.report import Report

_CODES = {"accepted": ExitCode.ALLOWED, "rejected": ExitCode.INVALID, "kept": ExitCode.UNDECIDED}


@click.command("ingest")
@click.argument("directory", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--watch", is_flag=True, help="Go on looking for new files until stopped.")
@click.option("--interval", type=click.FloatRange(0.1, 3600), default=2.0, show_default=True, help="Seconds.")
@gate_options
def ingest_command(
    directory: Path, watch: bool, interval: float, url: str, token: str | None, token_file: Path | None
) -> None:
    """Submit every .json and .md file of DIRECTORY.

    Each file ends in accepted/ or rejected/ beside a result file. A file the gate could not decide on stays for the
    next round. Writers create a file under a name beginning with a dot and rename it into place.

    \b
    gatekeeper ingest proposals/inbox --watch

    Exit codes without --watch: 0 all accepted, 2 some rejected, 4 some could not be decided.
    """
    gate = remote_gate(url, token, token_file)

    def submit(report: Report) -> dict[str, Any]:
        return _submit(gate, report)

    if watch:
        watch_inbox(directory, submit, DEFAULT_LIMIT_BYTES, _until_stopped(), interval, _say)
        return
    answered = process_inbox(directory, submit, DEFAULT_LIMIT_BYTES)
    for one in answered:
        _say(one)
    sys.exit(exits.fold(_CODES[one.outcome] for one in answered) if answered else ExitCode.ALLOWED)


def _submit(gate: RemoteGate, report: Report) -> dict[str, Any]:
    proposal: dict[str, Any] = gate.post_report(orjson.dumps(report_to_json(report)), JSON)
    return {name: proposal[name] for name in ("id", "revision", "digest", "state", "decision", "verdict")}


def _until_stopped() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _say(answered: Answered) -> None:
    click.echo(f"{answered.outcome:<9} {answered.name}{': ' + answered.detail if answered.detail else ''}")
